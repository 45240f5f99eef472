// What sources that are asked page by page have in common.
import type { Announcement } from '../paper.ts';

/**
 * The address of `path` at `base`. A base that is a host or ends in a slash has the path added; any other is the whole
 * address already, so that a mirror may put it elsewhere.
 */
export function endpoint(base: string, path: string): URL {
  const url = new URL(base);
  if (url.pathname.endsWith('/')) url.pathname = `${url.pathname}${path.slice(1)}`;
  return url;
}

/** An address as it may be stored and printed: without password, and without keys in its query. */
export function withoutSecrets(url: string): string {
  return url
    .replace(/^(https?:\/\/)[^/?#@]*@/i, '$1')
    .replace(/([?&][^=&#]*(?:key|token|secret|password|auth|sig)[^=&#]*=)[^&#]*/gi, '$1•••');
}

/** Those of `page` that do not stand in `before`. */
export function newPapers(before: readonly Announcement[], page: readonly Announcement[]): Announcement[] {
  const known = new Set(before.map(({ paper }) => paper.id));
  return page.filter(({ paper }) => !known.has(paper.id));
}
