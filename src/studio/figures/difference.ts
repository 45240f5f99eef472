// The difference between the digests of two editions for one reader: what came, what went, and what it costs.
import type { Digest } from '../../digests/digest.ts';
import type { Shown } from '../../digests/fit.ts';
import { byteMap } from './byte-map.ts';

/** A figure of the edition before and of this one. */
export interface Change<T = number> {
  before: T;
  after: T;
}

interface Titled {
  id: string;
  title: string;
}

/** A section that stands in both digests, or in one of them. */
interface SectionChange extends Change {
  name: string;
  kind: 'new' | 'gone' | 'grown' | 'shrunk' | 'same';
}

/** What changed. `previous` is null where there is nothing to compare with: then all figures before are 0. */
export interface Difference {
  date: string;
  previous: string | null;
  subject: Change<string>;
  papers: Change;
  html: Change;
  text: Change;
  /** Bytes of HTML that stand in no section. */
  frame: Change;
  /**
   * Whether the head of the HTML, with its styles, is the same but for the title. It says nothing of a day's papers:
   * where it is not the same, templates, colours or the reader's language are another. Null without a previous one.
   */
  sameHead: boolean | null;
  /** In the order of this digest, those that are gone last. */
  sections: SectionChange[];
  /** How many papers were shown how. */
  steps: Record<Shown, Change>;
  /** Papers in both; there should be none, as no reader gets a paper twice. */
  twice: Titled[];
}

/** Compares the digest of an edition with the one before it, both for the same reader. Pure. */
export function difference(before: Digest | null, after: Digest): Difference {
  const figure = (of: (digest: Digest) => number): Change => ({
    before: before === null ? 0 : of(before),
    after: of(after),
  });
  const shown = (step: Shown) => figure(({ papers }) => papers.filter(paper => paper.shown === step).length);
  const had = new Set(before?.papers.map(({ id }) => id));
  return {
    date: after.date,
    previous: before?.date ?? null,
    subject: { before: before?.subject ?? '', after: after.subject },
    papers: figure(({ papers }) => papers.length),
    html: figure(({ html }) => Buffer.byteLength(html)),
    text: figure(({ text }) => Buffer.byteLength(text)),
    frame: figure(digest => byteMap(digest, digest.html).frame.bytes),
    sameHead: before === null ? null : headOf(before.html) === headOf(after.html),
    sections: sectionChanges(before, after),
    steps: {
      full: shown('full'),
      summary: shown('summary'),
      title: shown('title'),
      folded: shown('folded'),
    },
    twice: after.papers.filter(({ id }) => had.has(id)).map(({ id, title }) => ({ id, title })),
  };
}

function sectionChanges(before: Digest | null, after: Digest): SectionChange[] {
  const [old, now] = [countsOf(before), countsOf(after)];
  return [...new Set([...now.keys(), ...old.keys()])].map(name => {
    const change = { before: old.get(name) ?? 0, after: now.get(name) ?? 0 };
    return { name, ...change, kind: kindOf(change) };
  });
}

/** A day about one subject may have several sections of one name. */
function countsOf(digest: Digest | null): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name, papers } of digest?.sections ?? [])
    counts.set(name, (counts.get(name) ?? 0) + papers.length);
  return counts;
}

function kindOf({ before, after }: Change): SectionChange['kind'] {
  if (before === 0) return 'new';
  if (after === 0) return 'gone';
  return after > before ? 'grown' : after < before ? 'shrunk' : 'same';
}

/** The head without its title, which is the subject. */
function headOf(html: string): string {
  const head = html.slice(0, Math.max(0, html.search(/<\/head\s*>/i)));
  const from = head.search(/<title\b/i);
  const to = head.search(/<\/title\s*>/i);
  return from < 0 || to < from ? head : head.slice(0, from) + head.slice(to);
}
