// Whether the two parts of a mail say the same: the same papers, in the same order, with the same links.
import { excerpt } from '../../text-file.ts';
import type { Found } from './check.ts';
import { oneLine, type Page } from './page.ts';

/** A paper that a digest shows. */
export interface ShownPaper {
  title: string;
  /** Its title as it is looked for: in one line, without marks of direction. */
  plain: string;
}

/** Where a shown paper's entry stands in the words of the HTML; -1 where it is missing. */
export interface Entry {
  paper: ShownPaper;
  at: number;
}

/**
 * The entries of a page, as they stand in it. An entry is the last link that has the paper's title for its text, as a
 * title may stand above the papers too; where no link does, the first place with these words.
 */
export function entriesOf(page: Page, papers: readonly ShownPaper[]): Entry[] {
  const linked = new Map(page.links.map(({ from, to }) => [page.words.slice(from, to).trim(), from]));
  return papers
    .map(paper => ({ paper, at: linked.get(paper.plain) ?? page.words.indexOf(paper.plain) }))
    .sort((a, b) => a.at - b.at);
}

/** The paper near a place in the words of the HTML, for a message; null where there are no papers. */
export function placeOf(entries: readonly Entry[], at: number): string | null {
  const there = entries.filter(entry => entry.at >= 0);
  const before = there.findLast(entry => entry.at <= at);
  if (before !== undefined) return named(before.paper.title);
  return there[0] === undefined ? null : `before ${named(there[0].paper.title)}`;
}

export const named = (title: string) => `“${excerpt(title, 80)}”`;

/** What the text part does not say as the HTML does: papers that it misses, and papers that stand elsewhere. */
export function compareOrder(entries: readonly Entry[], text: string): { missing: Found[]; moved: Found[] } {
  const missing: Found[] = [];
  const moved: Found[] = [];
  let from = 0;
  for (const { paper, at } of entries) {
    const next = text.indexOf(paper.plain, from);
    if (next >= 0) {
      if (at >= 0) from = next + paper.plain.length;
    } else if (text.includes(paper.plain)) {
      moved.push({ what: 'papers stand in another order in the text part', where: named(paper.title) });
    } else missing.push({ what: 'papers are missing in the text part', where: named(paper.title) });
  }
  return { missing, moved };
}

/** Only what is a link to every program that makes links of plain text. */
const IN_TEXT = /(?:https?:\/\/|mailto:)[^\s<>"]+/g;
const CLOSING = /[.,;:!?)\]}'’”]+$/;

/**
 * The links that stand in one part only. A link of the text part counts as said in the HTML where its words hold it: an
 * abstract may name an address.
 */
export function compareLinks(page: Page, text: string, near: (at: number) => string | null): Found[] {
  const inText = new Set<string>();
  const bare: string[] = [];
  for (const [address] of text.matchAll(IN_TEXT)) {
    inText.add(address);
    const short = address.replace(CLOSING, '');
    inText.add(short);
    bare.push(short);
  }
  const inHtml = new Set(page.links.map(({ url }) => url.replace(CLOSING, '')));
  return [
    ...page.links
      .filter(({ url }) => !inText.has(url) && /^(?:https?|mailto):/i.test(url))
      .map(({ url, from }) => ({ what: `${excerpt(url, 90)} is not in the text part`, where: near(from) })),
    ...bare
      .filter(url => !inHtml.has(url) && !page.words.includes(url))
      .map(url => ({ what: `${excerpt(url, 90)} is in the text part only` })),
  ];
}

export const shownPaper = (title: string): ShownPaper => ({ title, plain: oneLine(title) });
