// The groups that a day's papers form of themselves.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emergentGroups, type Likeness } from '../../src/themes/emergent.ts';

/** A paper with a direction (degrees) and words. */
const paper = (degrees: number, words: string, ranking: Likeness['ranking'] = []): Likeness => ({
  vector: Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)),
  terms: new Map(words.split(' ').map(word => [word, 1])),
  ranking,
});

const times = (n: number, make: (i: number) => Likeness) => Array.from({ length: n }, (_, i) => make(i));

describe('papers come together', () => {
  it('that point the same way once what the whole day has in common is taken out', () => {
    // All of them lie within 20 degrees: a narrow day.
    const day = [
      ...times(5, i => paper(40 + i / 10, `a${i}`)),
      ...times(5, i => paper(60 + i / 10, `b${i}`)),
    ];
    expect(emergentGroups(day)).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
  });

  it('that share terms, where their subjects say nothing', () => {
    const day = times(10, i => paper(0, i % 2 === 0 ? `whale sea x${i}` : `eagle sky x${i}`));
    expect(emergentGroups(day)).toEqual([
      [0, 2, 4, 6, 8],
      [1, 3, 5, 7, 9],
    ]);
  });

  it('that are near the same theme, where nothing else tells them apart', () => {
    const near = (slug: string) =>
      ['sea', 'sky', 'land'].map(theme => ({ theme, score: theme === slug ? 2 : 0 }));
    const day = times(10, i => paper(0, `x${i}`, near(i < 4 ? 'sea' : 'sky')));
    expect(emergentGroups(day)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7, 8, 9],
    ]);
  });
});

describe('a paper that stands alone', () => {
  const twoGroups = [...times(7, () => paper(0, 'whale sea')), ...times(7, () => paper(180, 'eagle sky'))];

  it('joins the group that it is near to', () => {
    const day = [...twoGroups, paper(90, 'whale sea air')];
    expect(emergentGroups(day)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 14],
      [7, 8, 9, 10, 11, 12, 13],
    ]);
  });

  it('stays alone where it is near to none', () => {
    expect(emergentGroups([...twoGroups, paper(90, 'porcelain')]).at(-1)).toEqual([14]);
  });
});

describe('whatever the papers of a day are', () => {
  const any = fc.record({
    vector: fc
      .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
      .map(v => Float32Array.from(v)),
    terms: fc
      .dictionary(
        fc.constantFrom('a', 'b', 'c', 'd'),
        fc.float({ min: Math.fround(0.1), max: 9, noNaN: true }),
      )
      .map(o => new Map(Object.entries(o))),
    ranking: fc.array(
      fc.record({
        theme: fc.constantFrom('x', 'y', 'z'),
        score: fc.double({ min: -5, max: 5, noNaN: true }),
      }),
      { maxLength: 3 },
    ),
  });

  it('each of them is in one group, and the same day gives the same groups', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), day => {
        const groups = emergentGroups(day);
        expect(groups.flat().sort((a, b) => a - b)).toEqual(day.map((_, i) => i));
        expect(groups.every(group => group.length > 0)).toBe(true);
        expect(emergentGroups(day)).toEqual(groups);
      }),
    );
  });

  it('papers that say nothing at all are grouped too', () => {
    const silent = times(30, () => ({ vector: new Float32Array(4), terms: new Map(), ranking: [] }));
    expect(emergentGroups(silent).flat()).toHaveLength(30);
    expect(emergentGroups([])).toEqual([]);
  });
});
