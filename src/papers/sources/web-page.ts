// One paper from its own web page, by the meta tags that publishers put there for search engines.
import { decodeHTML } from 'entities/decode';
import type { Candidate } from '../announce.ts';
import { htmlToText } from './html-text.ts';

/** Where the head of a page ends in practice; what comes later is not looked at. */
const HEAD = 500_000;

/**
 * The candidate of a page, by Highwire Press tags (`citation_title`, …,
 * https://scholar.google.com/intl/en/scholar/inclusion.html#indexing), else Dublin Core, Open Graph or the page's title.
 * @returns undefined when the page has no title at all
 */
export function readWebPage(html: string, url: string): Candidate | undefined {
  const meta = metaTags(html.slice(0, HEAD));
  const one = (...names: string[]) =>
    names.map(name => meta.get(name)?.[0]).find(value => value !== undefined);
  const title = one('citation_title', 'dc.title', 'og:title') ?? pageTitle(html.slice(0, HEAD));
  if (title === undefined) return undefined;
  const day = /^(\d{4})[/-](\d{2})[/-](\d{2})/.exec(one('citation_online_date', 'citation_date') ?? '');
  return {
    where: url,
    title: htmlToText(title),
    abstract: htmlToText(one('citation_abstract', 'dc.description', 'og:description', 'description') ?? ''),
    authors: meta.get('citation_author') ?? meta.get('dc.creator') ?? [],
    id: one('citation_arxiv_id'),
    otherIds: [one('citation_doi', 'dc.identifier', 'prism.doi')],
    url,
    links: { pdf: absolute(one('citation_pdf_url'), url) },
    facts: { journal: one('citation_journal_title', 'citation_conference_title', 'prism.publicationname') },
    listedOn: day && `${day[1]}-${day[2]}-${day[3]}`,
    format: 'feed',
  };
}

function pageTitle(html: string): string | undefined {
  const start = html.search(/<title[\s>]/i);
  const end = start < 0 ? -1 : html.indexOf('</', start);
  const title = end < 0 ? '' : html.slice(html.indexOf('>', start) + 1, end).trim();
  return title === '' ? undefined : title;
}

function absolute(address: string | undefined, base: string): string | undefined {
  return address === undefined ? undefined : (URL.parse(address, base)?.href ?? undefined);
}

/** The contents of a page's meta tags by their names in lower case, in the order of the page. */
function metaTags(html: string): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const [tag] of html.matchAll(/<meta\s[^>]{1,20000}>/gi)) {
    const name = attribute(tag, 'name') ?? attribute(tag, 'property');
    const content = attribute(tag, 'content')?.trim();
    if (name === undefined || !content) continue;
    const key = name.toLowerCase();
    tags.set(key, [...(tags.get(key) ?? []), content]);
  }
  return tags;
}

function attribute(tag: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag) ?? [];
  const value = double ?? single;
  return value === undefined ? undefined : decodeHTML(value);
}
