// The ledger: one row per reader and edition, and every change of its state. What it says is what happened.
import { randomUUID } from 'node:crypto';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Clock, Day, Db, DeliveryTable, Instant, Schema } from '../store/schema.ts';
import { instantText } from '../store/schema.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import type { Receipt } from './mailer/mailer.ts';

export type State = DeliveryTable['state'];
export type Delivery = DeliveryTable;

/** Why a reader gets nothing: not a failure, and not an empty mail either. */
export const NOTHING = 'nothing in this edition matches their preferences';

/** What begins the reason of a delivery that preflight holds back. */
export const HELD = 'preflight: ';

/** What planning decided for one reader. `skip` says why there is no digest; `supersedes` are rows that it takes over. */
export interface PlannedDelivery {
  id: string;
  reader: Subscriber;
  edition: Day;
  editions: Day[];
  messageId: string;
  skip: string | null;
  supersedes: string[];
}

export const newDeliveryId = () => randomUUID();

/** How long a claimed delivery is its claimer's, in minutes; longer than the SMTP timeouts of one message together. */
const LEASE_MINUTES = 15;

/**
 * Adds deliveries and supersedes what they take over, in one transaction with the planning that led to them.
 * A delivery that its reader already has for the edition is left as it is (unique by reader and edition).
 * @returns how many were added to be sent, and how many as skipped
 */
