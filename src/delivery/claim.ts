// Claiming: a delivery is taken by one process, with its reader's consent, and is its own until the lease ends.
import { type ExpressionBuilder, sql } from 'kysely';
import {
  asGiven,
  type Clock,
  type Db,
  givenRows,
  type Instant,
  instantText,
  isPostgres,
  type Schema,
  statement,
  transact,
} from '../store/schema.ts';
import { type Delivery, HELD, type Span } from './ledger.ts';
import { addAttempts, LONGEST_WAIT_MINUTES } from './settle.ts';

/** How long a claimed delivery is its claimer's, in minutes; longer than the SMTP timeouts of one message together. */
const LEASE_MINUTES = 15;

/** How much clocks may differ, in minutes: what is due after that and the longest wait was written by a wrong clock. */
const CLOCKS_DIFFER_MINUTES = 60;

/** What is said of a delivery whose process was killed while it was handed over. */
const DIED = 'the sending process ended before the answer';

// In these very words, so that SQLite uses the index of what is being sent (migration 0006).
const isSending = sql<boolean>`state = 'sending'`;

/** Declares `unknown` what was being sent when its process ended: its lease has run out. */
export async function expireLeases(db: Db, clock: Clock): Promise<number> {
  const now = instantText(clock());
  return transact(db, async tx => {
    const ended = await tx
      .updateTable('delivery')
      .set({ state: 'unknown', reason: DIED, next_attempt_at: now, lease_until: null, in_doubt: 1 })
      .where(isSending)
      .where(leaseIsOver(clock()))
      .returning(['id', 'attempts'])
      .execute();
    const attempts = ended.map(({ id, attempts }) => ({ delivery_id: id, number: attempts }));
    await addAttempts(
      tx,
      attempts.map(one => ({ ...one, at: now, outcome: 'unknown', answer: DIED })),
    );
    return ended.length;
  });
}

/** A lease that ran out, or one that ends later than any can: the clock was ahead when it was given. */
function leaseIsOver(at: Temporal.Instant) {
  const last = instantText(at.add({ minutes: LEASE_MINUTES + CLOCKS_DIFFER_MINUTES }));
  return sql<boolean>`(lease_until < ${instantText(at)} or lease_until > ${last})`;
}

/** What `claim` may take: the span, and whether `unknown` deliveries are sent again. */
export interface Claimable extends Span {
  resend: boolean;
  /** When the run began: what preflight held back since then is left for the next one, with a mended template. */
  heldSince?: Instant;
  /** Count those too whose edition somebody stopped. */
  alsoStopped?: boolean;
}

/** What differs from one question to the next of the same kind. */
interface Values extends Span {
  now: Instant;
  /** The latest time that a right clock can have set. */
  last: Instant;
  heldSince: Instant;
}

function valuesOf({ from, through, heldSince }: Claimable, at: Temporal.Instant): Values {
  const last = instantText(at.add({ minutes: LONGEST_WAIT_MINUTES + CLOCKS_DIFFER_MINUTES }));
  return { from, through, now: instantText(at), last, heldSince: heldSince ?? '' };
}

/**
 * The deliveries that can be claimed now: open, due, in time, of a reader who is active and an edition nobody stopped. States and
 * patterns stand in its text, for the reason that `statement` gives.
 */
function claimable(
  on: Pick<ExpressionBuilder<Schema, never>, 'selectFrom'>,
  { resend, heldSince, alsoStopped }: Claimable,
  { from, through, now, last, heldSince: since }: Values,
) {
  let due = on
    .selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
    .where('delivery.edition_date', '>=', from)
    .where('delivery.edition_date', '<=', through)
    // In these very words, so that both databases use the index of what is open (migration 0005).
    .where(sql<boolean>`delivery.state in ('queued', 'deferred', 'unknown')`)
    .where(resend ? sql<boolean>`true` : sql<boolean>`delivery.state != 'unknown'`)
    // One that is queued waits for nothing, whatever the clock said when it was.
    .where(
      sql<boolean>`(next_attempt_at <= ${now} or delivery.state = 'queued' or next_attempt_at > ${last})`,
    )
    .where(sql<boolean>`subscriber.status = 'active'`)
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
  const left = sql<boolean>`(coalesce(delivery.reason, '') like ${sql.lit(`${HELD}%`)} and next_attempt_at >= ${since})`;
  return due.where(({ not }) => not(left));
}

