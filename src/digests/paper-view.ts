// A paper as the templates see it: its lines of text and its links.
import type { Day } from '../store/schema.ts';
import type { CutPaper } from './cut.ts';
import { summarise } from './summary.ts';
import { clip, counted, sinceWhen } from './words.ts';

/** What is the same of a paper however much of it is shown, and the two bodies to choose from. */
export interface PaperView {
  common: object;
  full: string | null;
  summary(): string | null;
}

/** @param note the line of a curator, '' for none */
export function paperView(paper: CutPaper, day: Day, note: string): PaperView {
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
      byline: [authorsLine(paper.authors), trendLine(paper, day)].filter(part => part !== '').join(' · '),
      note,
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

/** "31 votes, +18 since yesterday, 5 comments, 310 stars". Editions from before there was a trend have plain votes. */
function trendLine({ trend, vote }: CutPaper, day: Day): string {
  if (vote === null && trend === null) return '';
  const votes = trend?.votes ?? vote?.upvotes ?? 0;
  const growth = trend?.growth ?? 0;
  const others = [
    { count: trend?.comments ?? vote?.comments ?? 0, noun: 'comment' },
    { count: trend?.stars ?? vote?.stars ?? 0, noun: 'star' },
  ];
  return [
    ...(votes > 0 ? [counted(votes, 'vote')] : []),
    ...(growth > 0 && trend?.since ? [`+${growth.toLocaleString('en')} ${sinceWhen(trend.since, day)}`] : []),
    ...others.flatMap(({ count, noun }) => (count > 0 ? [counted(count, noun)] : [])),
  ].join(', ');
}
