// When the day's edition is due to be made, as a row: whoever takes it makes it, and who finds it late makes up for it.
import {
  type Clock,
  type Day,
  type Db,
  dayIn,
  type Instant,
  instantText,
  shiftDay,
} from '../store/schema.ts';

const ROW = 'edition';

/** Whoever makes an edition holds it for so long, and says again and again that it is still at it. */
const HOLD_MINUTES = 5;

/** So many days are made up for after a time away; sources have forgotten what is older. */
const MOST_DAYS = 7;

/** The days whose editions are to be made, oldest first; the last one is today. */
export interface Morning {
  days: Day[];
}

/**
 * Writes down when an edition is due next, unless one is due before that: at the start of a daemon.
 * @param next by the operator's schedule; undefined: never
 */
export async function expectEdition(db: Db, next: Temporal.Instant | undefined): Promise<void> {
  if (next === undefined) return;
  const free_at = instantText(next);
  await db
    .insertInto('lane')
    .values({ name: ROW, free_at, held_until: null })
    .onConflict(c => c.column('name').doUpdateSet({ free_at }).where('lane.free_at', '>', free_at))
    .execute();
}

/** Whether the edition of a day is due and not there yet: nobody has begun it, it is being made, or it is late. */
export async function isEditionAwaited(db: Db, clock: Clock): Promise<boolean> {
  const row = await db.selectFrom('lane').select('free_at').where('name', '=', ROW).executeTakeFirst();
  return row !== undefined && row.free_at <= instantText(clock());
}

/**
 * Takes the making of the edition that is due, so that nobody else begins it: null where none is, or another process is at it.
 * @param zone the installation's, whose days the editions have
 */
export async function takeMorning(db: Db, clock: Clock, zone: string): Promise<Morning | null> {
  const now = clock();
  const row = await db
    .updateTable('lane')
    .set({ held_until: until(now) })
    .where('name', '=', ROW)
    .where('free_at', '<=', instantText(now))
    .where(eb => eb.or([eb('held_until', 'is', null), eb('held_until', '<=', instantText(now))]))
    .returning('free_at')
    .executeTakeFirst();
  return row === undefined ? null : { days: daysOf(row.free_at, now, zone) };
}

function daysOf(due: Instant, now: Temporal.Instant, zone: string): Day[] {
  const today = dayIn(zone, now);
  const first = dayIn(zone, Temporal.Instant.from(due));
  const days: Day[] = [];
  for (let back = MOST_DAYS; back >= 0; back--)
    if (shiftDay(today, -back) >= first) days.push(shiftDay(today, -back));
  return days;
}

const until = (now: Temporal.Instant) => instantText(now.add({ minutes: HOLD_MINUTES }));

/** Says that this process is still at it. */
export async function holdMorning(db: Db, clock: Clock): Promise<void> {
  await db
    .updateTable('lane')
    .set({ held_until: until(clock()) })
    .where('name', '=', ROW)
    .where('held_until', 'is not', null)
    .execute();
}

/** It is done, and due again at `next`; without `next` it is left to whoever takes it, as after SIGTERM. */
export async function endMorning(db: Db, next: Temporal.Instant | undefined): Promise<void> {
  const due = next === undefined ? {} : { free_at: instantText(next) };
  await db
    .updateTable('lane')
    .set({ held_until: null, ...due })
    .where('name', '=', ROW)
    .execute();
}
