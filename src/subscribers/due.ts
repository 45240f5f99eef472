// When a reader is due: at their hour, in their own time zone, on the days that their cadence asks for.
import type { Day } from '../store/schema.ts';
import { type Preferences, WEEKDAYS } from './preferences.ts';

/** The part of preferences that decides when a reader is due. */
export type Schedule = Pick<Preferences, 'cadence' | 'weekday' | 'hour' | 'timeZone'>;

/** No cadence leaves out more days in a row; one more for a zone that skips a day. */
const MOST_DAYS = 8;

/**
 * The first instant later than `after` at which a reader is due: their hour, on a day of their cadence, both in their zone.
 * An hour that a change of clocks leaves out comes as much later as was left out, and of one that comes twice the first
 * counts ("compatible", RFC 5545 §3.3.5), so that no day has two.
 */
export function nextDue(schedule: Schedule, after: Temporal.Instant): Temporal.Instant {
  const { hour, timeZone } = schedule;
  const today = after.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let days = 0; days <= MOST_DAYS; days++) {
    const date = today.add({ days });
    if (!asksFor(schedule, date)) continue;
    const due = date.toZonedDateTime({ timeZone, plainTime: { hour } }).toInstant();
    if (Temporal.Instant.compare(due, after) > 0) return due;
  }
  throw new RangeError(`no day of ${JSON.stringify(schedule)} comes after ${after}`);
}

/**
 * When a reader is due first who came, came back, or changed their mind at `at`: at their hour of that day, even if it is
 * over, so that somebody who comes in the afternoon has the day's paper at once; or else of the next day that they ask for.
 */
export function firstDue(schedule: Schedule, at: Temporal.Instant): Temporal.Instant {
  const midnight = at.toZonedDateTimeISO(schedule.timeZone).startOfDay().toInstant();
  return nextDue(schedule, midnight.subtract({ milliseconds: 1 }));
}

/** `nextDue` after one instant, worked out once for all readers of one zone, hour and cadence. */
export function dueTimes(after: Temporal.Instant): (schedule: Schedule) => Temporal.Instant {
  const known = new Map<string, Temporal.Instant>();
  return schedule => {
    const { timeZone, hour, cadence, weekday } = schedule;
    const key = `${timeZone} ${hour} ${cadence === 'weekly' ? weekday : cadence}`;
    const due = known.get(key) ?? nextDue(schedule, after);
    known.set(key, due);
    return due;
  };
}

function asksFor({ cadence, weekday }: Schedule, { dayOfWeek }: Temporal.PlainDate): boolean {
  if (cadence === 'daily') return true;
  return cadence === 'weekdays' ? dayOfWeek <= 5 : dayOfWeek === WEEKDAYS.indexOf(weekday) + 1;
}

/** "Friday, 21 August 2026, 07:00 (Europe/Paris)": an instant as its reader's clock shows it. */
export function dueInWords(at: string, timeZone: string): string {
  const due = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
  const day = due
    .toPlainDate()
    .toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  return `${day}, ${due.toPlainTime().toString({ smallestUnit: 'minute' })} (${timeZone})`;
}

/**
 * Whether a reader's cadence asks for a digest of a day that somebody names, whatever the hour. Daily: always. Weekdays:
 * Monday to Friday. Weekly: once the latest chosen weekday (that day or before) has come since `last`, so that a week
 * whose day had no edition is made up for on the next.
 * @param last the day of the reader's last digest, or the day they subscribed if they have had none
 */
export function isDue({ cadence, weekday }: Preferences, last: Day, today: Day): boolean {
  const date = Temporal.PlainDate.from(today);
  if (cadence === 'daily') return true;
  if (cadence === 'weekdays') return date.dayOfWeek <= 5;
  const chosen = WEEKDAYS.indexOf(weekday) + 1;
  const latest = date.subtract({ days: (date.dayOfWeek - chosen + 7) % 7 }).toString();
  return latest > last || (latest === today && last === today);
}
