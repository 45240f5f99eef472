// The many ways in which feeds write a day or an instant.
import type { Day } from '../../store/schema.ts';

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';
const BY_NUMBER = /^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)/;
const DAY_FIRST = /(?:^|[\s,])(\d{1,2})[\s-]([a-z]{3,9})\.?,?[\s-](\d{4}|\d{2})(?![\d:])/i;
const MONTH_FIRST = /(?:^|\s)([a-z]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)/i;

/**
 * The calendar day that a time stamp names, in the offset of the stamp itself: ISO 8601 (also unpadded, as bioRxiv
 * writes it), RFC 822 with two or four digits of the year, or "June 3, 2026". Null when it names none.
 */
export function dayOf(stamp: string): Day | null {
  const text = stamp.trim().slice(0, 80);
  const numbers = BY_NUMBER.exec(text);
  if (numbers) return calendarDay(numbers[1], Number(numbers[3]), numbers[4]);
  const named = DAY_FIRST.exec(text);
  if (named) return calendarDay(named[3], monthNamed(named[2]), named[1]);
  const american = MONTH_FIRST.exec(text);
  return american ? calendarDay(american[3], monthNamed(american[1]), american[2]) : null;
}

/** The number of the month that a name begins like (1 to 12), or 0. */
export function monthNamed(name = ''): number {
  const at = MONTHS.indexOf(name.slice(0, 3).toLowerCase());
  return name.length >= 3 && at % 3 === 0 ? at / 3 + 1 : 0;
}

/** The day of these numbers, or null when there is no such day. RFC 2822 section 4.3 says what two digits mean. */
export function calendarDay(year = '', month = 0, day = ''): Day | null {
  if (!/^\d{2,4}$/.test(year)) return null;
  const short = Number(year);
  const full = year.length > 2 ? short : short + (short < 50 ? 2000 : 1900);
  try {
    return Temporal.PlainDate.from(
      { year: full, month, day: Number(day) },
      { overflow: 'reject' },
    ).toString();
  } catch {
    return null;
  }
}

const YEARS = { first: Date.UTC(1000), last: Date.UTC(9999) } as const;

/** The instant that a time stamp with an offset names (ISO 8601 or RFC 822), or undefined. */
export function instantOf(stamp: string): Temporal.Instant | undefined {
  const text = stamp.trim().slice(0, 80);
  // Without an offset, Date.parse would take the time zone of this machine.
  if (!/(?:[+-]\d\d:?\d\d|Z|GMT|UTC?|[ECMP][SD]T)$/.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  // A year of five digits is no day that the store could hold. NaN is in no range.
  if (!(milliseconds > YEARS.first && milliseconds < YEARS.last)) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(milliseconds);
}
