// Retention: what is old and over is forgotten; what planning, consent and suppression need is not.
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { prune } from '../src/prune.ts';
import { handClock, installation } from './support/installation.ts';

const NOW = '2026-08-20T07:00:00Z';
const OLD = '2026-01-10';
const at = (day: string) => `${day}T07:00:00.000Z`;

/** An installation with deliveries, attempts, bounces, votes and readers of long ago and of yesterday. */
async function withHistory() {
  const days = { keepDeliveries: 100, keepVotes: 30, keepPending: 30, keepBounces: 100 };
  const app = await installation(days, handClock(NOW));
  const { db } = app;
  const paper = {
    id: 'arxiv:2601.00001',
    title: 'Bees',
    abstract: '',
    authors: '[]',
    url: null,
    links: '{}',
    source: 'a',
  };
  await db
    .insertInto('paper')
    .values({
      ...paper,
      announced_on: OLD,
      collected_at: at(OLD),
      collected_on: OLD,
      position: 0,
      updated_at: at(OLD),
      facts: '{}',
    })
    .execute();
  for (const day of [OLD, '2026-08-19']) {
    await db
      .insertInto('edition')
      .values({ date: day, through: day, published_at: at(day), content: '{}' })
      .execute();
    await sql`insert into vote values (${paper.id}, 'a', ${at(day)}, 1, 0, null)`.execute(db);
  }
  const reader = async (
    id: string,
    status: 'active' | 'pending' | 'suppressed' | 'unsubscribed',
    day = OLD,
  ) =>
    db
      .insertInto('subscriber')
      .values({
        id,
        address: `${id}@example.org`,
        address_key: `${id}@example.org`,
        name: null,
        status,
        preferences: '{}',
        created_at: at(day),
        status_at: at(day),
      })
      .execute();
  await reader('ada', 'active');
  await reader('gone', 'unsubscribed');
  await reader('dead', 'suppressed');
  await reader('stranger', 'pending');
  await reader('newcomer', 'pending', '2026-08-19');
  const delivery = async (
    subscriber_id: string,
    day: string,
    state: 'sent' | 'refused' | 'skipped' | 'unknown',
  ) => {
    const id = `${subscriber_id} ${day}`;
    await db
      .insertInto('delivery')
      .values({
        ...{ id, subscriber_id, edition_date: day, editions: JSON.stringify([day]), state },
        ...{
          address: `${subscriber_id}@example.org`,
          preferences: '{}',
          message_id: `<${id}>`,
          planned_at: at(day),
        },
        ...{
          attempts: 1,
          next_attempt_at: at(day),
          settled_at: at(day),
          in_doubt: state === 'unknown' ? 1 : 0,
          domain: 'example.org',
        },
      })
      .execute();
    await db
      .insertInto('attempt')
      .values({ delivery_id: id, number: 1, at: at(day), outcome: 'sent', answer: '250 kept' })
      .execute();
    return id;
  };
  await delivery('ada', OLD, 'sent');
  await delivery('gone', OLD, 'unknown');
  const last = await delivery('dead', OLD, 'refused');
  await delivery('ada', '2026-08-19', 'sent');
  for (const [id, suppressed] of [
    ['soft', 0],
    ['hard', 1],
    ['held', 2],
  ] as const)
    await db
      .insertInto('bounce')
      .values({
        ...{
          id,
          report_key: id,
          subscriber_id: 'dead',
          delivery_id: last,
          kind: 'hard',
          status: '5.1.1',
          diagnostic: '',
        },
        ...{ source: 'smtp', proof: 'smtp', suppressed, reported_at: at(OLD), stored_at: at(OLD) },
      })
      .execute();
  const ids = async (table: 'delivery' | 'subscriber' | 'bounce') =>
    (await db.selectFrom(table).select('id').orderBy('id').execute()).map(row => row.id);
  return { app, ids };
}

describe('prune', () => {
  it('forgets what is old and over, and nothing that is open, suppressed, unsubscribed or of these weeks', async () => {
    const { app, ids } = await withHistory();
    expect(await prune(app, false)).toEqual({ deliveries: 2, votes: 1, pending: 1, bounces: 1 });
    expect(await ids('delivery')).toEqual(['ada 2026-08-19', `gone ${OLD}`]);
    expect(await ids('subscriber')).toEqual(['ada', 'dead', 'gone', 'newcomer']);
    expect(await ids('bounce')).toEqual(['hard', 'held']);
    expect(await app.db.selectFrom('attempt').select('delivery_id').execute()).toHaveLength(2);
    expect(await prune(app, false)).toEqual({ deliveries: 0, votes: 0, pending: 0, bounces: 0 });
  });

  it('rehearses: the same counts, and nothing is gone', async () => {
    const { app, ids } = await withHistory();
    expect(await prune(app, true)).toEqual({ deliveries: 2, votes: 1, pending: 1, bounces: 1 });
    expect([(await ids('delivery')).length, (await ids('subscriber')).length]).toEqual([4, 5]);
  });

  it('keeps everything where nothing is set', async () => {
    const app = await installation();
    expect(await prune(app, false)).toEqual({ deliveries: null, votes: null, pending: null, bounces: null });
  });
});
