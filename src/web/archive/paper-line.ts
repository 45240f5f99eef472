// A paper in a list: votes, title, authors, what it does, where to read it.
import { html } from 'hono/html';
import { asciiUrl, searchFor } from '../../digests/paper-view.ts';
import { summarise } from '../../digests/summary.ts';
import { sinceWhen, wordsFor } from '../../digests/words.ts';
import type { EditionPaper } from '../../editions/edition.ts';
import type { Paper } from '../../papers/paper.ts';
import type { Day } from '../../store/schema.ts';
import type { Html } from './frame.ts';
import { paths, type Site, type ThemeName } from './site.ts';

export const words = wordsFor('en');

/** A paper as a list shows it. */
export interface PaperLine {
  paper: Pick<Paper, 'id' | 'title' | 'authors' | 'url' | 'links'>;
  /** Its title, if some of it is marked. */
  title?: Html;
  /** What it does, in two sentences; undefined where nothing is known. */
  says?: Html | string;
  /** At its left. */
  aside: Html;
  /** A curator's words; '' for none. */
  note?: string;
  /** Where it stands, in a list of several days or themes. */
  date?: Day;
  theme?: ThemeName | undefined;
}

export function paperLine(site: Site, line: PaperLine): Html {
  const { paper, aside, note = '', date, theme } = line;
  const stands = [
    date === undefined ? '' : html`<a href="${site.at(paths.edition(date))}">${words.longDay(date)}</a>`,
    theme === undefined ? '' : html`<a href="${site.at(paths.theme(theme.slug))}">${theme.name}</a>`,
  ].filter(part => part !== '');
  return html`<li class="p"><div class="v">${aside}</div><article><h3 dir="auto"><a href="${site.at(paths.paper(paper.id))}">${line.title ?? paper.title}</a></h3>
${paper.authors.length > 0 ? html`<p class="m" dir="auto">${byline(paper.authors)}</p>` : ''}${note === '' ? '' : html`<p class="note" dir="auto">${note}</p>`}
${line.says ? html`<p class="s" dir="auto">${line.says}</p>` : ''}<p class="l">${paperLinks(paper)}${stands.map(part => html`<span class="m">${part}</span> `)}</p></article></li>`;
}

/** Where a paper can be read: its own place first. */
export function paperLinks({ title, url, links }: Pick<Paper, 'title' | 'url' | 'links'>): Html {
  const { pdf, code, project, discussion } = links;
  const named = [
    { label: url === null ? 'Search arXiv' : placeName(url), href: url ?? searchFor(title) },
    { label: 'PDF', href: pdf },
    { label: 'Code', href: code },
    { label: 'Project', href: project },
    { label: 'Discuss', href: discussion },
  ];
  return html`${named.map(({ label, href }) => (href === undefined ? '' : html`<a href="${asciiUrl(href)}" rel="noopener">${label}</a> `))}`;
}

function placeName(url: string): string {
  const host = URL.parse(url)?.hostname.replace(/^www\./, '') ?? 'Read';
  return { 'arxiv.org': 'arXiv', 'doi.org': 'DOI' }[host] ?? host;
}

const MOST_NAMED = 5;

export function byline(authors: readonly string[]): string {
  const rest = authors.length - MOST_NAMED;
  return `${authors.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` +${words.number(rest)}` : ''}`;
}

/** What is at the left of a paper of an edition: its votes and how they grew, or its rank where nobody counts. */
export function votesOf({ trend, vote, rank }: EditionPaper, day: Day, of: number): Html {
  const votes = trend?.votes ?? vote?.upvotes ?? 0;
  const grown = trend?.since && (trend.growth ?? 0) > 0 ? trend : null;
  if (votes < 1) return html`<b>#${words.number(rank)}</b> of ${words.number(of)}`;
  return html`<b>${words.number(votes)}</b> ${votes === 1 ? 'vote' : 'votes'}${grown === null ? '' : html` <i>+${words.number(grown.growth ?? 0)} ${sinceWhen(grown.since ?? day, day, words)}</i>`}`;
}

/** Choosing sentences takes far longer than printing them. */
const MOST_KEPT = 2_000;
const summaries = new Map<string, string>();

/** Two sentences of an abstract. */
export function summaryOf(abstract: string): string {
  const summary = summaries.get(abstract) ?? summarise(abstract);
  if (summaries.size >= MOST_KEPT) summaries.clear();
  summaries.set(abstract, summary);
  return summary;
}
