// A Digest: one cut, fitted to its size and rendered as HTML and text, with marks where a reader's own parts go.
import type { Cut, CutPaper, CutTheme } from './cut.ts';
import { chooseShown, type Shown } from './fit.ts';
import { summarise } from './summary.ts';
import type { Templates } from './template.ts';

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
  const ranked = cut.themes.flatMap(theme => theme.papers).sort((a, b) => a.rank - b.rank);
  const frame = { ...frameOf(cut, masthead, ranked), ...(medium === 'mail' ? MARKS : NOBODY) };
  const views = new Map(ranked.map(paper => [paper.id, paperView(paper)]));
  const view = (shown: readonly Shown[]) => {
    const step = new Map(ranked.map((paper, index) => [paper.id, shown[index] as Shown]));
    return { ...frame, ...themesView(cut.themes, step, views, frame.webUrl) };
  };
  let html = '';
  const measure = (shown: readonly Shown[]) => {
    html = templates.html(view(shown));
    return medium === 'mail' ? Buffer.byteLength(html) : 0;
  };
  const shown = chooseShown(ranked.length, cut.length, measure);
  const final = view(shown);
  const themeOf = new Map(cut.themes.flatMap(theme => theme.papers.map(paper => [paper.id, theme.slug])));
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

/** More themes than this in the table of contents would push the papers off a phone's first screen. */
const MOST_LISTED = 8;

function frameOf(cut: Cut, masthead: Masthead, ranked: readonly CutPaper[]) {
  const counts = cut.themes.map(({ name, papers }) => ({ name, count: papers.length }));
  const papers = counted(ranked.length, 'paper');
  const summary = `${papers} in ${counted(counts.length, 'theme')}`;
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

function themesView(
  themes: readonly CutTheme[],
  shown: Map<string, Shown>,
  views: Map<string, PaperView>,
  webUrl: string | null,
) {
  let hidden = 0;
  const shownThemes = themes.flatMap(({ name, papers }) => {
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
    return [{ name, count: papers.length, papers: entries, more, moreText: moreText(more, webUrl) }];
  });
  return { themes: shownThemes, more: hidden, moreText: moreText(hidden, webUrl) };
}

function moreText(more: number, webUrl: string | null): string {
  return more === 0
    ? ''
    : `${more.toLocaleString('en')} more${webUrl === null ? ', left out to keep this mail short' : ' on the web'}`;
}

interface PaperView {
  common: object;
  full: string | null;
  summary(): string | null;
}

function paperView(paper: CutPaper): PaperView {
  let summary: string | null | undefined;
  const { pdf, code, project, discussion } = paper.links;
  const links = [
    { label: 'PDF', url: pdf },
    { label: 'Code', url: code },
    { label: 'Project', url: project },
    { label: 'Discuss', url: discussion },
  ].flatMap(({ label, url }) => (url === undefined ? [] : { label, url: asciiUrl(url) }));
  return {
    common: {
      title: paper.title,
      url: asciiUrl(paper.url ?? searchFor(paper.title)),
      byline: [authorsLine(paper.authors), votesLine(paper.vote)].filter(part => part !== '').join(' · '),
      because: paper.because.join(', '),
      links,
    },
    full: paper.abstract || null,
    summary: () => (summary ??= summarise(paper.abstract) || null),
  };
}

/** An address in the form that goes over the wire: no mark, and nothing that turns text around, survives in a link. */
function asciiUrl(url: string): string {
  return /^[\x21-\x7e]*$/.test(url) ? url : (URL.parse(url)?.href ?? '#');
}

/** A pasted page names no addresses: the way to such a paper is a search for its title. */
function searchFor(title: string): string {
  // An apostrophe would end the link where a mail program makes links of plain text.
  const query = encodeURIComponent(clip(title, 200)).replaceAll("'", '%27');
  return `https://arxiv.org/search/?searchtype=title&query=${query}`;
}

function authorsLine(authors: readonly string[]): string {
  const rest = authors.length - 3;
  return rest > 0 ? `${authors.slice(0, 3).join(', ')} +${rest}` : authors.join(', ');
}

function votesLine(vote: CutPaper['vote']): string {
  if (vote === null) return '';
  const parts = [
    vote.upvotes > 0 ? counted(vote.upvotes, 'vote') : '',
    (vote.stars ?? 0) > 0 ? counted(vote.stars ?? 0, 'star') : '',
  ];
  return parts.filter(part => part !== '').join(', ');
}

function subjectOf(ranked: readonly CutPaper[], date: string): string {
  const lead = clip(ranked[0]?.title ?? 'No papers', 80);
  const others = ranked.length - 1;
  return `${lead}${others > 0 ? ` and ${others.toLocaleString('en')} more` : ''} · ${shortDay(date)}`;
}

const counted = (n: number, noun: string) => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;

/** Cuts at a word where there is one, with an ellipsis; never inside a surrogate pair. */
function clip(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const head = characters.slice(0, length - 1).join('');
  const space = head.lastIndexOf(' ');
  return `${(space > length / 2 ? head.slice(0, space) : head).replace(/[\s,:;–-]+$/, '')}…`;
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const LONG = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });
const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const longDay = (day: string) => LONG.format(noon(day));
const shortDay = (day: string) => SHORT.format(noon(day));
