// The ledger: one row per reader and edition, and every change of its state. What it says is what happened.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock, Day, Db, DeliveryTable, Instant } from '../store/schema.ts';
import { instantText } from '../store/schema.ts';
import type { Receipt } from './mailer/mailer.ts';

export type State = DeliveryTable['state'];
export type Delivery = DeliveryTable;

/** What planning decided for one reader: their digest covers the editions after `since`; `skip` says why there is none. */
export interface PlannedDelivery {
  id: string;
  subscriberId: string;
  edition: Day;
  since: Day;
  messageId: string;
  skip: string | null;
}

export const newDeliveryId = () => randomUUID();

/** How long a claimed delivery is its claimer's, in minutes; longer than any SMTP timeout. */
const LEASE_MINUTES = 15;

/**
 * Adds deliveries; one that its reader already has for the edition is left as it is (unique by reader and edition).
 * @returns how many were added
 */
export async function addDeliveries(
  db: Db,
  planned: readonly PlannedDelivery[],
  clock: Clock,
): Promise<number> {
  const now = instantText(clock());
  let added = 0;
  for (let start = 0; start < planned.length; start += 500) {
    const rows = planned.slice(start, start + 500).map(plan => ({
      id: plan.id,
      subscriber_id: plan.subscriberId,
      edition_date: plan.edition,
      since: plan.since,
      state: plan.skip === null ? ('queued' as const) : ('skipped' as const),
      reason: plan.skip,
      message_id: plan.messageId,
      planned_at: now,
      attempts: 0,
      next_attempt_at: now,
      settled_at: plan.skip === null ? null : now,
    }));
    const inserted = await db
      .insertInto('delivery')
      .values(rows)
      .onConflict(c => c.columns(['subscriber_id', 'edition_date']).doNothing())
      .returning('id')
      .execute();
    added += inserted.length;
  }
  return added;
}

/** The date of the last edition that each reader was, or may have been, sent; readers without one are absent. */
export async function lastEditions(db: Db): Promise<Map<string, Day>> {
  const rows = await db
    .selectFrom('delivery')
    .select(({ fn }) => ['subscriber_id', fn.max('edition_date').as('last')])
    .where('state', 'in', ['sent', 'sending', 'unknown'])
    .groupBy('subscriber_id')
    .execute();
  return new Map(rows.map(row => [row.subscriber_id, row.last]));
}

/** Skips what an earlier edition still owes: the digest of `edition` covers its papers, and nobody gets two at once. */
export async function supersedeEarlier(db: Db, edition: Day, clock: Clock): Promise<number> {
  const rows = await db
    .updateTable('delivery')
    .set({ state: 'skipped', reason: `superseded by ${edition}`, settled_at: instantText(clock()) })
    .where('edition_date', '<', edition)
    .where('state', 'in', ['queued', 'deferred'])
    .returning('id')
    .execute();
  return rows.length;
}

/** Skips what is still owed to readers who are not active any more; returns how many that were. */
export async function skipWithdrawn(db: Db, edition: Day, clock: Clock): Promise<number> {
  const rows = await db
    .updateTable('delivery')
    .set(({ selectFrom }) => ({
      state: 'skipped' as const,
      reason: selectFrom('subscriber')
        .select('status')
        .whereRef('subscriber.id', '=', 'delivery.subscriber_id'),
      settled_at: instantText(clock()),
    }))
    .where('edition_date', '=', edition)
    .where('state', 'in', ['queued', 'deferred', 'unknown'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('subscriber')
          .select('id')
          .whereRef('subscriber.id', '=', 'delivery.subscriber_id')
          .where('status', '!=', 'active'),
      ),
    )
    .returning('id')
    .execute();
  return rows.length;
}

