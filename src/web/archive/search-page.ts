// The page of what was found, with the words that were looked for marked.
import { html } from 'hono/html';
import { type Piece, pieces } from '../../digests/match.ts';
import { sentences } from '../../digests/sentences.ts';
import { type Sought, searchWords } from '../../papers/search-words.ts';
import { frame, type Html, searchForm } from './frame.ts';
import { type Listed, listedLine, type Paged, pager } from './lists.ts';
import { words } from './paper-line.ts';
import type { Site } from './site.ts';

/** What somebody typed, and what it was read as. */
export interface Asked {
  text: string;
  sought: readonly Sought[];
}

/** @param atLeast whether there may be more than `paged.total` */
export function searchPage(
  site: Site,
  { text, sought }: Asked,
  papers: readonly Listed[],
  paged: Paged,
  atLeast: boolean,
): Promise<string> {
  const path = `/search?q=${encodeURIComponent(text)}`;
  const { page, pages, total } = paged;
  const marked = markerOf(sought);
  const found = atLeast
    ? `The newest ${words.number(total)} papers that have this, the best match first.`
    : `${words.counted(total, 'paper')}, the best match first.`;
  const said =
    text === ''
      ? 'All that was ever in an edition. Words in "quotes" stand together; a -word must not be there.'
      : sought.length === 0
        ? 'There is no word in this to look for.'
        : total === 0
          ? 'No paper has all of this. Fewer words find more.'
          : found;
  const main = html`<h1>Search</h1>${searchForm(site, text)}<p class="sum" role="status">${said}</p>
${papers.length > 0 ? html`<h2 class="hid">Papers</h2>` : ''}<ol class="list">${papers.map(listed =>
    listedLine(site, listed, {
      title: marks(marked(listed.paper.title)),
      says: html`${tellingSentences(listed.paper.abstract, marked).map(part => html`${marks(part)} `)}`,
    }),
  )}</ol>${pager(site, path, page, pages)}`;
  const title = text === '' ? 'Search' : `“${text}”`;
  return frame(
    site,
    {
      title: `${title} – ${site.name}`,
      description: 'Papers by their words.',
      home: null,
      current: 'search',
    },
    main,
  );
}

const marks = (parts: readonly Piece[]): Html =>
  html`${parts.map(({ text, hit }) => (hit ? html`<mark>${text}</mark>` : text))}`;

type Marker = (text: string) => Piece[];

/** What marks the words that were looked for, whatever their ending. The database has found them; this is for the eye. */
function markerOf(sought: readonly Sought[]): Marker {
  const roots = new Set(sought.filter(({ without }) => !without).flatMap(one => one.words.map(rootOf)));
  return text => {
    const hits = [...text.matchAll(WORD)].filter(([word]) =>
      searchWords(word).some(one => roots.has(rootOf(one))),
    );
    const patterns = [...new Set(hits.map(([word]) => word))].map(
      word => new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(word)}(?![\\p{L}\\p{N}])`, 'gu'),
    );
    return pieces(text, patterns);
  };
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

const ENDING = /(?:ations?|itions?|ators?|ating|ates?|ated|ings?|ions?|ers?|ies|ed|es|s|e|y|ly|al|ally|ive)$/;

/** About what a stemmer leaves of an English word. */
function rootOf(word: string): string {
  const root = word.replace(ENDING, '');
  return root.length < 3 ? word : root;
}

const SHOWN = 2;

/** The sentences of an abstract that have the most marks, in their order; the first ones where none has any. */
function tellingSentences(abstract: string, marked: Marker): Piece[][] {
  const all = sentences(abstract).map(marked);
  const hits = (parts: readonly Piece[]) =>
    new Set(parts.filter(({ hit }) => hit).map(({ text }) => text)).size;
  const best = all.toSorted((a, b) => hits(b) - hits(a)).slice(0, SHOWN);
  return all.filter(parts => best.includes(parts));
}
