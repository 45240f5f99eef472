// What search engines are told: which pages there are, month by month, and which they need not look at.
import { html } from 'hono/html';
import type { Entry } from '../../editions/archive.ts';
import { paths, type Site } from './site.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const XMLNS = 'http://www.sitemaps.org/schemas/sitemap/0.9';

/** https://www.sitemaps.org/protocol.html; a file holds at most 50,000 addresses, and no month has as many papers. */
export async function sitemapIndex(site: Site, months: readonly { month: string }[]): Promise<string> {
  const maps = ['pages', ...months.map(({ month }) => month)];
  return `${HEAD}${await html`<sitemapindex xmlns="${XMLNS}">${maps.map(name => html`<sitemap><loc>${site.url(`/sitemaps/${name}.xml`)}</loc></sitemap>`)}</sitemapindex>`}`;
}

/** The pages that are not of one day. */
export function pagesSitemap(site: Site): Promise<string> {
  return urlset(site, ['/', '/editions', '/themes', ...site.themes.map(({ slug }) => paths.theme(slug))]);
}

/** The editions of a month and their papers. */
export function monthSitemap(site: Site, entries: readonly Entry[]): Promise<string> {
  const editions = new Set(entries.map(({ date }) => paths.edition(date)));
  return urlset(site, [...editions, ...entries.map(({ id }) => paths.paper(id))]);
}

async function urlset(site: Site, pages: readonly string[]): Promise<string> {
  return `${HEAD}${await html`<urlset xmlns="${XMLNS}">${pages.map(path => html`<url><loc>${site.url(path)}</loc></url>`)}</urlset>`}`;
}

/** RFC 9309. What is one reader's own, or made anew for each question, is nothing to be found by. */
export const robots = (site: Site): string =>
  `User-agent: *\n${['/search', '/subscribe', '/confirm/', '/preferences/', '/unsubscribe/'].map(path => `Disallow: ${site.at(path)}\n`).join('')}\nSitemap: ${site.url('/sitemap.xml')}\n`;
