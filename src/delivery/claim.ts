// Claiming and settling: a delivery is taken by one statement, and what came of it is written before the next is taken.
import { type ExpressionBuilder, sql } from 'kysely';
import { type Clock, type Db, type Instant, instantText, type Schema } from '../store/schema.ts';
import { type Delivery, HELD, type Span, type State } from './ledger.ts';
import type { Receipt } from './mailer/mailer.ts';

/** How long a claimed delivery is its claimer's, in minutes; longer than the SMTP timeouts of one message together. */
const LEASE_MINUTES = 15;

/** What is said of a delivery whose process was killed while it was handed over. */
const DIED = 'the sending process ended before the answer';

/**
 * Declares `unknown` what was being sent when its process ended: its lease has run out. The attempts are written first:
 * a kill between the two statements leaves them to the next run, which finds them written.
 */
export async function expireLeases(db: Db, clock: Clock): Promise<number> {
  const now = instantText(clock());
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
        .where('state', '=', 'sending')
        .where('lease_until', '<', now),
    )
    .onConflict(c => c.columns(['delivery_id', 'number']).doNothing())
    .execute();
  const rows = await db
    .updateTable('delivery')
    .set({ state: 'unknown', reason: DIED, next_attempt_at: now, lease_until: null, in_doubt: 1 })
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
  /** Count those too whose edition somebody stopped. */
  alsoStopped?: boolean;
}

/** The deliveries that can be claimed at `now`: open, due, in time, of a reader who is active and an edition nobody stopped. */
function claimable(
  { selectFrom }: ExpressionBuilder<Schema, never>,
  { from, through, resend, heldSince, alsoStopped }: Claimable,
  now: Instant,
) {
  const open: State[] = resend ? ['queued', 'deferred', 'unknown'] : ['queued', 'deferred'];
  let due = selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .where('delivery.edition_date', '>=', from)
    .where('delivery.edition_date', '<=', through)
    .where('delivery.state', 'in', open)
    // In these very words, so that both databases use the index of what is open (migration 0005).
    .where(sql<boolean>`delivery.state in ('queued', 'deferred', 'unknown')`)
    .where('next_attempt_at', '<=', now)
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
 * Claims one due delivery, oldest edition first, or undefined when none is left. The reader's consent, and whether the
 * operator stopped the edition, are read in the same statement: whoever left after planning is not claimed.
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
        .orderBy('delivery.edition_date')
        .orderBy('next_attempt_at')
        .orderBy('delivery.id')
        .limit(1),
    )
    .returningAll()
    .executeTakeFirst();
}

/** What comes of a claimed delivery: an answer of the mail server, or preflight holds it back, and it stays owed. */
export type Outcome = Receipt | { outcome: 'held'; answer: string };

/**
 * Writes what came of a claimed delivery, and the attempt, in one commit. A claim that somebody else has taken over
 * meanwhile is left to them.
 */
export async function settle(db: Db, delivery: Delivery, receipt: Outcome, clock: Clock): Promise<void> {
  const at = clock();
  const now = instantText(at);
  const { outcome, answer } = receipt;
  const isFinal = outcome === 'sent' || outcome === 'refused';
  await db.transaction().execute(async tx => {
    const mine = await tx
      .updateTable('delivery')
      .set({
        state: stateAfter(delivery, outcome),
        reason: outcome === 'sent' ? null : answer,
        receipt: answer,
        lease_until: null,
        next_attempt_at: nextAttempt(at, outcome, delivery.attempts),
        settled_at: isFinal ? now : null,
        in_doubt: isFinal ? 0 : outcome === 'unknown' ? 1 : delivery.in_doubt,
      })
      .where('id', '=', delivery.id)
      .where('state', '=', 'sending')
      .where('attempts', '=', delivery.attempts)
      .returning('id')
      .executeTakeFirst();
    if (mine === undefined) return;
    await tx
      .insertInto('attempt')
      .values({ delivery_id: delivery.id, number: delivery.attempts, at: now, outcome, answer })
      .onConflict(c => c.columns(['delivery_id', 'number']).doUpdateSet({ at: now, outcome, answer }))
      .execute();
  });
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
  return instantText(at.add({ minutes: Math.min(5 * 3 ** (attempts - 1), 240) }));
}
