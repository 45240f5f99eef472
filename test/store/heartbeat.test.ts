// An installation from before the heartbeat: each reader is due at their hour of the first day after their last digest.
import type { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { heartbeat } from '../../src/store/migrations/0009-heartbeat.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

it('readers of an older release are due at their hour, on the first day that they ask for after their last digest', async () => {
  const db = openSqlite(':memory:');
  const old = db as unknown as Kysely<unknown>;
  for (const [name, migrate] of Object.entries(MIGRATIONS)) if (name < '0009') await migrate(old);
  const at = '2026-08-20T09:00:00.000Z';
  await db
    .insertInto('edition')
    .values({ date: '2026-08-20', through: null, published_at: at, content: '{}' })
    .execute();
  const reader = async (id: string, preferences: object, hadOne: boolean) => {
    const row = {
      id,
      address: id,
      address_key: id,
      name: null,
      status: 'active' as const,
      created_at: at,
      status_at: at,
    };
    await db
      .insertInto('subscriber')
      .values({ ...row, preferences: JSON.stringify(preferences) })
      .execute();
    const digest = {
      id: `of ${id}`,
      subscriber_id: id,
      edition_date: '2026-08-20',
      editions: '["2026-08-20"]',
    };
    const mail = {
      address: id,
      preferences: '{}',
      message_id: id,
      planned_at: at,
      attempts: 1,
      next_attempt_at: at,
    };
    if (hadOne)
      await db
        .insertInto('delivery')
        .values({ ...digest, ...mail, state: 'sent', in_doubt: 0, domain: '' })
        .execute();
  };
  await reader('a new', {}, false);
  await reader('daily', {}, true);
  await reader('tokyo', { timeZone: 'Asia/Tokyo', hour: 8 }, true);
  await reader('weekly', { cadence: 'weekly', weekday: 'monday' }, true);
  await reader('zone that is gone', { timeZone: 'Mars/Olympus' }, true);
  await heartbeat(old);
  const rows = await db.selectFrom('subscriber').select(['id', 'next_digest_at']).orderBy('id').execute();
  expect(rows.map(row => [row.id, row.next_digest_at.slice(0, 16)])).toEqual([
    ['a new', '2026-08-20T07:00'],
    ['daily', '2026-08-21T07:00'],
    ['tokyo', '2026-08-20T23:00'],
    ['weekly', '2026-08-24T07:00'],
    ['zone that is gone', '2026-08-21T07:00'],
  ]);
  await db.destroy();
});
