// The readers whom planning looks at, a page at a time, so that no list of all of them is ever in memory.
import { sql } from 'kysely';
import {
  type Clock,
  type Day,
  type Db,
  type Instant,
  instantText,
  isPostgres,
  type SubscriberTable,
} from '../store/schema.ts';
import { dueTimes } from '../subscribers/due.ts';
import { storedPreferences } from '../subscribers/preferences.ts';
import { type Subscriber, subscriberOf } from '../subscribers/subscriber.ts';
import { GRACE_MINUTES, LATE_HOURS } from './turn.ts';

/** Readers of a page, and of what is written in one statement. */
const PAGE = 1000;

/** Which readers: all who are active and have no delivery of the edition, or those whose hour has come. */
export interface Wanted {
  edition: Day;
  due?: { now: Temporal.Instant; isAwaited: boolean };
  /** Leave out those whom another process is planning for, and keep the others for this transaction. */
  isLocking?: boolean;
}

/** Where a page ends. */
type End = Pick<SubscriberTable, 'id' | 'address_key'> & { next_digest_at: Instant };

/** Some readers, and what the next page begins after; undefined: there is none. */
export interface Page {
  readers: Subscriber[];
  end: End | undefined;
}

/** The next page of readers: by address, or those first whose hour came first. */
export async function readPage(db: Db, { edition, due, isLocking }: Wanted, after?: End): Promise<Page> {
  const has = sql<boolean>`exists (select 1 from delivery where subscriber_id = subscriber.id and edition_date = ${edition})`;
  let query =
    due === undefined ? everybody(db, after).where(sql<boolean>`not ${has}`) : ofDue(db, due, after);
  // Whoever has the newest edition and waits for the day's is not looked at each minute.
  if (due?.isAwaited) {
    const long = instantText(due.now.subtract({ hours: LATE_HOURS }));
    query = query.where(eb => eb.or([sql<boolean>`not ${has}`, eb('next_digest_at', '<=', long)]));
  }
  if (isLocking && isPostgres(db)) query = query.forUpdate('subscriber').skipLocked();
  const rows = await query.limit(PAGE).execute();
  return { readers: rows.map(subscriberOf), end: rows.length < PAGE ? undefined : rows.at(-1) };
}

const active = (db: Db) =>
  db
    .selectFrom('subscriber')
    .selectAll('subscriber')
    // In these very words, so that both databases use the index of who is due (migration 0009).
    .where(sql<boolean>`status = 'active'`);

function everybody(db: Db, after?: End) {
  const query = active(db).orderBy('address_key');
  return after === undefined ? query : query.where('address_key', '>', after.address_key);
}

function ofDue(db: Db, { now, isAwaited }: NonNullable<Wanted['due']>, after?: End) {
  const before = isAwaited ? now.subtract({ minutes: GRACE_MINUTES }) : now;
  const query = active(db)
    .where('next_digest_at', '<=', instantText(before))
    .orderBy('next_digest_at')
    .orderBy('subscriber.id');
  if (after === undefined) return query;
  return query.where(({ eb, refTuple, tuple }) =>
    eb(refTuple('next_digest_at', 'subscriber.id'), '>', tuple(after.next_digest_at, after.id)),
  );
}

/** Whether anybody's hour has come. */
export async function isAnybodyDue(db: Db, clock: Clock): Promise<boolean> {
  const row = await db
    .selectFrom('subscriber')
    .select('id')
    .where(sql<boolean>`status = 'active'`)
    .where('next_digest_at', '<=', instantText(clock()))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Writes down when readers are due next, after `now`; one statement for all who are due at one time. */
export async function moveOn(db: Db, readers: readonly Due[], now: Temporal.Instant): Promise<void> {
  for (const [next_digest_at, ids] of byNextDue(readers, now))
    await db.updateTable('subscriber').set({ next_digest_at }).where('id', 'in', ids).execute();
}

/** Readers whose digest was given up are due at their next hour, although their cadence may not ask for that day. */
export async function dueSoon(db: Db, ids: readonly string[], now: Temporal.Instant): Promise<void> {
  for (let at = 0; at < ids.length; at += PAGE) {
    const rows = await db
      .selectFrom('subscriber')
      .select(['id', 'preferences'])
      .where('id', 'in', ids.slice(at, at + PAGE))
      .execute();
    const daily = rows.map(({ id, preferences }) => ({
      id,
      preferences: { ...storedPreferences(preferences), cadence: 'daily' as const },
    }));
    for (const [next_digest_at, some] of byNextDue(daily, now))
      await db
        .updateTable('subscriber')
        .set({ next_digest_at })
        .where('id', 'in', some)
        .where('next_digest_at', '>', next_digest_at)
        .execute();
  }
}

type Due = Pick<Subscriber, 'id' | 'preferences'>;

function byNextDue(readers: readonly Due[], now: Temporal.Instant): Map<Instant, string[]> {
  const nextOf = dueTimes(now);
  const byDue = new Map<Instant, string[]>();
  for (const { id, preferences } of readers) {
    const due = instantText(nextOf(preferences));
    const ids = byDue.get(due);
    if (ids === undefined) byDue.set(due, [id]);
    else ids.push(id);
  }
  return byDue;
}
