// How a day is laid out: the strongest subject first, nobody alone without need, and headings that fit a narrow day.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { group, type ThemeGroup } from '../../src/themes/group.ts';
import { type DayModel, isNarrow } from '../../src/themes/layout.ts';
import type { PaperText } from '../../src/themes/model/answer.ts';
import { ALSO_TODAY, type Theme } from '../../src/themes/taxonomy.ts';

const theme = (slug: string): Theme => ({ slug, name: `On ${slug}`, description: '', keywords: [slug] });
const THEMES = ['sea', 'sky', 'land', 'fire', 'rock'].map(theme);

const words = ({ title, abstract }: PaperText) =>
  `${title} ${abstract}`.toLowerCase().match(/\p{L}+/gu) ?? [];

/** Scores a theme by how often its slug is said; a paper's vector is these scores, its terms are its words. */
const model: DayModel & Required<Pick<DayModel, 'vector' | 'terms'>> = {
  classify(paper) {
    const said = words(paper);
    const ranking = THEMES.map(({ slug }) => ({
      theme: slug,
      score: said.filter(word => word === slug).length,
    })).sort((a, b) => b.score - a.score);
    const [first, second] = ranking;
    const isNear = ({ score = 0 } = {}) => score > 0 && score > 0.7 * (first?.score ?? 0);
    const slug = (one: typeof first) => (isNear(one) ? (one?.theme ?? null) : null);
    return { theme: slug(first), second: slug(second), ranking };
  },
  vector: paper =>
    Float32Array.from(THEMES, ({ slug }) => words(paper).filter(word => word === slug).length + 0.1),
  terms: paper => new Map(words(paper).map(word => [word, 1])),
};

const day = (...titles: string[]) => titles.map(title => ({ title, abstract: '' }));
const shown = (groups: ThemeGroup<PaperText>[]) =>
  groups.map(({ slug, name, papers }) => [slug, name, papers.map(({ title }) => title)]);

const CLOSE = 'land land land land land land sea sea sea sea sea';

describe('an ordinary day', () => {
  it('is laid out by theme: the section of the best paper first, no theme last', () => {
    const papers = day('cups', 'sky a', 'sea a', 'sky b', 'sea b');
    expect(shown(group(papers, THEMES, model))).toEqual([
      ['sky', 'On sky', ['sky a', 'sky b']],
      ['sea', 'On sea', ['sea a', 'sea b']],
      ['also-today', 'Also today', ['cups']],
    ]);
  });

  it('puts a paper that would stand alone under its runner-up, where that is nearly as near', () => {
    const papers = day('sea a', 'sea b', CLOSE, 'sky');
    const groups = group(papers, THEMES, model);
    expect(shown(groups)).toEqual([
      ['sea', 'On sea', ['sea a', 'sea b', CLOSE]],
      ['sky', 'On sky', ['sky']],
    ]);
    // Readers who chose "land" still get it.
    expect([...(groups[0]?.strays ?? [])]).toEqual([[papers[2], { slug: 'land', name: 'On land' }]]);
    expect(groups[1]?.strays.size).toBe(0);
  });

  it.each([
    ['it is far behind', day('sea a', 'sea b', 'land land land land land sea')],
    ['it has no papers today', day('sky a', 'sky b', CLOSE)],
    ['its only paper is another one that stands alone', day('sea', CLOSE)],
    ['it has none', day('sea a', 'sea b', 'land')],
  ])('and leaves it where it is when %s', (_why, papers) => {
    const own = group(papers, THEMES, model).find(({ slug }) => slug === 'land');
    expect(own?.papers).toEqual([papers.at(-1)]);
  });
});

/** A day on the sea alone: whale calls, polar ice, and a few that share nothing. */
const NARROW = day(
  ...Array.from({ length: 12 }, (_, i) => `sea: whale calls ${'abcdefghijkl'[i]}`),
  ...Array.from({ length: 11 }, (_, i) => `sea sky: polar ice ${'abcdefghijkl'[i]}`),
  ...['sea rock glass', 'sea rock glass bowl', 'fire'],
);

