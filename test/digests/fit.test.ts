// A mail that would be too long tells less of its last papers first, of every theme its fair part, and of picks last.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, type Load, type Place, type Shown } from '../../src/digests/fit.ts';

const LADDER: Shown[] = ['full', 'summary', 'title', 'folded'];
const FIRST = { full: 0, standard: 1, brief: 2 };
const step = ({ shown }: Place) => LADDER.indexOf(shown);
const steps = (places: Place[]) => places.map(({ shown }) => shown);
const used = (placing: Place[][]) => placing.flat().reduce((sum, { bytes }) => sum + bytes, 0);
const repeated = (shown: Shown, count: number): Shown[] => Array.from({ length: count }, () => shown);

/** A theme of papers that take so many bytes at each step. */
const theme = (count: number, sizes: number[] = [1_500, 600, 150], lead = false): Load => ({
  lead,
  costs: Array.from({ length: count }, () => (shown: Shown) => sizes[LADDER.indexOf(shown)] ?? 0),
});

describe('where there is room', () => {
  it.each([
    ['full', 'full', 1_500],
    ['standard', 'summary', 600],
    ['brief', 'title', 150],
  ] as const)('a %s reader gets each %s, to the byte', (length, shown, bytes) => {
    const [places] = fitted([theme(5)], length, 5 * bytes);
    expect(places).toEqual(Array(5).fill({ shown, why: 'fits', bytes, budget: 5 * bytes }));
  });

  it('of no papers there is nothing to choose', () => {
    expect(fitted([], 'standard', 1_000)).toEqual([]);
    expect(fitted([theme(0)], 'full', 0)).toEqual([[]]);
  });
});

describe('where there is too little room', () => {
  it('the last papers lose first, and each is told why', () => {
    const [places = []] = fitted([theme(4)], 'standard', 4 * 600 - 1);
    expect(steps(places)).toEqual(['summary', 'summary', 'summary', 'title']);
    expect(places.map(({ why }) => why)).toEqual(['fits', 'fits', 'fits', 'theme over its share']);
  });

  it('each paper goes down one step before any goes down a second one', () => {
    const [places = []] = fitted([theme(4)], 'full', 4 * 600 + 900);
    expect(steps(places)).toEqual(['full', 'summary', 'summary', 'summary']);
    const [fewer = []] = fitted([theme(4)], 'full', 3 * 600 + 150);
    expect(steps(fewer)).toEqual(['summary', 'summary', 'summary', 'title']);
  });

  it('a theme of one keeps its paper, and a theme of forty its best ones', () => {
    const [large = [], small = []] = fitted([theme(40), theme(1)], 'standard', 40 * 150 + 600 + 10 * 450);
    expect(steps(small)).toEqual(['summary']);
    expect(steps(large)).toEqual([...repeated('summary', 10), ...repeated('title', 30)]);
  });

  it('shares grow by the square root of the counts', () => {
    const room = 120 * 150 + 45 * 450;
    const [large = [], small = []] = fitted([theme(100), theme(20)], 'standard', room);
    const summaries = (places: Place[]) => places.filter(({ shown }) => shown === 'summary').length;
    expect(large.every(({ budget }) => budget >= (small[0]?.budget ?? 0))).toBe(true);
    expect(summaries(small) / 20).toBeGreaterThan(summaries(large) / 100);
    expect(summaries(large) + summaries(small)).toBe(45);
  });

  it('every paper has its title before any has more', () => {
    const placing = fitted([theme(30), theme(2), theme(9)], 'full', 41 * 150 + 449);
    expect(new Set(placing.flatMap(steps))).toEqual(new Set(['title']));
  });

  it('where not even the titles have room, every theme still has some', () => {
    const [large = [], small = []] = fitted([theme(900), theme(9)], 'standard', 200 * 150);
    expect(steps(large)[0]).toBe('title');
    expect(steps(large).at(-1)).toBe('folded');
    expect(steps(small)).toEqual(repeated('title', 9));
  });

  it('picks keep all that they have until the others are down to their titles', () => {
    const loads = [theme(3, [1_500, 600, 150], true), theme(20), theme(2)];
    const [picks = [], large = []] = fitted(loads, 'full', 3 * 1_500 + 22 * 150);
    expect(steps(picks)).toEqual(['full', 'full', 'full']);
    expect(steps(large)).toEqual(repeated('title', 20));
    const [poorer = [], others = []] = fitted(loads, 'full', 3 * 1_500 + 22 * 150 - 1);
    expect(steps(poorer)).toEqual(['full', 'full', 'summary']);
    expect(steps(others).slice(-1)).toEqual(['title']);
  });

  it('what one theme cannot use goes to others, down to the last paper that it pays for', () => {
    const loads = [theme(1, [900, 800, 100]), theme(10), theme(10)];
    const placing = fitted(loads, 'standard', 8_000);
    expect(used(placing)).toBeGreaterThan(8_000 - 450);
  });

  it('nothing at all is shown where there is no room at all', () => {
    for (const room of [0, -1_000]) {
      const placing = fitted([theme(3, undefined, true), theme(3)], 'full', room);
      expect(placing.flatMap(steps)).toEqual(repeated('folded', 6));
    }
  });
});

const sizes = fc
  .tuple(fc.nat(20_000), fc.nat(2_000), fc.nat(1_000))
  .map(three => [...three].sort((a, b) => b - a));
const loads = fc.array(
  fc.array(sizes, { minLength: 1, maxLength: 30 }).map(papers => ({
    lead: false,
    costs: papers.map(bytes => (shown: Shown) => bytes[LADDER.indexOf(shown)] ?? 0),
  })),
  { maxLength: 12 },
);
const day = fc.record({
  loads: fc
    .tuple(loads, fc.boolean())
    .map(([all, lead]) => all.map((one, n) => ({ ...one, lead: lead && n === 0 }))),
  length: fc.constantFrom('full', 'standard', 'brief'),
  room: fc.oneof(fc.nat(100_000), fc.nat(10_000)),
});

describe('whatever the papers take', () => {
  it('all of it fits into the room, and every paper has its place', () => {
    fc.assert(
      fc.property(day, ({ loads, length, room }) => {
        const placing = fitted(loads, length, room);
        expect(placing.map(places => places.length)).toEqual(loads.map(({ costs }) => costs.length));
        expect(used(placing)).toBeLessThanOrEqual(room);
      }),
    );
  });

  it('no paper is told more of than a better one of its theme, nor by more than a step', () => {
    fc.assert(
      fc.property(day, ({ loads, length, room }) => {
        for (const places of fitted(loads, length, room)) {
          const all = places.map(step);
          expect(all).toEqual(all.toSorted((a, b) => a - b));
          expect(all[0]).toBeGreaterThanOrEqual(FIRST[length]);
          expect((all.at(-1) as number) - (all[0] as number)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('a theme keeps to its budget, and the reason is true', () => {
    fc.assert(
      fc.property(day, ({ loads, length, room }) => {
        for (const places of fitted(loads, length, room)) {
          expect(used([places])).toBeLessThanOrEqual(places[0]?.budget ?? 0);
          for (const place of places) expect(place.why === 'fits').toBe(step(place) === FIRST[length]);
        }
      }),
    );
  });

  it('it is the same choice each time', () => {
    fc.assert(
      fc.property(day, ({ loads, length, room }) => {
        expect(fitted(loads, length, room)).toEqual(fitted(loads, length, room));
      }),
    );
  });
});
