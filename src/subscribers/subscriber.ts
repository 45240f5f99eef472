// A Subscriber: an address, its consent and its preferences; and the subscribers in the database.
import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clock, Db, Instant, SubscriberTable, Tx } from '../store/schema.ts';
import { instantText, transact } from '../store/schema.ts';
import { type Address, readAddress } from './address.ts';
import { firstDue } from './due.ts';
import { Preferences, storedPreferences } from './preferences.ts';

export type Status = SubscriberTable['status'];
export const STATUSES = [
  'pending',
  'active',
  'paused',
  'unsubscribed',
  'suppressed',
] as const satisfies Status[];

/** A reader: only `active` ones get mail. */
export interface Subscriber {
  id: string;
  address: string;
  name: string | null;
  status: Status;
  preferences: Preferences;
  createdAt: string;
  statusAt: string;
  /** When they are due next, if they are active. */
  nextDigestAt: Instant;
  /** When a pause ends by itself. */
  pausedUntil: string | null;
  /** What they were before they left. */
  leftFrom: Status | null;
}

/** What somebody says of a reader; what is left out stays as it is for a known reader. */
export interface NewSubscriber {
  address: Address;
  name: string | null;
  /** The status that is asked for; without one a new reader gets `initialStatus` and a known one keeps theirs. */
  status: Status | undefined;
  initialStatus: Status;
  preferences: Partial<Preferences>;
}

export type Stored = 'added' | 'updated' | 'unchanged' | 'left';

/**
 * Adds a reader, or changes what is said of one who is known by the same address.
 * Somebody who left (unsubscribed or suppressed) stays as they are: an import is not their consent (`left`).
 */
export async function storeSubscriber(tx: Tx, reader: NewSubscriber, clock: Clock): Promise<Stored> {
  const known = await tx
    .selectFrom('subscriber')
    .select(['id', 'address', 'name', 'status', 'preferences'])
    .where('address_key', '=', reader.address.key)
    .executeTakeFirst();
  if (known === undefined) {
    await addSubscriber(tx, reader, clock());
    return 'added';
  }
  if (known.status === 'unsubscribed' || known.status === 'suppressed') return 'left';
  const preferences = Preferences.parse({ ...JSON.parse(known.preferences), ...reader.preferences });
  const row = {
    address: reader.address.address,
    name: reader.name ?? known.name,
    preferences: JSON.stringify(preferences),
    status: reader.status ?? known.status,
  };
  const fields = Object.keys(row) as (keyof typeof row)[];
  if (fields.every(field => row[field] === known[field])) return 'unchanged';
  const isSame = known.status === row.status;
  const statusAt = isSame ? {} : { status_at: instantText(clock()) };
  const due = isSame && !isRescheduled(known.preferences, preferences) ? {} : dueAt(preferences, clock());
  await tx
    .updateTable('subscriber')
    .set({ ...row, ...statusAt, ...due })
    .where('id', '=', known.id)
    .execute();
  return 'updated';
}

/** The column of a reader who is due by what they want from `at` on. */
const dueAt = (preferences: Preferences, at: Temporal.Instant) => ({
  next_digest_at: instantText(firstDue(preferences, at)),
});

/** Whether other days or another hour are wanted than before. */
function isRescheduled(before: string, after: Preferences): boolean {
  const known = storedPreferences(before);
  return (['cadence', 'weekday', 'hour', 'timeZone'] as const).some(field => known[field] !== after[field]);
}

async function addSubscriber(tx: Tx, reader: NewSubscriber, at: Temporal.Instant): Promise<void> {
  const preferences = Preferences.parse(reader.preferences);
  const now = instantText(at);
  await tx
    .insertInto('subscriber')
    .values({
      id: randomUUID(),
      address: reader.address.address,
      address_key: reader.address.key,
      name: reader.name,
      status: reader.status ?? reader.initialStatus,
      preferences: JSON.stringify(preferences),
      created_at: now,
      status_at: now,
      ...dueAt(preferences, at),
    })
    .execute();
}

/** A reader as everybody else sees them. */
export function subscriberOf(row: Selectable<SubscriberTable>): Subscriber {
  return {
    id: row.id,
    address: row.address,
    name: row.name,
    status: row.status,
    preferences: storedPreferences(row.preferences),
    createdAt: row.created_at,
    statusAt: row.status_at,
    nextDigestAt: row.next_digest_at,
    pausedUntil: row.paused_until,
    leftFrom: row.left_from,
  };
}

