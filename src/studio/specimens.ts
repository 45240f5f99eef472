// The extreme days, at one click: none, one, thirty, seventy-one and two hundred papers, TeX, right to left, hostile.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { arrange, type Judged } from '../editions/arrange.ts';
import type { Edition } from '../editions/edition.ts';
import type { Press } from '../editions/publish.ts';
import { trendOf } from '../editions/trend.ts';
import type { Announcement } from '../papers/paper.ts';
import { announceAll, readPapers } from '../papers/sources/formats.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { HOSTILE, RIGHT_TO_LEFT, TEX } from './specimen-texts.ts';

/** What a specimen is called, what it shows, and what its reader wants besides the usual. */
interface Specimen {
  label: string;
  about: string;
  preferences: Partial<Preferences>;
}

export type SpecimenSlug =
  | 'none'
  | 'one'
  | 'thirty'
  | 'seventy-one'
  | 'two-hundred'
  | 'tex'
  | 'right-to-left'
  | 'hostile';

export const SPECIMENS: Record<SpecimenSlug, Specimen> = {
  none: { label: 'No papers', about: 'A day without papers.', preferences: {} },
  one: { label: '1 paper', about: 'A day of one paper.', preferences: {} },
  thirty: { label: '30 papers', about: 'A real day with votes, and a pick.', preferences: {} },
  'seventy-one': {
    label: '71 papers',
    about: 'A real page that somebody pasted, without votes.',
    preferences: {},
  },
  'two-hundred': {
    label: '200 papers',
    about: 'A day so long that not every paper has its summary.',
    preferences: {},
  },
  tex: { label: 'All TeX', about: 'Titles and abstracts full of formulas and accents.', preferences: {} },
  'right-to-left': {
    label: 'Right to left',
    about: 'An Arabic reader, with Arabic and Hebrew titles and notes among English ones.',
    preferences: { locale: 'ar' },
  },
  hostile: {
    label: 'Hostile',
    about: 'The longest titles, 300 authors, no abstract, no links, scripts, emoji.',
    preferences: {},
  },
};

/** Always the same day, so that two looks at a specimen differ by the template alone. */
const DATE = '2026-08-20';
const YESTERDAY = '2026-08-19';

/**
 * The edition of a specimen, arranged by the operator's own themes and model as `publish` would; nothing is stored.
 * @throws PaperroundError when the model cannot be opened
 */
export async function specimenEdition(
  slug: SpecimenSlug,
  press: Pick<Press, 'themes' | 'model'>,
): Promise<Edition> {
  const papers = await PAPERS[slug]();
  if (papers.length === 0) return { date: DATE, themes: [] };
  const picks = papers.filter(({ pick }) => pick !== null);
  const others = papers.filter(({ pick }) => pick === null);
  return arrange(
    DATE,
    { picks, others },
    { themes: press.themes, model: await press.model(async () => papers) },
  );
}

const PAPERS: Record<SpecimenSlug, () => Promise<Judged[]>> = {
  none: async () => [],
  one: async () => [
    (await hugging()).reduce((best, paper) => (votesOf(paper) > votesOf(best) ? paper : best)),
  ],
  thirty: async () =>
    withPick(await hugging(), 3, 'Careful and short. Read §4 first: the failures say more than the table.'),
  'seventy-one': pasted,
  'two-hundred': async () => {
    const real = [...(await hugging()), ...(await pasted())];
    return Array.from({ length: 200 }, (_, n) => longer(real, n));
  },
  tex: async () => madeUp(TEX),
  'right-to-left': async () => {
    const [first, ...rest] = madeUp(RIGHT_TO_LEFT.papers);
    const english = (await hugging()).slice(0, 12);
    const notes = RIGHT_TO_LEFT.notes;
    const picked = first === undefined ? [] : withPick([first], 0, notes.arabic);
    return [...picked, ...withPick(english, 1, notes.hebrew), ...rest];
  },
  hostile: async () => madeUp(HOSTILE),
};

/** The n-th of ever more papers: when the real ones are used up, they come again as later parts of themselves. */
function longer(real: readonly Judged[], n: number): Judged {
  const paper = real[n % real.length] as Judged;
  const part = Math.floor(n / real.length) + 1;
  return part === 1
    ? paper
    : { ...paper, id: `${paper.id}-part-${part}`, title: `${paper.title}, part ${part}` };
}

const withPick = (papers: readonly Judged[], place: number, note: string): Judged[] =>
  papers.map((paper, n) => (n === place ? { ...paper, pick: { by: 'Ada', note } } : paper));

const votesOf = ({ vote }: Judged) => vote?.upvotes ?? 0;

const hugging = () => sample('huggingface-2026-06-12.json');
function pasted(): Promise<Judged[]> {
  return sample('daily-papers-page.txt');
}

async function sample(name: string): Promise<Judged[]> {
  const path = fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
  return readPapers(await readFile(path, 'utf8'), path, { today: DATE }).announcements.map(judged);
}

/** Papers that nobody wrote go the way of all papers: through the reader of TeX and every check. */
function madeUp(papers: readonly object[]): Judged[] {
  const candidates = papers.map((paper, n) => ({
    where: `specimen ${n + 1}`,
    title: '',
    abstract: '',
    ...paper,
  }));
  return announceAll({ format: 'specimens', day: DATE, candidates, dropped: [] }).announcements.map(judged);
}

/** As if it had been announced on the day, and a third of its votes had come since the day before. */
function judged({ paper, vote }: Announcement): Judged {
  const count = vote && {
    votes: vote.upvotes,
    comments: vote.comments,
    stars: vote.stars ?? 0,
    growth: Math.round(vote.upvotes / 3),
    since: YESTERDAY,
  };
  return {
    ...paper,
    source: 'specimen',
    vote: vote && { ...vote, stars: vote.stars ?? null },
    trend: trendOf(count ?? undefined, { links: paper.links, announcedOn: DATE }, DATE),
    pick: null,
    note: null,
  };
}
