// arXiv's answers as arXiv writes them, for any papers and days: the query API's Atom, and announcement feeds.
import type { Day } from '../../src/store/schema.ts';

export interface ArxivWork {
  /** As in `2605.00001`. */
  id: string;
  title?: string;
  /** The instant of its submission. */
  submitted?: string;
  type?: 'new' | 'cross' | 'replace' | 'replace-cross';
  version?: number;
}

/** `count` works with running numbers from `first`. */
export function works(count: number, first = 1, more: Partial<ArxivWork> = {}): ArxivWork[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `2605.${String(first + i).padStart(5, '0')}`,
    ...more,
  }));
}

/** An answer of the query API. */
export function apiAnswer(list: readonly ArxivWork[], total = list.length): string {
  const entries = list.map(
    ({ id, title = `Work ${id}`, submitted = '2026-05-04T15:00:00Z', version = 1 }) => `<entry>
    <id>http://arxiv.org/abs/${id}v${version}</id><title>${title}</title><updated>${submitted}</updated>
    <link href="https://arxiv.org/abs/${id}v${version}" rel="alternate" type="text/html"/>
    <summary>We do ${id}.</summary><category term="cs.CL"/><published>${submitted}</published>
    <arxiv:primary_category term="cs.CL"/><author><name>Ana Silva</name></author></entry>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id><title>arXiv Query</title><updated>2026-05-05T09:00:00Z</updated>
  <opensearch:itemsPerPage>1000</opensearch:itemsPerPage><opensearch:totalResults>${total}</opensearch:totalResults>
  ${entries.join('\n')}</feed>`;
}

/** The announcement feed of `day`, built shortly after 00:00 Eastern (in summer). */
export function announcementFeed(day: Day, list: readonly ArxivWork[]): string {
  const date = new Date(`${day}T04:00:00Z`).toUTCString().slice(0, 16);
  const items = list.map(
    ({ id, title = `Work ${id}`, type = 'new', version = 1 }) => `<item><title>${title}</title>
      <link>https://arxiv.org/abs/${id}</link>
      <description>arXiv:${id}v${version} Announce Type: ${type} \nAbstract: We do ${id}.</description>
      <guid isPermaLink="false">oai:arXiv.org:${id}v${version}</guid><category>cs.CL</category>
      <pubDate>${date} 00:00:00 -0400</pubDate><arxiv:announce_type>${type}</arxiv:announce_type>
      <dc:creator>Ana Silva, Ben Ode (Univ. X, Y)</dc:creator></item>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
  <title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link>
  <lastBuildDate>${date} 04:00:02 +0000</lastBuildDate><pubDate>${date} 00:00:00 -0400</pubDate>
  ${items.join('\n')}</channel></rss>`;
}
