// The place in the source that all readers move along, and the small steps they share.
import type { Piece } from './piece.ts';

/** What the stretch being read holds: running text or a formula. */
export type Mode = 'text' | 'math';

/** The readers that call one another; they travel with the cursor, so that no files import in a circle. */
export interface Readers {
  readonly text: (c: Cursor) => string;
  readonly math: (c: Cursor, tight?: boolean) => string;
  readonly command: (c: Cursor, mode: Mode) => Piece;
}

/** A place in the source, the end of the stretch being read, and where each opener of a pair closes. */
export interface Cursor {
  readonly source: string;
  readonly partner: Int32Array;
  readonly end: number;
  readonly depth: number;
  readonly quotes: { double: boolean; singleEnd: number };
  readonly readers: Readers;
  at: number;
}

/** How deep groups may nest; what lies deeper is copied without its braces. */
export const DEEPEST = 40;

/** The character at the cursor, which moves past it. */
export function take(c: Cursor): string {
  const char = String.fromCodePoint(c.source.codePointAt(c.at) ?? 0);
  c.at += char.length;
  return char;
}

/** Moves the cursor past white space. */
export function skipSpace(c: Cursor): void {
  while (c.at < c.end && /\s/.test(c.source[c.at] ?? '')) c.at++;
}

/** Where the opener at the cursor closes, or 0 when that is not within the stretch being read. */
export function closeOf(c: Cursor): number {
  const close = c.partner[c.at] ?? 0;
  return close < c.end ? close : 0;
}
