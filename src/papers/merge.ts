// What all sources together say of one work: the best of each field, whatever the order in which they said it.
import { type Day, type Instant, shiftDay } from '../store/schema.ts';
import type { Identified } from './identity.ts';
import { homeOf } from './ids.ts';
import type { Format, Paper } from './paper.ts';

/** The fields of a paper as one source gives them. */
export type Content = Omit<Paper, 'id'>;

/** The latest word of one source about one version of a paper. `version` is 0 where the source does not say. */
export interface Told extends Identified {
  source: string;
  format: Format;
  version: number;
  announcedOn: Day | null;
  content: Content;
  firstAt: Instant;
  saidAt: Instant;
}

/** The form in which a paper is closest to what its authors handed in comes first. */
const TRUST: Record<Format, number> = {
  curator: 0,
  'arxiv-api': 1,
  'arxiv-feed': 1,
  'hugging-face': 2,
  json: 3,
  feed: 4,
  bibtex: 5,
  page: 6,
};

/** A total order of what sources say: whom to believe first. */
function compare(a: Told, b: Told): number {
  return (
    TRUST[a.format] - TRUST[b.format] ||
    b.version - a.version ||
    text(a.format, b.format) ||
    text(a.source, b.source) ||
    text(a.ownId, b.ownId)
  );
}

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Merges what sources say of the work `id`.
 * @param told at least one record; their order makes no difference
 * @returns the paper, and the latest day on which a source announced it
 */
export function merge(id: string, told: readonly Told[]): { paper: Paper; announcedOn: Day | null } {
  const ordered = [...told].sort(compare);
  const contents = ordered.map(record => record.content);
  const first = <T>(of: (content: Content) => T, has: (value: T) => boolean): T | undefined =>
    contents.map(of).find(has);
  return {
    paper: {
      id,
      title: first(
        c => c.title,
        title => title !== '',
      ) as string,
      abstract: wholeAbstract(contents.map(c => c.abstract)),
      authors: allAuthors(contents.map(c => c.authors)),
      url: bestAddress(id, ordered),
      links: eachFirst(contents.map(c => c.links)),
      facts: eachFirst(contents.map(c => c.facts)),
    },
    announcedOn: latestDay(told),
  };
}

/** arXiv's page is the best address of an arXiv paper, unless somebody who handed it in says another. */
function bestAddress(id: string, ordered: readonly Told[]): string | null {
  const home = homeOf(id);
  const given = ordered.filter(({ content }) => content.url !== null && content.url !== home);
  const wanted = id.startsWith('arxiv:') ? given.find(({ format }) => HANDED_IN.includes(format)) : given[0];
  return wanted?.content.url ?? home;
}

/** Nobody but the operator's own file may lead an arXiv paper's readers elsewhere. */
const HANDED_IN: readonly Format[] = ['curator', 'json'];

/** The abstract of the best source, unless another has the rest of it: feeds cut abstracts off. */
function wholeAbstract(abstracts: readonly string[]): string {
  return abstracts.reduce((best, other) => {
    const beginning = best.replace(/\s?(?:…|\.{3}|\[…\]|\[\.{3}\])$/, '');
    const cutOff = best === '' || beginning !== best;
    return cutOff && other.length > beginning.length && other.startsWith(beginning) ? other : best;
  }, '');
}

/** The best source's authors, unless another goes on where it stopped ("et al."). */
function allAuthors(lists: readonly string[][]): string[] {
  return lists.reduce(
    (best, other) =>
      best.length === 0 || (other.length > best.length && best.every((name, i) => name === other[i]))
        ? other
        : best,
    [],
  );
}

function eachFirst<T extends object>(objects: readonly T[]): T {
  return Object.assign({}, ...objects.toReversed()) as T;
}

/** A day that was still to come when it was said is a slip of the pen, as long as anybody names a better one. */
function latestDay(told: readonly Told[]): Day | null {
  const isOver = ({ announcedOn, saidAt }: Told) =>
    announcedOn === null || announcedOn <= shiftDay(saidAt.slice(0, 10), 1);
  const days = (of: readonly Told[]) => of.map(t => t.announcedOn).reduce(later, null);
  return days(told.filter(isOver)) ?? days(told);
}

const later = (a: Day | null, b: Day | null) => (a === null || (b !== null && b > a) ? b : a);

/**
 * What a source says in the end of one version of a paper: its later word; what only the earlier one knew is kept.
 * @param known what it said before, of the same version; undefined: nothing
 */
export function laterWord(known: Told | undefined, now: Told): Told {
  if (known === undefined) return now;
  const [last, before] = now.saidAt >= known.saidAt ? [now, known] : [known, now];
  return {
    ...last,
    // A title that changed goes on to join what it joined.
    keys: [...new Set([...before.keys, ...last.keys])],
    content: {
      title: last.content.title,
      abstract: last.content.abstract || before.content.abstract,
      authors: last.content.authors.length > 0 ? last.content.authors : before.content.authors,
      url:
        last.content.url === homeOf(last.ownId) ? (before.content.url ?? last.content.url) : last.content.url,
      links: { ...before.content.links, ...last.content.links },
      facts: { ...before.content.facts, ...last.content.facts },
    },
    announcedOn: later(known.announcedOn, now.announcedOn),
    firstAt: known.firstAt < now.firstAt ? known.firstAt : now.firstAt,
  };
}
