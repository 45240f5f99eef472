// What every page of the archive knows: what the installation is called, where it is, and its addresses.
import type { Masthead } from '../../digests/digest.ts';
import type { Day, Db } from '../../store/schema.ts';

/** What the archive is made of. */
export interface ArchiveParts {
  db: Db;
  masthead: Masthead;
  themes: readonly ThemeName[];
  /** There where new addresses are taken. */
  signUps?: object | undefined;
}

/** A theme that readers may choose. */
export interface ThemeName {
  slug: string;
  name: string;
  description?: string;
}

/** The installation as its pages see it. */
export interface Site extends ArchiveParts {
  name: string;
  /** An address on this site for a link: where the site has a folder of its own, with that. `path` begins with a slash. */
  at(path: string): string;
  /** The whole address, for those who read a page elsewhere. */
  url(path: string): string;
}

/** @param base where readers find the site, without a slash at the end */
export function siteAt(base: string, parts: ArchiveParts): Site {
  const folder = new URL(base).pathname.replace(/\/$/, '');
  return {
    ...parts,
    name: parts.masthead.name,
    at: path => `${folder}${path}`,
    url: path => `${base}${path}`,
  };
}

export const paths = {
  edition: (date: Day) => `/${date}`,
  editionJson: (date: Day) => `/editions/${date}.json`,
  month: (month: string) => `/editions/${month}`,
  theme: (slug: string) => `/themes/${slug}`,
  feed: (kind: FeedKind, slug?: string) => `${slug === undefined ? '' : `/themes/${slug}`}/feed.${kind}`,
  /** A slash stays only in arXiv's old ids: in a DOI it could stand beside dots, which browsers take for folders. */
  paper: (id: string) => {
    const safe = encodeURIComponent(id.toWellFormed()).replaceAll('%3A', ':');
    return `/papers/${id.startsWith('arxiv:') ? safe.replaceAll('%2F', '/') : safe}`;
  },
} as const;

/** The forms of a feed, by the end of its address. */
export const FEED_KINDS = {
  atom: { type: 'application/atom+xml', name: 'Atom' },
  rss: { type: 'application/rss+xml', name: 'RSS' },
  json: { type: 'application/feed+json', name: 'JSON Feed' },
} as const;

export type FeedKind = keyof typeof FEED_KINDS;
