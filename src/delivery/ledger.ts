// The ledger: one row per reader and edition. Here is what is added to it and read from it; claim.ts, skip.ts and amend.ts change it.
import { randomUUIDv7 } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Clock, Day, Db, DeliveryTable, Instant } from '../store/schema.ts';
import { instantText } from '../store/schema.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';

export type State = DeliveryTable['state'];
export type Delivery = DeliveryTable;

/** Why a reader gets nothing: not a failure, and not an empty mail either. */
export const NOTHING = 'nothing in this edition matches their preferences';

/** What begins the reason of a delivery that preflight holds back. */
export const HELD = 'preflight: ';

/** What begins the reason of a delivery that was not handed over in time. */
export const LATE = 'too late: ';

/** What begins the reason of a delivery whose edition the operator cancelled. */
export const CANCELLED = 'cancelled: ';

/** What begins the reason of a delivery with fewer papers than its reader wants to be written to for. */
export const KEPT = 'kept for a later digest: ';

/** Whether the reason of a skipped delivery says that its papers come with the reader's next digest. */
export const isGivenUp = (reason: string | null): boolean =>
  [LATE, CANCELLED, KEPT].some(beginning => reason?.startsWith(beginning));

/** What planning decided for one reader. `skip` says why there is no digest; `supersedes` are rows that it takes over. */
export interface PlannedDelivery {
  id: string;
  reader: Pick<Subscriber, 'id' | 'address' | 'preferences'>;
  edition: Day;
  editions: Day[];
  messageId: string;
  skip: string | null;
  supersedes: string[];
}

/**
 * Ids for deliveries in the order of planning, which is that of sending: what is claimed together lies together in the
 * database. They grow with time (UUIDv7, RFC 9562 §5.7), but those of one millisecond come in no order.
 */
export const newDeliveryIds = (count: number): string[] =>
  Array.from({ length: count }, () => randomUUIDv7()).sort();

/**
 * Adds deliveries and supersedes what they take over, in one transaction with the planning that led to them.
 * A delivery that its reader already has for the edition is left as it is (unique by reader and edition).
 * @param hours how long each is worth sending; absent: for ever
 * @returns how many were added to be sent, and how many as skipped
 */
export async function addDeliveries(
  db: Db,
  planned: readonly PlannedDelivery[],
  clock: Clock,
  hours?: number,
): Promise<{ queued: number; skipped: number }> {
  const now = instantText(clock());
  const by = deliverBy(clock(), hours);
  const added = { queued: 0, skipped: 0 };
  for (let at = 0; at < planned.length; at += CHUNK) {
    const chunk = planned.slice(at, at + CHUNK);
    const rows = await db
      .insertInto('delivery')
      .values(chunk.map(plan => rowOf(plan, now, by)))
      .onConflict(c => c.columns(['subscriber_id', 'edition_date']).doNothing())
      .returning('id')
      .execute();
    const isNew = new Set(rows.map(({ id }) => id));
    for (const plan of chunk.filter(({ id }) => isNew.has(id))) {
      added[plan.skip === null ? 'queued' : 'skipped']++;
      await supersede(db, plan, now);
    }
  }
  return added;
}

/** Deliveries in one statement: few enough for a text that SQLite keeps prepared, and for both databases' parameters. */
const CHUNK = 300;

function rowOf(plan: PlannedDelivery, now: Instant, by: Instant | null): Insertable<DeliveryTable> {
  return {
    id: plan.id,
    subscriber_id: plan.reader.id,
    edition_date: plan.edition,
    editions: JSON.stringify(plan.editions),
    address: plan.reader.address,
    domain: domainOf(plan.reader.address),
    preferences: JSON.stringify(plan.reader.preferences),
    state: plan.skip === null ? 'queued' : 'skipped',
    reason: plan.skip,
    message_id: plan.messageId,
    planned_at: now,
    attempts: 0,
    next_attempt_at: now,
    settled_at: plan.skip === null ? null : now,
    deliver_by: by,
    in_doubt: 0,
  };
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Until when a delivery is worth sending that is planned, or asked for again, at `at`. */
export const deliverBy = (at: Temporal.Instant, hours?: number): Instant | null =>
  hours === undefined ? null : instantText(at.add({ hours }));

async function supersede(db: Db, { supersedes, edition }: PlannedDelivery, now: Instant): Promise<void> {
  if (supersedes.length === 0) return;
  await db
    .updateTable('delivery')
    .set({ state: 'skipped', reason: `superseded by ${edition}`, settled_at: now })
    .where('id', 'in', supersedes)
    .where('state', 'in', ['queued', 'deferred'])
    .where('in_doubt', '=', 0)
    .execute();
}

/** What planning needs to know of a delivery: the editions it covers, and whether it is still owed. */
export interface PastDelivery {
  id: string;
  edition: Day;
  editions: Day[];
  owed: boolean;
  /** The editions that it gave up, because it was too late, cancelled or too little: the next digest covers them. */
  missed: Day[];
  /** Whether the reader had their turn with it: a digest, or word that there was too little for one. */
  isTurn: boolean;
  /** When it was planned, if it is or was a mail. */
  mailedAt: Instant | null;
}

/**
 * The deliveries of some readers of editions since `from`, by reader: those that were or may have been sent, those that are owed, and
 * those that held nothing for their reader. Refused, withdrawn, superseded, late and cancelled ones cover nothing; one that
 * may have arrived covers its editions in every state but these.
 */
export async function pastDeliveries(
  db: Db,
  from: Day,
  subscriberIds: readonly string[],
): Promise<Map<string, PastDelivery[]>> {
  const query = db
    .selectFrom('delivery')
    .select(['id', 'subscriber_id', 'edition_date', 'editions', 'state', 'reason', 'in_doubt', 'planned_at'])
    .where('subscriber_id', 'in', [...subscriberIds])
    .where('edition_date', '>=', from);
  const past = new Map<string, PastDelivery[]>();
  for (const row of await query.execute()) {
    const own = past.get(row.subscriber_id) ?? [];
    const editions = JSON.parse(row.editions) as Day[];
    const givenUp = row.state === 'skipped' && isGivenUp(row.reason);
    const covers = !['refused', 'skipped'].includes(row.state) || row.reason === NOTHING;
    own.push({
      id: row.id,
      edition: row.edition_date,
      editions: covers ? editions : [],
      owed: row.in_doubt === 0 && (row.state === 'queued' || row.state === 'deferred'),
      missed: givenUp ? editions : [],
      mailedAt: row.state === 'skipped' || row.state === 'refused' ? null : row.planned_at,
      isTurn: !givenUp || row.reason?.startsWith(KEPT) === true,
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

/** All deliveries of an edition, by address, read in pages. */
export async function* deliveriesOf(db: Db, edition: Day): AsyncGenerator<Delivery> {
  for (let after: Delivery | undefined; ; ) {
    let query = db
      .selectFrom('delivery')
      .selectAll()
      .where('edition_date', '=', edition)
      .orderBy('address')
      .orderBy('id')
      .limit(CHUNK);
    if (after !== undefined) {
      const { address, id } = after;
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('address', 'id'), '>', tuple(address, id)),
      );
    }
    const page: Delivery[] = await query.execute();
    yield* page;
    if (page.length < CHUNK) return;
    after = page.at(-1);
  }
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
