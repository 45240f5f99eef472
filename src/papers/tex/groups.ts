// Reads a stretch inside the one being read, such as a brace group, in text or math mode.
import { type Cursor, closeOf, DEEPEST, type Mode } from './cursor.ts';

/** The brace group at the cursor, without its braces. */
export function readGroup(c: Cursor, mode: Mode, tight = false): string {
  const from = c.at + 1;
  c.at = closeOf(c) + 1;
  return readRange(c, from, c.at - 1, mode, tight);
}

/** The source between two places; nested too deep, it is copied without TeX's own signs. */
export function readRange(c: Cursor, at: number, end: number, mode: Mode, tight = false): string {
  if (c.depth >= DEEPEST) return c.source.slice(at, end).replace(/[\\{}$]/g, '');
  const within = { ...c, at, end, depth: c.depth + 1 };
  return mode === 'text' ? c.readers.text(within) : c.readers.math(within, tight);
}
