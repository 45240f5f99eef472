// An installation of the release before the archive: what it published long ago is found, by place, theme and words.
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../src/papers/place.ts';
import { searchPapers } from '../../src/papers/search.ts';
import { readQuery } from '../../src/papers/search-words.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

const [DAY, AT] = ['2026-08-20', '2026-08-20T07:00:00.000Z'];

async function releaseBefore(): Promise<string> {
  const dataDir = await temporaryFolder();
  const db = openSqlite(join(dataDir, 'paperround.db'));
  await sql`create table migration (name text primary key, applied_at text not null)`.execute(db);
  for (const [name, migration] of Object.entries(MIGRATIONS).slice(0, 6)) {
    await migration(db as unknown as Kysely<unknown>);
    await sql`insert into migration values (${name}, ${AT})`.execute(db);
  }
  const papers = [
    { id: 'arxiv:2608.00001', title: 'Rivers in Séance', told: 'arxiv:2608.00001', theme: null },
    // Its edition told of it under the id that it had then, in a section of another theme.
    {
      id: 'arxiv:2608.00002',
      title: 'Ferries Revisited',
      told: 'title:0123456789abcdef',
      theme: { slug: 'robotics' },
    },
  ];
  for (const [position, { id, title }] of papers.entries())
    await sql`insert into paper values (${id}, ${title}, 'We wade.', '["Ana Müller"]', null, '{}', 'a', ${DAY}, ${AT},
      ${DAY}, ${position}, ${AT}, '{}')`.execute(db);
  await sql`insert into announcement values ('a', 'x', 'arxiv:2608.00002', 'json', 0, ${DAY}, '{}', ${AT}, ${AT})`.execute(
    db,
  );
  await sql`insert into announcement_key values ('title:0123456789abcdef', 'a', 'x')`.execute(db);
  const told = papers.map(({ told: id, theme }, index) => ({ id, theme, rank: index + 1 }));
  const content = JSON.stringify({ date: DAY, themes: [{ slug: 'image-generation', papers: told }] });
  await sql`insert into edition values (${DAY}, ${DAY}, ${AT}, ${content})`.execute(db);
  for (const { id } of papers) await sql`insert into edition_paper values (${id}, ${DAY})`.execute(db);
  await db.destroy();
  return dataDir;
}

describe('an installation of the release before the archive', () => {
  it('has a place and a theme for every paper that it published, and finds them by their words', async () => {
    const { db, migrated } = await installation({ dataDir: await releaseBefore() });
    expect(migrated[0]).toBe('0007-archive');
    expect(await db.selectFrom('edition_paper').selectAll().orderBy('paper_id').execute()).toEqual([
      {
        paper_id: 'arxiv:2608.00001',
        edition_date: DAY,
        place: placeOf(DAY, 1),
        theme: 'image-generation',
      },
      { paper_id: 'arxiv:2608.00002', edition_date: DAY, place: placeOf(DAY, 2), theme: 'robotics' },
    ]);
    const ids = async (query: string) =>
      (await searchPapers(db, readQuery(query), { from: 0, most: 9 })).papers.map(({ id }) => id);
    expect(await ids('seance')).toEqual(['arxiv:2608.00001']);
    expect(await ids('ferry')).toEqual(['arxiv:2608.00002']);
    expect((await ids('muller')).sort()).toEqual(['arxiv:2608.00001', 'arxiv:2608.00002']);
  });
});
