// The archive's routes: front page, editions, papers, themes, search, feeds, sitemap. GET and HEAD only; nothing is changed.
import { type Context, Hono } from 'hono';
import { editionMonths, entriesOfMonth, entryOfPaper, extent } from '../../editions/archive.ts';
import { findPaper } from '../../papers/lookup.ts';
import type { Day } from '../../store/schema.ts';
import { answer, keptPages, type Made, ready } from './answers.ts';
import * as make from './making.ts';
import { type ArchiveParts, type FeedKind, paths, type Site, siteAt } from './site.ts';
import { monthSitemap, pagesSitemap, robots, sitemapIndex } from './sitemap.ts';
import { POLICY } from './style.ts';

/** Two or three hundred pages of editions. */
const MOST_BYTES = 32 * 1024 * 1024;

const DAY = '\\d{4}-\\d{2}-\\d{2}';
const MONTH = '\\d{4}-\\d{2}';
const FEED = 'feed\\.(?:atom|rss|json)';

/** The archive's pages as a Hono app. */
export function archivePages(parts: ArchiveParts): Hono {
  const app = new Hono();
  const pages = keptPages(MOST_BYTES);
  const { webUrl } = parts.masthead;
  const known = webUrl === null ? undefined : siteAt(webUrl, parts);
  const siteOf = (c: Context) => known ?? siteAt(new URL(c.req.url).origin, parts);

  /** Pages that change with an edition only, and are kept until there is one. */
  const kept = (path: string, of: (site: Site, c: Context, latest: Day | null) => Promise<Made>) =>
    app.get(path, async c => {
      const site = siteOf(c);
      const { editions, latest } = await extent(parts.db);
      const version = `${editions} ${latest}`;
      const one = async () => ready(await of(site, c, latest), POLICY);
      return answer(c, await pages.page(version, site.url(c.req.path), one));
    });
  /** Pages that depend on votes, on what curators say, or on a question. */
  const fresh = (path: string, of: (site: Site, c: Context) => Promise<Made | Response>) =>
    app.get(path, async c => {
      const made = await of(siteOf(c), c);
      return made instanceof Response ? made : answer(c, ready(made, POLICY));
    });

  kept('/', (site, _, latest) => make.frontPage(site, latest));
  kept(`/:date{${DAY}}`, (site, c, latest) => make.dayPage(site, part(c, 'date'), latest));
  kept(`/:span{${DAY}\\.\\.${DAY}}`, (site, c) => {
    const [first = '', last = ''] = part(c, 'span').split('..');
    return make.spanPage(site, first, last);
  });
  kept(`/editions/:file{${DAY}\\.json}`, (site, c) => make.editionJson(site, part(c, 'file').slice(0, 10)));
  kept('/editions', site => make.monthPage(site));
  kept(`/editions/:month{${MONTH}}`, (site, c) => make.monthPage(site, part(c, 'month')));
  kept(`/:feed{${FEED}}`, (site, c) => make.allFeed(site, kindOf(c)));
  kept('/sitemap.xml', async site => xml(await sitemapIndex(site, await editionMonths(parts.db))));
  kept('/sitemaps/pages.xml', async site => xml(await pagesSitemap(site)));
  kept('/robots.txt', async site => ({
    body: robots(site),
    type: 'text/plain; charset=UTF-8',
    maxAge: HOUR,
  }));
  fresh(`/sitemaps/:file{${MONTH}\\.xml}`, async (site, c) => {
    const entries = await entriesOfMonth(parts.db, part(c, 'file').slice(0, 7));
    return entries.length > 0 ? xml(await monthSitemap(site, entries)) : nowhere(site);
  });
  fresh('/themes', site => make.allThemesPage(site));
  fresh('/themes/:slug', (site, c) => make.oneThemePage(site, part(c, 'slug'), c.req.query('page')));
  fresh(`/themes/:slug/:feed{${FEED}}`, (site, c) => make.oneThemeFeed(site, kindOf(c), part(c, 'slug')));
  fresh('/papers/:id{.+}', (site, c) => paper(site, c, part(c, 'id')));
  fresh('/search', (site, c) => search(site, c));
  return app;
}

/** What is answered where there is no page. */
export function notFound(parts: ArchiveParts): (c: Context) => Promise<Response> {
  return async c => {
    const site = siteAt(parts.masthead.webUrl ?? new URL(c.req.url).origin, parts);
    return answer(c, ready(await nowhere(site), POLICY));
  };
}

const nowhere = (site: Site) =>
  make.missing(
    site,
    'Nothing here',
    'There is no page at this address. What you look for may be one of these.',
  );

const HOUR = 60 * 60;

const part = (c: Context, name: string): string => c.req.param(name) ?? '';

const kindOf = (c: Context) => part(c, 'feed').slice('feed.'.length) as FeedKind;

const xml = (body: string): Made => ({ body, type: 'application/xml; charset=utf-8', maxAge: HOUR });

/** A paper by any id or address that names it; its page is at the one id that it has now. */
async function paper(site: Site, c: Context, text: string): Promise<Made | Response> {
  const found = await findPaper(site.db, text);
  if (found === undefined)
    return make.missing(site, 'No such paper', 'This names no paper: an arXiv id or a DOI would.');
  if (found.id === text) {
    const page = await make.onePaperPage(site, found.id);
    if (page !== undefined) return page;
  } else if ((await entryOfPaper(site.db, found.id)) !== undefined)
    return c.redirect(site.at(paths.paper(found.id)), 301);
  return make.missing(site, 'No such paper', 'It is in no edition.');
}

/** Looks for papers; who types a paper's id or address is led to it. */
async function search(site: Site, c: Context): Promise<Made | Response> {
  const text = (c.req.query('q') ?? '').trim();
  const named = /\d/.test(text) ? await findPaper(site.db, text) : undefined;
  if (named?.known && (await entryOfPaper(site.db, named.id)) !== undefined)
    return c.redirect(site.at(paths.paper(named.id)), 302);
  return make.resultsPage(site, text, c.req.query('page'));
}