export async function addDeliveries(
  db: Db,
  planned: readonly PlannedDelivery[],
  clock: Clock,
): Promise<{ queued: number; skipped: number }> {
  const now = instantText(clock());
  const added = { queued: 0, skipped: 0 };
  for (const plan of planned) {
    const state = plan.skip === null ? ('queued' as const) : ('skipped' as const);
    const inserted = await db
      .insertInto('delivery')
      .values({
        id: plan.id,
        subscriber_id: plan.reader.id,
        edition_date: plan.edition,
        editions: JSON.stringify(plan.editions),
        address: plan.reader.address,
        preferences: JSON.stringify(plan.reader.preferences),
        state,
        reason: plan.skip,
        message_id: plan.messageId,
        planned_at: now,
        attempts: 0,
        next_attempt_at: now,
        settled_at: plan.skip === null ? null : now,
      })
      .onConflict(c => c.columns(['subscriber_id', 'edition_date']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted === undefined) continue;
    added[state]++;
    await supersede(db, plan, now);
  }
  return added;
}

async function supersede(db: Db, { supersedes, edition }: PlannedDelivery, now: Instant): Promise<void> {
  if (supersedes.length === 0) return;
  await db
    .updateTable('delivery')
    .set({ state: 'skipped', reason: `superseded by ${edition}`, settled_at: now })
    .where('id', 'in', supersedes)
    .where('state', 'in', ['queued', 'deferred'])
    .execute();
}

/** What planning needs to know of a delivery: the editions it covers, and whether it is still owed. */
export interface PastDelivery {
  id: string;
  edition: Day;
  editions: Day[];
  owed: boolean;
}

/**
 * The deliveries of editions since `from` by reader: those that were or may have been sent, those that are owed, and
 * those that held nothing for their reader. Refused, withdrawn and superseded ones cover nothing.
 */
export async function pastDeliveries(
  db: Db,
  from: Day,
  subscriberId?: string,
): Promise<Map<string, PastDelivery[]>> {
  let query = db
    .selectFrom('delivery')
    .select(['id', 'subscriber_id', 'edition_date', 'editions', 'state', 'reason'])
    .where('edition_date', '>=', from);
  if (subscriberId !== undefined) query = query.where('subscriber_id', '=', subscriberId);
  const past = new Map<string, PastDelivery[]>();
  for (const row of await query.execute()) {
    const own = past.get(row.subscriber_id) ?? [];
    const covers = !['refused', 'skipped'].includes(row.state) || row.reason === NOTHING;
    own.push({
      id: row.id,
      edition: row.edition_date,
      editions: covers ? (JSON.parse(row.editions) as Day[]) : [],
      owed: row.state === 'queued' || row.state === 'deferred',
    });
    past.set(row.subscriber_id, own);
  }
  return past;
}

/** Which deliveries a run takes care of: those of the editions `from` to `through`. */
export interface Span {
  from: Day;
  through: Day;
}

/** Skips what is still owed to readers who are not active any more; returns how many that were. */
export async function skipWithdrawn(db: Db, span: Span, clock: Clock): Promise<number> {
  const rows = await db
    .updateTable('delivery')
    .set(({ selectFrom }) => ({
      state: 'skipped' as const,
      reason: selectFrom('subscriber')
        .select('status')
        .whereRef('subscriber.id', '=', 'delivery.subscriber_id'),
      settled_at: instantText(clock()),
    }))
    .where('edition_date', '>=', span.from)
    .where('edition_date', '<=', span.through)
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
    .set({
      state: 'unknown',
      reason: 'the sending process ended before the answer',
      next_attempt_at: now,
      lease_until: null,
    })
    .where('state', '=', 'sending')
    .where('lease_until', '<', now)
    .returning('id')
    .execute();
  return rows.length;
}

/** What `claim` may take: the span, and whether `unknown` deliveries are sent again. */
export interface Claimable extends Span {
  resend: boolean;
  /** When the run began: what preflight held back since then is left for the next one, with a mended template. */
  heldSince?: Instant;
}

/** The deliveries that can be claimed at `now`: open, due, and of a reader who is active. */
function claimable(
  { selectFrom }: ExpressionBuilder<Schema, never>,
  { from, through, resend, heldSince }: Claimable,
  now: Instant,
) {
  const open: State[] = resend ? ['queued', 'deferred', 'unknown'] : ['queued', 'deferred'];
  const due = selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .where('edition_date', '>=', from)
    .where('edition_date', '<=', through)
    .where('state', 'in', open)
    .where('next_attempt_at', '<=', now)
    .where('subscriber.status', '=', 'active');
  if (heldSince === undefined) return due;
  const left = sql<boolean>`(coalesce(reason, '') like ${`${HELD}%`} and next_attempt_at >= ${heldSince})`;
  return due.where(({ not }) => not(left));
}

/** How many deliveries could be claimed now. */
export async function countClaimable(db: Db, what: Claimable, clock: Clock): Promise<number> {
  const query = db.selectNoFrom(eb =>
    claimable(eb, what, instantText(clock()))
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .as('n'),
  );
  return Number((await query.executeTakeFirstOrThrow()).n);
}

/**
 * Claims one due delivery, oldest edition first, or undefined when none is left. The reader's consent is read in the
 * same statement: whoever left after planning is not claimed.
 */
export async function claim(db: Db, what: Claimable, clock: Clock): Promise<Delivery | undefined> {
  const at = clock();
  return db
    .updateTable('delivery')
    .set({
      state: 'sending',
      attempts: sql<number>`attempts + 1`,
      lease_until: instantText(at.add({ minutes: LEASE_MINUTES })),
    })
    .where('id', '=', eb =>
      claimable(eb as unknown as ExpressionBuilder<Schema, never>, what, instantText(at))
        .select('delivery.id')
        .orderBy('edition_date')
        .orderBy('next_attempt_at')
        .orderBy('delivery.id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst();
}

/** What comes of a claimed delivery: an answer of the mail server, or preflight holds it back, and it stays owed. */
export type Outcome = Receipt | { outcome: 'held'; answer: string };

/** Writes what came of a claimed delivery; a claim that somebody else has taken over meanwhile is left to them. */
export async function settle(db: Db, delivery: Delivery, receipt: Outcome, clock: Clock): Promise<void> {
  const at = clock();
  const final = receipt.outcome === 'sent' || receipt.outcome === 'refused';
  await db
    .updateTable('delivery')
    .set({
      state: receipt.outcome === 'unavailable' || receipt.outcome === 'held' ? 'queued' : receipt.outcome,
      reason: receipt.outcome === 'sent' ? null : receipt.answer,
      receipt: receipt.answer,
      lease_until: null,
      next_attempt_at: nextAttempt(at, receipt.outcome, delivery.attempts),
      settled_at: final ? instantText(at) : null,
    })
    .where('id', '=', delivery.id)
    .where('state', '=', 'sending')
    .where('attempts', '=', delivery.attempts)
    .execute();
}

/** Deferred: after 5, 15, 45 … minutes, at most 4 hours. Unknown: after 5 minutes, when a late bounce has shown itself. */
function nextAttempt(at: Temporal.Instant, outcome: Outcome['outcome'], attempts: number): Instant {
  if (outcome === 'unknown') return instantText(at.add({ minutes: 5 }));
  if (outcome !== 'deferred') return instantText(at);
  return instantText(at.add({ minutes: Math.min(5 * 3 ** (attempts - 1), 240) }));
}

/** How many deliveries of an edition stand in each state. */
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

/** Deliveries by edition, newest first; conditions that are absent do not restrict. */
export async function listDeliveries(
  db: Db,
  filter: { edition?: Day; state?: State; subscriberId?: string },
): Promise<Delivery[]> {
  let query = db.selectFrom('delivery').selectAll().orderBy('edition_date', 'desc').orderBy('address');
  if (filter.edition !== undefined) query = query.where('edition_date', '=', filter.edition);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.subscriberId !== undefined) query = query.where('subscriber_id', '=', filter.subscriberId);
  return query.execute();
}
