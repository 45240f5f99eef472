// Elements of a feed as plain objects, and how to look one up: by vocabulary, and by bare name where that is unknown.
import { isBlock, isUnread } from './html-text.ts';

/** Whose word an element is. `core`: the feed format itself, or no namespace; `other`: known, and of no use here. */
export type Vocabulary =
  | 'core'
  | 'atom'
  | 'dc'
  | 'prism'
  | 'content'
  | 'media'
  | 'arxiv'
  | 'opensearch'
  | 'other'
  | 'unknown';

/** `name` is the local name and attributes are keyed by theirs, all in lower case; `line` counts from 1. */
export interface XmlElement {
  name: string;
  vocabulary: Vocabulary;
  attributes: Readonly<Record<string, string>>;
  content: (string | XmlElement)[];
  line: number;
}

// Beginnings of namespace names without "http:" or "https:", and prefixes that a document uses without declaring them.
const VOCABULARIES: readonly [Vocabulary, ...string[]][] = [
  ['prism', '//prismstandard.org/', '//purl.org/rss/1.0/modules/prism/', 'prism'],
  ['content', '//purl.org/rss/1.0/modules/content/', 'content'],
  ['other', '//purl.org/rss/1.0/modules/', '//www.w3.org/', '//www.itunes.com/', '//purl.org/syndication/'],
  ['other', '//rssnamespace.org/', '//creativecommons.org/', '//web.resource.org/', 'itunes', 'sy', 'rdf'],
  ['core', '//purl.org/rss/1.0/', '//purl.org/net/rss', '//my.netscape.com/', '//channel.netscape.com/'],
  ['core', '//backend.userland.com/', '//blogs.law.harvard.edu/'],
  ['dc', '//purl.org/dc/', 'dc', 'dcterms'],
  ['media', '//search.yahoo.com/mrss', 'media'],
  ['arxiv', '//arxiv.org/schemas/', 'arxiv'],
  ['opensearch', '//a9.com/-/spec/opensearch', 'opensearch'],
];
const ATOM = ['//www.w3.org/2005/atom', '//purl.org/atom/', 'atom'];

/** The vocabulary of the namespace `uri` in a document whose outermost element is of `rootUri`. */
export function vocabularyOf(uri: string, rootUri: string): Vocabulary {
  if (uri === '' || uri === rootUri) return 'core';
  const name = uri.toLowerCase().replace(/^https?:/, '');
  const fits = (known: string) => (known.startsWith('/') ? name.startsWith(known) : name === known);
  if (ATOM.some(fits)) return 'atom';
  return VOCABULARIES.find(([, ...known]) => known.some(fits))?.[0] ?? 'unknown';
}

/** The children of `parent` called `name` in `vocabulary`; else those so called that say no namespace or a strange one. */
export function all(parent: XmlElement, vocabulary: Vocabulary, name: string): XmlElement[] {
  const named = parent.content.filter(child => typeof child !== 'string' && child.name === name);
  for (const wanted of [vocabulary, 'core', 'unknown']) {
    const found = (named as XmlElement[]).filter(child => child.vocabulary === wanted);
    if (found.length > 0) return found;
  }
  return [];
}

/** The first of `all`. */
export function first(parent: XmlElement, vocabulary: Vocabulary, name: string): XmlElement | undefined {
  return all(parent, vocabulary, name)[0];
}

/** The element's text with that of its children, in order, trimmed; '' for no element. */
export function textOf(element: XmlElement | undefined): string {
  return element === undefined ? '' : joined(element).trim();
}

/** The text of the first child of that name, or ''. */
export function textIn(parent: XmlElement, vocabulary: Vocabulary, name: string): string {
  return textOf(first(parent, vocabulary, name));
}

// Recursion is bounded: the reader allows no deeper document than DEPTH in xml-elements.ts.
function joined(element: XmlElement): string {
  return element.content.map(part => (typeof part === 'string' ? part : joined(part))).join('');
}

/** The readable text of an element that holds markup as elements: blocks apart, scripts and styles left out. */
export function readableText(element: XmlElement): string {
  const parts = element.content.map(part => {
    if (typeof part === 'string') return part;
    if (isUnread(part.name)) return '';
    return isBlock(part.name) ? ` ${readableText(part)} ` : readableText(part);
  });
  return parts.join('');
}

/** Whether an element holds other elements. */
export const hasMarkup = (element: XmlElement) => element.content.some(part => typeof part !== 'string');
