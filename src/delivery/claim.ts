// Claiming and settling: a delivery is taken by one statement, and what came of it is written before the next is taken.
import { type ExpressionBuilder, sql } from 'kysely';
import {
  type Clock,
  type Db,
  type Instant,
  instantText,
  isPostgres,
  type Schema,
  transact,
} from '../store/schema.ts';
import { type Delivery, HELD, type Span, type State } from './ledger.ts';
import type { Receipt } from './mailer/mailer.ts';

/** How long a claimed delivery is its claimer's, in minutes; longer than the SMTP timeouts of one message together. */
const LEASE_MINUTES = 15;

/** How much clocks may differ, in minutes, and the longest wait for another try: what is due later was written by a wrong clock. */
const CLOCKS_DIFFER_MINUTES = 60;
const LONGEST_WAIT_MINUTES = 240;

/** What is said of a delivery whose process was killed while it was handed over. */
const DIED = 'the sending process ended before the answer';

// In these very words, so that SQLite uses the index of what is being sent (migration 0006).
const isSending = sql<boolean>`state = 'sending'`;

/**
 * Declares `unknown` what was being sent when its process ended: its lease has run out. The attempts are written first:
 * a kill between the two statements leaves them to the next run, which finds them written.
 */
export async function expireLeases(db: Db, clock: Clock): Promise<number> {
  const now = instantText(clock());
  const isOver = leaseIsOver(clock());
  await db
    .insertInto('attempt')
    .columns(['delivery_id', 'number', 'at', 'outcome', 'answer'])
    .expression(eb =>
      eb
        .selectFrom('delivery')
        .select(({ val }) => [
          'id',
          'attempts',
          val(now).as('at'),
          val('unknown' as const).as('outcome'),
          val(DIED).as('answer'),
        ])
        .where(isSending)
        .where(isOver),
    )
    .onConflict(c => c.columns(['delivery_id', 'number']).doNothing())
    .execute();
  const rows = await db
    .updateTable('delivery')
    .set({ state: 'unknown', reason: DIED, next_attempt_at: now, lease_until: null, in_doubt: 1 })
    .where(isSending)
    .where(isOver)
    .returning('id')
    .execute();
  return rows.length;
}

/** A lease that ran out, or one that ends later than any can: the clock was ahead when it was given. */
function leaseIsOver(at: Temporal.Instant) {
  const last = instantText(at.add({ minutes: LEASE_MINUTES + CLOCKS_DIFFER_MINUTES }));
  return sql<boolean>`(lease_until < ${instantText(at)} or lease_until > ${last})`;
}

/** Whether it is a delivery's turn. One that is queued waits for nothing, whatever the clock said when it was. */
function isDue(at: Temporal.Instant) {
  const last = instantText(at.add({ minutes: LONGEST_WAIT_MINUTES + CLOCKS_DIFFER_MINUTES }));
  return sql<boolean>`(next_attempt_at <= ${instantText(at)} or delivery.state = 'queued' or next_attempt_at > ${last})`;
}

/** What `claim` may take: the span, and whether `unknown` deliveries are sent again. */
export interface Claimable extends Span {
  resend: boolean;
  /** When the run began: what preflight held back since then is left for the next one, with a mended template. */
  heldSince?: Instant;
  /** Count those too whose edition somebody stopped. */
  alsoStopped?: boolean;
}

/** The deliveries that can be claimed now: open, due, in time, of a reader who is active and an edition nobody stopped. */
function claimable(
  on: Pick<ExpressionBuilder<Schema, never>, 'selectFrom'>,
  { from, through, resend, heldSince, alsoStopped }: Claimable,
  at: Temporal.Instant,
) {
  const now = instantText(at);
  const open: State[] = resend ? ['queued', 'deferred', 'unknown'] : ['queued', 'deferred'];
  let due = on
    .selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .where('delivery.edition_date', '>=', from)
    .where('delivery.edition_date', '<=', through)
    .where('delivery.state', 'in', open)
    // In these very words, so that both databases use the index of what is open (migration 0005).
    .where(sql<boolean>`delivery.state in ('queued', 'deferred', 'unknown')`)
    .where(isDue(at))
    .where('subscriber.status', '=', 'active')
    .where(eb => eb.or([eb('deliver_by', 'is', null), eb('deliver_by', '>', now), eb('in_doubt', '=', 1)]));
  if (!alsoStopped)
    due = due.where(({ eb }) =>
      eb(
        'delivery.edition_date',
        'not in',
        eb.selectFrom('sending').select('sending.edition_date').where('sending.state', '!=', 'resumed'),
      ),
    );
  if (heldSince === undefined) return due;
  const left = sql<boolean>`(coalesce(delivery.reason, '') like ${`${HELD}%`} and next_attempt_at >= ${heldSince})`;
  return due.where(({ not }) => not(left));
}

