// Whatever comes of a delivery, in whatever order, with kills between any two steps: one `sent` or a reason, nothing lost or doubled.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { claim, expireLeases } from '../../src/delivery/claim.ts';
import type { Receipt } from '../../src/delivery/mailer/mailer.ts';
import { planEdition } from '../../src/delivery/planning.ts';
import { settle } from '../../src/delivery/settle.ts';
import { skipDead } from '../../src/delivery/skip.ts';
import { cancel, pause, resume } from '../../src/delivery/stop.ts';
import { shiftDay } from '../../src/store/schema.ts';
import { storesAreOnServer } from '../support/stores.ts';
import { mailroom } from './mailroom.ts';

const DAYS = ['2026-08-17', '2026-08-18', '2026-08-19', '2026-08-20', '2026-08-21'];
const LAST = '2026-08-24';
const READERS = { daily: {}, weekly: { cadence: 'weekly', weekday: 'thursday' } };

const outcome = fc.constantFrom<Receipt['outcome']>('sent', 'deferred', 'refused', 'unavailable', 'unknown');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('attempt' as const), outcome }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), arrives: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(6, 20, 300) }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constant({ do: 'pause' as const }),
      fc.constant({ do: 'resume' as const }),
      fc.constant({ do: 'cancel' as const }),
    ),
  },
);
const week = fc.tuple(...DAYS.map(() => fc.array(step, { maxLength: 6 })));

it('each reader ends with every paper in exactly one digest, or in two after an unknown', async () => {
  await fc.assert(
    fc.asyncProperty(week, async steps => {
      const { app, clock, ids, day } = await mailroom(READERS);
      const { db } = app;
      const { secret, sender } = await app.desk();
      /** What each reader may hold: the editions of a delivery, by its Message-ID. */
      const got = new Map<string, Map<string, { editions: string[]; isSure: boolean }>>();
      const arrives = (d: NonNullable<Awaited<ReturnType<typeof claim>>>, isSure: boolean) => {
        const own = got.get(d.subscriber_id) ?? new Map();
        own.set(d.message_id, { editions: JSON.parse(d.editions), isSure: isSure && d.in_doubt === 0 });
        got.set(d.subscriber_id, own);
      };
      const begin = async (edition: string, dueOnly: boolean) => {
        const span = { from: shiftDay(edition, -15), through: edition };
        await expireLeases(db, clock);
        await skipDead(db, span, clock);
        await planEdition({ db, clock, edition, secret, sender, dueOnly, deliverHours: 24 });
        return { ...span, resend: true };
      };
      for (const [at, edition] of DAYS.entries()) {
        await day(edition);
        for (const now of steps[at] ?? []) {
          const what = await begin(edition, true);
          if (now.do === 'wait') clock.set(clock().add({ minutes: now.minutes }).toString());
          else if (now.do === 'pause') await pause(db, edition, 'test', clock).catch(() => {});
          else if (now.do === 'resume') await resume(db, edition, clock).catch(() => {});
          else if (now.do === 'cancel') await cancel(db, edition, false, clock).catch(() => {});
          else {
            const delivery = await claim(db, what, clock);
            if (delivery === undefined) continue;
            if (now.do === 'kill') {
              if (now.arrives) arrives(delivery, false);
              clock.set(clock().add({ minutes: 16 }).toString());
            } else {
              if (now.outcome === 'sent' || now.outcome === 'unknown')
                arrives(delivery, now.outcome === 'sent');
              await settle(db, delivery, { outcome: now.outcome, answer: 'test' }, clock);
            }
          }
        }
      }
      // A good day at the end.
      await day(LAST);
      for (let round = 0; round < 3; round++) {
        const what = await begin(LAST, false);
        for (let d = await claim(db, what, clock); d !== undefined; d = await claim(db, what, clock)) {
          arrives(d, true);
          await settle(db, d, { outcome: 'sent', answer: 'test' }, clock);
        }
        clock.set(clock().add({ minutes: 16 }).toString());
      }
      const rows = await db.selectFrom('delivery').selectAll().execute();
      const stopped = await db.selectFrom('sending').selectAll().where('state', '!=', 'resumed').execute();
      for (const { state, reason, edition_date } of rows) {
        const isLeft = state === 'unknown' && stopped.some(stop => stop.edition_date === edition_date);
        if (!isLeft) expect(['sent', 'refused', 'skipped']).toContain(state);
        if (state !== 'sent') expect(reason).toBeTruthy();
      }
      for (const id of Object.values(ids)) {
        const own = rows.filter(row => row.subscriber_id === id);
        const digests = [...(got.get(id)?.values() ?? [])];
        for (const edition of [...DAYS, LAST]) {
          const holders = digests.filter(({ editions }) => editions.includes(edition));
          const hasDoubt = own.some(d => d.in_doubt === 1 && d.editions.includes(edition));
          if (!hasDoubt) expect(holders.length).toBeGreaterThanOrEqual(1);
          expect(holders.filter(({ isSure }) => isSure).length).toBeLessThanOrEqual(1);
        }
      }
    }),
    { numRuns: storesAreOnServer() ? 10 : 40 },
  );
}, 300_000);
