// One entry of an RSS, RDF or Atom feed of anybody but arXiv: with Dublin Core, PRISM and media elements, as journals use.
import type { Candidate } from '../announce.ts';
import { arxivId } from '../ids.ts';
import { splitNames } from '../names.ts';
import { doiIn, doiInWords } from './doi-search.ts';
import { all, first, hasMarkup, readableText, textIn, textOf, type XmlElement } from './elements.ts';
import { bestAbstract } from './feed-abstract.ts';
import { htmlToText } from './html-text.ts';
import { dayOf } from './stamps.ts';

/**
 * The candidate of one `item` or `entry`.
 * @param base the address of the feed, for links that do not say their host
 */
export function feedCandidate(entry: XmlElement, where: string, base: string): Candidate {
  const title = titleOf(entry);
  const texts = abstractTexts(entry);
  const small = elsevier(texts);
  const links = linksOf(entry, base);
  const dois = doisOf(entry, links.url, texts);
  const day = dayOfEntry(entry);
  const authors = authorsOf(entry);
  return {
    where,
    title,
    abstract: small === undefined ? bestAbstract(texts, title) : '',
    authors: authors.length > 0 ? authors : (small?.authors ?? []),
    id: dois[0] ?? arxivId(links.url ?? ''),
    otherIds: [...dois.slice(1), textIn(entry, 'core', 'guid'), textIn(entry, 'core', 'id')].filter(Boolean),
    url: links.url,
    links: { pdf: links.pdf },
    facts: {
      doi: dois[0],
      journal: textIn(entry, 'prism', 'publicationname') || small?.source,
      categories: categoriesOf(entry),
    },
    format: 'feed',
    listedOn: day,
    announcedOn: day,
  };
}

/** Whether a journal's vocabulary stands in the entry: then the feed's title is the journal's. */
export function isOfJournal(entry: XmlElement): boolean {
  return entry.content.some(child => typeof child !== 'string' && child.vocabulary === 'prism');
}

/** The text of an element that may hold HTML: as text, or as elements. */
function proseOf(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  if (hasMarkup(element)) return readableText(element).replace(/\s+/g, ' ').trim();
  // RFC 4287 section 3.1.1: `text` holds no markup. Without a type many feeds hold some all the same.
  const isPlain = element.attributes.type === 'text';
  return isPlain ? textOf(element) : htmlToText(textOf(element));
}

// arXiv's feeds of before 2024 end each title so; copies of them are still made.
const OLD_ARXIV_TAIL = /\.? \(arXiv:\S{5,40}(?: \[[\w.-]{1,20}\])?(?: UPDATED)?\)$/;

function titleOf(entry: XmlElement): string {
  const title = proseOf(first(entry, 'core', 'title')) || proseOf(first(entry, 'dc', 'title'));
  return title.replace(/^\[ASAP\]\s*/, '').replace(OLD_ARXIV_TAIL, '');
}

function abstractTexts(entry: XmlElement): string[] {
  const elements = [
    ...['description', 'summary', 'content', 'abstract'].map(name => first(entry, 'core', name)),
    first(entry, 'content', 'encoded'),
    first(entry, 'dc', 'description'),
    first(entry, 'dc', 'abstract'),
    first(entry, 'prism', 'teaser'),
    first(entry, 'media', 'description'),
  ];
  return elements.map(proseOf).filter(text => text !== '');
}

/** Elsevier's feeds have no abstract: "Publication date: … Source: … Author(s): …" stands in its place. */
function elsevier(texts: readonly string[]): { source: string; authors: string[] } | undefined {
  const text = texts[0] ?? '';
  if (!/^Publication date: /.test(text)) return undefined;
  const source = text.indexOf(' Source: ');
  const authors = text.indexOf(' Author(s): ');
  if (source < 0 && authors < 0) return undefined;
  return {
    source: source < 0 ? '' : text.slice(source + 9, authors > source ? authors : undefined).trim(),
    authors: authors < 0 ? [] : splitNames(text.slice(authors + 12)),
  };
}

function authorsOf(entry: XmlElement): string[] {
  const creators = all(entry, 'dc', 'creator').map(proseOf).filter(Boolean);
  if (creators.length > 1) return creators.map(inReadingOrder);
  if (creators.length === 1) return splitNames(inReadingOrder(creators[0] as string));
  const people = all(entry, 'core', 'author');
  const named = people
    .flatMap(person => all(person, 'core', 'name'))
    .map(proseOf)
    .filter(Boolean);
  if (named.length > 0) return named.length > 1 ? named : splitNames(named[0] as string);
  const written = [...people, ...all(entry, 'core', 'authors')]
    .filter(person => !hasMarkup(person))
    .map(proseOf);
  return written.flatMap(text => (text.includes('@') ? namesBesideMails(text) : splitNames(text)));
}

