// Why a paper stands where it stands: what is kept of it, and how it is said.
import { describe, expect, it } from 'vitest';
import { type Evidence, evidenceOf } from '../../src/themes/evidence.ts';
import { group } from '../../src/themes/group.ts';
import type { DayModel } from '../../src/themes/layout.ts';
import { evidenceInWords, isCloseCall, namesOf } from '../../src/themes/why.ts';

const RANKING = [
  { theme: 'robots', score: 2.345678 },
  { theme: 'rl', score: 1.9 },
  { theme: 'vision', score: -1 },
];

describe('what is kept of an opinion', () => {
  it('is the theme, the likeliest other one, numbers of two decimals and at most five phrases', () => {
    const matched = ['a', 'b', 'c', 'd', 'e', 'f'];
    const opinion = { theme: 'robots', score: 2.345678, margin: 0.445678, matched, ranking: RANKING };
    expect(evidenceOf(opinion, 'theme')).toEqual({
      theme: 'robots',
      second: 'rl',
      score: 2.35,
      margin: 0.45,
      matched: ['a', 'b', 'c', 'd', 'e'],
      by: 'model',
      placed: 'theme',
    });
  });

  it.each([
    [
      'of a plain model that says the theme alone',
      { theme: 'robots' },
      { second: null, score: null, margin: null },
    ],
    [
      'where no theme is close',
      { theme: null, score: 1, margin: 0.4, matched: ['x'], ranking: RANKING },
      { theme: null, second: 'robots', margin: null, matched: [] },
    ],
    [
      'where a person chose another theme',
      { theme: 'vision', margin: 0.4, ranking: RANKING, by: 'person' as const },
      { second: 'robots', score: null, margin: null, by: 'person' },
    ],
    [
      'where a person agreed with the model',
      { theme: 'robots', second: null, ranking: RANKING, by: 'person' as const },
      { second: null },
    ],
    [
      'of numbers that are none',
      { theme: 'robots', score: Number.NaN, margin: Number.POSITIVE_INFINITY },
      { score: null, margin: null },
    ],
  ])('is what there is, %s', (_what, opinion, kept) => {
    expect(evidenceOf(opinion, 'theme')).toMatchObject(kept);
  });
});

describe('evidence in words', () => {
  const nameOf = namesOf([
    { slug: 'robots', name: 'Robotics' },
    { slug: 'rl', name: 'Reinforcement learning' },
  ]);
  const base: Evidence = {
    theme: 'robots',
    second: 'rl',
    score: 2,
    margin: 0.4,
    matched: ['manipulation', 'vision-language-action'],
    by: 'model',
    placed: 'theme',
  };

  it.each<[Partial<Evidence>, string]>([
    [{}, "under Robotics: 'manipulation', 'vision-language-action'; next Reinforcement learning, 0.4 behind"],
    [{ matched: [], margin: 0.02 }, 'under Robotics; next Reinforcement learning, 0.02 behind'],
    [
      { by: 'embedder', matched: [] },
      'under Robotics (with the embedder); next Reinforcement learning, 0.4 behind',
    ],
    [
      { by: 'person', matched: [], margin: null },
      'under Robotics (a person said so); to the model likeliest: Reinforcement learning',
    ],
    [{ by: 'person', theme: null, second: null, matched: [] }, 'under no theme (a person said so)'],
    [{ theme: null, margin: null, matched: [] }, 'under no theme; nearest Reinforcement learning'],
    [{ second: null, matched: ['arm'] }, "under Robotics: 'arm'"],
    [{ theme: 'gone', second: null, matched: [] }, 'under gone'],
    [
      { second: null, matched: [], placed: 'second' },
      'under Robotics; alone under its theme that day, so it went to Heading',
    ],
    [
      { second: null, matched: [], placed: 'likeness' },
      'under Robotics; stands with the papers that it is like: Heading',
    ],
    [{ second: null, matched: [], placed: 'rest' }, 'under Robotics; left over that day: Heading'],
  ])('%j reads: %s', (change, words) => {
    expect(evidenceInWords({ ...base, ...change }, 'Heading', nameOf)).toBe(words);
  });

  it('calls it a close call where the second is about as likely, and never where a person chose', () => {
    expect(isCloseCall({ ...base, margin: 0.1 })).toBe(true);
    expect(isCloseCall({ ...base, margin: 0.3 })).toBe(false);
    expect(isCloseCall({ ...base, margin: null })).toBe(false);
    expect(isCloseCall({ ...base, margin: 0.1, by: 'person' })).toBe(false);
  });
});

describe('a day', () => {
  const themes = ['sea', 'sky'].map(slug => ({ slug, name: slug, description: '', keywords: [slug] }));
  const model: DayModel = {
    classify: ({ title }) => {
      if (title === 'both') return { theme: 'sky', second: 'sea', score: 1, margin: 0.1 };
      return title.startsWith('sea')
        ? { theme: 'sea', score: 3, margin: 2, matched: ['sea'] }
        : { theme: null };
    },
  };

  it('hands the evidence of each paper through, with what put it into its section', () => {
    const day = ['sea a', 'sea b', 'both', 'cups'].map(title => ({ title, abstract: '' }));
    const kept = group(day, themes, model).flatMap(({ slug, papers, evidence }) =>
      papers.map(paper => [slug, paper.title, evidence.get(paper)?.theme, evidence.get(paper)?.placed]),
    );
    expect(kept).toEqual([
      ['sea', 'sea a', 'sea', 'theme'],
      ['sea', 'sea b', 'sea', 'theme'],
      ['sea', 'both', 'sky', 'second'],
      ['also-today', 'cups', null, 'rest'],
    ]);
  });

  it('knows of a person’s word', () => {
    const [paper] = [{ title: 'sea a', abstract: '' }];
    const [section] = group(paper === undefined ? [] : [paper], themes, model, () => 'sky');
    expect(section?.slug).toBe('sky');
    expect([...(section?.evidence.values() ?? [])]).toMatchObject([
      { theme: 'sky', by: 'person', margin: null },
    ]);
  });
});
