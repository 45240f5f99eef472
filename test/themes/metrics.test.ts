// Whether the figures can be believed: known values, worked examples, and what must hold for any grouping.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  adjustedMutualInformation,
  adjustedRand,
  confusions,
  expectedMutualInformation,
  interval,
  type Judged,
  macroF1,
  themeFigures,
  topK,
} from '../../src/themes/metrics.ts';

/** The two groupings whose groups meet as often as a table says. */
function groupings(table: readonly (readonly number[])[]): [number[], number[]] {
  const pairs = table.flatMap((row, a) =>
    row.flatMap((count, b) => Array.from({ length: count }, () => [a, b])),
  );
  return [pairs.map(([a]) => a as number), pairs.map(([, b]) => b as number)];
}

describe('agreement of two groupings', () => {
  // The examples of scikit-learn's documentation of adjusted_rand_score and adjusted_mutual_info_score.
  it.each([
    ['the same', [0, 0, 1, 1], [0, 0, 1, 1], 1, 1],
    ['the same under other names', [0, 0, 1, 1], [1, 1, 0, 0], 1, 1],
    ['one group split', [0, 0, 1, 2], [0, 0, 1, 1], 0.5714, 0.5714],
    ['one group split, the other way round', [0, 0, 1, 1], [0, 0, 1, 2], 0.5714, 0.5714],
    ['all together against all apart', [0, 0, 0, 0], [0, 1, 2, 3], 0, 0],
    ['worse than chance', [0, 0, 1, 1], [0, 1, 0, 1], -0.5, -0.5],
    ['both all together', [7, 7, 7], [1, 1, 1], 1, 1],
    ['both all apart', [1, 2, 3], [3, 1, 2], 1, 1],
    ['one paper', [1], [2], 1, 1],
    ['no paper', [], [], 1, 1],
  ])('%s', (_what, a, b, rand, information) => {
    expect(adjustedRand(a, b)).toBeCloseTo(rand, 4);
    expect(adjustedMutualInformation(a, b)).toBeCloseTo(information, 4);
  });

  it('of a worked example of three by three groups', () => {
    const [a, b] = groupings([
      [5, 1, 0],
      [1, 4, 2],
      [0, 1, 6],
    ]);
    // Pairs together in both 32, in the one 57, in the other 58, of 190.
    const chance = (57 * 58) / 190;
    expect(adjustedRand(a, b)).toBeCloseTo((32 - chance) / ((57 + 58) / 2 - chance), 9);
    // Worked out apart, with binomial coefficients as whole numbers.
    expect(expectedMutualInformation([6, 7, 7], [6, 6, 8], 20)).toBeCloseTo(0.12203451598935416, 9);
    expect(adjustedMutualInformation(a, b)).toBeCloseTo(0.36443066444200994, 9);
  });

  it('expects of chance what all orders of one grouping share with the other on average', () => {
    const a = [0, 0, 0, 1, 1, 2];
    const all = permutations([0, 0, 1, 1, 2, 2]);
    const mean = all.reduce((sum, b) => sum + information(a, b), 0) / all.length;
    expect(all).toHaveLength(720);
    expect(expectedMutualInformation([3, 2, 1], [2, 2, 2], 6)).toBeCloseTo(mean, 12);
  });

  it('refuses two groupings of different papers', () => {
    expect(() => adjustedRand([1, 2], [1])).toThrow(/two groupings of 2 and 1 papers/);
  });

  const pairs = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 2, maxLength: 40 });

  it('is the same both ways, in any order of the papers and under any names', () => {
    fc.assert(
      fc.property(pairs, fc.nat(), (both, turn) => {
        const [a, b] = [both.map(([x]) => x), both.map(([, y]) => y)];
        const turned = both.map((_, i) => both[(i + turn) % both.length] as [number, number]);
        const renamed = turned.map(([x, y]) => [`group ${5 - x}`, (y + 3) % 6] as const);
        for (const agreement of [adjustedRand, adjustedMutualInformation]) {
          const value = agreement(a, b);
          expect(value).toBeLessThanOrEqual(1 + 1e-9);
          expect(agreement(b, a)).toBeCloseTo(value, 9);
          const other = agreement(
            renamed.map(([x]) => x),
            renamed.map(([, y]) => y),
          );
          expect(other).toBeCloseTo(value, 9);
        }
      }),
    );
  });

  it('is nothing on average where one of them is drawn by chance', () => {
    const labels = Array.from({ length: 60 }, (_, i) => i % 7);
    const numbers = Array.from({ length: 60 }, (_, i) => i);
    const scores = fc
      .sample(fc.shuffledSubarray(numbers, { minLength: 60 }), { numRuns: 200, seed: 3 })
      .map(order =>
        adjustedMutualInformation(
          labels,
          order.map(at => at % 11),
        ),
      );
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map(rest => [item, ...rest]));
}

