// An installation of the release before themes were learnt: it is brought up to date, and its curators keep their words.
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readCurations } from '../../src/editions/curation.ts';
import { readPapers } from '../../src/papers/stored-papers.ts';
import { firstLight } from '../../src/store/migrations/0001-first-light.ts';
import { sources } from '../../src/store/migrations/0002-sources.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { correct, readCorrections } from '../../src/themes/corrections.ts';
import { readModels } from '../../src/themes/stored-models.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

const AT = '2026-08-20T07:00:00.000Z';

async function releaseBefore(): Promise<string> {
  const dataDir = await temporaryFolder();
  const db = openSqlite(join(dataDir, 'paperround.db'));
  await firstLight(db as unknown as Kysely<unknown>);
  await sources(db as unknown as Kysely<unknown>);
  await sql`create table migration (name text primary key, applied_at text not null)`.execute(db);
  await sql`insert into migration values ('0001-first-light', ${AT}), ('0002-sources', ${AT})`.execute(db);
  await sql`insert into paper values ('arxiv:2608.00001', 'Ferry', 'We ship.', '[]', null, '{}', 'a', '2026-08-20', ${AT},
    '2026-08-20', 0, ${AT}, '{}')`.execute(db);
  await sql`insert into curation values ('arxiv:2608.00001', 1, 0, 'Read this.', 'Ada', ${AT})`.execute(db);
  await db.destroy();
  return dataDir;
}

describe('an installation of the release before', () => {
  it('keeps its papers and picks, uses the model that ships, and can be corrected', async () => {
    const dataDir = await releaseBefore();
    const { db, migrated } = await installation({ dataDir });
    expect(migrated[0]).toBe('0003-themes');
    expect((await installation({ dataDir })).migrated).toEqual([]);
    expect(await readPapers(db)).toMatchObject([{ id: 'arxiv:2608.00001', title: 'Ferry' }]);
    expect((await readCurations(db)).get('arxiv:2608.00001')).toMatchObject({
      picked: true,
      note: 'Read this.',
    });
    expect(await readModels(db)).toEqual([]);
    await correct(db, { paperId: 'arxiv:2608.00001', theme: 'robotics', curator: null, at: AT });
    expect([...(await readCorrections(db)).keys()]).toEqual(['arxiv:2608.00001']);
  });
});
