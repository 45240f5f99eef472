// The five outcomes: nobody wonders whether it is broken or a quiet day.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arxivCalendar } from '../../src/papers/arxiv-calendar.ts';
import { dailyPapersCalendar } from '../../src/papers/calendar.ts';
import { type Answered, judge, type PastBatch } from '../../src/papers/outcome.ts';

const MONDAY = '2026-05-04';
const TUESDAY = '2026-05-05';
const WEDNESDAY = '2026-05-06';
const SATURDAY = '2026-05-09';

const answer = (more: Partial<Answered> = {}): Answered => ({
  day: TUESDAY,
  fetched: 200,
  fresh: 180,
  fingerprint: 'tuesday',
  ...more,
});
const asked = (day: string, now = `${day}T09:00:00Z`) => ({
  day,
  today: now.slice(0, 10),
  now: Temporal.Instant.from(now),
});
const earlier = (more: Partial<PastBatch> = {}): PastBatch => ({
  day: MONDAY,
  listDay: MONDAY,
  at: `${MONDAY}T09:00:00.000Z`,
  fetched: 210,
  fingerprint: 'monday',
  ...more,
});
const arxiv = arxivCalendar();

describe('an arXiv feed', () => {
  const judged = (given: Answered, ask = asked(TUESDAY), past = [earlier()]) =>
    judge(given, ask, arxiv, past);

  it('with the papers of its day is ok', () => {
    expect(judged(answer())).toEqual({ outcome: 'ok', reason: null });
  });

  it('that was asked at 02:00 New York time before it was rebuilt is not-yet, and its papers are not the day’s', () => {
    const early = asked(TUESDAY, `${TUESDAY}T04:10:00Z`);
    const monday = answer({ day: MONDAY, fetched: 210, fresh: 0, fingerprint: 'monday' });
    expect(judged(monday, early)).toEqual({
      outcome: 'not-yet',
      reason: 'the same 210 papers as on 2026-05-04; those of 2026-05-05 are not out yet',
    });
    const stragglers = answer({ day: MONDAY, fetched: 212, fresh: 2, fingerprint: 'monday+2' });
    expect(judged(stragglers, early)).toEqual({ outcome: 'not-yet', reason: 'its list is of 2026-05-04' });
  });

  it('that is still yesterday’s hours after it should be renewed is stale', () => {
    const monday = answer({ day: MONDAY, fetched: 210, fresh: 0, fingerprint: 'monday' });
    expect(judged(monday)).toEqual({ outcome: 'stale', reason: 'the same 210 papers as on 2026-05-04' });
  });

  it('that has yesterday’s papers under a new date is stale at once', () => {
    const redated = answer({ fetched: 210, fresh: 0, fingerprint: 'monday' });
    for (const now of [`${TUESDAY}T04:10:00Z`, `${TUESDAY}T09:00:00Z`, `${WEDNESDAY}T09:00:00Z`])
      expect(judged(redated, asked(TUESDAY, now))).toEqual({
        outcome: 'stale',
        reason: 'the same 210 papers as on 2026-05-04, under a new date',
      });
    // Even where both were asked for the same day, as by hand.
    const sameDay = [earlier({ day: TUESDAY })];
    expect(judged(redated, asked(TUESDAY), sameDay).outcome).toBe('stale');
  });

  it('that is empty on a Saturday, a holiday, or the day after one is quiet', () => {
    const empty = answer({ day: null, fetched: 0, fresh: 0, fingerprint: '' });
    for (const day of [SATURDAY, '2026-11-26', '2026-11-27', '2026-12-25'])
      expect(judged(empty, asked(day)).outcome).toBe('quiet');
    expect(judged(empty, asked(SATURDAY)).reason).toBe(
      '2026-05-09 is a Saturday, and arXiv announces nothing',
    );
  });

  it('that is empty on a day of announcements is not-yet in the night, stale in the morning', () => {
    const empty = answer({ fetched: 0, fresh: 0, fingerprint: '' });
    expect(judged(empty, asked(TUESDAY, `${TUESDAY}T05:00:00Z`)).outcome).toBe('not-yet');
    expect(judged(empty)).toEqual({
      outcome: 'stale',
      reason: 'no papers on 2026-05-05, which is a day of announcements',
    });
  });

  it('of a small category may have a day without papers', () => {
    const empty = answer({ fetched: 0, fresh: 0, fingerprint: '' });
    const past = [earlier({ fetched: 2 }), earlier({ day: '2026-05-01', fetched: 3 })];
    expect(judged(empty, asked(TUESDAY), past).outcome).toBe('quiet');
    expect(judged({ ...empty, usual: 1 }, asked(TUESDAY), []).outcome).toBe('quiet');
  });

  it('that was asked twice on one day is quiet the second time', () => {
    const again = answer({ fresh: 0 });
    const past = [earlier({ day: TUESDAY, listDay: TUESDAY, fingerprint: 'tuesday' }), earlier()];
    expect(judged(again, asked(TUESDAY), past)).toEqual({
      outcome: 'quiet',
      reason: 'nothing new since it was asked at 2026-05-04T09:00:00.000Z',
    });
  });

  it('of the evening before is the newest there is for a reader in Tokyo', () => {
    const tokyo = { day: TUESDAY, today: TUESDAY, now: Temporal.Instant.from('2026-05-04T22:00:00Z') };
    expect(
      judged(answer({ day: MONDAY, fingerprint: 'm', fresh: 180 }), tokyo, [
        earlier({ day: MONDAY, listDay: '2026-05-01', fingerprint: 'f' }),
      ]).outcome,
    ).toBe('ok');
  });

  it('that is heard for the first time is taken for the day of which it says it is', () => {
    expect(judged(answer({ day: TUESDAY }), asked('2026-11-23'), []).outcome).toBe('ok');
    const saturday = answer({ day: SATURDAY, fetched: 0, fresh: 0, fingerprint: '' });
    expect(judged(saturday, asked('2026-11-23'), []).outcome).toBe('quiet');
  });

  it('of which every paper was there before, though the list is another one, is stale', () => {
    const subset = answer({ fetched: 100, fresh: 0, fingerprint: 'part of monday' });
    expect(judged(subset)).toEqual({ outcome: 'stale', reason: 'all 100 papers were there before' });
  });
});

