// The frame of the archive's pages: head, way around, foot.
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { FEED_KINDS, type FeedKind, paths, type Site } from './site.ts';
import { STYLE } from './style.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What a page says of itself. */
export interface Head {
  title: string;
  description: string;
  /** Where this page is at home, as a path; null: nowhere, and no search engine shall keep it. */
  home: string | null;
  /** When what it shows was published, if it is one thing. */
  published?: string;
  /** Its own feeds beside those of all editions: the slug and name of a theme. */
  theme?: { slug: string; name: string };
  /** The same as JSON. */
  json?: string;
  /** The pages before and after it. */
  earlier?: string | undefined;
  later?: string | undefined;
  /** Where it stands in the way around. */
  current?: 'today' | 'editions' | 'themes' | 'search';
}

/** A whole page. */
export async function frame(site: Site, head: Head, main: Html): Promise<string> {
  const { masthead } = site;
  const places = [
    ['today', '/', 'Today'],
    ['editions', '/editions', 'Editions'],
    ['themes', '/themes', 'Themes'],
    ['search', '/search', 'Search'],
  ] as const;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${head.title}</title>${metas(site, head)}<style>${raw(STYLE)}</style></head>
<body><a class="skip" href="#main">To the papers</a>
<nav class="top" aria-label="Site">${head.home === '/' ? '' : html`<a class="home" href="${site.at('/')}">${site.name}</a>`}
${places.map(([id, path, label]) => html`<a href="${site.at(path)}"${head.current === id ? raw(' aria-current="page"') : ''}>${label}</a> `)}</nav>
<main id="main">${main}</main>
<footer class="foot"><p>${feedLinks(site)}${head.json === undefined ? '' : html`<a href="${site.at(head.json)}">This edition as JSON</a>`}</p>
${masthead.footerText ? html`<p>${masthead.footerText}</p>` : ''}${masthead.postalAddress ? html`<p>${masthead.postalAddress}</p>` : ''}</footer></body></html>`;
  return String(await page);
}

/** The feeds of all editions, or of a theme. */
export function feedLinks(site: Site, slug?: string): Html {
  const links = Object.entries(FEED_KINDS).map(
    ([kind, { name }]) =>
      html`<span><a href="${site.at(paths.feed(kind as FeedKind, slug))}">${name}</a></span> `,
  );
  return html`${links}`;
}

/** https://ogp.me, and what search engines and feed readers look for. */
function metas(site: Site, head: Head): Html {
  const { title, description, home, published, theme } = head;
  const og: [string, string | undefined][] = [
    ['og:site_name', site.name],
    ['og:title', title],
    ['og:description', description],
    ['og:type', published === undefined ? 'website' : 'article'],
    ['og:url', home === null ? undefined : site.url(home)],
    ['article:published_time', published],
  ];
  const feeds = Object.entries(FEED_KINDS).flatMap(([kind, { type }]) => {
    const all = { type, title: site.name, path: paths.feed(kind as FeedKind) };
    return theme === undefined
      ? [all]
      : [{ type, title: `${site.name}: ${theme.name}`, path: paths.feed(kind as FeedKind, theme.slug) }, all];
  });
  return html`<meta name="description" content="${description}">${home === null ? html`<meta name="robots" content="noindex">` : html`<link rel="canonical" href="${site.url(home)}">`}
<meta name="color-scheme" content="light dark">${og.map(([property, content]) => (content === undefined ? '' : html`<meta property="${property}" content="${content}">`))}
${feeds.map(feed => html`<link rel="alternate" type="${feed.type}" title="${feed.title}" href="${site.url(feed.path)}">`)}${head.json === undefined ? '' : html`<link rel="alternate" type="application/json" href="${site.url(head.json)}">`}${head.earlier === undefined ? '' : html`<link rel="prev" href="${site.url(head.earlier)}">`}${head.later === undefined ? '' : html`<link rel="next" href="${site.url(head.later)}">`}`;
}

/** The operator's logo, in the page itself. */
export function logoOf({ masthead, name }: Site): Html {
  const { logo } = masthead;
  if (!logo) return html``;
  const src = `data:${logo.type};base64,${logo.bytes.toString('base64')}`;
  return html`<img src="${src}" width="${logo.width}" height="${logo.height}" alt="${name}">`;
}

/** A page that says that there is nothing, and where there is something. */
export function nothing(site: Site, title: string, text: string): Promise<string> {
  const main = html`<h1>${title}</h1><p class="lead">${text}</p>
${searchForm(site, '')}
<ul class="rows"><li><a href="${site.at('/')}">Today’s papers</a></li><li><a href="${site.at('/editions')}">All editions</a></li><li><a href="${site.at('/themes')}">All themes</a></li></ul>`;
  return frame(site, { title: `${title} – ${site.name}`, description: text, home: null }, main);
}

/** The form that looks for papers. */
export const searchForm = (site: Site, query: string): Html =>
  html`<form class="find" role="search" action="${site.at('/search')}"><label for="q">Search titles, abstracts and authors</label><input id="q" name="q" type="search" value="${query}" maxlength="300" autocomplete="off"><button>Search</button></form>`;
