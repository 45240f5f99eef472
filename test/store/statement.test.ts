// Statements that are built once: the same rows come back as went in, on both databases.
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { asGiven, type Db, givenRows, statement } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { postgres } from '../support/postgres.ts';

const stores = {
  SQLite: async () => openSqlite(':memory:'),
  PostgreSQL: async () => openPostgres(await (await postgres()).database()),
};
const names = Object.keys(stores) as (keyof typeof stores)[];

async function opened(name: keyof typeof stores): Promise<Db> {
  const db = await stores[name]();
  onTestFinished(() => db.destroy());
  await migrate(db, () => Temporal.Instant.from('2026-08-20T06:00:00Z'));
  return db;
}

type Row = { word: string; number: number };

const back = statement((db: Db, { rows, least }: { rows: string; least: number }) =>
  db
    .selectFrom(givenRows<Row>(db, rows, { word: 'text', number: 'integer' }))
    .selectAll()
    .where('number', '>=', least),
);

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a\0b', '\ud800', '\udc00\ud800', '"\\u0000'),
);
/** PostgreSQL has no NUL, and nobody has half a character. */
const storable = (word: string) => word.toWellFormed().replaceAll('\0', '\ufffd');
const rows = fc.array(fc.record({ word: text, number: fc.integer({ min: -1000, max: 1000 }) }), {
  maxLength: 12,
});

describe.each(names)('a statement on %s', name => {
  it('reads the rows that it is given, whatever they say', async () => {
    const db = await opened(name);
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: -1000, max: 1000 }), async (given, least) => {
        const read = await back(db, { rows: asGiven(given), least });
        const meant: Row[] = given.map(({ word, number }) => ({ word: storable(word), number }));
        const inOrder = (all: readonly Row[]) => all.map(row => JSON.stringify(row)).sort();
        expect(inOrder(read)).toEqual(inOrder(meant.filter(({ number }) => number >= least)));
      }),
      { numRuns: 200 },
    );
  });

  it('is the same for the values of each run, also in a transaction', async () => {
    const db = await opened(name);
    const one = { word: 'one', number: 1 };
    expect(await back(db, { rows: asGiven([one]), least: 0 })).toEqual([one]);
    await db.transaction().execute(async tx => {
      expect(await back(tx, { rows: asGiven([one]), least: 2 })).toEqual([]);
      expect(await back(tx, { rows: asGiven([]), least: 0 })).toEqual([]);
    });
  });
});
