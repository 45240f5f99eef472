// The byte map: what each section and each paper of a mail costs in bytes of HTML, and where Gmail would cut it off.
import type { Digest } from '../../digests/digest.ts';
import { HTML_LIMIT, type Place } from '../../digests/fit.ts';
import { oneLine } from '../../digests/preflight/page.ts';
import { htmlPlaces, type Tag } from './html-places.ts';

/**
 * The bytes of a mail's HTML that Gmail kept in the three tests that are known: 99,507, 99,906 and 100,217. They were
 * made in 2018, of mails in the shape of that time (github.com/hteumeuleu/email-bugs, issue 41). So it is a region.
 */
export const GMAIL_KEEPS = { least: 99_507, most: 100_217 } as const;

/** A paper of the mail. Offsets and sizes are bytes of UTF-8. */
export interface PaperBytes {
  id: string;
  title: string;
  shown: Place['shown'];
  why: Place['why'];
  /** Where its HTML begins; null where it is left out, or where a template prints it in a way that is not found. */
  from: number | null;
  /** What it takes; 0 where it is not found: then its bytes are in its section, or in the frame. */
  bytes: number;
}

export interface SectionBytes {
  name: string;
  /** Whether these are the picks. */
  lead: boolean;
  from: number | null;
  /** All of it: its papers, its heading and its line about what was left out. */
  bytes: number;
  /** What of it is no paper. */
  heading: number;
  /** What the size ladder gave its papers. */
  budget: number;
  papers: PaperBytes[];
}

/** What Gmail would cut first; both are null where it is only the foot of the mail. */
interface FirstCut {
  /** Whether every known test says so, or only some. */
  sure: boolean;
  section: string | null;
  paper: string | null;
}

/** `total` is the sum of the frame and all sections; a section is the sum of its heading and its papers. */
export interface ByteMap {
  total: number;
  limit: number;
  /** Everything that is no section: `head` stands before the first one, `foot` is the rest. */
  frame: { bytes: number; head: number; foot: number };
  sections: SectionBytes[];
  cut: FirstCut | null;
}

/** Where something may begin: a tag, with the place where the element around it ends. In bytes. */
interface Spot {
  at: number;
  limit: number;
}

/** A place where something begins: the heading of a section, or a paper. */
interface Start extends Spot {
  section: SectionBytes;
  paper: PaperBytes | null;
  /** What its digest says that it takes. */
  measured: number;
}

/**
 * Maps a mail. Pure, never throws, and exact: all parts together are the total.
 *
 * A paper is where its title is all the words of an element. It begins with the tags that open right before that title,
 * and ends where the digest measured it to end, if a tag begins there; otherwise where the next thing begins. A line
 * about papers that are left out counts for the section above it; the tags around all sections, in a mail of one, for that.
 * @param html the HTML part as its reader gets it
 */
export function byteMap(digest: Digest, html: string): ByteMap {
  const total = Buffer.byteLength(html);
  const page = placesInBytes(html);
  const sections = sectionsOf(digest);
  const papers = papersIn(sections, digest, page);
  const starts = [...papers, ...headingsIn(sections, papers, page)].sort((a, b) => a.at - b.at);
  for (const [n, start] of starts.entries()) {
    const next = starts[n + 1]?.at ?? total;
    const { section, paper, at } = start;
    const limit = Math.max(at, Math.min(next, start.limit));
    start.limit = limit;
    const measured = at + start.measured;
    const end = paper !== null && measured <= limit && page.isTag(measured) ? measured : limit;
    section.from ??= at;
    section.bytes += limit - at;
    if (paper !== null) Object.assign(paper, { from: at, bytes: end - at });
    section.heading += limit - (paper === null ? at : end);
  }
  const bytes = total - sections.reduce((sum, section) => sum + section.bytes, 0);
  const head = starts[0]?.at ?? bytes;
  return {
    total,
    limit: HTML_LIMIT,
    frame: { bytes, head, foot: bytes - head },
    sections,
    cut: firstCut(total, starts),
  };
}

function sectionsOf({ sections, papers }: Digest): SectionBytes[] {
  const placed = new Map(papers.map(paper => [paper.id, paper]));
  return sections.map(({ name, lead, papers: ids }) => {
    const own = ids.flatMap(id => placed.get(id) ?? []);
    return {
      name,
      lead,
      from: null,
      bytes: 0,
      heading: 0,
      budget: Math.max(0, ...own.map(({ budget }) => budget)),
      papers: own.map(({ id, title, shown, why }) => ({ id, title, shown, why, from: null, bytes: 0 })),
    };
  });
}

/** An element by its words: `spots` are the tags that open right before these, outermost first. */
interface Candidate {
  words: string;
  heading: boolean;
  spots: Spot[];
}

