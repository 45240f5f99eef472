// A mail that would be too long tells less of its last papers first, of every theme its fair part, and of picks last.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, type Item, type Load, type Place, type Shown, type Why } from '../../src/digests/fit.ts';

const LADDER: Shown[] = ['full', 'summary', 'title', 'folded'];
const step = ({ shown }: Place) => LADDER.indexOf(shown);
const steps = (places: Place[]) => places.map(({ shown }) => shown);
const used = (placing: Place[][]) => placing.flat().reduce((sum, { bytes }) => sum + bytes, 0);
const repeated = (shown: Shown, count: number): Shown[] => Array.from({ length: count }, () => shown);

type Length = keyof typeof ASKED;
const ASKED = { full: 'full', standard: 'summary', brief: 'title' } as const;

/** A paper that takes so many bytes at each step. */
const item = (sizes: number[], shown: Shown, why: Why = 'fits'): Item => ({
  wish: { shown, why },
  bytes: step => sizes[LADDER.indexOf(step)] ?? 0,
});

/** A theme of papers alike, for a reader of a length. */
const theme = (count: number, length: Length, sizes: number[] = [1_500, 600, 150], lead = false): Load => ({
  lead,
  items: Array.from({ length: count }, () => item(sizes, ASKED[length])),
});

describe('where there is room', () => {
  it.each([
    ['full', 'full', 1_500],
    ['standard', 'summary', 600],
    ['brief', 'title', 150],
  ] as const)('a %s reader gets each %s, to the byte', (length, shown, bytes) => {
    const [places] = fitted([theme(5, length)], 5 * bytes);
    expect(places).toEqual(Array(5).fill({ shown, why: 'fits', bytes, budget: 5 * bytes }));
  });

  it('of no papers there is nothing to choose', () => {
    expect(fitted([], 1_000)).toEqual([]);
    expect(fitted([theme(0, 'full')], 0)).toEqual([[]]);
  });
});

describe('where there is too little room', () => {
  it('the last papers lose first, and each is told why', () => {
    const [places = []] = fitted([theme(4, 'standard')], 4 * 600 - 1);
    expect(steps(places)).toEqual(['summary', 'summary', 'summary', 'title']);
    expect(places.map(({ why }) => why)).toEqual(['fits', 'fits', 'fits', 'theme over its share']);
  });

  it('each paper goes down one step before any goes down a second one', () => {
    const [places = []] = fitted([theme(4, 'full')], 4 * 600 + 900);
    expect(steps(places)).toEqual(['full', 'summary', 'summary', 'summary']);
    const [fewer = []] = fitted([theme(4, 'full')], 3 * 600 + 150);
    expect(steps(fewer)).toEqual(['summary', 'summary', 'summary', 'title']);
  });

  it('a theme of one keeps its paper, and a theme of forty its best ones', () => {
    const [large = [], small = []] = fitted(
      [theme(40, 'standard'), theme(1, 'standard')],
      40 * 150 + 600 + 10 * 450,
    );
    expect(steps(small)).toEqual(['summary']);
    expect(steps(large)).toEqual([...repeated('summary', 10), ...repeated('title', 30)]);
  });

  it('shares grow by the square root of the counts', () => {
    const room = 120 * 150 + 45 * 450;
    const [large = [], small = []] = fitted([theme(100, 'standard'), theme(20, 'standard')], room);
    const summaries = (places: Place[]) => places.filter(({ shown }) => shown === 'summary').length;
    expect(large.every(({ budget }) => budget >= (small[0]?.budget ?? 0))).toBe(true);
    expect(summaries(small) / 20).toBeGreaterThan(summaries(large) / 100);
    expect(summaries(large) + summaries(small)).toBe(45);
  });

  it('every paper has its title before any has more', () => {
    const placing = fitted([theme(30, 'full'), theme(2, 'full'), theme(9, 'full')], 41 * 150 + 449);
    expect(new Set(placing.flatMap(steps))).toEqual(new Set(['title']));
  });

  it('where not even the titles have room, every theme still has some', () => {
    const [large = [], small = []] = fitted([theme(900, 'standard'), theme(9, 'standard')], 200 * 150);
    expect(steps(large)[0]).toBe('title');
    expect(steps(large).at(-1)).toBe('folded');
    expect(steps(small)).toEqual(repeated('title', 9));
  });

  it('picks keep all that they have until the others are down to their titles', () => {
    const loads = [theme(3, 'full', [1_500, 600, 150], true), theme(20, 'full'), theme(2, 'full')];
    const [picks = [], large = []] = fitted(loads, 3 * 1_500 + 22 * 150);
    expect(steps(picks)).toEqual(['full', 'full', 'full']);
    expect(steps(large)).toEqual(repeated('title', 20));
    const [poorer = [], others = []] = fitted(loads, 3 * 1_500 + 22 * 150 - 1);
    expect(steps(poorer)).toEqual(['full', 'full', 'summary']);
    expect(steps(others).slice(-1)).toEqual(['title']);
  });

  it('what one theme cannot use goes to others, down to the last paper that it pays for', () => {
    const loads = [theme(1, 'standard', [900, 800, 100]), theme(10, 'standard'), theme(10, 'standard')];
    const placing = fitted(loads, 8_000);
    expect(used(placing)).toBeGreaterThan(8_000 - 450);
  });

  it('nothing at all is shown where there is no room at all', () => {
    for (const room of [0, -1_000]) {
      const placing = fitted([theme(3, 'full', undefined, true), theme(3, 'full')], room);
      expect(placing.flatMap(steps)).toEqual(repeated('folded', 6));
    }
  });
});

