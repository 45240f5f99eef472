// One paper from its own web page, by the meta tags that publishers put there for search engines.
import { Parser } from 'htmlparser2';
import type { Candidate } from '../announce.ts';
import { bestAbstract } from './feed-abstract.ts';
import { htmlToText } from './html-text.ts';

/** Where the head of a page ends in practice; what comes later is not looked at. */
const HEAD = 500_000;

/**
 * The candidate of a page, by Highwire Press tags (`citation_title`, …,
 * https://scholar.google.com/intl/en/scholar/inclusion.html#indexing), else Dublin Core, Open Graph or the page's title.
 * @returns undefined when the page has no title at all
 */
export function readWebPage(html: string, url: string): Candidate | undefined {
  const { meta, title: pageTitle } = headOf(html.slice(0, HEAD));
  const one = (...names: string[]) =>
    names.map(name => meta.get(name)?.[0]).find(value => value !== undefined);
  const title = htmlToText(one('citation_title', 'dc.title', 'og:title') ?? pageTitle);
  if (title === '') return undefined;
  const day = /^(\d{4})[/-](\d{2})[/-](\d{2})/.exec(one('citation_online_date', 'citation_date') ?? '');
  const abstract = one('citation_abstract', 'dc.description', 'og:description', 'description') ?? '';
  return {
    where: url,
    title,
    abstract: bestAbstract([htmlToText(abstract)], title),
    authors: meta.get('citation_author') ?? meta.get('dc.creator') ?? [],
    id: one('citation_arxiv_id'),
    otherIds: [one('citation_doi', 'dc.identifier', 'prism.doi')],
    url,
    links: { pdf: absolute(one('citation_pdf_url'), url) },
    facts: {
      journal: one('citation_journal_title', 'citation_conference_title', 'prism.publicationname'),
    },
    listedOn: day && `${day[1]}-${day[2]}-${day[3]}`,
    format: 'feed',
  };
}

/** A page's title, and the contents of its meta tags by their names in lower case, in the order of the page. */
function headOf(html: string): { meta: Map<string, string[]>; title: string } {
  const meta = new Map<string, string[]>();
  const titles: string[] = [];
  let open: string | undefined;
  const parser = new Parser({
    onopentag(name, { name: named, property, content = '' }) {
      if (name === 'title') open = '';
      const key = (named ?? property ?? '').toLowerCase();
      if (name === 'meta' && key !== '' && content.trim() !== '')
        meta.set(key, [...(meta.get(key) ?? []), content.trim()]);
    },
    ontext(text) {
      if (open !== undefined) open += text;
    },
    onclosetag(name, isImplied) {
      // A title that never ends has swallowed the page.
      if (name === 'title' && open !== undefined && !isImplied) titles.push(open.trim());
      if (name === 'title') open = undefined;
    },
  });
  parser.write(html);
  parser.end();
  return { meta, title: titles.find(title => title !== '') ?? '' };
}

function absolute(address: string | undefined, base: string): string | undefined {
  return address === undefined ? undefined : (URL.parse(address, base)?.href ?? undefined);
}
