// Every XML document that announces papers: RSS, RDF, Atom, arXiv's feeds and API, PubMed. Known by its outermost element.
import { PaperroundError } from '../../errors.ts';
import type { Day } from '../../store/schema.ts';
import { excerpt } from '../../text-file.ts';
import type { Candidate } from '../announce.ts';
import { arxivCandidate, arxivDay, arxivHead, complaintOfEntry, complaintOfHead } from './arxiv-entries.ts';
import { textIn, type XmlElement } from './elements.ts';
import { feedCandidate, isOfJournal } from './feed-entries.ts';
import { pubmedCandidate } from './pubmed.ts';
import type { Reading } from './source.ts';
import { dayOf } from './stamps.ts';
import { readElements, type Shape, type XmlDocument } from './xml-elements.ts';

const SHAPES: Record<string, Shape> = {
  rss: { entries: ['item'], head: 'channel' },
  rdf: { entries: ['item'], head: 'channel' },
  feed: { entries: ['entry'], head: undefined },
  pubmedarticleset: { entries: ['pubmedarticle', 'pubmedbookarticle'], head: undefined },
};

const ALLOWED =
  'Allowed: RSS (<rss>, <rdf:RDF>), Atom (<feed>), which arXiv’s feeds and API use too, and PubMed (<PubmedArticleSet>).';

/**
 * What the XML document `text` announces, as far as it can be read (see `incomplete`).
 * @param where its file or address, for messages
 * @throws PaperroundError `input` when it is no such document: not XML, a web page, or another kind of XML
 */
export function readXml(text: string, where: string): Reading {
  const candidates: Candidate[] = [];
  let complaint: string | undefined;
  const inJournal = new Set<Candidate>();
  const document = readElements(
    text,
    where,
    root => shapeOf(root, text, where),
    (entry, root) => {
      const words = complaintOfEntry(entry);
      complaint ??= words;
      if (words !== undefined) return;
      const candidate = candidateOf(entry, root, where);
      candidates.push(candidate);
      if (isOfJournal(entry)) inJournal.add(candidate);
    },
  );
  const { root, head, fault } = document;
  if (root === undefined) throw noRoot(document, text, where);
  const journal = textIn(head, 'prism', 'publicationname') || textIn(head, 'core', 'title');
  for (const candidate of inJournal) nameJournal(candidate, journal);
  const kind = arxivKind(head, candidates[0], complaint);
  const refusal = complaint ?? complaintOfHead(head);
  const total = textIn(head, 'opensearch', 'totalresults');
  return {
    format: formatName(root, kind),
    day: dayOfFeed(head, candidates, kind),
    candidates,
    dropped: [],
    ...(fault === undefined ? {} : { incomplete: fault }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(/^\d{1,9}$/.test(total) ? { total: Number(total) } : {}),
  };
}

function candidateOf(entry: XmlElement, root: XmlElement, where: string): Candidate {
  const place = `${where}, line ${entry.line}`;
  if (entry.name.startsWith('pubmed')) return pubmedCandidate(entry, place);
  return arxivCandidate(entry, place) ?? feedCandidate(entry, place, root.attributes.base ?? where);
}

/** A journal's feed names the journal in its head when its papers do not. The head may stand after them. */
function nameJournal(candidate: Candidate, journal: string): void {
  const { facts } = candidate;
  if (candidate.format === 'feed' && facts !== undefined && !facts.journal) facts.journal = journal;
}

function shapeOf(root: XmlElement, text: string, where: string): Shape {
  const shape = Object.hasOwn(SHAPES, root.name) ? SHAPES[root.name] : undefined;
  if (shape !== undefined) return shape;
  if (root.name === 'html' || isWebPage(text)) throw webPage(where);
  const name = `<${excerpt(root.name, 40)}>`;
  throw new PaperroundError('input', `${where}, line ${root.line}: ${name} begins no feed that is known`, {
    hint: ALLOWED,
  });
}

const isWebPage = (text: string) => /<!doctype\s{1,50}html\b|<html[\s>]/i.test(text.slice(0, 5_000));

function webPage(where: string): PaperroundError {
  return new PaperroundError('input', `${where}: this is a web page, not a feed`, {
    hint: `Look on the page for the address of its RSS or Atom feed. ${ALLOWED}`,
  });
}

function noRoot({ fault }: XmlDocument, text: string, where: string): PaperroundError {
  if (isWebPage(text)) return webPage(where);
  const why = fault ?? 'line 1: no element stands there';
  return new PaperroundError('input', `${where}, ${why}`, { hint: ALLOWED });
}

const NAMES: Record<string, string> = {
  rss: 'RSS',
  rdf: 'RSS 1.0',
  feed: 'Atom',
  pubmedarticleset: 'PubMed',
};

type ArxivKind = ReturnType<typeof arxivHead>;

/** Whether a document is arXiv's, as its first entry shows, or its head where it has none. */
function arxivKind(head: XmlElement, first: Candidate | undefined, complaint: string | undefined): ArxivKind {
  if (first?.format === 'arxiv-api' || complaint !== undefined) return 'api';
  return first?.format === 'arxiv-feed' ? 'announcements' : first === undefined ? arxivHead(head) : undefined;
}

function formatName(root: XmlElement, kind: ArxivKind): string {
  const name = NAMES[root.name] ?? root.name;
  return kind === 'api' ? 'arXiv API' : kind === undefined ? name : `arXiv ${name}`;
}

/**
 * The day that a feed says it is of, in the offset of its own stamp. What arXiv's Atom feed calls `updated` is when it
 * was built, in UTC, so its entries count first; and that of an API's answer is when it was asked, which is no day of
 * papers at all.
 */
function dayOfFeed(head: XmlElement, candidates: readonly Candidate[], kind: ArxivKind): Day | null {
  if (kind === 'api') return null;
  const said = dayOf(textIn(head, 'core', 'pubdate'));
  if (said !== null) return said;
  const built = textIn(head, 'core', 'updated') || textIn(head, 'core', 'lastbuilddate');
  if (kind === 'announcements') {
    const days = candidates.map(candidate => candidate.announcedOn).filter(day => day != null);
    return days.sort().at(-1) ?? arxivDay(built);
  }
  return dayOf(textIn(head, 'dc', 'date')) ?? dayOf(built) ?? dayOf(textIn(head, 'core', 'modified'));
}
