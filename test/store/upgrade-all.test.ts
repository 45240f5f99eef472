// An installation that was left alone at any of the schemas so far, with data in it: this program takes it up and loses nothing.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/app.ts';
import { publish } from '../../src/editions/publish.ts';
import { sendEdition } from '../../src/job.ts';
import { collect } from '../../src/papers/collect.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { handClock, installation, temporaryFolder } from '../support/installation.ts';

const NAMES = Object.keys(MIGRATIONS).sort();
const DAY = '2026-08-20';
const NEXT = '2026-08-21';
const AT = `${DAY}T07:00:00.000Z`;

/** The first release's data: an edition that one reader had, one could not get, and that is owed to a third. */
async function firstData(db: Kysely<unknown>): Promise<void> {
  const paper = 'arxiv:2608.00001';
  await sql`insert into paper values (${paper}, 'Ferry', 'We ship.', '["Ana Silva"]', null, '{}', 'a', ${DAY}, ${AT}, ${DAY}, 0,
    ${AT})`.execute(db);
  await sql`insert into vote values (${paper}, 'a', ${AT}, 7, 0, null)`.execute(db);
  await sql`insert into collection values ('a', ${AT}, 'ok', '{"name":"a","outcome":"ok"}')`.execute(db);
  const shown = {
    id: paper,
    title: 'Ferry',
    abstract: 'We ship.',
    authors: ['Ana Silva'],
    url: null,
    links: {},
  };
  const themes = [
    { slug: 'robotics', name: 'Robotics', papers: [{ ...shown, source: 'a', vote: null, rank: 1 }] },
  ];
  await sql`insert into edition values (${DAY}, ${DAY}, ${AT}, ${JSON.stringify({ date: DAY, themes })})`.execute(
    db,
  );
  await sql`insert into edition_paper values (${paper}, ${DAY})`.execute(db);
  const people = {
    had: 'active',
    refused: 'active',
    owed: 'active',
    left: 'unsubscribed',
    dead: 'suppressed',
  };
  for (const [n, [name, status]] of Object.entries(people).entries()) {
    const id = `0000000${n}-0000-4000-8000-000000000000`;
    const address = `${name}@example.org`;
    await sql`insert into subscriber values (${id}, ${address}, ${address}, null, ${status}, '{}', ${AT}, ${AT})`.execute(
      db,
    );
    const state = { had: 'sent', refused: 'refused', owed: 'queued' }[name];
    if (state === undefined) continue;
    await sql`insert into delivery values (${`d${n}`}, ${id}, ${DAY}, ${JSON.stringify([DAY])}, ${address}, '{}', ${state},
      ${state === 'refused' ? '550 no' : null}, ${`<m${n}@example.org>`}, ${AT}, 1, ${AT}, null, null, ${AT})`.execute(
      db,
    );
  }
}

/** A database that went through the schemas up to `last`, with the data of the first release in it. */
async function leftAt(last: string): Promise<string> {
  const dataDir = await temporaryFolder();
  const db = openSqlite(join(dataDir, 'paperround.db')) as unknown as Kysely<unknown>;
  await sql`create table migration (name text primary key, applied_at text not null)`.execute(db);
  for (const name of NAMES.filter(one => one <= last)) {
    await MIGRATIONS[name]?.(db);
    await sql`insert into migration values (${name}, ${AT})`.execute(db);
    if (name === NAMES[0]) await firstData(db);
  }
  await db.destroy();
  return dataDir;
}

describe('an installation that was left at', () => {
  it.each(NAMES)(
    '%s goes on: nobody who had it, left or is dead is mailed, and what was owed arrives',
    async last => {
      const dataDir = await leftAt(last);
      const clock = handClock(`${DAY}T08:00:00Z`);
      const { db, migrated, ...app } = await installation({ dataDir, mailFrom: 'papers@example.org' }, clock);
      expect(migrated).toEqual(NAMES.filter(name => name > last));
      const open = { ...app, db, migrated, clock };
      const mailed = async () =>
        (await readdir(join(dataDir, 'outbox')).catch(() => [])).map(file => file.split('@')[0]).sort();
      expect(await sendEdition(open, DAY, { dueOnly: false })).toMatchObject({ sent: 1, stop: null });
      expect(await mailed()).toEqual(['owed']);

      clock.set(`${NEXT}T08:00:00Z`);
      const paper = { title: 'Harbours for robots', abstract: 'We dock. It works.', date: NEXT };
      await writeFile(join(dataDir, 'papers.jsonl'), JSON.stringify(paper));
      const source = await openSource({ kind: 'file', path: join(dataDir, 'papers.jsonl') }, open);
      await collect(db, [source], { day: NEXT, zone: 'UTC', clock });
      expect(await publish(app.press, NEXT)).toMatchObject({ outcome: 'published' });
      expect(await sendEdition(open, NEXT, { dueOnly: false })).toMatchObject({ sent: 3 });
      expect(await mailed()).toEqual(['had', 'owed', 'owed', 'refused']);
      const counts = await sql<{
        n: number;
      }>`select (select count(*) from subscriber) + (select count(*) from paper)
      + (select count(*) from vote) + (select count(*) from delivery) as n`.execute(db);
      expect(counts.rows[0]?.n).toBe(5 + 2 + 1 + 6);
    },
  );
});
