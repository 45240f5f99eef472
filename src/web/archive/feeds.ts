// Feeds of all editions and of each theme, in Atom, RSS and JSON Feed, from the same pages' words.
import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith';
import { html } from 'hono/html';
import { cut } from '../../digests/cut.ts';
import { noteLine, sectionsOf } from '../../digests/sections.ts';
import type { Edition } from '../../editions/edition.ts';
import type { Instant } from '../../store/schema.ts';
import { Preferences } from '../../subscribers/preferences.ts';
import type { Html } from './frame.ts';
import type { Listed } from './lists.ts';
import { byline, paperLinks, summaryOf, words } from './paper-line.ts';
import { FEED_KINDS, type FeedKind, paths, type Site, type ThemeName } from './site.ts';

interface Feed {
  title: string;
  description: string;
  /** The page of which it is the feed, as a path. */
  page: string;
  /** Its own address, as a path. */
  self: string;
  items: Item[];
}

/** `path`: its page, whose whole address is also its id: it lasts. */
interface Item {
  path: string;
  title: string;
  publishedAt: Instant;
  content: string;
  authors: readonly string[];
}

/** The last editions, each with all its papers in two sentences. */
export async function editionsFeed(
  site: Site,
  kind: FeedKind,
  editions: readonly { edition: Edition; publishedAt: Instant }[],
): Promise<string> {
  const items = editions.map(async ({ edition, publishedAt }) => ({
    path: paths.edition(edition.date),
    title: titleOf(edition),
    publishedAt,
    content: String(await editionContent(site, edition)),
    authors: [],
  }));
  const description = 'The day’s new papers by theme, the most talked about first.';
  const about = { title: site.name, description, page: '/', self: paths.feed(kind) };
  return generated(site, kind, { ...about, items: await Promise.all(items) });
}

/** The newest papers of a theme. */
export async function themeFeed(
  site: Site,
  kind: FeedKind,
  { slug, name, description }: ThemeName,
  papers: readonly Listed[],
): Promise<string> {
  const items = papers.map(async ({ paper, publishedAt }) => ({
    path: paths.paper(paper.id),
    title: paper.title,
    publishedAt,
    content: String(await html`<p>${paper.abstract}</p><p>${paperLinks(paper)}</p>`),
    authors: paper.authors,
  }));
  return generated(site, kind, {
    title: `${site.name}: ${name}`,
    description: description ?? `Papers about ${name}, the newest first.`,
    page: paths.theme(slug),
    self: paths.feed(kind, slug),
    items: await Promise.all(items),
  });
}

function titleOf(edition: Edition): string {
  const papers = edition.themes.flatMap(theme => theme.papers);
  const best = papers.find(({ rank }) => rank === 1)?.title ?? 'No papers';
  const more = papers.length > 1 ? ` and ${words.number(papers.length - 1)} more` : '';
  return `${words.longDay(edition.date)}: ${best}${more}`;
}

function editionContent(site: Site, edition: Edition): Html {
  const sections = sectionsOf(cut([edition], Preferences.parse({})));
  return html`${sections.map(
    section =>
      html`<h2>${section.name}</h2>${section.papers.map(paper => {
        const note = noteLine(paper, section);
        return html`<h3><a href="${site.url(paths.paper(paper.id))}">${paper.title}</a></h3>${paper.authors.length > 0 ? html`<p>${byline(paper.authors)}</p>` : ''}${note === '' ? '' : html`<blockquote>${note}</blockquote>`}<p>${summaryOf(paper.abstract)}</p><p>${paperLinks(paper)}</p>`;
      })}`,
  )}`;
}

function generated(site: Site, kind: FeedKind, feed: Feed): string {
  // The newest item is the last change; without one, the day before there was anything.
  const updated = feed.items[0]?.publishedAt ?? '1970-01-01T00:00:00.000Z';
  if (kind === 'atom') return atom(site, feed, updated);
  return kind === 'rss' ? rss(site, feed, updated) : json(site, feed);
}

/** RFC 4287. */
function atom(site: Site, { title, description, page, self, items }: Feed, updated: Instant): string {
  return generateAtomFeed({
    id: site.url(page),
    title: { value: title },
    subtitle: { value: description },
    updated,
    authors: [{ name: site.name }],
    links: [
      { href: site.url(self), rel: 'self', type: FEED_KINDS.atom.type },
      { href: site.url(page), rel: 'alternate', type: 'text/html' },
    ],
    entries: items.map(({ path, title: of, publishedAt, content, authors }) => ({
      id: site.url(path),
      title: { value: of },
      published: publishedAt,
      updated: publishedAt,
      links: [{ href: site.url(path), rel: 'alternate', type: 'text/html' }],
      content: { value: content, type: 'html' },
      ...(authors.length > 0 ? { authors: authors.map(name => ({ name })) } : {}),
    })),
  });
}

/** RSS 2.0 (https://www.rssboard.org/rss-specification). */
function rss(site: Site, { title, description, page, self, items }: Feed, updated: Instant): string {
  return generateRssFeed({
    title,
    description,
    link: site.url(page),
    lastBuildDate: new Date(updated),
    atom: { links: [{ href: site.url(self), rel: 'self', type: FEED_KINDS.rss.type }] },
    items: items.map(({ path, title: of, publishedAt, content, authors }) => ({
      title: of,
      link: site.url(path),
      guid: { value: site.url(path), isPermaLink: true },
      pubDate: new Date(publishedAt),
      description: content,
      ...(authors.length > 0 ? { dc: { creators: [...authors] } } : {}),
    })),
  });
}

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
function json(site: Site, { title, description, page, self, items }: Feed): string {
  const feed = generateJsonFeed({
    title,
    description,
    home_page_url: site.url(page),
    feed_url: site.url(self),
    items: items.map(({ path, title: of, publishedAt, content, authors }) => ({
      id: site.url(path),
      url: site.url(path),
      title: of,
      content_html: content,
      date_published: publishedAt,
      ...(authors.length > 0 ? { authors: authors.map(name => ({ name })) } : {}),
    })),
  });
  return JSON.stringify(feed);
}
