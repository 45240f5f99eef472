// The pace of sending: what is set holds for all processes together, and who asks to be left alone is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliver } from '../../src/delivery/deliver.ts';
import { addDeliveries, newDeliveryIds } from '../../src/delivery/ledger.ts';
import { claimInPace, type Pace } from '../../src/delivery/pace.ts';
import { publish } from '../../src/editions/publish.ts';
import { announce } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { transact } from '../../src/store/schema.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { findSubscriber, storeSubscriber } from '../../src/subscribers/subscriber.ts';
import { handClock, installation } from '../support/installation.ts';
import { mailroom } from './mailroom.ts';

const DAY = '2026-08-20';
const WHAT = { from: DAY, through: DAY, resend: true };

/** An installation with mails waiting for so many readers of each domain. */
async function waiting(readers: Record<string, number>) {
  const clock = handClock(`${DAY}T07:00:00Z`);
  const { db, press } = await installation({ mailFrom: 'papers@example.org' }, clock);
  const paper = announce({ where: '', title: 'A paper', abstract: 'We propose it.', announcedOn: DAY });
  if (!('paper' in paper)) throw new Error(paper.detail);
  await transact(db, tx =>
    storeAnnouncements(tx, [paper], { source: 'test', at: `${DAY}T07:00:00.000Z`, day: DAY }),
  );
  await publish(press, DAY);
  for (const [domain, n] of Object.entries(readers))
    for (let i = 0; i < n; i++) {
      const address = readAddress(`reader${i}@${domain}`);
      if ('problem' in address) throw new Error(address.problem);
      const preferences = Preferences.parse({});
      const reader = {
        address,
        name: null,
        status: undefined,
        initialStatus: 'active' as const,
        preferences,
      };
      await transact(db, tx => storeSubscriber(tx, reader, clock));
      const found = await findSubscriber(db, address.address);
      if (found === undefined) throw new Error('a reader who was stored is found');
      const messageId = `<${domain}.${i}@example.org>`;
      const plan = {
        id: newDeliveryIds(1)[0] as string,
        reader: found,
        edition: DAY,
        editions: [DAY],
        messageId,
      };
      await addDeliveries(db, [{ ...plan, skip: null, supersedes: [] }], clock);
    }
  const claims = (want: number, pace: Partial<Pace>) =>
    transact(db, tx => claimInPace(tx, WHAT, clock, want, { timeZone: 'UTC', ...pace }));
  const later = (ms: number) => clock.set(clock().add({ milliseconds: ms }).toString());
  return { db, clock, claims, later };
}

