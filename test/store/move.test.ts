// Moving an installation to another database: everything of it, proved, or nothing.
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/app.ts';
import { recordRefusal } from '../../src/delivery/bounces/record.ts';
import { pause } from '../../src/delivery/stop.ts';
import { curate } from '../../src/editions/curation.ts';
import { traceOf } from '../../src/editions/morning.ts';
import { indexAll } from '../../src/papers/search-index.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { moveStore } from '../../src/store/move.ts';
import type { Db } from '../../src/store/schema.ts';
import { linkToken, readLinkToken } from '../../src/subscribers/links.ts';
import { correct } from '../../src/themes/corrections.ts';
import { mailroom } from '../delivery/mailroom.ts';
import { documentOf, paperround, start } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { postgres } from '../support/postgres.ts';

const AT = '2026-08-20T07:00:00.000Z';
const READERS = { ada: {}, ben: { length: 'brief' }, cleo: {}, dan: {}, 'zoë-蜜蜂': {} };

/** An installation that has lived: two editions, mails that went every way, and a row in every table. */
async function lived() {
  const { app, day, send, answers, ids } = await mailroom(READERS);
  const { db, clock, settings } = app;
  await day('2026-08-19');
  const way = { ada: 'sent', ben: 'refused', cleo: 'deferred', dan: 'unknown' } as const;
  answers(to => way[to as keyof typeof way] ?? 'sent');
  await send('2026-08-19', { pace: { timeZone: 'UTC', messagesPerSecond: 1000, warmUp: 1000 } });
  await day('2026-08-20');
  await pause(db, '2026-08-20', 'a typo in the note', clock);
  const refused = await db.selectFrom('delivery').selectAll().where('state', '=', 'refused').execute();
  for (const delivery of refused)
    await recordRefusal(db, delivery, '550 5.1.1 no \0 such user 🐝', settings, clock);
  const paper = await db.selectFrom('paper').select('id').orderBy('id').executeTakeFirstOrThrow();
  await curate(db, paper.id, { picked: true, note: "Read “this”; it's 100 % good", curator: 'AK' }, AT);
  await correct(db, { paperId: paper.id, theme: 'image-generation', curator: null, at: AT });
  await db
    .insertInto('vote')
    .values({ paper_id: paper.id, source: 'test', at: AT, upvotes: 7, comments: 2, stars: null })
    .execute();
  await db.insertInto('lane').values({ name: 'arxiv', free_at: AT, held_until: null }).execute();
  await db
    .insertInto('collection')
    .values({
      source: 'test',
      at: AT,
      outcome: 'ok',
      content: '{}',
      asked: '2026-08-20',
      list_day: null,
      held: 1,
      fingerprint: null,
    })
    .execute();
  await db
    .insertInto('confirmation')
    .values({
      ...{ id: 'c1', address_key: 'eve@example.org', slot: 'confirm', kind: 'subscribe' },
      ...{ subscriber_id: ids.ada as string, address: 'eve@example.org', requested_at: AT, expires_at: AT },
      ...{ state: 'sent', attempts: 1, next_attempt_at: AT },
    })
    .execute();
  await traceOf(db, '2026-08-20');
  // Words that a language orders otherwise than their bytes do.
  for (const key of ['b', 'B', 'a', 'ä', 'z', '_'])
    await sql`insert into rate (key, points, expire) values (${key}, 1, 1790000000000)`.execute(db);
  const model = { made_at: AT, taxonomy: 'x', papers: 300, figures: null, reason: null };
  await db
    .insertInto('theme_model')
    .values([
      { ...model, version: 1, state: 'kept', bytes: null },
      { ...model, version: 2, state: 'in-use', bytes: new Uint8Array([0, 255, 10, 13, 39]) },
    ])
    .execute();
  return { app, ids, folder: app.folder };
}

/** The tables in which `lived` leaves something. */
const FULL = [
  'announcement',
  'announcement_key',
  'attempt',
  'bounce',
  'collection',
  'curation',
  'delivery',
  'edition',
  'edition_paper',
  'lane',
  'pace',
  'paper',
  'sending',
  'subscriber',
  'theme_correction',
  'theme_model',
  'confirmation',
  'morning',
  'rate',
  'vote',
];

async function emptyDatabase(): Promise<{ url: string; db: Db }> {
  const url = await (await postgres()).database('empty');
  const { db } = await openStore({ databaseUrl: url, dataDir: '' });
  onTestFinished(() => db.destroy());
  return { url, db };
}

async function rowsOf(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db);
  return Number(rows[0]?.n);
}