/** The elements of a page, with everything in bytes. */
interface PageInBytes {
  candidates: Candidate[];
  isTag(at: number): boolean;
}

function placesInBytes(html: string): PageInBytes {
  const { elements, begins } = htmlPlaces(html);
  const bytes = new Map<number, number>();
  let [at, sum] = [0, 0];
  for (const tag of [...begins, html.length]) {
    sum += Buffer.byteLength(html.slice(at, tag));
    bytes.set(tag, sum);
    at = tag;
  }
  const inBytes = new Set(bytes.values());
  const spot = ({ start, around }: Tag): Spot => ({
    at: bytes.get(start) ?? 0,
    limit: bytes.get(around?.end ?? html.length) ?? sum,
  });
  const candidates = elements.map(({ name, words, tags }) => ({
    words,
    heading: /^h[1-6]$/.test(name),
    spots: tags.map(spot),
  }));
  return { candidates: candidates.sort(inOrder), isTag: place => inBytes.has(place) };
}

/** As they stand in the page; of those that begin together, the inner one first. */
const inOrder = (a: Candidate, b: Candidate) => startOf(a) - startOf(b) || b.spots.length - a.spots.length;

const startOf = ({ spots }: Candidate) => spots[0]?.at ?? 0;

/**
 * The papers that are found. Where more elements than papers have a title (a table of contents; a paper that is called
 * "PDF"), those count that end where they were measured to end, then the last ones.
 */
function papersIn(sections: readonly SectionBytes[], digest: Digest, page: PageInBytes): Start[] {
  const measured = new Map(digest.papers.map(({ id, bytes }) => [id, bytes]));
  const shown = sections.flatMap(section =>
    section.papers.filter(one => one.shown !== 'folded').map(paper => ({ section, paper })),
  );
  const byTitle = Map.groupBy(shown, ({ paper }) => oneLine(paper.title));
  const byWords = Map.groupBy(page.candidates, ({ words }) => words);
  const found = [...byTitle].flatMap(([title, papers]) => {
    const sizes = papers.map(({ paper }) => measured.get(paper.id) ?? 0);
    const all = (byWords.get(title) ?? []).filter(
      (one, n, same) => startOf(one) !== startOf(same[n - 1] ?? NONE),
    );
    const exact = all.filter(({ spots }) =>
      spots.some(({ at }) => sizes.some(size => page.isTag(at + size))),
    );
    const last = (exact.length >= papers.length ? exact : all).slice(-papers.length);
    return last.map((candidate, n) => ({ ...papers[n], candidate, measured: sizes[n] ?? 0 }));
  });
  return begun(found as Found[]);
}

const NONE: Candidate = { words: '', heading: false, spots: [{ at: -1, limit: -1 }] };

type Found = Omit<Start, keyof Spot> & { candidate: Candidate };

/**
 * Where each begins: the same number of tags before its words for all of them, because the first one also follows the
 * tags that open around all.
 */
function begun(found: readonly Found[]): Start[] {
  const depth = Math.min(...found.map(({ candidate }) => candidate.spots.length));
  return found.flatMap(({ candidate, ...one }) => {
    const spot = candidate.spots.at(-depth);
    return spot === undefined ? [] : [{ ...one, ...spot }];
  });
}

/**
 * The heading of each section: the last element before its first paper, and after the paper before, that has its name
 * for its words, or that is a heading and begins with it.
 */
function headingsIn(sections: readonly SectionBytes[], papers: readonly Start[], page: PageInBytes): Start[] {
  const at = papers.map(paper => paper.at).sort((a, b) => a - b);
  const found = sections.flatMap(section => {
    const own = papers.filter(paper => paper.section === section).map(paper => paper.at);
    if (own.length === 0) return [];
    const first = Math.min(...own);
    const before = at.findLast(place => place < first) ?? -1;
    const name = oneLine(section.name);
    const between = page.candidates.filter(
      one =>
        (one.spots.at(-1)?.at ?? 0) < first &&
        startOf(one) > before &&
        (one.words === name || (one.heading && one.words.startsWith(name))),
    );
    const candidate = between.findLast(({ heading }) => heading) ?? between.at(-1);
    return candidate === undefined ? [] : [{ section, paper: null, candidate, measured: 0 }];
  });
  return begun(found);
}

/** Whatever has its last byte behind what Gmail is known to keep. */
function firstCut(total: number, starts: readonly Start[]): FirstCut | null {
  if (total <= GMAIL_KEEPS.least) return null;
  const start = starts.find(({ limit }) => limit > GMAIL_KEEPS.least);
  return {
    sure: total > GMAIL_KEEPS.most,
    section: start?.section.name ?? null,
    paper: start?.paper?.title ?? null,
  };
}
