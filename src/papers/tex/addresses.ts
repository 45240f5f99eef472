// Web addresses, whose signs must not be read as TeX.
import { type Cursor, take } from './cursor.ts';

/** A web address is copied as it is, only without the backslashes that protected its signs. */
export function addressOr(c: Cursor): string {
  const address = /https?:\/\/(?:\\[_%#&~$](?:\{\})?|(?!''|\$\^)[^\s{}\\])+/y;
  address.lastIndex = c.at;
  const found = address.exec(c.source)?.[0];
  if (!found) return take(c);
  c.at = Math.min(c.at + found.length, c.end);
  return unescaped(found);
}

/** An address without the backslashes and commands that protected its signs. */
export function unescaped(raw: string): string {
  return raw
    .replace(/\\([_%#&~$])(?:\{\})?/g, '$1')
    .replace(/\{\\textasciitilde\}|\\textasciitilde\s?/g, '~');
}
