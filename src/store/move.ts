// Moves all data of an installation into another, empty database, and proves that it is the same there before it lasts.
import { createHash, type Hash } from 'node:crypto';
import { sql } from 'kysely';
import { PaperroundError } from '../errors.ts';
import { type Described, tablesOf } from './catalog.ts';
import type { Db, Tx } from './schema.ts';

/** What was moved of one table. The sum is SHA-256 over its rows, in the order of its key. */
export interface Moved {
  table: string;
  rows: number;
  sum: string;
}

interface Move {
  onProgress?: (done: number, all: number) => void;
  /** Makes anew in `to` what is not copied: indexes of words. */
  index: (to: Tx) => Promise<void>;
  /** Aborted: what was moved so far is undone. */
  signal?: AbortSignal;
}

/** Rows in one statement: an edition may have a megabyte, and a statement at most 32,766 values (SQLite). */
const CHUNK = 200;

/**
 * Copies every row of `from` into `to`, whose schemas are the same. All of it is one transaction of `to`: nothing is there
 * until every table has been read back and has the counts and sums that `from` has; a process that is killed leaves `to`
 * empty. On SQLite nobody else can write to `from` meanwhile; of PostgreSQL it is read as it was at one moment.
 * @throws PaperroundError `storage` where `to` is not empty, or differs; nothing is changed then
 */
export async function moveStore(from: Db, to: Db, { index, onProgress, signal }: Move): Promise<Moved[]> {
  return from
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(source =>
      to.transaction().execute(async target => {
        const tables = await tablesOf(source);
        await checkSame(tables, target);
        const counts = await countsOf(source, tables);
        const all = counts.reduce((sum, n) => sum + n, 0);
        let done = 0;
        const step = (n: number) => {
          if (signal?.aborted) throw new PaperroundError('storage', 'Stopped: nothing was moved');
          done += n;
          onProgress?.(done, all);
        };
        const moved: Moved[] = [];
        for (const table of tables) moved.push(await copy(source, target, table, step));
        const there = await tablesOf(target);
        for (const one of moved) await prove(target, there, one);
        await index(target);
        return moved;
      }),
    );
}

async function checkSame(tables: readonly Described[], target: Tx): Promise<void> {
  const there = await tablesOf(target);
  const words = (described: readonly Described[]) =>
    described.map(({ name, columns }) => `${name}(${columns})`).sort();
  const differences = words(tables).filter(word => !words(there).includes(word));
  if (differences.length > 0 || tables.length !== there.length)
    throw new PaperroundError('storage', 'The two databases do not have the same tables', {
      details: differences,
      hint: 'Make a new, empty database for this.',
    });
  const counts = await countsOf(target, there);
  const full = there.flatMap(({ name }, at) => (counts[at] === 0 ? [] : [`${name}: ${counts[at]} rows`]));
  if (full.length > 0)
    throw new PaperroundError('storage', 'The database that all is to be moved to is not empty', {
      details: full,
      hint: 'Nothing was changed. Give a new, empty one: nothing is ever moved over what is there.',
    });
}

async function countsOf(db: Db, tables: readonly Described[]): Promise<number[]> {
  const counts: number[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)}`.execute(db);
    counts.push(rows[0]?.n ?? 0);
  }
  return counts;
}

type Row = Record<string, unknown>;

async function copy(source: Tx, target: Tx, table: Described, step: (n: number) => void): Promise<Moved> {
  const columns = sql.join(table.columns.map(name => sql.ref(name)));
  const { rows, sum } = await readAll(source, table, async chunk => {
    const values = chunk.map(row => sql`(${sql.join(table.columns.map(name => sql.val(row[name])))})`);
    await sql`insert into ${sql.table(table.name)} (${columns}) values ${sql.join(values)}`.execute(target);
    step(chunk.length);
  });
  return { table: table.name, rows, sum };
}

async function prove(target: Tx, tables: readonly Described[], moved: Moved): Promise<void> {
  const table = tables.find(({ name }) => name === moved.table) as Described;
  const { rows, sum } = await readAll(target, table, async () => {});
  if (rows === moved.rows && sum === moved.sum) return;
  throw new PaperroundError('storage', `The table ${moved.table} is not the same in the new database`, {
    details: [`read: ${moved.rows} rows, sum ${moved.sum}`, `found: ${rows} rows, sum ${sum}`],
    hint: 'Nothing was changed; the new database is empty again.',
  });
}

/** Reads a table in the order of its key, a chunk at a time. @returns how many rows it has, and the sum over them */
async function readAll(
  db: Tx,
  { name, columns, key }: Described,
  onChunk: (rows: Row[]) => Promise<void>,
): Promise<Omit<Moved, 'table'>> {
  const hash = createHash('sha256');
  const names = sql.join(columns.map(column => sql.ref(column)));
  const order = sql.join(
    key.map(column => (column.isText ? sql`${sql.ref(column.name)} collate "C"` : sql.ref(column.name))),
  );
  let last: Row | undefined;
  let count = 0;
  for (;;) {
    const at = last;
    const after =
      at === undefined
        ? sql``
        : sql`where (${order}) > (${sql.join(key.map(column => sql.val(at[column.name])))})`;
    const { rows } = await sql<Row>`
      select ${names} from ${sql.table(name)} ${after} order by ${order} limit ${CHUNK}`.execute(db);
    if (rows.length === 0) return { rows: count, sum: hash.digest('hex') };
    for (const row of rows) addTo(hash, row, columns);
    await onChunk(rows);
    count += rows.length;
    last = rows.at(-1);
  }
}

/** A row in a form that is the same whatever database it comes from. */
function addTo(hash: Hash, row: Row, columns: readonly string[]): void {
  hash.update(`${JSON.stringify(columns.map(name => portable(row[name])))}\n`);
}

function portable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  // PostgreSQL's text cannot hold this character; postgres.ts puts another one in its place.
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}
