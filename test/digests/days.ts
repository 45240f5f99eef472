// Days of five sizes: two of real papers (the samples), the others made up. Their themes are fixed here, so that a better
// model changes no mail that was looked at.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Edition, EditionPaper } from '../../src/editions/edition.ts';
import { readPapers } from '../../src/papers/sources/formats.ts';
import { bigEdition, edition, paper } from './editions.ts';

function samplePapers(name: string): EditionPaper[] {
  const path = fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
  const { announcements } = readPapers(readFileSync(path, 'utf8'), path, { today: '2026-08-20' });
  return announcements.map(({ paper: one, vote }) =>
    paper({ ...one, vote: vote === null ? null : { ...vote, stars: vote.stars ?? null } }),
  );
}

/** Papers in sections of falling size, best first, as a model would place them. */
function inThemes(papers: readonly EditionPaper[], sizes: Readonly<Record<string, number>>): Edition {
  const ranked = papers.toSorted((a, b) => (b.vote?.upvotes ?? 0) - (a.vote?.upvotes ?? 0));
  let from = 0;
  const sections = Object.entries(sizes).map(([slug, count]) => {
    from += count;
    return [slug, ranked.slice(from - count, from)] as const;
  });
  return edition(Object.fromEntries([...sections, ['also-today', ranked.slice(from)]]));
}

export const DAYS = {
  quiet: () => edition({}),
  one: () => edition({ agents: samplePapers('huggingface-2026-06-12.json').slice(0, 1) }),
  'hugging-face': () =>
    inThemes(samplePapers('huggingface-2026-06-12.json'), {
      'language-models': 12,
      'agents-and-tools': 8,
      'image-generation': 5,
      robotics: 1,
    }),
  page: () =>
    inThemes(samplePapers('daily-papers-page.txt'), {
      'image-generation': 25,
      decoding: 15,
      'next-token-prediction': 12,
      'time-series': 7,
      recognition: 3,
      speech: 1,
    }),
  long: () => bigEdition(200),
} satisfies Record<string, () => Edition>;

export const WEEK_THEMES = [
  'language-models',
  'agents-and-tools',
  'image-generation',
  'decoding',
  'time-series',
];

/** Five days of the sampled papers; on the last one, two papers of the first stand again, and one is picked. */
export function week(): Edition[] {
  const feed = samplePapers('huggingface-2026-06-12.json');
  const page = samplePapers('daily-papers-page.txt');
  const pick = { by: 'Ada', note: 'The one to read this week.' };
  const days = [
    [feed.slice(0, 12), page.slice(0, 10)],
    [feed.slice(12, 20), page.slice(10, 24)],
    [[], page.slice(24, 40)],
    [feed.slice(20, 24), page.slice(40, 60)],
    [
      [...feed.slice(24), ...feed.slice(0, 2)].map((one, n) => (n === 1 ? { ...one, pick } : one)),
      page.slice(60),
    ],
  ];
  return days.map(([of = [], also = []], day) => ({
    ...inThemes([...of, ...also], {
      'language-models': 6,
      'agents-and-tools': 5,
      'image-generation': 4,
      decoding: 3,
    }),
    date: `2026-08-${17 + day}`,
  }));
}