/** Mutual information in nats, straight from its definition. */
function information(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (const x of new Set(a)) {
    for (const y of new Set(b)) {
      const p = (is: (i: number) => boolean) => a.filter((_, i) => is(i)).length / a.length;
      const both = p(i => a[i] === x && b[i] === y);
      if (both > 0) sum += both * Math.log(both / (p(i => a[i] === x) * p(i => b[i] === y)));
    }
  }
  return sum;
}

const judged = (theme: string | null, labels: (string | null)[], ...ranking: string[]): Judged => ({
  theme,
  labels,
  ranking,
});

describe('right themes', () => {
  // scikit-learn's example of f1_score: truth 0 1 2 0 1 2, answers 0 2 1 0 0 1, macro 0.27.
  const six = ['0', '1', '2', '0', '1', '2'].map((truth, i) => judged('021001'[i] as string, [truth]));

  it('are counted as scikit-learn counts them', () => {
    expect(accuracy(six)).toBeCloseTo(2 / 6);
    expect(macroF1(six)).toBeCloseTo(0.2667, 4);
    expect(themeFigures(six)).toEqual([
      { slug: '0', papers: 2, precision: 2 / 3, recall: 1, f1: 0.8 },
      { slug: '1', papers: 2, precision: 0, recall: 0, f1: 0 },
      { slug: '2', papers: 2, precision: 0, recall: 0, f1: 0 },
    ]);
    expect(confusions(six)).toEqual([
      { label: '2', theme: '1', papers: 2 },
      { label: '1', theme: '2', papers: 1 },
      { label: '1', theme: '0', papers: 1 },
    ]);
  });

  it('are those of any acceptable label, and no theme is right where none is wanted', () => {
    const papers = [
      judged('b', ['a', 'b'], 'b', 'a'),
      judged(null, [null], 'c'),
      judged(null, ['a'], 'c', 'a'),
      judged('c', ['d'], 'c', 'b', 'd'),
    ];
    expect(accuracy(papers)).toBe(0.5);
    expect([1, 2, 3].map(k => topK(papers, k))).toEqual([0.25, 0.5, 0.75]);
    expect(themeFigures(papers).map(({ slug, papers: n, f1 }) => [slug, n, f1])).toEqual([
      ['a', 1, 0],
      ['b', 1, 1],
      ['c', 0, 0],
      ['d', 1, 0],
    ]);
  });
});

describe('how sure a figure is', () => {
  const mean = (sample: readonly number[]) => sample.reduce((sum, x) => sum + x, 0) / sample.length;
  const coins = Array.from({ length: 400 }, (_, i) => i % 2);

  it('is what the normal approximation says of a fair coin, the same each time', () => {
    const [low, high] = interval(coins, mean);
    // 0.5 ± 1.96 × √(0.25 / 400) = 0.451 to 0.549
    expect(low).toBeCloseTo(0.451, 1.7);
    expect(high).toBeCloseTo(0.549, 1.7);
    expect(interval(coins, mean)).toEqual([low, high]);
    expect(interval(coins, mean, { seed: 2 })).not.toEqual([low, high]);
  });

  it('has no width where all papers are the same', () => {
    expect(interval([1, 1, 1], mean)).toEqual([1, 1]);
  });
});
