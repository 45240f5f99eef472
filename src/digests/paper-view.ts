// A paper as the templates see it: its lines of text and its links, at each step of the size ladder.
import type { EditionPaper } from '../editions/edition.ts';
import type { Day } from '../store/schema.ts';
import type { CutPaper } from './cut.ts';
import type { Shown } from './fit.ts';
import { summarise } from './summary.ts';
import type { Templates, View } from './template.ts';
import { clip, sinceWhen, type Words } from './words.ts';

/** A paper at a step: what it takes in the HTML part, and what the templates of the two parts are given. */
export interface Entry {
  /** Bytes of its HTML; a guess on the high side where the template has no partial for a paper. */
  bytes: number;
  html: View;
  /** Made when it is first asked for. */
  text(): View;
}

/** What is the same for all papers of a digest. */
export interface Setting {
  templates: Templates;
  words: Words;
  day: Day;
}

/** What was made of papers that many cuts show alike: by the templates, by the paper, by all that it depends on. */
const printed = new WeakMap<Templates, WeakMap<EditionPaper, Map<string, Entry>>>();

/** Readers ask for a paper by so many words at most before those of the first are forgotten: about 300 kB a paper. */
const MOST_KEPT = 100;

/** @param note the line of a curator, '' for none */
export function entryOf(paper: CutPaper, note: string, shown: Shown, setting: Setting): Entry {
  const papers = printed.get(setting.templates) ?? new WeakMap<EditionPaper, Map<string, Entry>>();
  printed.set(setting.templates, papers);
  const entries = papers.get(paper.printed) ?? new Map<string, Entry>();
  papers.set(paper.printed, entries);
  const key = `${shown} ${setting.day} ${setting.words.locale} ${askedBy(paper)}\n${note}`;
  const entry = entries.get(key) ?? makeEntry(paper, note, shown, setting);
  if (entries.size >= MOST_KEPT) entries.clear();
  entries.set(key, entry);
  return entry;
}

/** What is bold in a paper, in one line: a reader's patterns, and the names of those whom they follow. */
function askedBy({ because, hits, followed }: CutPaper): string {
  if (because.length === 0) return '';
  return JSON.stringify([hits.map(({ source }) => source), followed.map(({ name }) => name)]);
}

function makeEntry(paper: CutPaper, note: string, shown: Shown, setting: Setting): Entry {
  const view = paperView(paper, note, shown, setting);
  const { html, text } = setting.templates.paper;
  const print = html?.(view);
  let inText: View | undefined;
  return {
    bytes: print === undefined ? guess(view) : Buffer.byteLength(print),
    html: print === undefined ? view : { ...view, print },
    text: () => (inText ??= text === undefined ? view : { ...view, print: text(view) }),
  };
}

/** About what an unknown template makes of a paper. The finished mail is measured in any case. */
const guess = (view: View) => 400 + Math.ceil(Buffer.byteLength(JSON.stringify(view)) * 1.1);

function paperView(paper: CutPaper, note: string, shown: Shown, { words, day }: Setting): View {
  const { pdf, code, project, discussion } = paper.links;
  const links = [
    { label: 'PDF', url: pdf },
    { label: 'Code', url: code },
    { label: 'Project', url: project },
    { label: 'Discuss', url: discussion },
  ]
    .flatMap(({ label, url }) => (url === undefined ? [] : { label, url: asciiUrl(url) }))
    // The title's own link is the first one.
    .map((link, place) => ({ ...link, number: place + 2 }));
  return {
    title: paper.title,
    url: asciiUrl(paper.url ?? searchFor(paper.title)),
    byline: bylineOf(paper, day, words),
    note,
    because: paper.because.join(', '),
    body: shown === 'full' ? paper.abstract || null : shown === 'summary' ? summaryOf(paper) : null,
    links,
    titleOnly: shown === 'title',
    hits: paper.hits,
    names: paper.followed.map(({ hit }) => hit),
    rtl: words.rtl,
  };
}

const summaries = new WeakMap<EditionPaper, string>();

/** Choosing sentences takes far longer than printing them, so it is done once for each paper. */
function summaryOf({ printed, abstract }: CutPaper): string | null {
  const summary = summaries.get(printed) ?? summarise(abstract);
  summaries.set(printed, summary);
  return summary || null;
}

/** An address in the form that goes over the wire: no mark, and nothing that turns text around, survives in a link. */
export function asciiUrl(url: string): string {
  return /^[\x21-\x7e]*$/.test(url) ? url : (URL.parse(url)?.href ?? '#');
}

/** A pasted page names no addresses: the way to such a paper is a search for its title. */
export function searchFor(title: string): string {
  // An apostrophe would end the link where a mail program makes links of plain text.
  const query = encodeURIComponent(clip(title, 200)).replaceAll("'", '%27');
  return `https://arxiv.org/search/?searchtype=title&query=${query}`;
}

/** The first three authors and those whom the reader follows, then what came of the paper since. */
function bylineOf(paper: CutPaper, day: Day, words: Words): string {
  const { authors, followed } = paper;
  const wanted = new Set(followed.map(({ name }) => name));
  const named = authors.filter((name, place) => place < 3 || wanted.has(name));
  const line = named.join(', ');
  // After a name that is written from right to left, numbers and English words would stand in another order.
  const apart = RIGHT_TO_LEFT.test(line) ? (text: string) => `\u2066${text}\u2069` : (text: string) => text;
  const rest = authors.length - named.length;
  const names = rest > 0 ? `${line} ${apart(`+${rest}`)}` : line;
  const trend = trendLine(paper, day, words);
  return [names, trend === '' ? '' : apart(trend)].filter(part => part !== '').join(' · ');
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** "31 votes, +18 since yesterday, 5 comments, 310 stars". Editions from before there was a trend have plain votes. */
function trendLine({ trend, vote }: CutPaper, day: Day, words: Words): string {
  if (vote === null && trend === null) return '';
  const votes = trend?.votes ?? vote?.upvotes ?? 0;
  const growth = trend?.growth ?? 0;
  const others = [
    { count: trend?.comments ?? vote?.comments ?? 0, noun: 'comment' },
    { count: trend?.stars ?? vote?.stars ?? 0, noun: 'star' },
  ];
  return [
    ...(votes > 0 ? [words.counted(votes, 'vote')] : []),
    ...(growth > 0 && trend?.since ? [`+${words.number(growth)} ${sinceWhen(trend.since, day, words)}`] : []),
    ...others.flatMap(({ count, noun }) => (count > 0 ? [words.counted(count, noun)] : [])),
  ].join(', ');
}
