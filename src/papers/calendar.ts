// On which days sources announce; arXiv's own schedule is in arxiv-calendar.ts.
import type { Day } from '../store/schema.ts';
import { shiftDay } from '../store/schema.ts';

/**
 * The working day to which a Daily Papers list of `day` belongs. The page is not renewed on Saturdays and Sundays: it
 * goes on showing Friday's papers, so whatever a weekend list holds is Friday's.
 */
export function dailyPapersDay(day: Day): Day {
  const weekday = Temporal.PlainDate.from(day).dayOfWeek;
  return weekday <= 5 ? day : shiftDay(day, 5 - weekday);
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/**
 * The day that a heading such as "Aug 20", "August 20, 2026" or "20 Aug 2026" names; undefined when it names none.
 * Without a year it is the latest such day that is not after `today`.
 */
export function dayOfHeading(heading: string, today: Day): Day | undefined {
  const text = heading.trim();
  const match = /^([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$/.exec(text);
  const turned = /^(\d{1,2}) ([A-Za-z]{3,9})\.?(?:,? (\d{4}))?$/.exec(text);
  const [name, dayNumber, year] = match
    ? [match[1], match[2], match[3]]
    : [turned?.[2], turned?.[1], turned?.[3]];
  if (name === undefined) return undefined;
  // A paper may be titled "Octave 2" or "Decoder 12".
  const month = MONTHS.findIndex(full => full.startsWith(name.toLowerCase())) + 1;
  if (month === 0) return undefined;
  const thisYear = Number(today.slice(0, 4));
  for (const candidate of year === undefined
    ? [thisYear, thisYear - 1, thisYear - 2, thisYear - 3, thisYear - 4]
    : [Number(year)]) {
    const day = plainDay(candidate, month, Number(dayNumber));
    if (day !== undefined && (year !== undefined || day <= today)) return day;
  }
  return undefined;
}

function plainDay(year: number, month: number, day: number): Day | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

/** On which days a source announces papers, and from when on those of a day can be had. */
export interface Calendar {
  /** Why there is nothing on `day`, a clause; null: it is a day of announcements. */
  quietBecause(day: Day): string | null;
  /** The instant from which on the papers of `day` are out; null: they come in over the whole day. */
  dueAt(day: Day): Temporal.Instant | null;
}

/** Hugging Face lists papers from Monday to Friday, each list growing over its day (UTC). */
export const dailyPapersCalendar: Calendar = {
  quietBecause(day) {
    const weekend = weekendName(day);
    return weekend === null ? null : `${day} is a ${weekend}, and Daily Papers has no list of its own`;
  },
  dueAt: () => null,
};

/** "Saturday" or "Sunday"; null on other days. */
export function weekendName(day: Day): string | null {
  return [null, 'Saturday', 'Sunday'][Math.max(0, Temporal.PlainDate.from(day).dayOfWeek - 5)] ?? null;
}
