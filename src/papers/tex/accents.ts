// Accent commands: whether one stands here, and the letter it makes.

import { readArgument } from './arguments.ts';
import { type Cursor, closeOf, type Mode } from './cursor.ts';
import { type Piece, plain } from './piece.ts';
import { accented } from './tables/accent-marks.ts';
import { SYMBOLS } from './tables/symbols.ts';

/** Whether what follows can carry the accent; `workload\' and` or `don\'t` only escaped an apostrophe. */
export function startsAccent(c: Cursor, name: string, mode: Mode): boolean {
  const next = c.source.slice(c.at, c.at + 4);
  if (/[a-zA-Z]/.test(name)) {
    if (next[0] === '{') return true;
    return (
      mode === 'text' &&
      /[cvHkur]/.test(name) &&
      /^\s(?:[a-zA-Z]|\\[ij])/.test(next) &&
      accented(name, next[1] ?? '') !== undefined
    );
  }
  const before = c.source[c.at - 3] ?? ' ';
  if (name === "'" && /\p{L}/u.test(before) && /^(?:[stdm]|re|ll|ve)(?!\p{L})/u.test(next)) return false;
  if (name === '"' && !/\p{L}/u.test(before)) {
    const quoted = /[^"\\]{1,60}\\"(?![\p{L}{])/uy;
    quoted.lastIndex = c.at;
    if (quoted.test(c.source)) return false;
  }
  if (next.startsWith('{}')) return false;
  return (
    /^(?:\{|\\(?:[ijoOlL](?![a-zA-Z])|a[ae]|[`'^~=."]))/.test(next) || accented(name, next) !== undefined
  );
}

/** The accent whose command was just read, on the letter that follows. */
export function accent(c: Cursor, name: string, mode: Mode): Piece {
  const raw = c.source[c.at] === '{' ? c.source.slice(c.at + 1, Math.min(closeOf(c), c.at + 20)) : '';
  const base = (readArgument(c, mode) ?? '').trim();
  // arXiv's own listings print `\rho` as `\r{ho}` and `\theta` as `\t{heta}`.
  const broken = /^[a-z]{2,}$/.test(raw) ? SYMBOLS.get(name + raw) : undefined;
  if (broken) return { ...broken };
  return plain(base === '' ? '' : (accented(name, base) ?? base));
}