/** Which readers are listed; conditions that are absent do not restrict. */
interface Listed {
  status?: Status | undefined;
  /** Only those after this `address_key`. */
  after?: string | undefined;
  most?: number;
}

const listedRows = async (db: Db, { status, after, most }: Listed) => {
  let query = db.selectFrom('subscriber').selectAll().where('erased_at', 'is', null).orderBy('address_key');
  if (status !== undefined) query = query.where('status', '=', status);
  if (after !== undefined) query = query.where('address_key', '>', after);
  return (most === undefined ? query : query.limit(most)).execute();
};

/** Readers by address. */
export async function listSubscribers(db: Db, listed: Listed = {}): Promise<Subscriber[]> {
  return (await listedRows(db, listed)).map(subscriberOf);
}

const PAGE = 1000;

/** All readers by address, a page at a time, so that no list of all of them is in memory. */
export async function* everySubscriber(db: Db): AsyncGenerator<Subscriber> {
  for (let after: string | undefined; ; ) {
    const page = await listedRows(db, { after, most: PAGE });
    yield* page.map(subscriberOf);
    after = page.at(-1)?.address_key;
    if (page.length < PAGE) return;
  }
}

/** The reader of an address as anybody may type it, or undefined. */
export async function findSubscriber(db: Db, text: string): Promise<Subscriber | undefined> {
  const address = readAddress(text);
  if ('problem' in address) return undefined;
  const row = await db
    .selectFrom('subscriber')
    .selectAll()
    .where('address_key', '=', address.key)
    .executeTakeFirst();
  return row && subscriberOf(row);
}

export async function readSubscriber(db: Db, id: string): Promise<Subscriber | undefined> {
  const row = await db.selectFrom('subscriber').selectAll().where('id', '=', id).executeTakeFirst();
  return row && subscriberOf(row);
}

/**
 * Sets a reader's status if it is one of `from`, in one statement: nobody who leaves meanwhile is brought back.
 * `suppressed` is only left by who asks for it by name (`subscribers lift`). Somebody who becomes active is due anew.
 * @returns whether it was another before
 */
export async function setStatus(
  db: Db,
  id: string,
  status: Status,
  clock: Clock,
  from: readonly Status[] = ['pending', 'active', 'paused', 'unsubscribed'],
): Promise<boolean> {
  return (await setStatusOf(db, [id], status, clock, from)) > 0;
}

/**
 * The same for several readers, in one statement. Who becomes active is due anew.
 * @returns how many had another before
 */
export async function setStatusOf(
  db: Db,
  ids: readonly string[],
  status: Status,
  clock: Clock,
  from: readonly Status[] = ['pending', 'active', 'paused', 'unsubscribed'],
): Promise<number> {
  return transact(db, async tx => {
    const at = clock();
    const changed = await tx
      .updateTable('subscriber')
      .set(eb => ({
        status,
        status_at: instantText(at),
        paused_until: null,
        left_from: status === 'unsubscribed' ? eb.ref('status') : null,
      }))
      .where('id', 'in', [...ids])
      .where('status', '!=', status)
      .where('status', 'in', [...from])
      .where('erased_at', 'is', null)
      .returning(['id', 'preferences'])
      .execute();
    if (status !== 'active') return changed.length;
    for (const { id, preferences } of changed) {
      const due = dueAt(storedPreferences(preferences), at);
      await tx.updateTable('subscriber').set(due).where('id', '=', id).execute();
    }
    return changed.length;
  });
}

/** What a reader wants from now on. With another hour or other days they are due anew. */
export async function setPreferences(
  db: Db,
  id: string,
  preferences: Preferences,
  clock: Clock,
): Promise<void> {
  await transact(db, async tx => {
    const query = tx.selectFrom('subscriber').select('preferences').where('id', '=', id);
    const known = await query.executeTakeFirst();
    if (known === undefined) return;
    const due = isRescheduled(known.preferences, preferences) ? dueAt(preferences, clock()) : {};
    await tx
      .updateTable('subscriber')
      .set({ preferences: JSON.stringify(preferences), ...due })
      .where('id', '=', id)
      .execute();
  });
}

/** How many readers there are of each status. */
export async function countSubscribers(db: Db): Promise<Record<Status, number>> {
  const counts: Record<Status, number> = { pending: 0, active: 0, paused: 0, unsubscribed: 0, suppressed: 0 };
  const rows = await db
    .selectFrom('subscriber')
    .select(({ fn }) => ['status', fn.countAll().as('n')])
    .where('erased_at', 'is', null)
    .groupBy('status')
    .execute();
  for (const { status, n } of rows) counts[status] = Number(n);
  return counts;
}