/** Declares `unknown` what was being sent when its process ended: its lease has run out. */
export async function expireLeases(db: Db, clock: Clock): Promise<number> {
  const now = instantText(clock());
  const rows = await db
    .updateTable('delivery')
    .set({ state: 'unknown', reason: 'the sending process ended before the answer', next_attempt_at: now })
    .where('state', '=', 'sending')
    .where('lease_until', '<', now)
    .returning('id')
    .execute();
  return rows.length;
}

/**
 * Claims one due delivery of an edition, or undefined when none is left. The reader's consent is read in the same
 * statement: whoever left after planning is not claimed.
 * @param resend whether `unknown` deliveries are sent again (with the same Message-ID, Date and bytes)
 */
export async function claim(
  db: Db,
  edition: Day,
  resend: boolean,
  clock: Clock,
): Promise<Delivery | undefined> {
  const at = clock();
  const now = instantText(at);
  const claimable: State[] = resend ? ['queued', 'deferred', 'unknown'] : ['queued', 'deferred'];
  return db
    .updateTable('delivery')
    .set({
      state: 'sending',
      attempts: sql<number>`attempts + 1`,
      lease_until: instantText(at.add({ minutes: LEASE_MINUTES })),
    })
    .where('id', '=', ({ selectFrom }) =>
      selectFrom('delivery')
        .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
        .select('delivery.id')
        .where('edition_date', '=', edition)
        .where('state', 'in', claimable)
        .where('next_attempt_at', '<=', now)
        .where('subscriber.status', '=', 'active')
        .orderBy('next_attempt_at')
        .orderBy('delivery.id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst();
}

/** Writes the mail server's answer to a claimed delivery. */
export async function settle(db: Db, delivery: Delivery, receipt: Receipt, clock: Clock): Promise<void> {
  const at = clock();
  const final = receipt.outcome === 'sent' || receipt.outcome === 'refused';
  await db
    .updateTable('delivery')
    .set({
      state: receipt.outcome === 'unavailable' ? 'queued' : receipt.outcome,
      reason: receipt.outcome === 'sent' ? null : receipt.answer,
      receipt: receipt.answer,
      lease_until: null,
      next_attempt_at: nextAttempt(at, receipt.outcome, delivery.attempts),
      settled_at: final ? instantText(at) : null,
    })
    .where('id', '=', delivery.id)
    .where('state', '=', 'sending')
    .execute();
}

/** Deferred: after 5, 15, 45 … minutes, at most 4 hours. Unknown: after 5 minutes, when a late bounce has shown itself. */
function nextAttempt(at: Temporal.Instant, outcome: Receipt['outcome'], attempts: number): Instant {
  if (outcome === 'unknown') return instantText(at.add({ minutes: 5 }));
  if (outcome !== 'deferred') return instantText(at);
  return instantText(at.add({ minutes: Math.min(5 * 3 ** (attempts - 1), 240) }));
}

/** How many deliveries of an edition stand in each state, and how many of them could be claimed now. */
export async function countDeliveries(db: Db, edition: Day): Promise<Record<State, number>> {
  const counts: Record<State, number> = {
    queued: 0,
    sending: 0,
    sent: 0,
    deferred: 0,
    refused: 0,
    unknown: 0,
    skipped: 0,
  };
  const rows = await db
    .selectFrom('delivery')
    .select(({ fn }) => ['state', fn.countAll().as('n')])
    .where('edition_date', '=', edition)
    .groupBy('state')
    .execute();
  for (const { state, n } of rows) counts[state] = Number(n);
  return counts;
}

/** Deliveries with their readers' addresses, newest edition first; conditions that are absent do not restrict. */
export async function listDeliveries(
  db: Db,
  filter: { edition?: Day; state?: State; subscriberId?: string },
) {
  let query = db
    .selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .selectAll('delivery')
    .select('subscriber.address')
    .orderBy('edition_date', 'desc')
    .orderBy('subscriber.address_key');
  if (filter.edition !== undefined) query = query.where('edition_date', '=', filter.edition);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.subscriberId !== undefined) query = query.where('subscriber_id', '=', filter.subscriberId);
  return query.execute();
}
