// How pages are answered: how long they may be kept by others, and those that many ask for kept here.
import { createHash } from 'node:crypto';
import type { Context } from 'hono';

/** What a page is, before it is answered. */
export interface Made {
  body: string;
  /** Its media type; HTML unless said. */
  type?: string;
  /** Seconds for which a browser or proxy need not ask again. */
  maxAge: number;
  /** It never changes. */
  frozen?: boolean;
  status?: 200 | 400 | 404;
}

/** A page as it goes out. */
export interface Ready {
  body: Uint8Array<ArrayBuffer>;
  status: 200 | 400 | 404;
  headers: Record<string, string>;
}

const HTML = 'text/html; charset=UTF-8';

/** @param policy what a page of HTML may do (Content-Security-Policy) */
export function ready({ body, type = HTML, maxAge, frozen, status = 200 }: Made, policy: string): Ready {
  const bytes = new TextEncoder().encode(body);
  const headers: Record<string, string> = {
    'Content-Type': type,
    'Cache-Control': status === 200 ? `public, max-age=${maxAge}${frozen ? ', immutable' : ''}` : 'no-cache',
    ETag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
  };
  // What is no page is for programs of other sites too: it is public, and nobody is known here by a cookie.
  if (type === HTML) {
    headers['Content-Security-Policy'] = policy;
    // Within the site a form says where it comes from, so that what takes it can look.
    headers['Referrer-Policy'] = 'same-origin';
    headers['Cross-Origin-Opener-Policy'] = 'same-origin';
  } else headers['Access-Control-Allow-Origin'] = '*';
  return { body: bytes, status, headers };
}

/**
 * Answers a page, or 304 to whoever has it already (RFC 9110 §13.1.2). hono/etag does the same three times as slowly, for it
 * unpacks the answer that is made here.
 */
export function answer(c: Context, { body, status, headers }: Ready): Response {
  const held = status === 200 ? c.req.header('If-None-Match') : undefined;
  const { ETag = '' } = headers;
  const has = held === '*' || held?.match(/"[^"]*"/g)?.includes(ETag);
  return has ? c.body(null, 304, headers) : c.body(body, status, headers);
}

/** Pages in memory. `version` is what they depend on: when it changes, all are forgotten. */
export interface KeptPages {
  page(version: string, key: string, make: () => Promise<Ready>): Promise<Ready>;
}

/** Keeps pages up to `mostBytes` of bodies; those that nobody asked for longest go first. One that is being made is made once. */
export function keptPages(mostBytes: number): KeptPages {
  const pages = new Map<string, { ready: Promise<Ready>; bytes: number }>();
  let [current, held] = ['', 0];
  const forget = (key: string) => {
    held -= pages.get(key)?.bytes ?? 0;
    pages.delete(key);
  };
  const weigh = (key: string, one: { bytes: number }, bytes: number) => {
    if (pages.get(key) !== one) return;
    one.bytes = bytes;
    held += bytes;
    for (const [oldest] of pages) {
      if (held <= mostBytes) break;
      forget(oldest);
    }
  };
  return {
    page(version, key, make) {
      if (version !== current) {
        pages.clear();
        [current, held] = [version, 0];
      }
      const known = pages.get(key);
      if (known !== undefined) {
        pages.delete(key);
        pages.set(key, known);
        return known.ready;
      }
      const one = { ready: make(), bytes: 0 };
      pages.set(key, one);
      one.ready.then(
        ({ status, body }) =>
          status === 200 ? weigh(key, one, body.byteLength) : pages.get(key) === one && forget(key),
        () => pages.get(key) === one && forget(key),
      );
      return one.ready;
    },
  };
}
