// What a cut over several editions holds: every paper once, the best of all days first, under the newest day's headings.
import { describe, expect, it } from 'vitest';
import { type Cut, cut } from '../../src/digests/cut.ts';
import type { EditionPaper } from '../../src/editions/edition.ts';
import type { Preferences } from '../../src/subscribers/preferences.ts';
import { edition, paper, wants } from './editions.ts';

const titles = ({ themes }: Cut) => themes.flatMap(({ papers }) => papers.map(({ title }) => title));

describe('a digest of several days', () => {
  const monday = edition(
    { agents: [paper({ title: 'A1' }), paper({ title: 'A2' })], speech: [paper({ title: 'S1' })] },
    '2026-08-17',
  );
  const tuesday = edition(
    { vision: [paper({ title: 'V2' })], agents: [paper({ title: 'A3' })] },
    '2026-08-18',
  );
  const result = cut([monday, tuesday], wants());

  it('has the themes in the order of the newest, and names every theme once', () => {
    expect(result.themes.map(({ slug }) => slug)).toEqual(['vision', 'agents', 'speech']);
  });

  it('has the papers of a theme best first, whatever their day', () => {
    expect(result.themes[1]?.papers.map(({ title, rank }) => [title, rank])).toEqual([
      ['A1', 1],
      ['A3', 2],
      ['A2', 2],
    ]);
  });

  const voted = (title: string, upvotes: number, more: Partial<EditionPaper> = {}) =>
    paper({ title, vote: { upvotes, comments: 0, stars: null }, ...more });
  const trending = {
    votes: 90,
    growth: null,
    since: null,
    comments: 0,
    stars: 0,
    code: false,
    age: 1,
    score: 1,
  };

  it.each<[string, EditionPaper, EditionPaper]>([
    ['a pick', voted('old', 1, { rank: 9, pick: { by: 'Ada', note: null } }), voted('new', 80, { rank: 1 })],
    ['the better rank in its own day', voted('old', 1, { rank: 2 }), voted('new', 80, { rank: 3 })],
    ['the one with more votes', voted('old', 81, { rank: 2 }), voted('new', 80, { rank: 2 })],
    ['the one whose trend has more votes', voted('old', 1, { trend: trending }), voted('new', 80)],
  ])('puts before another: %s', (_what, better, worse) => {
    const day = (date: string, one: EditionPaper) => ({
      date,
      themes: [{ slug: 'a', name: 'A', papers: [one] }],
    });
    for (const days of [
      [day('2026-08-17', better), day('2026-08-18', worse)],
      [day('2026-08-17', worse), day('2026-08-18', better)],
    ])
      expect(titles(cut(days, wants()))).toEqual([better.title, worse.title]);
  });

  it('puts the newer one first where nothing else tells two apart', () => {
    const day = (date: string) => edition({ a: [voted(date, 5)] }, date);
    const days = ['2026-08-17', '2026-08-18', '2026-08-19'];
    expect(titles(cut(days.map(day), wants()))).toEqual(days.toReversed());
  });

  it.each<[string, Partial<Preferences>, string[]]>([
    ['everything', {}, ['new']],
    ['its old theme', { themes: ['agents'] }, []],
    ['its new theme', { themes: ['vision'] }, ['new']],
    ['what its title said before', { keywords: ['old'] }, []],
  ])(
    'has a paper that stands in two editions once, as the newest has it, for a reader of %s',
    (_what, wish, had) => {
      const days = [
        edition({ agents: [paper({ id: 'arxiv:1', title: 'old' })] }, '2026-08-17'),
        edition({ vision: [paper({ id: 'arxiv:1', title: 'new' })] }, '2026-08-18'),
      ];
      expect(titles(cut(days, wants(wish)))).toEqual(had);
    },
  );

  it('says which days it covers, and how many', () => {
    expect([result.first, result.last, result.days]).toEqual(['2026-08-17', '2026-08-18', 2]);
  });

  it('shows no paper twice', () => {
    expect(new Set(titles(result)).size).toBe(titles(result).length);
  });

  it('leaves the editions as they were', () => {
    const before = structuredClone([monday, tuesday]);
    cut([monday, tuesday], wants({ keywords: ['A1'] }));
    expect([monday, tuesday]).toEqual(before);
  });
});

