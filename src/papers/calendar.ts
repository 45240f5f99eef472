// On which days sources announce. arXiv's own schedule joins when its sources do.
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
