// Decides who gets an edition: one delivery for each active reader who is due and has not had it.
import { cut, cutKey } from '../digests/cut.ts';
import { messageIdOf, type Sender } from '../digests/message.ts';
import { type Edition, readEditionsOf } from '../editions/edition.ts';
import { type Day, type Db, dayIn, type Instant, shiftDay } from '../store/schema.ts';
import { isDue } from '../subscribers/due.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { listSubscribers, type Subscriber } from '../subscribers/subscriber.ts';
import {
  KEPT,
  NOTHING,
  newDeliveryId,
  type PastDelivery,
  type PlannedDelivery,
  pastDeliveries,
} from './ledger.ts';
import { droppedEditions } from './stop.ts';

/** A digest looks back at most this many days: two weeks for weekly readers whose day slipped, but never a book. */
export const LOOK_BACK_DAYS = 15;

export interface PlanRequest {
  db: Db;
  edition: Day;
  secret: string;
  sender: Sender;
  /** Leave out readers whose cadence does not ask for a digest on the edition's day. */
  dueOnly: boolean;
}

/**
 * Plans the deliveries of an edition; nothing is stored. A reader's digest covers every edition of the last 15 days that
 * was published since they became active, and that no delivery of theirs covers which was, or may have been, sent. What
 * older deliveries still owe is in it, so they are superseded; so is what they gave up (too late, cancelled), however old.
 */
export async function planDeliveries(request: PlanRequest): Promise<PlannedDelivery[]> {
  const { db, edition, secret, sender, dueOnly } = request;
  const window = await editionWindow(db, edition);
  const past = await pastDeliveries(db, shiftDay(edition, -LOOK_BACK_DAYS));
  const sizeOf = cutSizes(editionsOnce(db));
  const planned: PlannedDelivery[] = [];
  for (const reader of await listSubscribers(db, 'active')) {
    const own = past.get(reader.id) ?? [];
    if (own.some(delivery => delivery.edition === edition)) continue;
    if (dueOnly && !isDue(reader.preferences, lastDay(own) ?? dayOf(reader), edition)) continue;
    const editions = spanOf(reader, own, window, edition);
    if (!editions.includes(edition)) continue;
    const id = newDeliveryId();
    planned.push({
      id,
      reader,
      edition,
      ...(await decided(editions, reader.preferences, sizeOf)),
      messageId: messageIdOf(secret, id, sender),
      supersedes: takenOver(own, edition, editions),
    });
  }
  return planned;
}

/**
 * Whether there is enough for a reader in the editions of their span, the last one being the edition that is planned. Of
 * what is too little, the editions with a paper for them are kept, so that the row stays short however long that goes on.
 */
async function decided(editions: Day[], preferences: Preferences, sizeOf: SizeOf) {
  const sizes = await Promise.all(editions.map(date => sizeOf(date, preferences)));
  const papers = sizes.reduce((sum, size) => sum + size, 0);
  if (papers === 0) return { editions, skip: NOTHING };
  if (papers >= preferences.atLeast) return { editions, skip: null };
  const some = editions.filter((_, n) => n === editions.length - 1 || (sizes[n] ?? 0) > 0);
  const found = papers === 1 ? '1 paper' : `${papers} papers`;
  return { editions: some, skip: `${KEPT}${found}, and the reader asks for at least ${preferences.atLeast}` };
}

const dayOf = (reader: Subscriber) => dayIn('UTC', Temporal.Instant.from(reader.createdAt));

/** The day of the last digest. One that was given up does not count: its reader is due on the next day with an edition. */
const lastDay = (own: readonly PastDelivery[]) =>
  own
    .filter(delivery => delivery.isTurn)
    .map(delivery => delivery.edition)
    .sort()
    .at(-1);

/** What a digest may look back to: the editions of the window, oldest first, and those whose papers were dropped. */
interface Window {
  dates: { date: Day; publishedAt: Instant }[];
  dropped: Set<Day>;
}

async function editionWindow(db: Db, edition: Day): Promise<Window> {
  const rows = await db
    .selectFrom('edition')
    .select(['date', 'published_at'])
    .where('date', '>=', shiftDay(edition, -LOOK_BACK_DAYS))
    .where('date', '<=', edition)
    .orderBy('date')
    .execute();
  const dates = rows.map(row => ({ date: row.date, publishedAt: row.published_at }));
  const dropped = await droppedEditions(db);
  return { dates: dates.filter(({ date }) => date === edition || !dropped.has(date)), dropped };
}

/** The owed deliveries that a digest makes needless: those of earlier editions, all of which it covers. */
function takenOver(own: readonly PastDelivery[], edition: Day, editions: readonly Day[]): string[] {
  const covered = (delivery: PastDelivery) => delivery.editions.every(date => editions.includes(date));
  return own.filter(d => d.owed && d.edition < edition && covered(d)).map(d => d.id);
}

/**
 * The editions that a reader's digest covers, oldest first: this one, those published since they became active, and
 * those that an earlier delivery still owes them or gave up; never one that another delivery covers, or that was dropped.
 */
function spanOf(
  reader: Pick<Subscriber, 'statusAt'>,
  own: readonly PastDelivery[],
  { dates, dropped }: Window,
  edition: Day,
): Day[] {
  const within = new Set(dates.map(({ date }) => date));
  // A delivery that reaches back further than this digest may look cannot be taken over: it goes out by itself.
  const open = own.filter(d => d.owed && d.edition < edition && d.editions.every(date => within.has(date)));
  const owed = new Set(open.flatMap(d => d.editions));
  const covered = new Set(own.filter(delivery => !open.includes(delivery)).flatMap(d => d.editions));
  const missed = own.flatMap(d => d.missed).filter(date => date < edition && !dropped.has(date));
  const fresh = dates
    .filter(({ date, publishedAt }) => date === edition || publishedAt >= reader.statusAt || owed.has(date))
    .map(({ date }) => date);
  return [...new Set([...missed, ...fresh])].filter(date => !covered.has(date)).sort();
}

/** The editions that one reader's digest of `edition` would cover if it were planned now; at least that one. */
export async function digestSpan(db: Db, reader: Subscriber, edition: Day): Promise<Day[]> {
  const past = await pastDeliveries(db, shiftDay(edition, -LOOK_BACK_DAYS), reader.id);
  const earlier = (past.get(reader.id) ?? []).filter(delivery => delivery.edition !== edition);
  const span = spanOf(reader, earlier, await editionWindow(db, edition), edition);
  return span.includes(edition) ? span : [...span, edition];
}

type SizeOf = (date: Day, preferences: Preferences) => Promise<number>;

/** How many papers of an edition are for a reader; equal cuts are counted once. No paper stands in two editions. */
function cutSizes(editionsOf: (dates: readonly Day[]) => Promise<Edition[]>): SizeOf {
  const sizes = new Map<string, number>();
  return async (date, preferences) => {
    const key = `${date} ${cutKey(preferences)}`;
    const known = sizes.get(key);
    if (known !== undefined) return known;
    const { themes } = cut(await editionsOf([date]), preferences);
    const size = themes.reduce((sum, theme) => sum + theme.papers.length, 0);
    sizes.set(key, size);
    return size;
  };
}

/** The editions of some dates, read from the database once for each such list. */
export function editionsOnce(db: Db): (dates: readonly Day[]) => Promise<Edition[]> {
  const read = new Map<string, Promise<Edition[]>>();
  return dates => {
    const key = dates.join();
    const known = read.get(key) ?? readEditionsOf(db, dates);
    read.set(key, known);
    return known;
  };
}
