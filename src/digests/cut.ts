// A Cut: what a set of preferences takes out of the editions. Readers with equal preferences share one.
import type { Edition, EditionPaper } from '../editions/edition.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { foldName, nameAsWritten, phrase } from './match.ts';

/** A paper in a cut, with its words that the reader's keywords match, and its authors whom the reader follows. */
export interface CutPaper extends EditionPaper {
  because: string[];
  /** What finds those words wherever they stand in the title and the abstract. */
  hits: readonly RegExp[];
  /** Those authors, and what finds their names. */
  followed: readonly { name: string; hit: RegExp }[];
  /** The paper in its edition: the same object in every cut, so that what is made of it can be kept. */
  printed: EditionPaper;
}

interface CutTheme {
  slug: string;
  name: string;
  papers: CutPaper[];
}

/** The days it covers (the first and the last edition) and its papers by theme; no themes: nothing for this reader. */
export interface Cut {
  first: string;
  last: string;
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

/** Cuts editions (oldest first, at least one) to a reader's preferences. Papers keep the edition's order. */
export function cut(editions: readonly Edition[], preferences: Preferences): Cut {
  const choose = chooser(preferences);
  const themes = new Map<string, CutTheme>();
  // The newest edition names and orders the themes; papers of earlier days follow it.
  for (const edition of editions.toReversed()) {
    const seen = new Set<string>();
    for (const { slug, name, papers } of edition.themes) {
      const chosen = papers.flatMap(paper => choose(paper.theme?.slug ?? slug, paper) ?? []);
      if (chosen.length === 0) continue;
      const heading = headingOf({ slug, name }, chosen);
      // A day about one subject may have several sections of one theme.
      const key = seen.has(heading.slug) ? `${heading.slug} ${heading.name}` : heading.slug;
      seen.add(heading.slug);
      const theme = themes.get(key);
      if (theme) theme.papers.push(...chosen);
      else themes.set(key, { ...heading, papers: chosen });
    }
  }
  const first = editions[0]?.date ?? '';
  return {
    first,
    last: editions.at(-1)?.date ?? first,
    length: preferences.length,
    locale: preferences.locale,
    themes: [...themes.values()],
  };
}

/** Where a reader's choice leaves nothing of a section but papers of another theme, that theme is its heading. */
function headingOf(section: { slug: string; name: string }, chosen: readonly CutPaper[]) {
  const own = chosen[0]?.theme;
  const { slug, name } = own && chosen.every(({ theme }) => theme?.slug === own.slug) ? own : section;
  return { slug, name };
}

/** What is made of a paper that nobody asked for by name, the same for all readers: most papers of most cuts. */
const NOBODYS = { because: [], hits: [], followed: [] };

function chooser(preferences: Preferences): (slug: string, paper: EditionPaper) => CutPaper | undefined {
  const { themes, keywords, authors } = preferences;
  const everything = themes.length + keywords.length + authors.length === 0;
  // Readers of equal cuts may have typed their lists in another order or case: what is said must not depend on it.
  const wanted = [...new Set(keywords.map(word => word.toLowerCase()))].sort().map(phrase);
  const following = new Set(authors.map(foldName));
  const muted = preferences.mutedWords.map(phrase);
  return (slug, paper) => {
    // The bar keeps a phrase from beginning in the title and ending in the abstract.
    const text = `${paper.title} | ${paper.abstract}`;
    if (muted.some(pattern => pattern.test(text))) return undefined;
    const found = wanted.flatMap(hit => {
      const words = hit.exec(text)?.[0];
      return words === undefined ? [] : { hit, words };
    });
    const names = following.size === 0 ? [] : paper.authors.filter(name => following.has(foldName(name)));
    const because = new Set([...found.map(({ words }) => words), ...names]);
    if (!everything && because.size === 0 && !themes.includes(slug)) return undefined;
    if (because.size === 0) return { ...paper, ...NOBODYS, printed: paper };
    return {
      ...paper,
      because: [...because],
      hits: found.map(({ hit }) => hit),
      followed: names.map(name => ({ name, hit: nameAsWritten(name) })),
      printed: paper,
    };
  };
}
