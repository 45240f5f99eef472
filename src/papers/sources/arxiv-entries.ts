// arXiv's entries: those of its announcement feeds (RSS and Atom) and those of its query API.
// Their text is plain with TeX in it: a `<` there is a less-than and never a tag.
import type { Day } from '../../store/schema.ts';
import type { Candidate } from '../announce.ts';
import { arxivId, arxivVersion } from '../ids.ts';
import { splitNames } from '../names.ts';
import { all, first, textIn, textOf, type XmlElement } from './elements.ts';
import { cutAtSentence } from './feed-abstract.ts';
import { dayOf, instantOf } from './stamps.ts';

const API_ID = /^https?:\/\/(?:export\.|www\.)?arxiv\.org\/abs\//i;
const LEAD = /^(?:arXiv:(\S{5,60})\s+)?Announce Type:\s*([a-z-]{2,40})\s*/i;
const HEADING = /^Abstract:\s*/i;

/**
 * The candidate of an entry as arXiv writes it; undefined when it is not in one of arXiv's own forms.
 * An announcement's day is its own `pubDate` or `published`; the API says when a paper was submitted, not when it was
 * announced.
 */
export function arxivCandidate(entry: XmlElement, where: string): Candidate | undefined {
  const text = textIn(entry, 'core', 'description') || textIn(entry, 'core', 'summary');
  const [lead = '', leadId = '', leadType] = LEAD.exec(text) ?? [];
  const stated = textIn(entry, 'core', 'guid') || textIn(entry, 'core', 'id');
  const type = textIn(entry, 'arxiv', 'announce_type') || leadType;
  const isAnnouncement = /^oai:arxiv\.org:/i.test(stated) || type !== undefined;
  if (!isAnnouncement && !isOfApi(entry, stated)) return undefined;
  const ids = [stated, leadId, linkOf(entry)];
  const id = ids.map(arxivId).find(one => one !== undefined);
  if (id === undefined) return undefined;
  const dois = textIn(entry, 'arxiv', 'doi').split(/\s+/).filter(Boolean);
  const published = textIn(entry, 'core', 'pubdate') || textIn(entry, 'core', 'published');
  const day = isAnnouncement ? dayOf(published) : null;
  return {
    where,
    title: textIn(entry, 'core', 'title'),
    abstract: cutAtSentence(text.slice(lead.length).replace(HEADING, '')),
    authors: authorsOf(entry),
    id,
    otherIds: dois,
    url: linkOf(entry),
    links: { pdf: `https://arxiv.org/pdf/${id}` },
    facts: {
      version: ids.map(arxivVersion).find(version => version !== undefined),
      doi: dois[0],
      categories: categoriesOf(entry),
      comment: textIn(entry, 'arxiv', 'comment'),
      journal: textIn(entry, 'arxiv', 'journal_reference') || textIn(entry, 'arxiv', 'journal_ref'),
    },
    format: isAnnouncement ? 'arxiv-feed' : 'arxiv-api',
    ...(type === undefined ? {} : { announceType: type.toLowerCase() }),
    ...(isAnnouncement ? {} : submission(published)),
    listedOn: day,
    announcedOn: day,
  };
}

/** Somebody else's Atom feed may have arXiv's addresses as ids too, but then HTML in its texts. */
function isOfApi(entry: XmlElement, stated: string): boolean {
  const types = [first(entry, 'core', 'summary'), first(entry, 'core', 'content')].map(
    e => e?.attributes.type ?? 'text',
  );
  return API_ID.test(stated) && entry.name === 'entry' && types.every(type => type === 'text');
}

function submission(published: string): { submittedAt?: string } {
  const instant = instantOf(published);
  return instant === undefined ? {} : { submittedAt: instant.toString() };
}

function linkOf(entry: XmlElement): string {
  const links = all(entry, 'core', 'link');
  const page = links.find(link => (link.attributes.rel ?? 'alternate') === 'alternate');
  return page?.attributes.href ?? textOf(page);
}

function authorsOf(entry: XmlElement): string[] {
  const people = all(entry, 'core', 'author').map(person => textIn(person, 'core', 'name'));
  if (people.length > 0) return people;
  return all(entry, 'dc', 'creator').flatMap(creator => splitNames(textOf(creator)));
}

/** The primary category comes first: in feeds it does already, the API names it apart. */
function categoriesOf(entry: XmlElement): string[] {
  const named = [...all(entry, 'arxiv', 'primary_category'), ...all(entry, 'core', 'category')];
  return [...new Set(named.map(one => one.attributes.term ?? textOf(one)).filter(name => name !== ''))];
}

/**
 * The words of an entry that is no paper but the API's complaint about the query (user manual section 3.4), or
 * undefined. Papers titled "Error" have ids of their own.
 */
export function complaintOfEntry(entry: XmlElement): string | undefined {
  const isComplaint = /^https?:\/\/(?:export\.|www\.)?arxiv\.org\/api\/errors\b/i.test(
    textIn(entry, 'core', 'id'),
  );
  if (!isComplaint || textIn(entry, 'core', 'title') !== 'Error') return undefined;
  return textIn(entry, 'core', 'summary') || 'Error';
}

/** The words of an announcement feed that is nothing but a complaint about its query, or undefined. */
export function complaintOfHead(head: XmlElement): string | undefined {
  const title = textIn(head, 'core', 'title');
  if (!title.startsWith('Feed error for query')) return undefined;
  return textIn(head, 'core', 'description') || textIn(head, 'core', 'subtitle') || title;
}

/** Whose feed it is, as its head says: the API's, an announcement feed, or not arXiv's. */
export function arxivHead(head: XmlElement): 'api' | 'announcements' | undefined {
  const links = [...all(head, 'core', 'link'), ...all(head, 'atom', 'link')];
  const said = [
    textIn(head, 'core', 'id'),
    ...links.flatMap(link => [textOf(link), link.attributes.href ?? '']),
  ];
  if (said.some(text => /^https?:\/\/(?:export\.)?arxiv\.org\/api\//i.test(text))) return 'api';
  return said.some(text => /^https?:\/\/(?:rss|export)\.arxiv\.org\//i.test(text))
    ? 'announcements'
    : undefined;
}

/** The day of announcement in the calendar of arXiv, which lives by the time of New York. */
export function arxivDay(builtAt: string): Day | null {
  const instant = instantOf(builtAt);
  return instant === undefined
    ? null
    : instant.toZonedDateTimeISO('America/New_York').toPlainDate().toString();
}