describe('a pace for all messages', () => {
  it('lets a second’s worth go at once, and then no more than the rate', async () => {
    const { claims, later } = await waiting({ 'example.org': 30 });
    const pace = { messagesPerSecond: 5 };
    expect((await claims(20, pace)).deliveries).toHaveLength(5);
    const none = await claims(20, pace);
    expect([none.deliveries, none.wait]).toEqual([[], { ms: 200, because: 'the pace of all messages' }]);
    later(200);
    expect((await claims(20, pace)).deliveries).toHaveLength(1);
    later(60_000);
    expect((await claims(20, pace)).deliveries).toHaveLength(5);
  });

  it('never lets more go in any stretch of time than the rate allows, and a burst', async () => {
    const { db, clock, claims, later } = await waiting({ 'example.org': 60 });
    const step = fc.record({ want: fc.integer({ min: 1, max: 9 }), ms: fc.integer({ min: 0, max: 1500 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 1, max: 8 }),
        async (steps, rate) => {
          await db.updateTable('delivery').set({ state: 'queued' }).execute();
          await db.deleteFrom('pace').execute();
          const began = clock().epochMilliseconds;
          let taken = 0;
          for (const { want, ms } of steps) {
            taken += (await claims(want, { messagesPerSecond: rate })).deliveries.length;
            expect(taken).toBeLessThanOrEqual(
              ((clock().epochMilliseconds - began) / 1000) * rate + rate + 0.01,
            );
            later(ms);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('waits for nothing when nothing is left', async () => {
    const { claims } = await waiting({ 'example.org': 1 });
    const pace = { messagesPerSecond: 1 };
    expect((await claims(1, pace)).deliveries).toHaveLength(1);
    expect(await claims(1, pace)).toEqual({ deliveries: [], wait: null });
  });

  it('is not bound by a turn that a wrong clock has written', async () => {
    const { claims, later } = await waiting({ 'example.org': 3 });
    later(86_400_000);
    expect((await claims(1, { messagesPerSecond: 1 })).deliveries).toHaveLength(1);
    later(-86_400_000);
    expect((await claims(1, { messagesPerSecond: 1 })).deliveries).toHaveLength(1);
  });
});

describe('a pace for each domain', () => {
  it('passes over the domain that has had its share, and serves the others', async () => {
    const { claims } = await waiting({ 'big.example': 8, 'small.example': 2 });
    const { deliveries, wait } = await claims(10, { domainMessagesPerSecond: 2 });
    const domains = deliveries.map(({ domain }) => domain).sort();
    expect(domains).toEqual(['big.example', 'big.example', 'small.example', 'small.example']);
    expect(wait).toEqual({ ms: 500, because: expect.stringMatching(/^the pace of (?:big|small).example$/) });
  });

  it('hands a domain no more at once than it may have, however many processes ask', async () => {
    const { claims } = await waiting({ 'big.example': 8, 'small.example': 1 });
    const pace = { domainConnections: 2 };
    expect((await claims(1, pace)).deliveries).toHaveLength(1);
    const { deliveries, wait } = await claims(10, pace);
    expect(deliveries.map(({ domain }) => domain).sort()).toEqual(['big.example', 'small.example']);
    expect(wait?.because).toBe('the connections of big.example');
  });
});

describe('a warm-up', () => {
  it.each([
    [0, 4],
    [1, 6],
    [2, 9],
  ])('after %i days lets %i messages go, then says until when to wait', async (days, allowed) => {
    const { claims, later } = await waiting({ 'example.org': 20 });
    const pace = { warmUp: 4, warmUpGrowth: 50 };
    if (days > 0) await claims(1, pace);
    later(days * 86_400_000);
    expect((await claims(20, pace)).deliveries).toHaveLength(allowed);
    const { wait } = await claims(20, pace);
    expect(wait).toEqual({ ms: 17 * 3_600_000, because: `the warm-up allows ${allowed} messages today` });
  });
});

describe('who asks to be left alone', () => {
  const quiet = { outcome: 'deferred', answer: '421 4.7.28 too much mail', quiet: 'domain' } as const;

  it('is: its domain waits a minute, then two, and others get their mail', async () => {
    const { app, clock, day } = await mailroom({ ada: {}, bob: {} });
    await day(DAY);
    await app.db
      .updateTable('subscriber')
      .set({ address: 'bob@other.example' })
      .where('address', 'like', 'bob%')
      .execute();
    const asked: string[] = [];
    let tired = true;
    const send = async () =>
      deliver({
        db: app.db,
        edition: DAY,
        desk: await app.desk(),
        clock,
        dueOnly: false,
        resendUnknown: true,
        bounces: app.settings,
        mailer: {
          name: 'test',
          connections: 1,
          check: async () => {},
          close: async () => {},
          async send({ envelope: { to } }) {
            asked.push(to);
            return tired && to.endsWith('@example.org') ? quiet : { outcome: 'sent', answer: '250 ok' };
          },
        },
      });
    const report = await send();
    expect(report).toMatchObject({ sent: 1, deferred: 1 });
    const row = () =>
      app.db.selectFrom('pace').selectAll().where('key', '=', 'domain:example.org').executeTakeFirst();
    expect(await row()).toMatchObject({
      quiet_count: 1,
      quiet_until: clock().add({ minutes: 1 }).toString({ fractionalSecondDigits: 3 }),
    });
    clock.set(clock().add({ minutes: 5 }).toString());
    await send();
    expect(await row()).toMatchObject({
      quiet_count: 2,
      quiet_until: clock().add({ minutes: 2 }).toString({ fractionalSecondDigits: 3 }),
    });
    tired = false;
    clock.set(clock().add({ minutes: 30 }).toString());
    expect(await send()).toMatchObject({ sent: 1 });
    expect(await row()).toMatchObject({ quiet_count: 0 });
    expect(asked.filter(to => to.startsWith('bob'))).toHaveLength(1);
  });
});

describe('a run', () => {
  it('waits for its turns as long as its patience, and leaves the rest to a later one, saying so', async () => {
    const { day, send, clock, mails } = await mailroom({ ada: {}, bob: {}, eve: {} });
    await day(DAY);
    const pace = { messagesPerSecond: 1, timeZone: 'UTC' };
    const impatient = await send(DAY, { pace });
    expect(impatient).toMatchObject({
      sent: 1,
      waiting: 2,
      stopped: null,
      paced: { because: 'the pace of all messages' },
    });
    const waits: number[] = [];
    const patient = await send(DAY, {
      pace,
      patienceMs: 5000,
      async wait(ms) {
        waits.push(ms);
        clock.set(clock().add({ milliseconds: ms }).toString());
      },
    });
    expect(patient).toMatchObject({ sent: 2, waiting: 0, paced: null });
    expect(waits).toEqual([1000, 1000]);
    expect(new Set(mails.map(({ to }) => to)).size).toBe(3);
  });
});
