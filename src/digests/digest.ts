// A Digest: one cut, fitted to its size and rendered as HTML and text, with marks where a reader's own parts go.
import { bestText, wishesOf } from './best.ts';
import { bestFirst, type Cut, type CutPaper } from './cut.ts';
import { BUDGET, firstStep, fitted, type Place, type Shown, type Wish } from './fit.ts';
import { frameOf, type Masthead, moreText, shortenedText } from './frame.ts';
import { type Entry, entryOf, type Setting } from './paper-view.ts';
import { noteLine, type Section, sectionsOf } from './sections.ts';
import type { Templates, View } from './template.ts';
import { type Words, wordsFor } from './words.ts';

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

const NOBODY = { address: null, unsubscribeUrl: null, preferencesUrl: null };

/** A digest being made. */
interface Draft {
  sections: Section[];
  /** The papers of each section, best first. */
  ranked: CutPaper[][];
  /** The most that is shown of each of these. */
  wishes: Wish[][];
  /** What the templates make of a paper at a step. */
  entry(paper: CutPaper, section: Section, shown: Shown): Entry;
  /** The whole view of a choice. The first `headings` sections are there even when nothing of them is shown. */
  view(placing: Placing, part: 'html' | 'text', headings?: number): View;
}

/** What every paper got, by section and in the order of `ranked`. */
type Placing = Place[][];

/**
 * Renders a cut. Pure: the same cut, masthead and templates give the same bytes.
 * @param medium `mail`: at most 95,000 bytes of HTML for any number of papers; `web`: every paper, and nobody's own parts
 */
export function renderDigest(
  cut: Cut,
  masthead: Masthead,
  templates: Templates,
  medium: 'mail' | 'web' = 'mail',
): Digest {
  const sections = sectionsOf(cut);
  const words = wordsFor(cut.locale);
  const all = sections.flatMap(section => section.papers).sort(bestFirst);
  const ranked = sections.map(({ papers }) => papers.toSorted(bestFirst));
  // The web has room for every paper of every day.
  const wishes =
    medium === 'mail'
      ? wishesOf(cut, sections, ranked)
      : ranked.map(papers => papers.map((): Wish => ({ shown: firstStep(cut.length), why: 'fits' })));
  const best = bestText(cut, sections, wishes, words);
  const frame = {
    ...frameOf(cut, masthead, sections, all, words),
    ...(medium === 'mail' ? marksOf(masthead) : NOBODY),
  };
  const setting: Setting = { templates, words, day: cut.last };
  const none = () => new Map<CutPaper, Entry>();
  const entries: Record<Shown, Map<CutPaper, Entry>> = {
    full: none(),
    summary: none(),
    title: none(),
    folded: none(),
  };
  const draft: Draft = {
    sections,
    ranked,
    wishes,
    entry: (paper, section, shown) => {
      const entry = entries[shown].get(paper) ?? entryOf(paper, noteLine(paper, section), shown, setting);
      entries[shown].set(paper, entry);
      return entry;
    },
    view: (placing, part, headings = 0) => ({
      ...frame,
      ...sectionsView(draft, placing, part, headings, words, frame.webUrl),
      notice: [best, shortenedText(placing.flat(), words)].filter(line => line !== '').join(' '),
    }),
  };
  const { placing, html } = place(draft, templates, medium === 'mail' ? BUDGET : Infinity);
  const placed = new Map(
    draft.ranked.flatMap((papers, s) => papers.map((paper, n) => [paper, placing[s]?.[n] as Place] as const)),
  );
  const themeOf = new Map(
    cut.themes.flatMap(theme => theme.papers.map(paper => [paper, paper.theme?.slug ?? theme.slug])),
  );
  return {
    date: cut.last,
    subject: frame.subject,
    preheader: frame.preheader,
    html,
    text: tidy(templates.text(draft.view(placing, 'text'))),
    papers: all.map(paper => ({
      id: paper.id,
      title: paper.title,
      theme: themeOf.get(paper) ?? '',
      ...(placed.get(paper) as Place),
    })),
    sections: sections.map(({ name, lead, papers }) => ({ name, lead, papers: papers.map(({ id }) => id) })),
  };
}

