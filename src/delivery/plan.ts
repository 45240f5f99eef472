// Decides who gets an edition: one delivery for each active reader who is due and has not had it.
import { cut, cutKey } from '../digests/cut.ts';
import { messageIdOf, type Sender } from '../digests/message.ts';
import { type Edition, readEditions } from '../editions/edition.ts';
import { type Clock, type Day, type Db, dayIn, shiftDay } from '../store/schema.ts';
import { isDue } from '../subscribers/due.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { listSubscribers, type Subscriber } from '../subscribers/subscriber.ts';
import { lastEditions, newDeliveryId, type PlannedDelivery } from './ledger.ts';

/** A digest looks back at most this many days, so that a reader who comes back after a year gets a digest, not a book. */
const LOOK_BACK_DAYS = 8;

/** Why a reader gets nothing: not a failure, and not an empty mail either. */
const NOTHING = 'nothing in this edition matches their preferences';

export interface PlanRequest {
  db: Db;
  edition: Day;
  secret: string;
  sender: Sender;
  clock: Clock;
  /** Leave out readers whose cadence does not ask for a digest on the edition's day. */
  dueOnly: boolean;
}

/** Plans the deliveries of an edition; nothing is stored. */
export async function planDeliveries(
  request: PlanRequest,
): Promise<{ reader: Subscriber; plan: PlannedDelivery }[]> {
  const { db, edition, secret, sender, dueOnly } = request;
  const had = new Set(
    (
      await db.selectFrom('delivery').select('subscriber_id').where('edition_date', '=', edition).execute()
    ).map(row => row.subscriber_id),
  );
  const last = await lastEditions(db);
  const readers = (await listSubscribers(db, 'active')).filter(reader => !had.has(reader.id));
  const cuts = cutSizes(db, edition);
  const planned: { reader: Subscriber; plan: PlannedDelivery }[] = [];
  for (const reader of readers) {
    const lastDigest = last.get(reader.id);
    if (dueOnly && !isDue(reader.preferences, lastDigest ?? dayOf(reader), edition)) continue;
    const since = sinceFor(reader, lastDigest, edition);
    const size = await cuts(since, reader.preferences);
    const id = newDeliveryId();
    const plan = { id, subscriberId: reader.id, edition, since, messageId: messageIdOf(secret, id, sender) };
    planned.push({ reader, plan: { ...plan, skip: size === 0 ? NOTHING : null } });
  }
  return planned;
}

const dayOf = (reader: Subscriber) => dayIn('UTC', Temporal.Instant.from(reader.createdAt));

/** The day after which a reader's digest begins. A new weekly reader gets the days since they came, others the edition. */
function sinceFor(reader: Subscriber, lastDigest: Day | undefined, edition: Day): Day {
  const before = shiftDay(edition, -1);
  const oldest = shiftDay(edition, -LOOK_BACK_DAYS);
  const start =
    lastDigest ?? (reader.preferences.cadence === 'weekly' ? shiftDay(dayOf(reader), -1) : before);
  // Days compare as text.
  return [oldest, start, before].sort()[1] as Day;
}

/** How many papers a cut holds; equal cuts are counted once. */
function cutSizes(db: Db, edition: Day): (since: Day, preferences: Preferences) => Promise<number> {
  const editions = editionsOnce(db, edition);
  const sizes = new Map<string, number>();
  return async (since, preferences) => {
    const key = `${since} ${cutKey(preferences)}`;
    const known = sizes.get(key);
    if (known !== undefined) return known;
    const { themes } = cut(await editions(since), preferences);
    const size = themes.reduce((sum, theme) => sum + theme.papers.length, 0);
    sizes.set(key, size);
    return size;
  };
}

/** The editions after a day up to `through`, read from the database once for each such day. */
export function editionsOnce(db: Db, through: Day): (since: Day) => Promise<Edition[]> {
  const read = new Map<Day, Promise<Edition[]>>();
  return since => {
    const known = read.get(since) ?? readEditions(db, since, through);
    read.set(since, known);
    return known;
  };
}
