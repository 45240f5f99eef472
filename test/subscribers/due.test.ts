// When a reader gets a digest: on which days, and at which instant by the clock of their zone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shiftDay } from '../../src/store/schema.ts';
import { dueInWords, dueTimes, firstDue, isDue, nextDue } from '../../src/subscribers/due.ts';
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

const due = (preferences: Partial<Preferences>, after: string) =>
  nextDue(wants(preferences), Temporal.Instant.from(after)).toString();

describe('the next time', () => {
  it.each<[string, Partial<Preferences>, string, string]>([
    ['today, before the hour', { hour: 7 }, '2026-08-20T06:59:59Z', '2026-08-20T07:00:00Z'],
    ['tomorrow, at the very hour', { hour: 7 }, '2026-08-20T07:00:00Z', '2026-08-21T07:00:00Z'],
    ['in a half-hour zone', { timeZone: 'Asia/Kolkata' }, '2026-08-20T00:00:00Z', '2026-08-20T01:30:00Z'],
    [
      'in a quarter-hour zone',
      { timeZone: 'Asia/Kathmandu' },
      '2026-08-20T00:00:00Z',
      '2026-08-20T01:15:00Z',
    ],
    [
      'in Tokyo, where it is tomorrow',
      { timeZone: 'Asia/Tokyo' },
      '2026-08-20T21:00:00Z',
      '2026-08-20T22:00:00Z',
    ],
    [
      'in San Francisco, in summer',
      { timeZone: 'America/Los_Angeles' },
      '2026-08-20T00:00:00Z',
      '2026-08-20T14:00:00Z',
    ],
    [
      'in San Francisco, in winter',
      { timeZone: 'America/Los_Angeles' },
      '2026-12-20T00:00:00Z',
      '2026-12-20T15:00:00Z',
    ],
    [
      'in the hour that spring leaves out: as much later',
      { timeZone: 'Europe/Paris', hour: 2 },
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'in the hour that autumn has twice: the first one',
      { timeZone: 'Europe/Paris', hour: 2 },
      '2026-10-24T12:00:00Z',
      '2026-10-25T00:00:00Z',
    ],
    [
      'after that first one: not the second',
      { timeZone: 'Europe/Paris', hour: 2 },
      '2026-10-25T00:00:00Z',
      '2026-10-26T01:00:00Z',
    ],
    [
      'at a midnight that does not exist',
      { timeZone: 'Africa/Cairo', hour: 0 },
      '2026-04-23T12:00:00Z',
      '2026-04-23T22:00:00Z',
    ],
    [
      'where clocks move by half an hour',
      { timeZone: 'Australia/Lord_Howe', hour: 2 },
      '2026-10-03T12:00:00Z',
      '2026-10-03T15:30:00Z',
    ],
    [
      'over a day that a zone skipped',
      { timeZone: 'Pacific/Apia', hour: 7 },
      '2011-12-29T18:00:00Z',
      '2011-12-30T17:00:00Z',
    ],
    ['on a leap day', { hour: 7 }, '2028-02-28T07:00:00Z', '2028-02-29T07:00:00Z'],
    ['after a leap day', { hour: 7 }, '2028-02-29T07:00:00Z', '2028-03-01T07:00:00Z'],
    [
      'on weekdays: over the weekend',
      { cadence: 'weekdays' },
      '2026-08-21T07:00:00Z',
      '2026-08-24T07:00:00Z',
    ],
    [
      'on weekdays: by the reader’s own Friday',
      { cadence: 'weekdays', timeZone: 'America/Los_Angeles' },
      '2026-08-21T13:00:00Z',
      '2026-08-21T14:00:00Z',
    ],
    [
      'once a week: on the day',
      { cadence: 'weekly', weekday: 'monday' },
      '2026-08-17T07:00:00Z',
      '2026-08-24T07:00:00Z',
    ],
  ])('%s', (_what, preferences, after, at) => {
    expect(due(preferences, after)).toBe(at);
  });

  const zones = Intl.supportedValuesOf('timeZone');
  const schedule = fc.record({
    timeZone: fc.constantFrom(...zones),
    hour: fc.integer({ min: 0, max: 23 }),
    cadence: fc.constantFrom('daily', 'weekdays', 'weekly'),
    weekday: fc.constantFrom(...WEEKDAYS),
  });
  const instant = fc
    .integer({ min: Date.UTC(2005), max: Date.UTC(2035) })
    .map(ms => Temporal.Instant.fromEpochMilliseconds(ms));

  it('is later, on another day than the one before, and not more than 8 days away, in every zone', () => {
    fc.assert(
      fc.property(schedule, instant, (given, after) => {
        const first = nextDue(given, after);
        const second = nextDue(given, first);
        const day = (at: Temporal.Instant) => at.toZonedDateTimeISO(given.timeZone).toPlainDate();
        expect(Temporal.Instant.compare(first, after)).toBe(1);
        expect(Temporal.PlainDate.compare(day(second), day(first))).toBe(1);
        expect(first.since(after).total('hours')).toBeLessThanOrEqual(8 * 24 + 1);
        expect(nextDue(given, first.subtract({ milliseconds: 1 }))).toEqual(first);
        expect(dueTimes(after)(given)).toEqual(first);
      }),
    );
  });
});

describe('the first time', () => {
  const first = (preferences: Partial<Preferences>, at: string) =>
    firstDue(wants(preferences), Temporal.Instant.from(at)).toString();
  it.each<[string, Partial<Preferences>, string, string]>([
    ['of somebody who comes before their hour', {}, '2026-08-20T05:00:00Z', '2026-08-20T07:00:00Z'],
    [
      'of somebody who comes in the afternoon: since this morning',
      {},
      '2026-08-20T15:00:00Z',
      '2026-08-20T07:00:00Z',
    ],
    ['at midnight', { hour: 0 }, '2026-08-20T00:00:00Z', '2026-08-20T00:00:00Z'],
    ['by the reader’s own day', { timeZone: 'Asia/Tokyo' }, '2026-08-20T16:00:00Z', '2026-08-20T22:00:00Z'],
    [
      'of a weekly reader, on another day',
      { cadence: 'weekly' },
      '2026-08-22T15:00:00Z',
      '2026-08-28T07:00:00Z',
    ],
  ])('%s', (_what, preferences, at, expected) => {
    expect(first(preferences, at)).toBe(expected);
  });
});

it('a due time reads as the clock of the reader shows it', () => {
  expect(dueInWords('2026-08-21T05:00:00.000Z', 'Europe/Paris')).toBe(
    'Friday, 21 August 2026, 07:00 (Europe/Paris)',
  );
});
