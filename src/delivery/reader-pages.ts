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
import { dueTimes, type Schedule } from '../subscribers/due.ts';
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

/** How many active readers are due now, and when the next ones are, and how many these are; null: none. */
export interface DueReaders {
  now: number;
  next: { at: Instant; readers: number } | null;
}

/** Who is due now, and next. */
export async function countDue(db: Db, clock: Clock): Promise<DueReaders> {
  const now = instantText(clock());
  const active = db
    .selectFrom('subscriber')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where(sql<boolean>`status = 'active'`);
  const due = await active.where('next_digest_at', '<=', now).executeTakeFirstOrThrow();
  const { at } = await db
    .selectFrom('subscriber')
    .select(({ fn }) => fn.min('next_digest_at').as('at'))
    .where(sql<boolean>`status = 'active'`)
    .where('next_digest_at', '>', now)
    .executeTakeFirstOrThrow();
  if (at === null) return { now: Number(due.n), next: null };
  const next = await active.where('next_digest_at', '=', at).executeTakeFirstOrThrow();
  return { now: Number(due.n), next: { at, readers: Number(next.n) } };
}

/** Writes down when readers are due next, after `now`. */
export async function moveOn(db: Db, readers: readonly Due[], now: Temporal.Instant): Promise<void> {
  const nextOf = dueTimes(now);
  if (readers.length > 0) await updateDue(readers, nextOf).execute(db);
}

/** Readers whose digest was given up are due at their next hour, although their cadence may not ask for that day. */
export async function dueSoon(db: Db, ids: readonly string[], now: Temporal.Instant): Promise<void> {
  const nextOf = dueTimes(now);
  for (let at = 0; at < ids.length; at += PAGE) {
    const rows = await db
      .selectFrom('subscriber')
      .select(['id', 'preferences'])
      .where('id', 'in', ids.slice(at, at + PAGE))
      .execute();
    const readers = rows.map(row => ({ id: row.id, preferences: storedPreferences(row.preferences) }));
    const daily = (schedule: Schedule) => nextOf({ ...schedule, cadence: 'daily' });
    if (readers.length > 0)
      await sql`${updateDue(readers, daily)} and next_digest_at > due.column2`.execute(db);
  }
}

type Due = Pick<Subscriber, 'id' | 'preferences'>;

/** One statement for a page, with the same text for each full one, so that it is prepared once. */
function updateDue(readers: readonly Due[], nextOf: (schedule: Schedule) => Temporal.Instant) {
  const rows = readers.map(({ id, preferences }) => sql`(${id}, ${instantText(nextOf(preferences))})`);
  return sql`update subscriber set next_digest_at = due.column2 from (values ${sql.join(rows)}) as due
    where subscriber.id = due.column1`;
}
