// A Digest: one cut, fitted to its size and rendered as HTML and text, with marks where a reader's own parts go.
import { bestFirst, type Cut, type CutPaper } from './cut.ts';
import { type Draft, draftOf, type Placing } from './draft.ts';
import { escapeHtml } from './escape.ts';
import { BUDGET, type Place } from './fit.ts';
import { frameOf, type Masthead } from './frame.ts';
import { place } from './place.ts';
import { sectionsOf } from './sections.ts';
import type { Templates } from './template.ts';
import { wordsFor } from './words.ts';

export type { Masthead } from './frame.ts';

/** The parts of a digest that are one reader's own. */
export interface ReaderParts {
  address: string;
  unsubscribeUrl: string;
  /** Null where no web pages are served. */
  preferencesUrl: string | null;
}

/** A paper of a digest: how much of it is shown, why, and the bytes of HTML that it and its theme take. */
interface PlacedPaper extends Place {
  id: string;
  title: string;
  theme: string;
}

/** A rendered cut. `html` and `text` hold the marks that `forReader` replaces. */
export interface Digest {
  date: string;
  subject: string;
  preheader: string;
  html: string;
  text: string;
  papers: PlacedPaper[];
  /** What stands under each heading, in the order of the mail: the ids of its papers, those left out too. */
  sections: { name: string; lead: boolean; papers: string[] }[];
}

// Private-use characters: `cleanText` takes them out of everything that comes from outside, so no paper can forge a mark.
const MARKS = {
  address: '\ue000address\ue001',
  unsubscribeUrl: '\ue000unsubscribeUrl\ue001',
  preferencesUrl: '\ue000preferencesUrl\ue001',
};

/**
 * Renders a cut, in at most 95,000 bytes of HTML for any number of papers. Pure: the same cut, masthead and templates
 * give the same bytes.
 */
export function renderDigest(cut: Cut, masthead: Masthead, templates: Templates): Digest {
  const sections = sectionsOf(cut);
  const words = wordsFor(cut.locale);
  const all = sections.flatMap(section => section.papers).sort(bestFirst);
  const frame = { ...frameOf(cut, masthead, sections, all, words), ...marksOf(masthead) };
  const draft = draftOf(cut, sections, frame, { templates, words, day: cut.last });
  const { placing, html } = place(draft, templates, BUDGET);
  return {
    date: cut.last,
    subject: frame.subject,
    preheader: frame.preheader,
    html,
    text: tidy(templates.text(draft.view(placing, 'text'))),
    papers: placedPapers(cut, all, draft, placing),
    sections: sections.map(({ name, lead, papers }) => ({ name, lead, papers: papers.map(({ id }) => id) })),
  };
}

/** What became of each paper, best first. */
function placedPapers(
  cut: Cut,
  all: readonly CutPaper[],
  { ranked }: Draft,
  placing: Placing,
): PlacedPaper[] {
  const placed = new Map(
    ranked.flatMap((papers, s) => papers.map((paper, n) => [paper, placing[s]?.[n] as Place] as const)),
  );
  const themeOf = new Map(
    cut.themes.flatMap(theme => theme.papers.map(paper => [paper, paper.theme?.slug ?? theme.slug])),
  );
  return all.map(paper => ({
    id: paper.id,
    title: paper.title,
    theme: themeOf.get(paper) ?? '',
    ...(placed.get(paper) as Place),
  }));
}

/** Without web pages there is nowhere to choose: a template shows no such link. */
const marksOf = ({ webUrl }: Masthead) => ({
  ...MARKS,
  preferencesUrl: webUrl === null ? null : MARKS.preferencesUrl,
});

/** Puts one reader's own parts into a digest. */
export function forReader(digest: Digest, parts: ReaderParts): { html: string; text: string } {
  const { address, unsubscribeUrl, preferencesUrl } = parts;
  return {
    html: splice(digest.html, {
      address: escapeHtml(address),
      unsubscribeUrl: escapeHtml(unsubscribeUrl),
      preferencesUrl: escapeHtml(preferencesUrl ?? ''),
    }),
    text: splice(digest.text, parts),
  };
}

function splice(body: string, parts: ReaderParts): string {
  return body
    .replaceAll(MARKS.address, () => parts.address)
    .replaceAll(MARKS.unsubscribeUrl, () => parts.unsubscribeUrl)
    .replaceAll(MARKS.preferencesUrl, () => parts.preferencesUrl ?? '');
}

/** Three empty lines say no more than two; conditional blocks leave them behind. */
function tidy(text: string): string {
  // Looked for first: nearly no text has any, and splitting it is slow.
  const trimmed = /[ \t]\n/.test(text)
    ? text
        .split('\n')
        .map(line => line.trimEnd())
        .join('\n')
    : text;
  const closer = trimmed.includes('\n\n\n\n') ? trimmed.replace(/\n{4,}/g, '\n\n\n') : trimmed;
  return `${closer.trim()}\n`;
}