describe('Daily Papers', () => {
  const judged = (given: Answered, ask: ReturnType<typeof asked>, past = [earlier()]) =>
    judge(given, ask, dailyPapersCalendar, past);

  it('repeat Friday on a weekend: quiet, also with some late ones', () => {
    const friday = earlier({ day: '2026-05-08', listDay: '2026-05-08', fingerprint: 'friday', fetched: 10 });
    const repeated = answer({ day: '2026-05-08', fetched: 10, fresh: 0, fingerprint: 'friday' });
    expect(judged(repeated, asked(SATURDAY), [friday]).outcome).toBe('quiet');
    expect(judged({ ...repeated, fresh: 3, fingerprint: 'other' }, asked(SATURDAY), [friday]).outcome).toBe(
      'quiet',
    );
  });

  it('are all new on a Saturday for whoever begins on one', () => {
    expect(judged(answer({ fetched: 10, fresh: 10 }), asked(SATURDAY), []).outcome).toBe('ok');
  });

  it('of today that are not there yet are not-yet; of yesterday they are missing', () => {
    const empty = answer({ day: null, fetched: 0, fresh: 0, fingerprint: '' });
    expect(judged(empty, asked(TUESDAY)).outcome).toBe('not-yet');
    expect(judged(empty, asked(TUESDAY, `${WEDNESDAY}T09:00:00Z`)).outcome).toBe('stale');
  });
});

describe('a source without a calendar', () => {
  it('is ok or quiet, and says since when', () => {
    const judged = (given: Partial<Answered>) => judge(answer(given), asked(TUESDAY), undefined, [earlier()]);
    expect(judged({}).outcome).toBe('ok');
    expect(judged({ fresh: 0 })).toEqual({
      outcome: 'quiet',
      reason: 'nothing new; last asked for 2026-05-04',
    });
    expect(judged({ fresh: 0, fetched: 0 })).toEqual({ outcome: 'quiet', reason: 'it lists no papers' });
    expect(judged({ notYet: 'there is no file' })).toEqual({
      outcome: 'not-yet',
      reason: 'there is no file',
    });
  });
});

it('every answer has exactly one outcome, and every outcome but ok has its reason', () => {
  const day = fc
    .integer({ min: 0, max: 20 })
    .map(n => Temporal.PlainDate.from(MONDAY).add({ days: n }).toString());
  const given = fc.record({
    day: fc.option(day),
    fetched: fc.integer({ min: 0, max: 30 }),
    fresh: fc.integer({ min: 0, max: 30 }),
    fingerprint: fc.constantFrom('a', 'b'),
  });
  const past = fc.array(
    fc.record({
      day,
      listDay: fc.option(day),
      at: fc.constant('t'),
      fetched: fc.integer({ min: 1, max: 30 }),
      fingerprint: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(
      given,
      day,
      day,
      past,
      fc.constantFrom(arxiv, dailyPapersCalendar, undefined),
      (one, of, today, batches, calendar) => {
        const ask = { day: of, today, now: Temporal.Instant.from(`${today}T08:00:00Z`) };
        const { outcome, reason } = judge(one, ask, calendar, batches);
        expect(['ok', 'quiet', 'not-yet', 'stale']).toContain(outcome);
        if (outcome === 'stale' || outcome === 'not-yet') expect(reason).not.toBeNull();
        if (outcome === 'ok') expect(one.fresh).toBeGreaterThan(0);
      },
    ),
    { numRuns: 2000 },
  );
});