/** Whether any delivery could be claimed now. */
export async function isAnyClaimable(db: Db, what: Claimable, clock: Clock): Promise<boolean> {
  const row = await claimable(db, what, clock()).select('delivery.id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** How many deliveries could be claimed now. */
export async function countClaimable(db: Db, what: Claimable, clock: Clock): Promise<number> {
  const query = db.selectNoFrom(eb =>
    claimable(eb, what, clock())
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .as('n'),
  );
  return Number((await query.executeTakeFirstOrThrow()).n);
}

/**
 * Claims up to `most` due deliveries, oldest edition first. The readers' consent, and whether the operator stopped the
 * edition, are read in the same statement: whoever left after planning is not claimed.
 * @param shut domains that are left alone now
 * @returns in the order of their turns; fewer, or none, when no more are left
 */
export async function claimSome(
  db: Db,
  what: Claimable,
  clock: Clock,
  most: number,
  shut: readonly string[] = [],
): Promise<Delivery[]> {
  const at = clock();
  const rows = await db
    .with('due', eb => {
      let due = claimable(eb, what, at);
      if (shut.length > 0) due = due.where('delivery.domain', 'not in', shut);
      const first = due
        .select('delivery.id')
        .orderBy('delivery.edition_date')
        .orderBy('next_attempt_at')
        .orderBy('delivery.id')
        .limit(most);
      // Another process may be claiming the very same ones: its are passed over, not waited for.
      return isPostgres(db) ? first.forUpdate('delivery').skipLocked() : first;
    })
    .updateTable('delivery')
    .set({
      state: 'sending',
      attempts: sql<number>`attempts + 1`,
      lease_until: instantText(at.add({ minutes: LEASE_MINUTES })),
    })
    .where('id', 'in', eb => eb.selectFrom('due').select('due.id'))
    .returningAll()
    .execute();
  const turn = (row: Delivery) => `${row.edition_date} ${row.next_attempt_at} ${row.id}`;
  return rows.length < 2 ? rows : rows.sort((a, b) => (turn(a) < turn(b) ? -1 : 1));
}

/** Claims one, or undefined when none is left. */
export async function claim(db: Db, what: Claimable, clock: Clock): Promise<Delivery | undefined> {
  return (await claimSome(db, what, clock, 1))[0];
}

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
 * Writes what came of claimed deliveries, and the attempts. A claim that somebody else has taken over meanwhile is left
 * to them. To be done in one transaction, whose commit makes it last.
 */
export async function settleAll(tx: Db, settled: readonly Settled[], clock: Clock): Promise<void> {
  const at = clock();
  const now = instantText(at);
  const sent = settled.filter(({ outcome }) => outcome.outcome === 'sent');
  const mine = await settleSent(tx, sent, now);
  for (const one of settled)
    if (one.outcome.outcome !== 'sent' && (await settleOther(tx, one, at))) mine.push(one);
  if (mine.length === 0) return;
  await tx
    .insertInto('attempt')
    .values(
      mine.map(({ delivery, outcome: { outcome, answer } }) => ({
        delivery_id: delivery.id,
        number: delivery.attempts,
        at: now,
        outcome,
        answer,
      })),
    )
    .onConflict(c =>
      c.columns(['delivery_id', 'number']).doUpdateSet(eb => ({
        at: eb.ref('excluded.at'),
        outcome: eb.ref('excluded.outcome'),
        answer: eb.ref('excluded.answer'),
      })),
    )
    .execute();
}

/** All that were sent, in one statement. @returns those that were still ours */
async function settleSent(tx: Db, sent: readonly Settled[], now: Instant): Promise<Settled[]> {
  if (sent.length === 0) return [];
  const receipt = sql<string>`case id ${sql.join(
    sent.map(({ delivery, outcome }) => sql`when ${delivery.id} then ${outcome.answer}`),
    sql` `,
  )} end`;
  const rows = await tx
    .updateTable('delivery')
    .set({
      state: 'sent',
      reason: null,
      receipt,
      lease_until: null,
      next_attempt_at: now,
      settled_at: now,
      in_doubt: 0,
    })
    .where('state', '=', 'sending')
    .where(eb =>
      eb.or(
        sent.map(({ delivery }) =>
          eb.and([eb('id', '=', delivery.id), eb('attempts', '=', delivery.attempts)]),
        ),
      ),
    )
    .returning('id')
    .execute();
  const mine = new Set(rows.map(({ id }) => id));
  return sent.filter(({ delivery }) => mine.has(delivery.id));
}

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
