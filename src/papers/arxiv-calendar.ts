// When arXiv announces: its weekly schedule, its holidays, and which submissions a day's batch holds.
import type { Day } from '../store/schema.ts';
import { shiftDay } from '../store/schema.ts';
import { type Calendar, weekendName } from './calendar.ts';

const EASTERN = 'America/New_York';

/** https://info.arxiv.org/help/availability.html, as published for 2026; more come from the setting `arxivHolidays`. */
const HOLIDAYS: readonly Day[] = [
  '2026-01-01',
  '2026-01-19',
  '2026-06-19',
  '2026-07-03',
  '2026-09-07',
  '2026-11-26',
  '2026-12-25',
  '2026-12-29',
  '2026-12-31',
];

/** arXiv's calendar. A day's batch is the one whose feed bears its date: announced at 20:00 Eastern on the evening before. */
export interface ArxivCalendar extends Calendar {
  /** The day in whose batch a work submitted at `at` is announced, unless moderators hold it. */
  batchOf(at: Temporal.Instant): Day;
  /** The first instant whose submissions are in the batch of `day`: the deadline of the batch before. */
  opensAt(day: Day): Temporal.Instant;
}

/**
 * arXiv's calendar with more holidays than those known here. Submissions until 14:00 Eastern are announced at 20:00,
 * those from Thursday to Friday 14:00 on Sunday, those over the weekend on Monday; never on Friday or Saturday nights.
 */
export function arxivCalendar(moreHolidays: readonly Day[] = []): ArxivCalendar {
  const holidays = new Set([...HOLIDAYS, ...moreHolidays]);
  // The feed bears the date of the morning after; the evening of a holiday has no mailing.
  const hasBatch = (day: Day) => weekendName(day) === null && !holidays.has(shiftDay(day, -1));
  const nextBatch = (day: Day): Day => (hasBatch(day) ? day : nextBatch(shiftDay(day, 1)));
  const batchBefore = (day: Day): Day => {
    const before = shiftDay(day, -1);
    return hasBatch(before) ? before : batchBefore(before);
  };
  return {
    quietBecause(day) {
      const weekend = weekendName(day);
      if (weekend !== null) return `${day} is a ${weekend}, and arXiv announces nothing`;
      // It is not said whether a holiday empties the feed of its own day or of the next: both are believed.
      if (holidays.has(day)) return `${day} is an arXiv holiday`;
      return hasBatch(day) ? null : `${shiftDay(day, -1)} was an arXiv holiday`;
    },
    dueAt: day => easternTime(day, '00:00'),
    batchOf(at) {
      const eastern = at.toZonedDateTimeISO(EASTERN);
      const day = eastern.toPlainDate().toString();
      const closes = eastern.hour < 14 ? day : shiftDay(day, 1);
      return nextBatch(shiftDay(closes, FIRST_MORNING[weekday(closes)] as number));
    },
    opensAt(day) {
      const before = batchBefore(nextBatch(day));
      // Monday's batch was mailed on Sunday and closed on Friday.
      return easternTime(shiftDay(before, weekday(before) === 1 ? -3 : -1), '14:00');
    },
  };
}

/** Days from the deadline's day (ISO weekday) to the first morning on which its submissions can be in the feed. */
const FIRST_MORNING: Record<number, number> = { 1: 1, 2: 1, 3: 1, 4: 1, 5: 3, 6: 3, 7: 2 };

const weekday = (day: Day) => Temporal.PlainDate.from(day).dayOfWeek;

function easternTime(day: Day, time: string): Temporal.Instant {
  return Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(EASTERN).toInstant();
}
