// The order in which a reader meets the papers of a day.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rank } from '../../src/editions/rank.ts';

const paper = (id: string, upvotes?: number, comments = 0) => ({
  id,
  vote: upvotes === undefined ? null : { upvotes, comments, stars: null },
});
const order = (...papers: ReturnType<typeof paper>[]) =>
  rank(papers)
    .map(({ id }) => id)
    .join(' ');

describe('the best comes first', () => {
  it.each([
    ['more votes', [paper('a', 1), paper('b', 3), paper('c', 2)], 'b c a'],
    ['at equal votes, more comments', [paper('a', 3, 0), paper('b', 3, 2), paper('c', 3, 1)], 'b c a'],
    ['votes before comments', [paper('a', 1, 99), paper('b', 2, 0)], 'b a'],
    [
      'at equal votes and comments, the order of the source',
      [paper('a', 3), paper('b', 3), paper('c', 3)],
      'a b c',
    ],
    ['nobody’s vote is less than no vote counted', [paper('a'), paper('b', 0)], 'b a'],
    ['without votes, the order of the source', [paper('a'), paper('b'), paper('c')], 'a b c'],
    ['votes among papers without', [paper('a'), paper('b', 1), paper('c'), paper('d', 2)], 'd b a c'],
    ['nothing', [], ''],
  ])('%s', (_rule, papers, ids) => {
    expect(order(...papers)).toBe(ids);
  });

  it('no paper is lost or doubled, the order is the same each time, and the given list is left alone', () => {
    const votes = fc.option(fc.record({ upvotes: fc.nat(3), comments: fc.nat(2), stars: fc.constant(null) }));
    const papers = fc.array(fc.record({ id: fc.nat(), vote: votes }));
    fc.assert(
      fc.property(papers, given => {
        const before = [...given];
        const ranked = rank(given);
        expect(given).toEqual(before);
        expect(new Set(ranked)).toEqual(new Set(given));
        expect(ranked).toHaveLength(given.length);
        expect(rank(ranked)).toEqual(ranked);
        const upvotes = ranked.map(({ vote }) => vote?.upvotes ?? -1);
        expect(upvotes).toEqual(upvotes.toSorted((a, b) => b - a));
      }),
    );
  });
});
