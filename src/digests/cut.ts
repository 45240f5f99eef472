// A Cut: what a set of preferences takes out of the editions. Readers with equal preferences share one.
import type { Edition, EditionPaper } from '../editions/edition.ts';
import type { Preferences } from '../subscribers/preferences.ts';

/** A paper in a cut, with its words that the reader's keywords match, and its authors whom the reader follows. */
export interface CutPaper extends EditionPaper {
  because: string[];
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
  themes: CutTheme[];
}

/** The part of preferences that decides what a digest says, in one canonical text: equal keys, equal digests. */
export function cutKey(preferences: Preferences): string {
  const fold = (list: readonly string[]) => [...new Set(list.map(text => text.toLowerCase()))].sort();
  const { themes, keywords, authors, mutedWords, length } = preferences;
  return JSON.stringify([
    [...new Set(themes)].sort(),
    fold(keywords),
    fold(authors),
    fold(mutedWords),
    length,
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
    themes: [...themes.values()],
  };
}

/** Where a reader's choice leaves nothing of a section but papers of another theme, that theme is its heading. */
function headingOf(section: { slug: string; name: string }, chosen: readonly CutPaper[]) {
  const own = chosen[0]?.theme;
  const { slug, name } = own && chosen.every(({ theme }) => theme?.slug === own.slug) ? own : section;
  return { slug, name };
}

function chooser(preferences: Preferences): (slug: string, paper: EditionPaper) => CutPaper | undefined {
  const { themes, keywords, authors } = preferences;
  const everything = themes.length + keywords.length + authors.length === 0;
  // Readers of equal cuts may have typed their lists in another order or case: what is said must not depend on it.
  const wanted = keywords
    .map(word => word.toLowerCase())
    .sort()
    .map(phrase);
  const followed = new Set(authors.map(foldName));
  const muted = preferences.mutedWords.map(phrase);
  return (slug, paper) => {
    // The bar keeps a phrase from beginning in the title and ending in the abstract.
    const text = `${paper.title} | ${paper.abstract}`;
    if (muted.some(pattern => pattern.test(text))) return undefined;
    const because = new Set([
      ...wanted.flatMap(pattern => pattern.exec(text)?.[0] ?? []),
      ...paper.authors.filter(name => followed.has(foldName(name))),
    ]);
    if (!everything && because.size === 0 && !themes.includes(slug)) return undefined;
    return { ...paper, because: [...because] };
  };
}

/** Matches a phrase as whole words, in any case, with hyphens and spaces alike and an optional plural s. */
function phrase(text: string): RegExp {
  const words = text
    .normalize('NFC')
    .split(/[\s-]+/)
    .filter(word => word !== '');
  // Nothing but hyphens: taken as they are, or they would match everywhere.
  if (words.length === 0) return new RegExp(RegExp.escape(text), 'u');
  const pattern = words.map(word => RegExp.escape(word)).join('[\\s-]+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}s?(?![\\p{L}\\p{N}])`, 'iu');
}

/** Names are the same without regard to case and accents, so that "Bjorn Ommer" follows Björn Ommer. */
function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s.]+/g, ' ')
    .trim()
    .toLowerCase();
}