describe('where some papers of several days are shown as titles', () => {
  const week = (told: number, others: number): Load => ({
    lead: false,
    items: [
      ...theme(told, 'standard').items,
      ...Array.from({ length: others }, () =>
        item([1_500, 600, 150], 'title', 'not among the best of these days'),
      ),
    ],
  });

  it('they stay titles although there is room, and say why', () => {
    const [places = []] = fitted([week(2, 3)], 100_000);
    expect(steps(places)).toEqual([...repeated('summary', 2), ...repeated('title', 3)]);
    expect(places.map(({ why }) => why)).toEqual([
      ...Array(2).fill('fits'),
      ...Array(3).fill('not among the best of these days'),
    ]);
  });

  it('every summary becomes a title before any title is left out', () => {
    const [places = []] = fitted([week(2, 3)], 5 * 150);
    expect(steps(places)).toEqual(repeated('title', 5));
    const [fewer = []] = fitted([week(2, 3)], 4 * 150);
    expect(steps(fewer)).toEqual([...repeated('title', 4), 'folded']);
    expect(fewer.map(({ why }) => why)).toEqual([
      ...Array(2).fill('theme over its share'),
      ...Array(2).fill('not among the best of these days'),
      'theme over its share',
    ]);
  });

  it('what is left over is spent on what was taken away, not on them', () => {
    const placing = fitted([week(1, 9), week(1, 1)], 12 * 150 + 2 * 450);
    expect(placing.map(places => steps(places)[0])).toEqual(['summary', 'summary']);
    expect(used(placing)).toBe(12 * 150 + 2 * 450);
  });
});

describe('where less would save nothing', () => {
  it('all is told, and nobody is told of a loss', () => {
    const short = item([600, 600, 150], 'full');
    const long = item([1_500, 600, 150], 'full');
    const [places = []] = fitted([{ lead: false, items: [long, short, long] }], 3 * 600);
    expect(steps(places)).toEqual(['summary', 'full', 'summary']);
    expect(places[1]?.why).toBe('fits');
  });
});

/** Each step takes more than the one below it. */
const sizes = fc
  .tuple(fc.nat(20_000), fc.nat(2_000), fc.nat(1_000))
  .map(([full, summary, title]) => [full + summary + title + 3, summary + title + 2, title + 1]);
/** One asked-for step, or for some papers of the day no more than a title. */
const papers = fc
  .tuple(fc.constantFrom('full', 'standard', 'brief'), fc.boolean())
  .chain(([length, several]) =>
    fc.array(
      fc
        .tuple(sizes, fc.boolean())
        .map(([one, best]) =>
          several && !best
            ? item(one, 'title', 'not among the best of these days')
            : item(one, ASKED[length as Length]),
        ),
      { minLength: 1, maxLength: 30 },
    ),
  );
const day = fc.record({
  loads: fc
    .tuple(fc.array(papers, { maxLength: 12 }), fc.boolean())
    .map(([all, lead]) => all.map((items, n): Load => ({ items, lead: lead && n === 0 }))),
  room: fc.oneof(fc.nat(100_000), fc.nat(10_000)),
});

describe('whatever the papers take', () => {
  it('all of it fits into the room, and every paper has its place', () => {
    fc.assert(
      fc.property(day, ({ loads, room }) => {
        const placing = fitted(loads, room);
        expect(placing.map(places => places.length)).toEqual(loads.map(({ items }) => items.length));
        expect(used(placing)).toBeLessThanOrEqual(room);
      }),
    );
  });

  it('no paper is told more of than a better one of its theme that was wanted as much, nor by more than a step', () => {
    fc.assert(
      fc.property(day, ({ loads, room }) => {
        for (const [n, places] of fitted(loads, room).entries()) {
          const items = loads[n]?.items ?? [];
          for (const wanted of LADDER) {
            const all = places.filter((_, paper) => items[paper]?.wish.shown === wanted).map(step);
            expect(all).toEqual(all.toSorted((a, b) => a - b));
            expect((all.at(-1) ?? 0) - (all[0] ?? 0)).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it('a theme keeps to its budget, and the reason is true', () => {
    fc.assert(
      fc.property(day, ({ loads, room }) => {
        for (const [n, places] of fitted(loads, room).entries()) {
          expect(used([places])).toBeLessThanOrEqual(places[0]?.budget ?? 0);
          for (const [paper, { shown, why }] of places.entries()) {
            const wish = loads[n]?.items[paper]?.wish;
            if (shown === wish?.shown) expect(why).toBe(wish.why);
            else expect(why).toBe('theme over its share');
          }
        }
      }),
    );
  });

  it('it is the same choice each time', () => {
    fc.assert(
      fc.property(day, ({ loads, room }) => {
        expect(fitted(loads, room)).toEqual(fitted(loads, room));
      }),
    );
  });
});