/** As often as a mail is shortened again, where a template's papers take more room than they seemed to. */
const MOST_TRIES = 12;

/** Chooses what to show, and renders it: once where all has room, and twice more where it has not. */
function place(draft: Draft, templates: Templates, most: number) {
  const { sections, ranked, wishes, entry } = draft;
  const rendered = (placing: Placing, headings?: number) => {
    const html = templates.html(draft.view(placing, 'html', headings));
    return { placing, html, size: Buffer.byteLength(html) };
  };
  const nothing = placedAs(draft, () => ({ shown: 'folded', why: 'no room for its theme' }));
  const asked = rendered(placedAs(draft, wish => wish));
  if (asked.size <= most) return asked;
  const { kept, frame } = keepSections(draft, most, headings => rendered(nothing, headings).size);
  const loads = sections.slice(0, kept).map((section, s) => ({
    lead: section.lead,
    items: (ranked[s] as CutPaper[]).map((paper, n) => ({
      wish: wishes[s]?.[n] as Wish,
      bytes: (shown: Shown) => entry(paper, section, shown).bytes,
    })),
  }));
  let room = most - frame;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const result = rendered([...fitted(loads, room), ...nothing.slice(kept)]);
    if (result.size <= most) return result;
    // What stands around each paper shrinks with the papers.
    room = Math.floor(room * Math.min(0.98, (most - frame) / (result.size - frame)));
  }
  return rendered(nothing);
}

/** All papers as they are given, whatever room they take. The budget of a theme is what its papers take. */
function placedAs({ sections, ranked, wishes, entry }: Draft, given: (wish: Wish) => Wish): Placing {
  return sections.map((section, s) => {
    const places = (ranked[s] as CutPaper[]).map((paper, n) => {
      const wish = given(wishes[s]?.[n] as Wish);
      return { ...wish, bytes: wish.shown === 'folded' ? 0 : entry(paper, section, wish.shown).bytes };
    });
    const budget = places.reduce((sum, { bytes }) => sum + bytes, 0);
    return places.map(place => ({ ...place, budget }));
  });
}

/** Bytes by which the line about what was shortened may be longer than the one about papers that are all left out. */
const NOTICE = 100;

/**
 * How many sections, from the first, have room for their best paper's title (nearly always all of them), and the bytes
 * of their mail without its papers.
 * @param size bytes of a mail that shows nothing but so many headings, each with how much it leaves out
 */
function keepSections({ sections, ranked, entry }: Draft, most: number, size: (headings: number) => number) {
  const titles = sections.map((section, s) => {
    const best = ranked[s]?.[0];
    return best === undefined ? 0 : entry(best, section, 'title').bytes;
  });
  const frameOf = (kept: number) => size(kept) + NOTICE;
  const hasRoom = (kept: number) =>
    frameOf(kept) + titles.slice(0, kept).reduce((sum, n) => sum + n, 0) <= most;
  let [fits, tooMany] = [0, sections.length + 1];
  for (let kept = sections.length; tooMany - fits > 1; kept = Math.floor((fits + tooMany) / 2)) {
    if (hasRoom(kept)) fits = kept;
    else tooMany = kept;
  }
  return { kept: fits, frame: frameOf(fits) };
}

function sectionsView(
  { sections, ranked, entry }: Draft,
  placing: Placing,
  part: 'html' | 'text',
  headings: number,
  words: Words,
  webUrl: string | null,
): View {
  let hidden = 0;
  const themes = sections.flatMap((section, s) => {
    const step = new Map(ranked[s]?.map((paper, n) => [paper, placing[s]?.[n]?.shown ?? 'folded']));
    const visible = section.papers.filter(paper => step.get(paper) !== 'folded');
    const more = section.papers.length - visible.length;
    if (visible.length === 0) hidden += more;
    if (visible.length === 0 && s >= headings) return [];
    const papers = visible.map(paper => {
      const made = entry(paper, section, step.get(paper) as Shown);
      return part === 'html' ? made.html : made.text();
    });
    const { name, lead } = section;
    const count = words.number(section.papers.length);
    return [{ name, count, lead, papers, more, moreText: moreText(more, webUrl, words) }];
  });
  return { themes, more: hidden, moreText: moreText(hidden, webUrl, words) };
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

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
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
