// Decides what an edition is to each reader: a digest of which editions, nothing, too little, or something to wait for.
import { cut, cutKey } from '../digests/cut.ts';
import { messageIdOf, type Sender } from '../digests/message.ts';
import { type Edition, readEditionsOf } from '../editions/edition.ts';
import { recent } from '../recent.ts';
import { type Day, type Db, dayIn, type Instant, shiftDay } from '../store/schema.ts';
import { isDue } from '../subscribers/due.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import {
  KEPT,
  NOTHING,
  newDeliveryIds,
  type PastDelivery,
  type PlannedDelivery,
  pastDeliveries,
} from './ledger.ts';
import { droppedEditions } from './stop.ts';
import type { Turns } from './turn.ts';

/** A digest looks back at most this many days: two weeks for weekly readers whose day slipped, but never a book. */
export const LOOK_BACK_DAYS = 15;

/** Whom an edition is planned for. */
export interface Planner {
  edition: Day;
  secret: string;
  sender: Sender;
  sizeOf: SizeOf;
  /** Somebody stopped the edition: it is for nobody now. */
  isStopped: boolean;
  /** Leave out readers whose cadence does not ask for a digest on the edition's day. */
  dueOnly: boolean;
  /** For readers whose hour has come: whose turn it is now. Absent: the hour is not looked at. */
  turns?: Turns;
}

/** What was decided for some readers: those of `planned`, and those who wait. The turn of all others is over. */
export interface Decided {
  planned: PlannedDelivery[];
  /** Readers who stay due: the day's edition is still to come. */
  waiting: Set<string>;
}

/**
 * Decides for some readers; nothing is stored. A reader's digest covers every edition of the last 15 days that
 * was published since they became active, and that no delivery of theirs covers which was, or may have been, sent. What
 * older deliveries still owe is in it, so they are superseded; so is what they gave up (too late, cancelled), however old.
 */
export async function decide(db: Db, planner: Planner, readers: readonly Subscriber[]): Promise<Decided> {
  const { edition, turns, sizeOf } = planner;
  const window = await editionWindow(db, edition);
  const from = shiftDay(edition, -LOOK_BACK_DAYS);
  const past = await pastDeliveries(
    db,
    from,
    readers.map(({ id }) => id),
  );
  const planned: PlannedDelivery[] = [];
  const waiting = new Set<string>();
  const ids = newDeliveryIds(readers.length);
  for (const [n, reader] of readers.entries()) {
    const own = past.get(reader.id) ?? [];
    const span = isAsked(planner, reader, own) ? spanOf(reader, own, window, edition) : [];
    const editions = span.includes(edition) ? span : [];
    const turn = turns?.(reader.preferences, editions.length > 0, own) ?? 'now';
    if (turn === 'later') waiting.add(reader.id);
    if (turn !== 'now' || editions.length === 0) continue;
    const id = ids[n] as string;
    planned.push({
      id,
      reader,
      edition,
      ...(await decided(editions, reader.preferences, (date, wants) => sizeOf(db, date, wants))),
      messageId: messageIdOf(planner.secret, id, planner.sender),
      supersedes: takenOver(own, edition, editions),
    });
  }
  return { planned, waiting };
}

/** Whether a reader has had nothing of the edition, and their cadence asks for it where that is looked at. */
function isAsked(
  { edition, dueOnly, turns, isStopped }: Planner,
  reader: Subscriber,
  own: readonly PastDelivery[],
): boolean {
  if (isStopped || own.some(delivery => delivery.edition === edition)) return false;
  return !dueOnly || turns !== undefined || isDue(reader.preferences, lastDay(own) ?? dayOf(reader), edition);
}

/**
 * Whether there is enough for a reader in the editions of their span, the last one being the edition that is planned. Of
 * what is too little, the editions with a paper for them are kept, so that the row stays short however long that goes on.
 */
async function decided(
  editions: Day[],
  preferences: Preferences,
  sizeOf: (date: Day, preferences: Preferences) => Promise<number>,
) {
  const sizes: number[] = [];
  for (const date of editions) sizes.push(await sizeOf(date, preferences));
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
  const past = await pastDeliveries(db, shiftDay(edition, -LOOK_BACK_DAYS), [reader.id]);
  const earlier = (past.get(reader.id) ?? []).filter(delivery => delivery.edition !== edition);
  // As if no other delivery had this edition.
  const others = earlier.map(d => ({ ...d, editions: d.editions.filter(date => date !== edition) }));
  const span = spanOf(reader, others, await editionWindow(db, edition), edition);
  return span.includes(edition) ? span : [...span, edition];
}

/** Reads in the transaction that asks: on SQLite there is no other connection. */
type SizeOf = (db: Db, date: Day, preferences: Preferences) => Promise<number>;

/** So many sizes are remembered: those of the cuts that most readers have in common. */
const MOST_SIZES = 20_000;

/** How many papers of an edition are for a reader; equal cuts are counted once. No paper stands in two editions. */
export function cutSizes(): SizeOf {
  const sizes = recent<Promise<number>>(MOST_SIZES);
  const read = new Map<Day, Edition[]>();
  const keys = new WeakMap<Preferences, string>();
  return async (db, date, preferences) => {
    const wants = keys.get(preferences) ?? cutKey(preferences);
    keys.set(preferences, wants);
    return sizes(`${date} ${wants}`, async () => {
      const editions = read.get(date) ?? (await readEditionsOf(db, [date]));
      read.set(date, editions);
      return cut(editions, preferences).themes.reduce((sum, { papers }) => sum + papers.length, 0);
    });
  };
}

/** The editions of some dates, each read from the database once. */
export function editionsOnce(db: Db): (dates: readonly Day[]) => Promise<Edition[]> {
  const read = new Map<Day, Promise<Edition[]>>();
  return async dates => {
    const editions = dates.map(date => {
      const known = read.get(date) ?? readEditionsOf(db, [date]);
      read.set(date, known);
      return known;
    });
    return (await Promise.all(editions)).flat();
  };
}
