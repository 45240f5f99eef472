// What a cut over several editions holds: every paper once, the best of all days first.
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

  it('calls a theme as the newest edition does', () => {
    const renamed = {
      ...tuesday,
      themes: tuesday.themes.map(theme => ({ ...theme, name: theme.slug.toUpperCase() })),
    };
    expect(cut([monday, renamed], wants()).themes.map(({ name }) => name)).toEqual([
      'VISION',
      'AGENTS',
      'speech',
    ]);
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
