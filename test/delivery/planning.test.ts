// Planning goes page by page: it can be stopped after any of them, repeated and done by several at once.
import { describe, expect, it } from 'vitest';
import { planDeliveries, planEdition } from '../../src/delivery/planning.ts';
import { instantText } from '../../src/store/schema.ts';
import { mailroom } from './mailroom.ts';

const DAY = '2026-08-20';
const READERS = 2300;

/** A day with one paper, and more readers than fit into two pages; a third of them asked for something else. */
async function town() {
  const room = await mailroom({});
  const { app, clock, day } = room;
  await day(DAY);
  const rows = Array.from({ length: READERS }, (_, n) => ({
    id: `reader-${String(n).padStart(5, '0')}`,
    address: `reader${n}@example.org`,
    address_key: `reader${n}@example.org`,
    name: null,
    status: 'active' as const,
    preferences: n % 3 === 0 ? '{"keywords":["zebra"]}' : '{}',
    created_at: instantText(clock()),
    status_at: instantText(clock()),
    next_digest_at: n % 2 === 0 ? `${DAY}T06:00:00.000Z` : `${DAY}T18:00:00.000Z`,
  }));
  for (let at = 0; at < rows.length; at += 1000)
    await app.db
      .insertInto('subscriber')
      .values(rows.slice(at, at + 1000))
      .execute();
  const { secret, sender } = await app.desk();
  const request = { db: app.db, clock, edition: DAY, secret, sender, dueOnly: true };
  const count = async () => {
    const deliveries = await app.db.selectFrom('delivery').select(['subscriber_id', 'state']).execute();
    return { rows: deliveries.length, readers: new Set(deliveries.map(row => row.subscriber_id)).size };
  };
  return { ...room, request, count };
}

describe('planning', () => {
  it('adds one delivery for each reader, those with nothing for them skipped', async () => {
    const { request, count } = await town();
    const skipped = Math.ceil(READERS / 3);
    expect(await planEdition(request)).toEqual({ queued: READERS - skipped, skipped });
    expect(await count()).toEqual({ rows: READERS, readers: READERS });
    expect(await planEdition(request)).toEqual({ queued: 0, skipped: 0 });
  });

  it('that is stopped after a page goes on where it was, whoever goes on', async () => {
    const { request, count } = await town();
    const stop = new AbortController();
    const clock = () => {
      stop.abort();
      return request.clock();
    };
    await planEdition({ ...request, clock, signal: stop.signal });
    expect(await count()).toEqual({ rows: 1000, readers: 1000 });
    await planEdition(request);
    expect(await count()).toEqual({ rows: READERS, readers: READERS });
  });

  it('by several at once adds nothing twice, and leaves nobody out', async () => {
    const { request, count } = await town();
    const sums = await Promise.all(Array.from({ length: 4 }, () => planEdition(request)));
    expect(sums.reduce((sum, { queued, skipped }) => sum + queued + skipped, 0)).toBe(READERS);
    expect(await count()).toEqual({ rows: READERS, readers: READERS });
  });

  it('of readers whose hour has come leaves the others, and says when each is due next', async () => {
    const { app, request, count } = await town();
    await planEdition({ ...request, dueNow: { isAwaited: false } });
    expect((await count()).readers).toBe(READERS / 2);
    const next = await app.db
      .selectFrom('subscriber')
      .select(({ fn }) => ['next_digest_at', fn.countAll<number>().as('n')])
      .groupBy('next_digest_at')
      .orderBy('next_digest_at')
      .execute();
    expect(next.map(({ next_digest_at, n }) => [next_digest_at, Number(n)])).toEqual([
      [`${DAY}T18:00:00.000Z`, READERS / 2],
      ['2026-08-21T07:00:00.000Z', READERS / 2],
    ]);
  });

  it('can be looked at beforehand, by address, and nothing is stored', async () => {
    const { request, count } = await town();
    const seen: string[] = [];
    for await (const page of planDeliveries(request)) seen.push(...page.map(({ reader }) => reader.address));
    expect(seen).toHaveLength(READERS);
    expect(seen).toEqual(seen.toSorted());
    expect((await count()).rows).toBe(0);
  });

  it('gives ids in its own order, which is that of sending: what goes out together lies together', async () => {
    const { request } = await town();
    const ids: string[] = [];
    for await (const page of planDeliveries(request)) ids.push(...page.map(({ id }) => id));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(READERS);
  });
});
