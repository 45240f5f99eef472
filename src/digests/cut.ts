// A Cut: what a set of preferences takes out of the editions. Readers with equal preferences share one.
import type { Edition, EditionPaper } from '../editions/edition.ts';
import type { Day } from '../store/schema.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { headingKey, headingOf, themeNames } from './headings.ts';
import { foldName, nameAsWritten, type Searched, searched, seeker } from './match.ts';

/** A paper in a cut, with its words that the reader's keywords match, and its authors whom the reader follows. */
export interface CutPaper extends EditionPaper {
  because: string[];
  /** What finds those words wherever they stand in the title and the abstract. */
  hits: readonly RegExp[];
  /** Those authors, and what finds their names. */
  followed: readonly { name: string; hit: RegExp }[];
  /** The day of its edition. */
  day: Day;
  /** The paper in its edition: the same object in every cut, so that what is made of it can be kept. */
  printed: EditionPaper;
}

interface CutTheme {
  slug: string;
  name: string;
  papers: CutPaper[];
}

/**
 * The days it covers (the first and the last edition, and how many there are) and its papers by theme; no themes: nothing
 * for this reader.
 */
export interface Cut {
  first: Day;
  last: Day;
  days: number;
  length: Preferences['length'];
  /** The language tag by which its days and numbers are written. */
  locale: string;
  themes: CutTheme[];
}

/** The part of preferences that decides what a digest says, in one canonical text: equal keys, equal digests. */
export function cutKey(preferences: Preferences): string {
  const fold = (list: readonly string[]) => [...new Set(list.map(text => text.toLowerCase()))].sort();
  const { themes, keywords, authors, mutedWords, length, locale } = preferences;
  return JSON.stringify([
    [...new Set(themes)].sort(),
    fold(keywords),
    fold(authors),
    fold(mutedWords),
    length,
    locale,
  ]);
}

/**
 * The order of papers that are told together: picks first, then by their rank in their own day, as each day has a first
 * one; where that is the same, by votes, then the newer first.
 */
export const bestFirst = (a: CutPaper, b: CutPaper): number =>
  Number(a.pick === null) - Number(b.pick === null) ||
  a.rank - b.rank ||
  votesOf(b) - votesOf(a) ||
  Number(a.day < b.day) - Number(a.day > b.day);

const votesOf = ({ trend, vote }: EditionPaper) => trend?.votes ?? vote?.upvotes ?? 0;

/**
 * Cuts editions (oldest first, at least one) to a reader's preferences. The papers of one edition keep its order; those
 * of several stand best first, whatever their day. A paper that stands in several editions is taken from the newest.
 */
export function cut(editions: readonly Edition[], preferences: Preferences): Cut {
  const choose = chooser(preferences);
  const several = editions.length > 1;
  const newest = editions.at(-1);
  const names = several ? themeNames(editions) : NO_NAMES;
  const themes = new Map<string, CutTheme>();
  const told = new Set<string>();
  // The newest edition names and orders the themes; papers of earlier days follow it.
  for (const edition of editions.toReversed()) {
    for (const section of edition.themes) {
      const chosen = section.papers.flatMap(paper =>
        told.has(paper.id) ? [] : (choose(paper.theme?.slug ?? section.slug, paper, edition.date) ?? []),
      );
      if (chosen.length === 0) continue;
      const own = headingOf(section, chosen);
      // What an older day has found in a theme stands under the same words, or else under the theme.
      const asIs = edition === newest || themes.has(headingKey(own));
      const heading = asIs ? own : { ...own, name: names.get(own.slug) ?? own.name };
      const theme = themes.get(headingKey(heading));
      if (theme) theme.papers = [...theme.papers, ...chosen].sort(bestFirst);
      else themes.set(headingKey(heading), { ...heading, papers: chosen });
    }
    if (several) for (const { papers } of edition.themes) for (const { id } of papers) told.add(id);
  }
  if (several) for (const { papers } of themes.values()) papers.sort(bestFirst);
  const first = editions[0]?.date ?? '';
  return {
    first,
    last: newest?.date ?? first,
    days: editions.length,
    length: preferences.length,
    locale: preferences.locale,
    themes: [...themes.values()],
  };
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** What cuts need to know of a paper, whoever they are for. */
interface Known {
  /** What stands in the cut of a reader who asked for it by no name: the same object in most cuts. */
  plain: CutPaper;
  searched: Searched;
  /** Its authors, as names are compared; made for the first reader who follows somebody. */
  names?: string[];
}

const known = new WeakMap<EditionPaper, Known>();

function knownOf(paper: EditionPaper, day: Day): Known {
  const found = known.get(paper);
  if (found?.plain.day === day) return found;
  const made = {
    plain: { ...paper, because: [], hits: [], followed: [], day, printed: paper },
    // The bar keeps a phrase from beginning in the title and ending in the abstract.
    searched: searched(`${paper.title} | ${paper.abstract}`),
  };
  known.set(paper, made);
  return made;
}

function chooser(
  preferences: Preferences,
): (slug: string, paper: EditionPaper, day: Day) => CutPaper | undefined {
  const { themes, keywords, authors } = preferences;
  const everything = themes.length + keywords.length + authors.length === 0;
  // Readers of equal cuts may have typed their lists in another order or case: what is said must not depend on it.
  const wanted = [...new Set(keywords.map(word => word.toLowerCase()))].sort().map(seeker);
  const following = new Set(authors.map(foldName));
  const muted = preferences.mutedWords.map(seeker);
  return (slug, paper, day) => {
    const one = knownOf(paper, day);
    if (muted.some(find => find(one.searched) !== undefined)) return undefined;
    const found = wanted.flatMap(find => find(one.searched) ?? []);
    const names = following.size === 0 ? [] : followedOf(one, following);
    if (found.length + names.length === 0) return everything || themes.includes(slug) ? one.plain : undefined;
    return {
      ...one.plain,
      because: [...new Set([...found.map(({ words }) => words), ...names])],
      hits: found.map(({ hit }) => hit),
      followed: names.map(name => ({ name, hit: nameAsWritten(name) })),
    };
  };
}

function followedOf(one: Known, following: ReadonlySet<string>): string[] {
  const { authors } = one.plain;
  one.names ??= authors.map(foldName);
  return authors.filter((_, n) => following.has(one.names?.[n] ?? ''));
}
