// The order in which a reader meets the papers of a day.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rank } from '../../src/editions/rank.ts';
import { scoreOf, type Trend, trendOf } from '../../src/editions/trend.ts';
import { type Day, shiftDay } from '../../src/store/schema.ts';

const DAY = '2026-08-20';

interface Said {
  votes?: number;
  growth?: number | null | undefined;
  comments?: number;
  stars?: number;
  code?: boolean;
  on?: Day | null | undefined;
}

/** A paper with what a test says of it; nobody counts its votes where nothing is said. */
function paper(id: string, said?: Said) {
  const { votes = 0, growth = null, comments = 0, stars = 0, code = false, on = DAY } = said ?? {};
  const count = { votes, growth, since: growth === null ? null : DAY, comments, stars };
  const links = code ? { code: 'https://example.org/code' } : {};
  return { id, trend: trendOf(said && count, { links, announcedOn: on }, DAY) };
}

const order = (...papers: ReturnType<typeof paper>[]) =>
  rank(papers)
    .map(({ id }) => id)
    .join(' ');

describe('the most talked about comes first', () => {
  it.each([
    ['more votes', [paper('a', { votes: 1 }), paper('b', { votes: 3 }), paper('c', { votes: 2 })], 'b c a'],
    [
      'at equal votes, more comments',
      [
        paper('a', { votes: 3 }),
        paper('b', { votes: 3, comments: 2 }),
        paper('c', { votes: 3, comments: 1 }),
      ],
      'b c a',
    ],
    [
      'at equal votes, more that came lately',
      [paper('a', { votes: 30, growth: 2 }), paper('b', { votes: 30, growth: 18 })],
      'b a',
    ],
    ['at equal votes, more stars', [paper('a', { votes: 3 }), paper('b', { votes: 3, stars: 9 })], 'b a'],
    [
      'at equal votes, the one with code',
      [paper('a', { votes: 3 }), paper('b', { votes: 3, code: true })],
      'b a',
    ],
    [
      'at equal votes, the newer one',
      [paper('a', { votes: 3, on: '2026-08-18' }), paper('b', { votes: 3 })],
      'b a',
    ],
    [
      'a paper of yesterday with many votes before one of today with few',
      [paper('a', { votes: 4 }), paper('b', { votes: 60, on: '2026-08-19' })],
      'b a',
    ],
    [
      'a paper of today with some votes before one of last week with twice as many',
      [paper('a', { votes: 40, on: '2026-08-14' }), paper('b', { votes: 20 })],
      'b a',
    ],
    ['at equal scores, the order of the source', ['a', 'b', 'c'].map(id => paper(id, { votes: 3 })), 'a b c'],
    ['nobody’s vote is more than no vote counted', [paper('a'), paper('b', { votes: 0 })], 'b a'],
    [
      'nobody’s vote with code is more than nobody’s vote',
      [paper('a', {}), paper('b', { code: true })],
      'b a',
    ],
    ['where nobody counts votes, the order of the source', [paper('a'), paper('b'), paper('c')], 'a b c'],
    [
      'votes among papers without',
      [paper('a'), paper('b', { votes: 1 }), paper('c'), paper('d', { votes: 2 })],
      'd b a c',
    ],
    ['nothing', [], ''],
  ])('%s', (_rule, papers, ids) => {
    expect(order(...papers)).toBe(ids);
  });

  it('no paper is lost or doubled, the order is the same each time, and the given list is left alone', () => {
    const papers = fc
      .array(fc.option(said, { nil: undefined }))
      .map(all => all.map((one, n) => paper(String(n), one)));
    fc.assert(
      fc.property(papers, given => {
        const before = [...given];
        const ranked = rank(given);
        expect(given).toEqual(before);
        expect(new Set(ranked)).toEqual(new Set(given));
        expect(ranked).toHaveLength(given.length);
        expect(rank(ranked)).toEqual(ranked);
        const scores = ranked.map(({ trend }) => trend?.score ?? -1);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
    );
  });
});

const said: fc.Arbitrary<Said> = fc.record({
  votes: fc.nat(2_000),
  growth: fc.option(fc.integer({ min: -20, max: 2_000 })),
  comments: fc.nat(200),
  stars: fc.nat(100_000),
  code: fc.boolean(),
  on: fc.option(fc.integer({ min: -40, max: 2 }).map(days => shiftDay(DAY, days))),
});

describe('a score', () => {
  it.each<[string, Omit<Trend, 'score' | 'since'>, string]>([
    [
      '31 votes, 18 of them new',
      { votes: 31, growth: 18, comments: 0, stars: 0, code: false, age: 1 },
      '3.92',
    ],
    [
      'the same with 5 comments',
      { votes: 31, growth: 18, comments: 5, stars: 0, code: false, age: 1 },
      '4.27',
    ],
    [
      'the same with 310 stars',
      { votes: 31, growth: 18, comments: 5, stars: 310, code: false, age: 1 },
      '4.73',
    ],
    ['the same with code', { votes: 31, growth: 18, comments: 5, stars: 310, code: true, age: 1 }, '4.93'],
    [
      'the same three days later',
      { votes: 31, growth: 18, comments: 5, stars: 310, code: true, age: 4 },
      '2.46',
    ],
    [
      'votes of one day, all new',
      { votes: 31, growth: 31, comments: 0, stars: 0, code: false, age: 0 },
      '5.20',
    ],
    [
      'the same as far as one knows',
      { votes: 31, growth: null, comments: 0, stars: 0, code: false, age: 0 },
      '5.20',
    ],
    [
      'votes that were taken back',
      { votes: 31, growth: -4, comments: 0, stars: 0, code: false, age: 0 },
      '3.47',
    ],
    ['nothing', { votes: 0, growth: null, comments: 0, stars: 0, code: false, age: 0 }, '0.00'],
  ])('is what docs/decisions/0009 says: %s', (_what, parts, score) => {
    expect(scoreOf(parts).toFixed(2)).toBe(score);
  });

  it('of a paper of which more is to be said is never lower, all else being equal', () => {
    const more = fc.record({
      what: fc.constantFrom('votes', 'growth', 'comments', 'stars', 'code', 'newer'),
      by: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(said, more, (given, { what, by }) => {
        const better: Said = { ...given };
        if (what === 'code') better.code = true;
        else if (what === 'newer') better.on = given.on ? shiftDay(given.on, by) : null;
        else if (what === 'growth') better.growth = given.growth == null ? null : given.growth + by;
        else better[what as 'votes'] = (given[what as 'votes'] ?? 0) + by;
        const [low, high] = [paper('low', given).trend, paper('high', better).trend];
        expect(high?.score).toBeGreaterThanOrEqual(low?.score as number);
        expect(order(paper('better', better), paper('given', given))).toBe('better given');
      }),
    );
  });

  it('is a number for any counts, and says what it was made of', () => {
    fc.assert(
      fc.property(said, given => {
        const { trend } = paper('a', given);
        expect(trend?.score).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(trend?.score)).toBe(true);
        expect(trend && scoreOf(trend)).toBe(trend?.score);
      }),
    );
  });

  it.each([
    [null, 0],
    ['2026-08-20', 0],
    ['2026-08-21', 0],
    ['2099-01-01', 0],
    ['2026-08-19', 1],
    ['2026-07-31', 20],
    ['2025-08-20', 365],
  ])('counts days from the announcement on: %s is %i days ago', (on, age) => {
    expect(paper('a', { on }).trend?.age).toBe(age);
  });

  it('is not made up where nobody counts votes', () => {
    expect(paper('a').trend).toBeNull();
  });
});