/** Whether any delivery could be claimed now. */
export async function isAnyClaimable(db: Db, what: Claimable, clock: Clock): Promise<boolean> {
  const query = claimable(db, what, valuesOf(what, clock())).select('delivery.id').limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

/** How many deliveries could be claimed now. */
export async function countClaimable(db: Db, what: Claimable, clock: Clock): Promise<number> {
  const query = db.selectNoFrom(eb =>
    claimable(eb, what, valuesOf(what, clock()))
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .as('n'),
  );
  return Number((await query.executeTakeFirstOrThrow()).n);
}

/**
 * The next deliveries in the order of their turns: oldest edition first. On PostgreSQL they are locked, and those that
 * another process is claiming are passed over, not waited for.
 */
const dueStatement = (what: Claimable, isAnyShut: boolean) =>
  statement((db: Db, values: Values & { most: number; shut: string }) => {
    let due = claimable(db, what, values);
    if (isAnyShut)
      due = due.where('delivery.domain', 'not in', eb =>
        eb.selectFrom(givenRows<{ domain: string }>(db, values.shut, { domain: 'text' })).select('domain'),
      );
    const first = due
      .selectAll('delivery')
      .orderBy('delivery.edition_date')
      .orderBy('next_attempt_at')
      .orderBy('delivery.id')
      // See `statement` for the plus.
      .limit(sql<number>`+${values.most}`);
    return isPostgres(db) ? first.forUpdate('delivery').skipLocked() : first;
  });

const dueStatements = new Map<string, ReturnType<typeof dueStatement>>();

function dueOf(what: Claimable, isAnyShut: boolean) {
  const { resend, heldSince, alsoStopped = false } = what;
  const kind = [resend, heldSince === undefined, alsoStopped, isAnyShut].join();
  const known = dueStatements.get(kind) ?? dueStatement(what, isAnyShut);
  dueStatements.set(kind, known);
  return known;
}

const take = statement((db: Db, { ids, lease }: { ids: string; lease: Instant }) =>
  db
    .updateTable('delivery')
    .set({ state: 'sending', attempts: sql<number>`attempts + 1`, lease_until: lease })
    .where('id', 'in', eb =>
      eb.selectFrom(givenRows<{ id: string }>(db, ids, { id: 'text' })).select('given.id'),
    ),
);

/**
 * Claims up to `most` due deliveries, oldest edition first. The readers' consent, and whether the operator stopped the
 * edition, are read by the statement that finds them: whoever left after planning is not claimed. To be done in one
 * transaction, which on SQLite keeps all others out, and on PostgreSQL has locked what it found.
 * @param shut domains that are left alone now
 * @returns in the order of their turns; fewer, or none, when no more are left
 */
export async function claimSome(
  tx: Db,
  what: Claimable,
  clock: Clock,
  most: number,
  shut: readonly string[] = [],
): Promise<Delivery[]> {
  const at = clock();
  const due = await dueOf(what, shut.length > 0)(tx, {
    ...valuesOf(what, at),
    most,
    shut: asGiven(shut.map(domain => ({ domain }))),
  });
  if (due.length === 0) return [];
  const lease = instantText(at.add({ minutes: LEASE_MINUTES }));
  await take(tx, { ids: asGiven(due.map(({ id }) => ({ id }))), lease });
  return due.map(row =>
    Object.assign(row, { state: 'sending', attempts: row.attempts + 1, lease_until: lease }),
  );
}

/** Claims one, or undefined when none is left. */
export async function claim(db: Db, what: Claimable, clock: Clock): Promise<Delivery | undefined> {
  const isolation = 'read committed';
  return (await transact(db, tx => claimSome(tx, what, clock, 1), { isolation }))[0];
}
