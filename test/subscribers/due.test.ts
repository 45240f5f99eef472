// On which days a reader gets a digest.
import { describe, expect, it } from 'vitest';
import { shiftDay } from '../../src/store/schema.ts';
import { isDue } from '../../src/subscribers/due.ts';
import { Preferences, WEEKDAYS } from '../../src/subscribers/preferences.ts';

const wants = (preferences: Partial<Preferences>) => Preferences.parse(preferences);

// 2026-08-17 is a Monday.
const WEEK = Array.from({ length: 7 }, (_, days) => shiftDay('2026-08-17', days));

describe('a daily reader', () => {
  it.each(WEEK)('is due on %s', today => {
    expect(isDue(wants({ cadence: 'daily' }), shiftDay(today, -1), today)).toBe(true);
  });
});

describe('a reader on weekdays', () => {
  it.each(WEEK.map((today, index) => [today, index < 5] as const))('on %s: %s', (today, due) => {
    expect(isDue(wants({ cadence: 'weekdays' }), shiftDay(today, -1), today)).toBe(due);
  });
});

describe('a weekly reader', () => {
  const friday = wants({ cadence: 'weekly', weekday: 'friday' });
  it.each([
    ['on their day, a week after the last', '2026-08-14', '2026-08-21', true],
    ['on the day before', '2026-08-14', '2026-08-20', false],
    ['on the day after, when they had their digest', '2026-08-21', '2026-08-22', false],
    ['on the Monday after a Friday without an edition', '2026-08-14', '2026-08-24', true],
    ['on the Tuesday after that Monday, which made up for it', '2026-08-24', '2026-08-25', false],
    ['on the Friday after a Monday that made up for one', '2026-08-24', '2026-08-28', true],
    ['on their day after a year away', '2025-08-22', '2026-08-21', true],
    ['on any day after a year away', '2025-08-22', '2026-08-19', true],
    ['who came today, on their day', '2026-08-21', '2026-08-21', true],
    ['who came today, on another day', '2026-08-20', '2026-08-20', false],
    ['who came on Wednesday, on the first Friday', '2026-08-19', '2026-08-21', true],
    ['who came on Wednesday, on Thursday', '2026-08-19', '2026-08-20', false],
    ['who came on Saturday, on Monday', '2026-08-22', '2026-08-24', false],
    ['who came on Saturday, on the next Friday', '2026-08-22', '2026-08-28', true],
    ['over the turn of the year', '2026-12-25', '2027-01-01', true],
  ])('%s (last %s, today %s): %s', (_what, last, today, due) => {
    expect(isDue(friday, last, today)).toBe(due);
  });

  it.each(WEEKDAYS)('of %s gets one digest a week, on that day', weekday => {
    const preferences = wants({ cadence: 'weekly', weekday });
    let last = '2026-08-31';
    const days: string[] = [];
    for (let today = '2026-09-01'; today <= '2026-09-28'; today = shiftDay(today, 1)) {
      if (!isDue(preferences, last, today)) continue;
      days.push(today);
      last = today;
    }
    expect(days).toHaveLength(4);
    expect(new Set(days.map(day => WEEKDAYS[Temporal.PlainDate.from(day).dayOfWeek - 1]))).toEqual(
      new Set([weekday]),
    );
  });
});
