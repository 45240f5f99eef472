// When a reader is not mailed any more: at once for a dead address or a complaint, after several soft bounces over days.
import { type Clock, type Instant, instantText, type Tx } from '../../store/schema.ts';
import { emptiesDomain, LISTED } from './brake.ts';

/** The operator's policy on bounces. */
export interface BouncePolicy {
  /** After this many deliveries that bounced softly, with none that arrived between them; 0: never. */
  softBounces: number;
  /** … and only if the first and the last of them were at least so many days apart. */
  softBounceDays: number;
  /** When hard bounces would end the mail of more than this share of a domain's readers in an hour, they are held; 100: never. */
  bounceBrakePercent: number;
}

/** What follows of a bounce: it is stored, the reader is suppressed by it, or would be but for the brake. */
type Verdict = 'stored' | 'suppressed' | 'held';

/** What is known of a bounce that has just been stored. */
export interface Judged {
  subscriberId: string;
  kind: 'hard' | 'soft' | 'block' | 'complaint';
  proven: boolean;
  /** When the delivery that it speaks of was planned. */
  plannedAt: Instant;
}

/** A delivery that nothing was heard of for so long has arrived: servers give up after five days (RFC 5321 §4.5.4.1). */
const ARRIVED_AFTER_HOURS = 5 * 24;

/**
 * Suppresses the reader of a bounce if that is due. Whoever has left, or is suppressed, stays as they are; and what was
 * sent before a reader's status last changed says nothing of them now (the operator may have brought them back).
 */
export async function suppressIfDue(
  tx: Tx,
  bounce: Judged,
  policy: BouncePolicy,
  clock: Clock,
): Promise<Verdict> {
  if (bounce.kind === 'block') return 'stored';
  if (bounce.kind === 'soft') {
    if (!(await tooManySoft(tx, bounce.subscriberId, policy, clock))) return 'stored';
  } else if (!bounce.proven) return 'stored';
  if (bounce.kind === 'hard' && (await emptiesDomain(tx, bounce, policy.bounceBrakePercent, clock)))
    return 'held';
  return (await suppress(tx, bounce, clock)) ? 'suppressed' : 'stored';
}

/** Ends a reader's mail, unless they left or came back meanwhile. */
export async function suppress(
  tx: Tx,
  bounce: Pick<Judged, 'subscriberId' | 'kind' | 'plannedAt'>,
  clock: Clock,
): Promise<boolean> {
  const suppressed = await tx
    .updateTable('subscriber')
    .set({ status: 'suppressed', status_at: instantText(clock()) })
    .where('id', '=', bounce.subscriberId)
    .where('status', 'in', LISTED)
    .$if(bounce.kind !== 'complaint', query => query.where('status_at', '<=', bounce.plannedAt))
    .returning('id')
    .executeTakeFirst();
  return suppressed !== undefined;
}

/**
 * Whether a reader's soft bounces are enough: of so many deliveries, so many days apart, none that arrived since the first
 * of them, and at least one that is proven to be theirs.
 */
async function tooManySoft(tx: Tx, reader: string, policy: BouncePolicy, clock: Clock): Promise<boolean> {
  if (policy.softBounces === 0) return false;
  const since = await lastArrival(tx, reader, clock);
  let query = tx
    .selectFrom('bounce')
    .innerJoin('delivery', 'delivery.id', 'bounce.delivery_id')
    .innerJoin('subscriber', 'subscriber.id', 'bounce.subscriber_id')
    .select(['delivery.id', 'delivery.planned_at', 'bounce.proof'])
    .where('bounce.subscriber_id', '=', reader)
    .where('bounce.kind', '=', 'soft')
    .whereRef('delivery.planned_at', '>=', 'subscriber.status_at');
  if (since !== undefined) query = query.where('delivery.planned_at', '>', since);
  const soft = await query.orderBy('delivery.planned_at').execute();
  const deliveries = new Set(soft.map(({ id }) => id)).size;
  const [from, to] = [soft[0], soft.at(-1)].map(row => Date.parse(row?.planned_at ?? ''));
  const days = ((to ?? 0) - (from ?? 0)) / 86_400_000;
  return (
    deliveries >= policy.softBounces &&
    days >= policy.softBounceDays &&
    soft.some(({ proof }) => proof !== 'address')
  );
}

/** When the last delivery was planned that seems to have arrived: sent, and nothing was heard of it for five days. */
async function lastArrival(tx: Tx, reader: string, clock: Clock): Promise<Instant | undefined> {
  const row = await tx
    .selectFrom('delivery')
    .select('planned_at')
    .where('subscriber_id', '=', reader)
    .where('state', '=', 'sent')
    .where('settled_at', '<=', instantText(clock().subtract({ hours: ARRIVED_AFTER_HOURS })))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('bounce').select('bounce.id').whereRef('bounce.delivery_id', '=', 'delivery.id')),
      ),
    )
    .orderBy('planned_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.planned_at;
}