/** Dublin Core names one person as "Smith, John"; two people with one name each are not known to write papers. */
function inReadingOrder(name: string): string {
  const [, family, given] = /^([^\s,;()]+), ?([^,;()]+)$/.exec(name) ?? [];
  return family === undefined || given === undefined || / and |^(?:jr|sr|i+)\b/i.test(given)
    ? name
    : `${given.trim()} ${family}`;
}

/** RSS 2.0 wants "mail@example.org (Name)". A mail address alone is nobody's name. */
function namesBesideMails(text: string): string[] {
  const names = [...text.slice(0, 20_000).matchAll(/\(([^()]{1,200})\)/g)].map(match => match[1] ?? '');
  return names.filter(name => !name.includes('@')).flatMap(splitNames);
}

function linksOf(entry: XmlElement, base: string): { url: string | undefined; pdf: string | undefined } {
  const links = [...all(entry, 'core', 'link'), ...all(entry, 'atom', 'link')];
  const written = links.filter(link => link.attributes.href === undefined).map(textOf);
  const isPdf = (link: XmlElement) => link.attributes.type === 'application/pdf';
  const pages = links.filter(link => !isPdf(link) && (link.attributes.rel ?? 'alternate') === 'alternate');
  const files = [...links.filter(isPdf), ...all(entry, 'core', 'enclosure').filter(isPdf)];
  const guid = first(entry, 'core', 'guid');
  const addresses = [
    ...written,
    ...pages.map(link => link.attributes.href ?? ''),
    guid?.attributes.ispermalink === 'false' ? '' : webOnly(textOf(guid)),
    webOnly(textIn(entry, 'core', 'id')),
    webOnly(textIn(entry, 'prism', 'url')),
  ];
  const pdf = files[0]?.attributes.href ?? files[0]?.attributes.url ?? '';
  return {
    url: absolute(addresses.find(address => address.trim() !== '') ?? '', base),
    // A file is an extra: one that cannot be fetched from the web is left out, the paper is not.
    pdf: webOnly(absolute(pdf, base) ?? '') || undefined,
  };
}

const webOnly = (text: string) => (/^https?:\/\/\S+$/i.test(text) ? text : '');

/** A link as it stands if it names a scheme (announce.ts checks which), else as seen from `base`. */
function absolute(link: string, base: string): string | undefined {
  const text = link.trim().replaceAll(' ', '%20');
  if (text === '' || /^[a-z][a-z0-9+.-]{0,30}:/i.test(text)) return text || undefined;
  return URL.parse(text, base)?.href;
}

function doisOf(entry: XmlElement, url: string | undefined, texts: readonly string[]): string[] {
  const said = [
    ...all(entry, 'prism', 'doi'),
    ...all(entry, 'dc', 'identifier'),
    ...all(entry, 'arxiv', 'doi'),
    ...all(entry, 'core', 'guid'),
    ...all(entry, 'core', 'id'),
  ].map(element => doiIn(textOf(element)));
  const others = [url, ...all(entry, 'core', 'link').map(link => link.attributes.href)].map(link =>
    doiIn(link ?? ''),
  );
  const about = doiIn(entry.attributes.about ?? '');
  const found = [...said, ...others, about, ...texts.map(doiOfSmallPrint)];
  return [...new Set(found.filter(one => one !== undefined))];
}

/** Only a short text or its very beginning is about the paper itself; an abstract may well cite another's DOI. */
function doiOfSmallPrint(text: string): string | undefined {
  return text.length < 300 || /^[^;]{0,200}published online: /i.test(text)
    ? doiInWords(text.slice(0, 500))
    : undefined;
}

function categoriesOf(entry: XmlElement): string[] {
  const named = [...all(entry, 'core', 'category'), ...all(entry, 'dc', 'subject')];
  return named.map(one => one.attributes.term ?? proseOf(one)).filter(name => name !== '');
}

function dayOfEntry(entry: XmlElement): string | null {
  const stamps = [
    ...['pubdate', 'published', 'issued', 'created'].map(name => textIn(entry, 'core', name)),
    textIn(entry, 'dc', 'date'),
    textIn(entry, 'prism', 'publicationdate'),
    ...['updated', 'modified'].map(name => textIn(entry, 'core', name)),
    textIn(entry, 'atom', 'updated'),
  ];
  return stamps.map(dayOf).find(day => day !== null) ?? null;
}
