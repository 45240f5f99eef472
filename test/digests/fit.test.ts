// A mail that would be too long tells less of its last papers first, and of every paper something.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseShown, HTML_LIMIT, type Shown } from '../../src/digests/fit.ts';

const LADDER: Shown[] = ['full', 'summary', 'title', 'folded'];
const FIRST = { full: 0, standard: 1, brief: 2 };
/** What the digest leaves free for a reader's own links. */
const BUDGET = HTML_LIMIT - 2_000;
const step = (shown: Shown) => LADDER.indexOf(shown);

/** Sizes of a mail: `frame` bytes around papers that take, at each step of the ladder, what `sizes` says. */
function measured(frame: number, sizes: readonly (readonly number[])[]) {
  const calls: Shown[][] = [];
  const size = (shown: readonly Shown[]) =>
    shown.reduce((sum, how, place) => sum + (sizes[place]?.[step(how)] ?? 0), frame);
  const measure = (shown: readonly Shown[]) => {
    calls.push([...shown]);
    return size(shown);
  };
  return { calls, size, measure };
}

const same = (count: number, sizes: number[]) => Array.from({ length: count }, () => sizes);

describe('a mail that has room', () => {
  it.each([
    ['full', 'full'],
    ['standard', 'summary'],
    ['brief', 'title'],
  ] as const)('shows a %s reader each %s', (length, shown) => {
    const { measure, calls } = measured(10_000, same(5, [1_500, 600, 150, 0]));
    expect(chooseShown(5, length, measure)).toEqual(Array(5).fill(shown));
    expect(calls).toHaveLength(1);
  });

  it('of no papers has nothing to choose', () => {
    expect(chooseShown(0, 'standard', () => 12_000)).toEqual([]);
    expect(chooseShown(0, 'full', () => 200_000)).toEqual([]);
  });

  it('may be as large as the budget, to the byte', () => {
    const { measure } = measured(BUDGET - 600, same(1, [1_500, 600, 150, 0]));
    expect(chooseShown(1, 'standard', measure)).toEqual(['summary']);
    const { measure: larger } = measured(BUDGET - 599, same(1, [1_500, 600, 150, 0]));
    expect(chooseShown(1, 'standard', larger)).toEqual(['title']);
  });
});

describe('a mail that has too little room', () => {
  it('tells less of the last papers', () => {
    const { measure } = measured(12_000, same(100, [1_500, 600, 150, 0]));
    const shown = chooseShown(100, 'full', measure);
    expect(shown[0]).toBe('full');
    expect(shown.at(-1)).toBe('summary');
  });

  it('folds the last papers when there are thousands', () => {
    const { measure } = measured(12_000, same(3_000, [1_500, 600, 150, 0]));
    const shown = chooseShown(3_000, 'standard', measure);
    expect(shown[0]).toBe('title');
    expect(shown.at(-1)).toBe('folded');
  });

  it('uses the room it has', () => {
    const { measure, size } = measured(12_000, same(300, [1_500, 600, 150, 0]));
    expect(size(chooseShown(300, 'standard', measure))).toBeGreaterThan(BUDGET - 1_500);
  });

  it('shows as little as can be when nothing fits', () => {
    const { measure } = measured(200_000, same(3, [1_500, 600, 150, 0]));
    expect(chooseShown(3, 'full', measure)).toEqual(['folded', 'folded', 'folded']);
  });

  it.each([
    ['3,000 papers alike', 3_000, () => [1_500, 600, 150, 0]],
    [
      '3 abstracts as long as a book',
      3_000,
      (n: number) => (n < 3 ? [60_000, 20_000, 100, 0] : [5, 4, 3, 0]),
    ],
    [
      'ever shorter abstracts',
      3_000,
      (n: number) => [40_000, 9_000, 1_000, 0].map(size => Math.floor(size / (n + 1))),
    ],
    ['long ones at the end', 3_000, (n: number) => (n > 2_990 ? [20_000, 600, 150, 0] : [40, 31, 30, 0])],
  ])('is rendered a few dozen times at most: %s', (_what, count, sizeAt) => {
    for (const length of ['full', 'standard', 'brief'] as const) {
      const { measure, calls } = measured(
        12_000,
        Array.from({ length: count }, (_, n) => sizeAt(n)),
      );
      chooseShown(count, length, measure);
      expect(calls.length).toBeLessThanOrEqual(32);
    }
  });
});

const paperSizes = fc
  .tuple(fc.nat(20_000), fc.nat(2_000), fc.nat(1_000), fc.nat(20))
  .map(sizes => [...sizes].sort((a, b) => b - a));
const mail = fc.record({
  frame: fc.oneof(fc.nat(30_000), fc.nat(100_000)),
  sizes: fc.array(paperSizes, { maxLength: 200 }),
  length: fc.constantFrom('full', 'standard', 'brief'),
});

describe('whatever the papers take', () => {
  it('each has its place, and no paper is shown more than a step better than one ranked above it is not', () => {
    fc.assert(
      fc.property(mail, ({ frame, sizes, length }) => {
        const { measure } = measured(frame, sizes);
        const steps = chooseShown(sizes.length, length, measure).map(step);
        expect(steps).toHaveLength(sizes.length);
        expect(steps).toEqual([...steps].sort());
        if (steps.length === 0) return;
        expect((steps.at(-1) as number) - (steps[0] as number)).toBeLessThanOrEqual(1);
        expect(steps[0]).toBeGreaterThanOrEqual(FIRST[length]);
      }),
    );
  });

  it('the mail fits whenever the smallest one does', () => {
    fc.assert(
      fc.property(mail, ({ frame, sizes, length }) => {
        const { measure, size } = measured(frame, sizes);
        const smallest = size(sizes.map(() => 'folded'));
        const shown = chooseShown(sizes.length, length, measure);
        expect(size(shown)).toBeLessThanOrEqual(Math.max(BUDGET, smallest));
      }),
    );
  });

  it('the last one that was rendered is the one that is sent', () => {
    fc.assert(
      fc.property(mail, ({ frame, sizes, length }) => {
        const { measure, calls } = measured(frame, sizes);
        expect(chooseShown(sizes.length, length, measure)).toEqual(calls.at(-1));
      }),
    );
  });
});