describe('a day that is all about one subject', () => {
  const groups = group(NARROW, THEMES, model);

  it('has the groups that its papers form, under names of their own; the rest by theme, then "Also today"', () => {
    expect(groups.map(({ slug, name, papers }) => [slug, name, papers.length])).toEqual([
      ['sea', 'Whale calls', 12],
      ['sea', 'Polar ice', 11],
      ['sea', 'On sea', 2],
      ['also-today', 'Also today', 1],
    ]);
  });

  it('remembers the theme of every paper that stands elsewhere', () => {
    expect(groups.flatMap(({ strays }) => [...strays])).toEqual([
      [NARROW.at(-1), { slug: 'fire', name: 'On fire' }],
    ]);
  });

  it('is laid out by theme all the same with a model that cannot compare papers', () => {
    const plain: DayModel = { classify: paper => ({ theme: model.classify(paper).theme }) };
    expect(group(NARROW, THEMES, plain).map(({ name, papers }) => [name, papers.length])).toEqual([
      ['On sea', 25],
      ['On fire', 1],
    ]);
  });

  it('has one section for a phrase and a theme whose name has that phrase', () => {
    const named = THEMES.map(one => (one.slug === 'sea' ? { ...one, name: 'Whale calls and more' } : one));
    const sections = group(NARROW, named, model).map(({ name, papers }) => [name, papers.length]);
    expect(sections).toEqual([
      ['Whale calls', 14],
      ['Polar ice', 11],
      ['Also today', 1],
    ]);
  });

  it('may be about a subject that no theme knows', () => {
    const unknown = NARROW.map(({ title, abstract }) => ({
      title: title.replaceAll(/sea|sky|rock|fire/g, 'moor'),
      abstract,
    }));
    expect(group(unknown, THEMES, model).map(({ slug, name }) => [slug, name])).toEqual([
      ['also-today', 'Whale calls'],
      ['also-today', 'Polar ice'],
      ['also-today', 'Also today'],
    ]);
  });
});

describe('a day is narrow', () => {
  const apart = (n: number) => Array.from({ length: n }, (_, i) => new Map([[`x${i}`, 1]]));
  const spread = (n: number) => Array.from({ length: n }, (_, i) => `t${i % 10}`);

  it.each<[string, boolean, (string | null)[], Map<string, number>[]]>([
    ['when one theme holds more than a third', true, [...Array(8).fill('a'), ...spread(12)], apart(20)],
    ['when most papers have no theme', true, [...Array(15).fill(null), ...spread(5)], apart(20)],
    ['when a term runs through it', true, spread(20), Array(20).fill(new Map([['sea', 1]]))],
    ['not when it is spread out', false, spread(20), apart(20)],
    ['not when it is small', false, Array(19).fill('a'), apart(19)],
    ['not when it is too large to compare all', false, Array(1501).fill('a'), apart(1501)],
    ['not without papers', false, [], []],
  ])('%s', (_when, narrow, themes, terms) => {
    expect(isNarrow(themes, terms)).toBe(narrow);
  });
});

describe('whatever the papers of a day are', () => {
  const word = fc.constantFrom(...THEMES.map(({ slug }) => slug), 'whale calls', 'polar ice', 'cups', '漢字');
  const text = fc.array(word, { maxLength: 6 }).map(parts => parts.join(' '));
  const papers = fc.array(fc.record({ title: text, abstract: text }), { maxLength: 45 });

  it('each stands in one section, in the order of the day, and its own theme is remembered', () => {
    fc.assert(
      fc.property(papers, all => {
        const groups = group(all, THEMES, model);
        const placed = groups.flatMap(g => g.papers);
        expect(placed).toHaveLength(all.length);
        expect(new Set(placed)).toEqual(new Set(all));
        for (const { slug, papers: own, strays } of groups) {
          const places = own.map(paper => all.indexOf(paper));
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          for (const paper of own) {
            const itsOwn = model.classify(paper).theme ?? ALSO_TODAY.slug;
            expect(strays.get(paper)?.slug ?? slug).toBe(itsOwn);
          }
        }
      }),
    );
  });

  it('sections follow their best papers, and no two have the same heading', () => {
    fc.assert(
      fc.property(papers, all => {
        const groups = group(all, THEMES, model);
        expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
        const leads = groups
          .filter(({ name }) => name !== ALSO_TODAY.name)
          .map(({ papers: own }) => all.indexOf(own[0] as PaperText));
        expect(leads).toEqual(leads.toSorted((a, b) => a - b));
        const last = groups.findIndex(({ name }) => name === ALSO_TODAY.name);
        expect([-1, groups.length - 1]).toContain(last);
      }),
    );
  });
});