describe('an installation that moves to PostgreSQL', () => {
  it('has every row of every table there, and is told so by counts and sums', async () => {
    const { app, folder } = await lived();
    await app.close();
    const { url, db } = await emptyDatabase();
    const from = `sqlite:${join(folder, 'paperround.db')}`;
    const done = await paperround(['migrate', '--from', from, '--to', url, '--json'], {
      env: { DATA_DIR: folder },
    });
    expect(done.status, done.stderr).toBe(0);
    const { tables } = documentOf<{ tables: { table: string; rows: number; sum: string }[] }>(done);
    const full = tables.filter(({ rows }) => rows > 0).map(({ table }) => table);
    expect(full).toEqual(expect.arrayContaining(FULL));
    for (const { table, rows } of tables) expect(await rowsOf(db, table), table).toBe(rows);
    const model = await db.selectFrom('theme_model').selectAll().where('version', '=', 2).executeTakeFirst();
    expect([...(model?.bytes ?? [])]).toEqual([0, 255, 10, 13, 39]);
  });

  it('goes on there: a link of an old mail still works, and nobody gets a paper again', async () => {
    const { app, folder, ids } = await lived();
    const { secret } = await app.desk();
    const token = linkToken(secret, 'unsubscribe', ids.ada as string);
    await app.close();
    const { url } = await emptyDatabase();
    const env = { DATA_DIR: folder };
    const moved = await paperround(['migrate', '--to', url], { env });
    expect(moved.status, moved.stderr).toBe(0);
    expect(moved.stdout).toMatch(/subscriber +5 +[0-9a-f]{16}\n/);
    expect(moved.stdout).toContain('Run nothing on the old one any more');
    const there = { ...env, DATABASE_URL: url };
    const { deliveries } = documentOf<{ deliveries: { email: string; state: string }[] }>(
      await paperround(['deliveries', 'list', '--date', '2026-08-19', '--json'], { env: there }),
    );
    expect(deliveries.map(({ email, state }) => `${email} ${state}`).sort()).toEqual([
      'ada@example.org sent',
      'ben@example.org refused',
      'cleo@example.org deferred',
      'dan@example.org unknown',
      'zoë-蜜蜂@example.org sent',
    ]);
    const { db } = await openStore({ databaseUrl: url, dataDir: folder });
    onTestFinished(() => db.destroy());
    expect(readLinkToken({ secret }, 'unsubscribe', token)).toBe(ids.ada);
    expect(await rowsOf(db, 'subscriber')).toBe(5);
  });

  it('and back to a file has the same sums', async () => {
    const { app } = await lived();
    const { db } = await emptyDatabase();
    const there = await moveStore(app.db, db, { index: indexAll });
    const { db: file } = await openStore({ dataDir: await temporaryFolder() });
    onTestFinished(() => file.destroy());
    expect(await moveStore(db, file, { index: indexAll })).toEqual(there);
  });

  it('that is stopped half way has left nothing there, and can be moved again', async () => {
    const { app } = await lived();
    const { db } = await emptyDatabase();
    const stop = new AbortController();
    const stopped = moveStore(app.db, db, {
      index: indexAll,
      signal: stop.signal,
      onProgress: (done, all) => {
        if (done * 2 > all) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'storage', message: 'Stopped: nothing was moved' });
    expect(await rowsOf(db, 'subscriber')).toBe(0);
    expect(
      (await moveStore(app.db, db, { index: indexAll })).find(({ table }) => table === 'subscriber')?.rows,
    ).toBe(5);
  });

  it('whose process is killed half way has left nothing there', async () => {
    const { app, folder } = await lived();
    await app.close();
    const { url, db } = await emptyDatabase();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('begin; lock table subscriber in share mode');
    const moving = start(['migrate', '--to', url], { env: { DATA_DIR: folder } });
    const waits = sql<{ n: number }>`
      select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await waits.execute(db)).rows[0]?.n !== 1) await new Promise(resolve => setTimeout(resolve, 20));
    moving.kill('SIGKILL');
    await moving.ended;
    await other.end();
    expect(await rowsOf(db, 'paper')).toBe(0);
    expect((await paperround(['migrate', '--to', url], { env: { DATA_DIR: folder } })).status).toBe(0);
  });

  it('is refused where there is something already, and where a row arrives changed', async () => {
    const { app } = await lived();
    const { db } = await emptyDatabase();
    const lane = { name: 'arxiv', free_at: AT, held_until: null };
    await db.insertInto('lane').values(lane).execute();
    await expect(moveStore(app.db, db, { index: indexAll })).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('not empty'),
      details: ['lane: 1 rows'],
    });
    await db.deleteFrom('lane').execute();
    await sql`create function louder() returns trigger language plpgsql as $$
      begin new.free_at = '2026-01-01T00:00:00.000Z'; return new; end $$`.execute(db);
    await sql`create trigger louder before insert on lane for each row execute function louder()`.execute(db);
    await expect(moveStore(app.db, db, { index: indexAll })).rejects.toMatchObject({
      message: 'The table lane is not the same in the new database',
    });
    expect(await rowsOf(db, 'subscriber')).toBe(0);
  });

  it.each([
    [
      'two databases that are one',
      ['--from', 'sqlite:./here.db', '--to', 'sqlite:./here.db'],
      'is the one to move to',
    ],
    [
      'a file that is not there',
      ['--from', 'sqlite:./nowhere.db', '--to', 'sqlite:./here.db'],
      'There is no database at',
    ],
    ['no database at all', ['--to', 'mysql://localhost/papers'], '--to: this is no database'],
  ])('from or to %s is refused in words', async (_, args, words) => {
    const { status, stderr } = await paperround(['migrate', ...args], {
      env: { DATA_DIR: await temporaryFolder() },
    });
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('a database that a newer Paperround has changed', () => {
  it.each(['sqlite', 'postgres'])('is refused on %s, and left as it is', async kind => {
    const where =
      kind === 'sqlite'
        ? { dataDir: await temporaryFolder() }
        : { databaseUrl: await (await postgres()).database(), dataDir: '' };
    const { db } = await openStore(where);
    const newer = '9999-from-the-future';
    await sql`insert into migration (name, applied_at) values (${newer}, ${AT})`.execute(db);
    await db.destroy();
    await expect(openStore(where)).rejects.toMatchObject({
      code: 'storage',
      message: `This database was made by a newer Paperround (it has ${newer})`,
      hint: expect.stringContaining('an older program must not write to it'),
    });
  });

  it('and one that an older one made is brought up to date, once, by however many open it', async () => {
    const url = await (await postgres()).database('empty');
    const opened = await Promise.all([1, 2, 3, 4].map(() => openStore({ databaseUrl: url, dataDir: '' })));
    for (const { db } of opened) await db.destroy();
    const ran = opened.map(({ migrated }) => migrated.length).sort();
    expect(ran).toEqual([0, 0, 0, Object.keys(MIGRATIONS).length]);
  });
});
