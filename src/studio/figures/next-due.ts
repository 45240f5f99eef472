// When active readers are due: on a day, and the next time after it. They are read in pages, so that all fit in little room.
import { LOOK_BACK_DAYS } from '../../delivery/plan.ts';
import { type Day, type Db, dayIn, shiftDay } from '../../store/schema.ts';
import { isDue } from '../../subscribers/due.ts';
import { type Preferences, storedPreferences } from '../../subscribers/preferences.ts';

/** Readers who are due on a day: each at their hour, in their zone. */
export interface DueDay {
  day: Day;
  readers: number;
}

/** The same, by cadence. */
export interface NextDue extends DueDay {
  cadence: Preferences['cadence'];
}

/** A reader who is due, and the day of their last digest, or the day they subscribed. */
interface DueReader {
  id: string;
  address: string;
  preferences: Preferences;
  last: Day;
}

/** Soonest first. */
export const inOrder = (a: DueDay & Partial<NextDue>, b: DueDay & Partial<NextDue>) =>
  compare(a.day, b.day) || compare(a.cadence ?? '', b.cadence ?? '');

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Readers that are read at once. */
const PAGE = 2_000;

/** All active readers, a page at a time, with the day of their last digest of the days before `day` or on it. */
async function* activeReaders(db: Db, day: Day) {
  for (let after = ''; ; ) {
    const page = await db
      .selectFrom('subscriber')
      .select(['id', 'address', 'address_key', 'preferences', 'created_at', 'next_digest_at'])
      .select(({ selectFrom }) =>
        selectFrom('delivery')
          .select(({ fn }) => fn.max('edition_date').as('last'))
          .whereRef('subscriber_id', '=', 'subscriber.id')
          .where('edition_date', '>=', shiftDay(day, -LOOK_BACK_DAYS))
          .where('edition_date', '<=', day)
          .as('last'),
      )
      .where('status', '=', 'active')
      .where('address_key', '>', after)
      .orderBy('address_key')
      .limit(PAGE)
      .execute();
    for (const row of page) yield { ...row, preferences: storedPreferences(row.preferences) };
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.address_key;
  }
}

/** Active readers: how many are not due on this day, and when each is due next from now on. `due` is told of the others. */
export async function countActive(db: Db, day: Day, now: Temporal.Instant, due: (reader: DueReader) => void) {
  const next = new Map<string, NextDue>();
  let notDue = 0;
  for await (const reader of activeReaders(db, day)) {
    const { id, address, preferences, created_at, next_digest_at, last } = reader;
    const since = last ?? earlier(dayIn('UTC', Temporal.Instant.from(created_at)), day);
    const today = last === day || isDue(preferences, since, day);
    if (!today) notDue++;
    else due({ id, address, preferences, last: since });
    const { cadence, timeZone } = preferences;
    // Who is due already is due now.
    const on = dayIn(timeZone, later(Temporal.Instant.from(next_digest_at), now));
    const known = next.get(`${on} ${cadence}`) ?? { day: on, cadence, readers: 0 };
    next.set(`${on} ${cadence}`, known);
    known.readers++;
  }
  return { notDue, next: [...next.values()].sort(inOrder) };
}

const later = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) > 0 ? a : b);

/** Somebody may look at a day before a reader came. */
const earlier = (a: Day, b: Day) => (a < b ? a : b);

/** The first day after `day` on which a reader is due, if there is an edition every day. */
export function nextDue(preferences: Preferences, last: Day, day: Day): Day {
  for (let days = 1; days < 8; days++) {
    const next = shiftDay(day, days);
    if (isDue(preferences, last, next)) return next;
  }
  return shiftDay(day, 8);
}
