// What an operator changes in the ledger by hand: a delivery is tried again, or what became of an unknown one is told.
import { type Clock, type Day, type Db, instantText, transact } from '../store/schema.ts';
import { readSubscriber } from '../subscribers/subscriber.ts';
import { type Delivery, deliverBy, isGivenUp, listDeliveries, NOTHING, type State } from './ledger.ts';
import { findStop } from './stop.ts';

/** Which deliveries of an edition are to be tried again: those of some readers, or all in a state. */
export type Retry = { edition: Day } & ({ subscriberIds: readonly string[] } | { state: State });

/** A delivery, and why it may not be tried again; null: it may. */
interface Judged {
  delivery: Delivery;
  why: string | null;
}

/** What asking for another attempt would do: each delivery that is meant, with why it may not be tried. */
export async function judgeRetries(db: Db, retry: Retry): Promise<Judged[]> {
  const all = await listDeliveries(db, {
    edition: retry.edition,
    ...('state' in retry ? { state: retry.state } : {}),
  });
  const meant =
    'state' in retry ? all : all.filter(({ subscriber_id }) => retry.subscriberIds.includes(subscriber_id));
  return Promise.all(meant.map(async delivery => ({ delivery, why: await whyNot(db, delivery) })));
}

/**
 * Puts deliveries back to `queued`, to be sent by the next run; one that may have arrived keeps that mark. Judged again
 * in the transaction: what changed meanwhile is left alone.
 * @param hours how long they are worth sending from now on
 * @returns those that were put back
 */
export async function retryDeliveries(
  db: Db,
  retry: Retry,
  clock: Clock,
  hours: number,
): Promise<Delivery[]> {
  return transact(db, async tx => {
    const good = (await judgeRetries(tx, retry)).filter(({ why }) => why === null);
    for (const { delivery } of good)
      await tx
        .updateTable('delivery')
        .set({
          state: 'queued',
          reason: `to be tried again, as was asked at ${instantText(clock())}`,
          next_attempt_at: instantText(clock()),
          deliver_by: deliverBy(clock(), hours),
          settled_at: null,
        })
        .where('id', '=', delivery.id)
        .execute();
    return good.map(({ delivery }) => delivery);
  });
}

async function whyNot(db: Db, delivery: Delivery): Promise<string | null> {
  const never = whyNever(delivery);
  if (never !== null) return never;
  const reader = await readSubscriber(db, delivery.subscriber_id);
  if (reader?.status !== 'active') return `the reader is ${reader?.status ?? 'gone'}: no mail goes there`;
  const stop = await findStop(db, delivery.edition_date);
  if (stop !== null && stop.state !== 'paused') return `the edition was cancelled at ${stop.at}`;
  const other = (await coveringDeliveries(db, delivery))[0];
  return other === undefined ? null : `the digest of ${other.edition_date} (${other.state}) has its papers`;
}

/** Why a delivery in this state is never tried again, whoever asks. */
function whyNever({ state, reason, settled_at, lease_until, edition_date }: Delivery): string | null {
  if (state === 'sent') return `it was sent at ${settled_at}, and what was sent is never sent again`;
  if (state === 'sending') return `it is being handed over now; its answer is awaited until ${lease_until}`;
  if (state === 'queued') return `it is waiting to be sent already: paperround send --date ${edition_date}`;
  if (state !== 'skipped') return null;
  if (reason === NOTHING) return NOTHING;
  return `it was skipped (${reason})${isGivenUp(reason) ? '; the next digest has what is still owed' : ''}`;
}

/** The other deliveries of the reader whose digests cover one of the same editions and that went out, may have, or will. */
export async function coveringDeliveries(
  db: Db,
  delivery: Pick<Delivery, 'id' | 'subscriber_id' | 'editions'>,
): Promise<Delivery[]> {
  const own = new Set(JSON.parse(delivery.editions) as Day[]);
  const others = await listDeliveries(db, { subscriberId: delivery.subscriber_id });
  return others.filter(
    ({ id, state, editions }) =>
      id !== delivery.id &&
      state !== 'skipped' &&
      state !== 'refused' &&
      (JSON.parse(editions) as Day[]).some(date => own.has(date)),
  );
}

/** Whether nobody knows what became of a delivery, so that an operator may tell. */
export const isInDoubt = ({ state, in_doubt }: Delivery) =>
  state === 'unknown' || (in_doubt === 1 && state === 'queued');

/**
 * Writes what the operator found out about a delivery in doubt: it arrived, and is `sent`; or it did not, and is owed.
 * @returns false when it is not in doubt (any more)
 */
export async function resolveDelivery(
  db: Db,
  { id }: Delivery,
  hasArrived: boolean,
  clock: Clock,
  hours: number,
): Promise<boolean> {
  const now = instantText(clock());
  const told = `the operator said at ${now} that it ${hasArrived ? 'arrived' : 'did not arrive'}`;
  const changed = await db
    .updateTable('delivery')
    .set({
      state: hasArrived ? 'sent' : 'queued',
      reason: told,
      in_doubt: 0,
      next_attempt_at: now,
      settled_at: hasArrived ? now : null,
      ...(hasArrived ? { receipt: told } : { deliver_by: deliverBy(clock(), hours) }),
    })
    .where('id', '=', id)
    .where(eb =>
      eb.or([eb('state', '=', 'unknown'), eb.and([eb('in_doubt', '=', 1), eb('state', '=', 'queued')])]),
    )
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}
