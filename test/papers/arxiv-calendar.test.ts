// When arXiv announces what: its own table of deadlines, and the mornings that follow from it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arxivCalendar } from '../../src/papers/arxiv-calendar.ts';

const calendar = arxivCalendar();
const batch = (eastern: string) =>
  calendar.batchOf(Temporal.PlainDateTime.from(eastern).toZonedDateTime('America/New_York').toInstant());

describe('a submission is announced when arXiv’s schedule says', () => {
  it.each([
    // submitted (Eastern), in the feed of the morning after
    ['2026-05-04T14:00', '2026-05-06', 'Monday 14:00: Tuesday night, Wednesday’s feed'],
    ['2026-05-05T13:59', '2026-05-06', 'Tuesday 13:59: the same'],
    ['2026-05-05T14:00', '2026-05-07', 'Tuesday 14:00: Wednesday night'],
    ['2026-05-07T13:59', '2026-05-08', 'Thursday 13:59: Thursday night, Friday’s feed'],
    ['2026-05-07T14:00', '2026-05-11', 'Thursday 14:00: Sunday night, Monday’s feed'],
    ['2026-05-08T13:59', '2026-05-11', 'Friday 13:59: the same'],
    ['2026-05-08T14:00', '2026-05-12', 'Friday 14:00: Monday night'],
    ['2026-05-09T12:00', '2026-05-12', 'Saturday: Monday night'],
    ['2026-05-10T20:00', '2026-05-12', 'Sunday: Monday night'],
    ['2026-05-11T13:59', '2026-05-12', 'Monday 13:59: Monday night'],
    ['2026-11-25T15:00', '2026-11-30', 'before Thanksgiving: no mailing on Thursday, so Sunday night'],
  ])('%s → %s (%s)', (submitted, day) => {
    expect(batch(submitted)).toBe(day);
  });

  it('in summer and in winter the day turns at 00:00 in New York', () => {
    expect(calendar.dueAt('2026-07-01')?.toString()).toBe('2026-07-01T04:00:00Z');
    expect(calendar.dueAt('2026-01-14')?.toString()).toBe('2026-01-14T05:00:00Z');
  });

  it('holidays that an operator adds are quiet too', () => {
    expect(calendar.quietBecause('2027-05-31')).toBeNull();
    expect(arxivCalendar(['2027-05-31']).quietBecause('2027-05-31')).toBe('2027-05-31 is an arXiv holiday');
  });

  it('a day’s batch holds what was submitted since it opened, and nothing from before', () => {
    const days = fc
      .integer({ min: 0, max: 700 })
      .map(n => Temporal.PlainDate.from('2026-01-05').add({ days: n }).toString());
    const minutes = fc.integer({ min: 0, max: 3 * 24 * 60 });
    fc.assert(
      fc.property(days, minutes, (day, minute) => {
        const opens = calendar.opensAt(day);
        expect(calendar.batchOf(opens) >= day).toBe(true);
        expect(calendar.batchOf(opens.subtract({ minutes: minute + 1 })) < day).toBe(true);
        const submitted = opens.add({ minutes: minute });
        const announced = calendar.batchOf(submitted);
        expect(Temporal.Instant.compare(calendar.opensAt(announced), submitted)).toBeLessThanOrEqual(0);
        expect(Temporal.PlainDate.from(announced).dayOfWeek).toBeLessThanOrEqual(5);
      }),
      { numRuns: 500 },
    );
  });
});
