// To which day a list of papers belongs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dailyPapersDay, dayOfHeading } from '../../src/papers/calendar.ts';

describe('a weekend list is Friday’s', () => {
  it.each([
    ['a Monday', '2026-08-17', '2026-08-17'],
    ['a Friday', '2026-08-21', '2026-08-21'],
    ['a Saturday', '2026-08-22', '2026-08-21'],
    ['a Sunday', '2026-08-23', '2026-08-21'],
    ['a Sunday after a month end', '2026-03-01', '2026-02-27'],
    ['a Saturday on New Year’s Day', '2028-01-01', '2027-12-31'],
  ])('%s', (_weekday, day, belongs) => {
    expect(dailyPapersDay(day)).toBe(belongs);
  });

  it('a list always belongs to a working day, at most two days back', () => {
    const days = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, date => {
        const day = Temporal.PlainDate.from(date.toISOString().slice(0, 10));
        const belongs = Temporal.PlainDate.from(dailyPapersDay(day.toString()));
        expect(belongs.dayOfWeek).toBeLessThanOrEqual(5);
        expect([0, 1, 2]).toContain(belongs.until(day).days);
        expect(dailyPapersDay(belongs.toString())).toBe(belongs.toString());
      }),
    );
  });
});

describe('the heading of a page names its day', () => {
  const today = '2026-11-23';
  it.each([
    ['Aug 20', '2026-08-20'],
    ['  August 20  ', '2026-08-20'],
    ['AUG. 20', '2026-08-20'],
    ['Aug 20th', '2026-08-20'],
    ['20 Aug', '2026-08-20'],
    ['20 August, 2024', '2024-08-20'],
    ['Aug 20, 2025', '2025-08-20'],
    ['Aug 20 2025', '2025-08-20'],
    ['Sept. 1st', '2026-09-01'],
    ['Nov 23', '2026-11-23'],
    ['Dec 1, 2026', '2026-12-01'],
  ])('%j', (heading, day) => {
    expect(dayOfHeading(heading, today)).toBe(day);
  });

  it('without a year it is the last such day, never one to come', () => {
    expect(dayOfHeading('Nov 24', today)).toBe('2025-11-24');
    expect(dayOfHeading('Dec 31', '2026-01-01')).toBe('2025-12-31');
    expect(dayOfHeading('Feb 29', today)).toBe('2024-02-29');
  });

  it.each([
    '',
    'Aug',
    '20',
    'Aug 32',
    'Feb 30',
    'Feb 29, 2025',
    'Foo 20',
    'Au 20',
    'Aug 20: Papers',
    'Daily Papers',
  ])('%j names none', heading => {
    expect(dayOfHeading(heading, today)).toBeUndefined();
  });

  it.each(['Octave 2', 'Decoder 12', 'Mariner 10', 'Sepsis 3', 'Marching 5', 'Janus 1', '7 Junctions'])(
    'a paper titled %j is not taken for a day',
    title => {
      expect(dayOfHeading(title, today)).toBeUndefined();
    },
  );
});
