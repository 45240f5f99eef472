// A Digest: one cut, fitted to its size and rendered as HTML and text, with marks where a reader's own parts go.
import type { Cut, CutPaper } from './cut.ts';
import { chooseShown, type Shown } from './fit.ts';
import { type PaperView, paperView } from './paper-view.ts';
import { noteLine, type Section, sectionsOf } from './sections.ts';
import type { Templates } from './template.ts';
import { clip, counted, longDay, shortDay } from './words.ts';

/** What is the same in every digest of an installation. `webUrl` is null where no web pages are served. */
export interface Masthead {
  name: string;
  postalAddress: string | null;
  webUrl: string | null;
}

/** The parts of a digest that are one reader's own. */
export interface ReaderParts {
  address: string;
  unsubscribeUrl: string;
}

/** A rendered cut. `html` and `text` hold the marks that `forReader` replaces. */
export interface Digest {
  date: string;
  subject: string;
  preheader: string;
  html: string;
  text: string;
  papers: { id: string; title: string; theme: string; shown: Shown }[];
}

// Private-use characters: `cleanText` takes them out of everything that comes from outside, so no paper can forge a mark.
const MARKS: ReaderParts = { address: '\ue000address\ue001', unsubscribeUrl: '\ue000unsubscribeUrl\ue001' };

const NOBODY = { address: null, unsubscribeUrl: null };

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
  const ranked = sections.flatMap(section => section.papers).sort(pickedAndBestFirst);
  const frame = { ...frameOf(cut, masthead, sections, ranked), ...(medium === 'mail' ? MARKS : NOBODY) };
  const views = new Map(
    sections.flatMap(section =>
      section.papers.map(paper => [paper.id, paperView(paper, cut.last, noteLine(paper, section))]),
    ),
  );
  const view = (shown: readonly Shown[]) => {
    const step = new Map(ranked.map((paper, index) => [paper.id, shown[index] as Shown]));
    return { ...frame, ...sectionsView(sections, step, views, frame.webUrl) };
  };
  let html = '';
  const measure = (shown: readonly Shown[]) => {
    html = templates.html(view(shown));
    return medium === 'mail' ? Buffer.byteLength(html) : 0;
  };
  const shown = chooseShown(ranked.length, cut.length, measure);
  const final = view(shown);
  const themeOf = new Map(
    cut.themes.flatMap(theme => theme.papers.map(paper => [paper.id, paper.theme?.slug ?? theme.slug])),
  );
  return {
    date: cut.last,
    subject: frame.subject,
    preheader: frame.preheader,
    html,
    text: tidy(templates.text(final)),
    papers: ranked.map(({ id, title }, i) => ({
      id,
      title,
      theme: themeOf.get(id) ?? '',
      shown: shown[i] as Shown,
    })),
  };
}

/** Where a digest covers several days, each of them has a paper of rank 1. */
const pickedAndBestFirst = (a: CutPaper, b: CutPaper) =>
  Number(a.pick === null) - Number(b.pick === null) || a.rank - b.rank;

/** Puts one reader's own parts into a digest. */
export function forReader(digest: Digest, parts: ReaderParts): { html: string; text: string } {
  return {
    html: splice(digest.html, {
      address: escapeHtml(parts.address),
      unsubscribeUrl: escapeHtml(parts.unsubscribeUrl),
    }),
    text: splice(digest.text, parts),
  };
}

function splice(body: string, parts: ReaderParts): string {
  return body
    .replaceAll(MARKS.address, () => parts.address)
    .replaceAll(MARKS.unsubscribeUrl, () => parts.unsubscribeUrl);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
}

/** Three empty lines say no more than two; conditional blocks leave them behind. */
const tidy = (text: string) =>
  `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim()}\n`;

/** More sections than this in the table of contents would push the papers off a phone's first screen. */
const MOST_LISTED = 8;

function frameOf(cut: Cut, masthead: Masthead, sections: readonly Section[], ranked: readonly CutPaper[]) {
  const counts = sections.map(({ name, papers }) => ({ name, count: papers.length }));
  const papers = counted(ranked.length, 'paper');
  const themes = sections.filter(({ lead }) => !lead).length;
  const summary = themes === 0 && ranked.length > 0 ? papers : `${papers} in ${counted(themes, 'theme')}`;
  const listed = counts.slice(0, MOST_LISTED);
  return {
    ...masthead,
    webUrl: masthead.webUrl === null ? null : `${masthead.webUrl}/${webPage(cut)}`,
    subject: subjectOf(ranked, cut.last),
    preheader: clip(`${summary}: ${counts.map(({ name }) => name).join(', ')}`, 110),
    date: cut.first === cut.last ? longDay(cut.last) : `${shortDay(cut.first)} – ${longDay(cut.last)}`,
    summary,
    contents: listed,
    contentsMore: counts.length - listed.length,
  };
}

/** The page that shows the same editions: one day's, or those of several days together. */
const webPage = ({ first, last }: Cut) => (first === last ? last : `${first}..${last}`);

function sectionsView(
  sections: readonly Section[],
  shown: Map<string, Shown>,
  views: Map<string, PaperView>,
  webUrl: string | null,
) {
  let hidden = 0;
  const themes = sections.flatMap(({ name, papers, lead }) => {
    const visible = papers.filter(paper => shown.get(paper.id) !== 'folded');
    const more = papers.length - visible.length;
    if (visible.length === 0) {
      hidden += more;
      return [];
    }
    const entries = visible.map(paper => {
      const view = views.get(paper.id) as PaperView;
      const step = shown.get(paper.id) as Shown;
      const body = step === 'full' ? view.full : step === 'summary' ? view.summary() : null;
      return { ...view.common, body, titleOnly: step === 'title' };
    });
    return [{ name, count: papers.length, lead, papers: entries, more, moreText: moreText(more, webUrl) }];
  });
  return { themes, more: hidden, moreText: moreText(hidden, webUrl) };
}

function moreText(more: number, webUrl: string | null): string {
  return more === 0
    ? ''
    : `${more.toLocaleString('en')} more${webUrl === null ? ', left out to keep this mail short' : ' on the web'}`;
}

function subjectOf(ranked: readonly CutPaper[], date: string): string {
  const lead = clip(ranked[0]?.title ?? 'No papers', 80);
  const others = ranked.length - 1;
  return `${lead}${others > 0 ? ` and ${others.toLocaleString('en')} more` : ''} · ${shortDay(date)}`;
}