/** Why a paper stands in its section: by its theme, or as the papers there are alike. */
const placed = (by: 'theme' | 'likeness'): EditionPaper['evidence'] => ({
  theme: 'vision',
  second: null,
  score: null,
  margin: null,
  matched: [],
  by: 'model',
  placed: by,
});

describe('the headings of several days', () => {
  type Told = [slug: string, name: string, by: 'theme' | 'likeness' | null, titles: string];
  const day = (date: string, sections: readonly Told[]) => ({
    date,
    themes: sections.map(([slug, name, by, titles]) => ({
      slug,
      name,
      papers: titles.split(' ').map((title, n) => paper({ title, rank: n + 1, evidence: by && placed(by) })),
    })),
  });
  const headings = (older: readonly Told[], newest: readonly Told[], wish: Partial<Preferences> = {}) =>
    cut([day('2026-08-17', older), day('2026-08-18', newest)], wants(wish)).themes.map(
      ({ name, papers }) => `${name}: ${papers.map(({ title }) => title).join(' ')}`,
    );

  it.each<[what: string, older: Told[], newest: Told[], shown: string[]]>([
    [
      'of a theme that was called something else are as the newest day has it',
      [['vision', 'Vision', 'theme', 'old']],
      [['vision', 'Seeing', 'theme', 'new']],
      ['Seeing: new old'],
    ],
    [
      'keep a theme apart from what the newest day has found in it',
      [['vision', 'Vision', 'theme', 'old']],
      [['vision', 'Image generation', 'likeness', 'new']],
      ['Image generation: new', 'Vision: old'],
    ],
    [
      'put what an older day has found under its theme, where that stands there',
      [
        ['vision', 'Image generation', 'likeness', 'images'],
        ['vision', 'Video generation', 'likeness', 'videos'],
      ],
      [['vision', 'Vision', 'theme', 'new']],
      ['Vision: new images videos'],
    ],
    [
      'let what was found on both days be one, whichever comes first in its day',
      [
        ['vision', 'Image generation', 'likeness', 'images'],
        ['vision', 'Video generation', 'likeness', 'videos'],
      ],
      [
        ['vision', 'Video generation', 'likeness', 'new-videos'],
        ['vision', 'Image generation', 'likeness', 'new-images'],
      ],
      ['Video generation: new-videos videos', 'Image generation: new-images images'],
    ],
    [
      'let what an older day has found stand by itself, where nobody says what its theme is called',
      [['vision', 'Video generation', 'likeness', 'old']],
      [['vision', 'Image generation', 'likeness', 'new']],
      ['Image generation: new', 'Video generation: old'],
    ],
    [
      'do not guess where nobody knows how a section was found',
      [['vision', 'Video generation', null, 'old']],
      [['vision', 'Image generation', null, 'new']],
      ['Image generation: new', 'Video generation: old'],
    ],
    [
      'do not put together what has only the name in common',
      [['speech', 'Models', 'theme', 'old']],
      [['vision', 'Models', 'theme', 'new']],
      ['Models: new', 'Models: old'],
    ],
  ])('%s', (_what, older, newest, shown) => {
    expect(headings(older, newest)).toEqual(shown);
  });

  it('know what a theme is called from a paper of it in a section of another one', () => {
    const stray = { title: 'stray', theme: { slug: 'vision', name: 'Vision' } };
    const newest = {
      date: '2026-08-18',
      themes: [{ slug: 'agents', name: 'Agents', papers: [paper({ title: 'new' }), paper(stray)] }],
    };
    const older = day('2026-08-17', [['vision', 'Video generation', 'likeness', 'old']]);
    const shown = (wish: Partial<Preferences>) =>
      cut([older, newest], wants(wish)).themes.map(({ name, papers }) => [name, papers.length]);
    expect(shown({})).toEqual([
      ['Agents', 2],
      ['Vision', 1],
    ]);
    expect(shown({ themes: ['vision'] })).toEqual([['Vision', 2]]);
  });
});
