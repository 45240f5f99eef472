// Settling: what came of a claimed delivery is written before its connection takes the next.
import { type Insertable, sql } from 'kysely';
import {
  type AttemptTable,
  asGiven,
  type Clock,
  type Db,
  givenRows,
  type Instant,
  instantText,
  statement,
  transact,
} from '../store/schema.ts';
import type { Delivery, State } from './ledger.ts';
import type { Receipt } from './mailer/mailer.ts';

/** The longest wait for another try, in minutes. */
export const LONGEST_WAIT_MINUTES = 240;

/** What comes of a claimed delivery: an answer of the mail server, or preflight holds it back, and it stays owed. */
export type Outcome = Receipt | { outcome: 'held'; answer: string };

/** A claimed delivery, and what came of it. */
export interface Settled {
  delivery: Delivery;
  outcome: Outcome;
}

/** Writes what came of one claimed delivery, in a commit of its own. */
export async function settle(db: Db, delivery: Delivery, outcome: Outcome, clock: Clock): Promise<void> {
  await transact(db, tx => settleAll(tx, [{ delivery, outcome }], clock), {
    isolation: 'read committed',
    repeatable: true,
  });
}

/**
 * Writes what came of claimed deliveries, and the attempts that did not end in `sent`: of one that did, all is in the row. A
 * claim that somebody else has taken over meanwhile is left to them. To be done in one transaction, whose commit makes it last.
 */
export async function settleAll(tx: Db, settled: readonly Settled[], clock: Clock): Promise<void> {
  const at = clock();
  const [sent, others] = [[] as Settled[], [] as Settled[]];
  for (const one of settled) (one.outcome.outcome === 'sent' ? sent : others).push(one);
  if (sent.length > 0)
    await markSent(tx, {
      now: instantText(at),
      sent: asGiven(
        sent.map(({ delivery: { id, attempts }, outcome: { answer } }) => ({ id, attempts, answer })),
      ),
    });
  const failed: Insertable<AttemptTable>[] = [];
  for (const one of others) {
    const { id: delivery_id, attempts: number } = one.delivery;
    if (await settleOther(tx, one, at))
      failed.push({ delivery_id, number, at: instantText(at), ...told(one) });
  }
  await addAttempts(tx, failed);
}

const told = ({ outcome: { outcome, answer } }: Settled) => ({ outcome, answer });

/** Keeps attempts. Of one that is there, what is told last is kept. */
export async function addAttempts(tx: Db, attempts: readonly Insertable<AttemptTable>[]): Promise<void> {
  if (attempts.length === 0) return;
  await tx
    .insertInto('attempt')
    .values(attempts)
    .onConflict(c =>
      c.columns(['delivery_id', 'number']).doUpdateSet(eb => ({
        at: eb.ref('excluded.at'),
        outcome: eb.ref('excluded.outcome'),
        answer: eb.ref('excluded.answer'),
      })),
    )
    .execute();
}

/** All that were sent, in one statement. */
const markSent = statement((db: Db, { now, sent }: { now: Instant; sent: string }) =>
  db
    .updateTable('delivery')
    .from(
      givenRows<{ id: string; attempts: number; answer: string }>(db, sent, {
        id: 'text',
        attempts: 'integer',
        answer: 'text',
      }),
    )
    .set(({ ref }) => ({
      state: 'sent',
      reason: null,
      receipt: ref('given.answer'),
      lease_until: null,
      next_attempt_at: now,
      settled_at: now,
      in_doubt: 0,
    }))
    .whereRef('delivery.id', '=', 'given.id')
    .whereRef('delivery.attempts', '=', 'given.attempts')
    .where(sql<boolean>`delivery.state = 'sending'`),
);

/** One that was not sent. @returns whether it was still ours */
async function settleOther(
  tx: Db,
  { delivery, outcome: { outcome, answer } }: Settled,
  at: Temporal.Instant,
): Promise<boolean> {
  const isFinal = outcome === 'refused';
  const row = await tx
    .updateTable('delivery')
    .set({
      state: stateAfter(delivery, outcome),
      reason: answer,
      receipt: answer,
      lease_until: null,
      next_attempt_at: nextAttempt(at, outcome, delivery.attempts),
      settled_at: isFinal ? instantText(at) : null,
      in_doubt: isFinal ? 0 : outcome === 'unknown' ? 1 : delivery.in_doubt,
    })
    .where('id', '=', delivery.id)
    .where('state', '=', 'sending')
    .where('attempts', '=', delivery.attempts)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** One that may have arrived stays `unknown` until an attempt has a final answer: queued, another digest could take it over. */
function stateAfter({ in_doubt }: Delivery, outcome: Outcome['outcome']): State {
  if (outcome === 'sent' || outcome === 'refused' || outcome === 'unknown') return outcome;
  if (in_doubt === 1) return 'unknown';
  return outcome === 'deferred' ? 'deferred' : 'queued';
}

/** Deferred: after 5, 15, 45 … minutes, at most 4 hours. Unknown: after 5 minutes, when a late bounce has shown itself. */
function nextAttempt(at: Temporal.Instant, outcome: Outcome['outcome'], attempts: number): Instant {
  if (outcome === 'unknown') return instantText(at.add({ minutes: 5 }));
  if (outcome !== 'deferred') return instantText(at);
  return instantText(at.add({ minutes: Math.min(5 * 3 ** (attempts - 1), LONGEST_WAIT_MINUTES) }));
}
