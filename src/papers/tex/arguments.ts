// The arguments a command takes: in brackets, in braces, or the one sign that follows.
import { unescaped } from './addresses.ts';
import { type Cursor, closeOf, DEEPEST, type Mode, skipSpace, take } from './cursor.ts';
import { readGroup } from './groups.ts';

/** The argument in brackets at the cursor, as it stands in the source, if there is one. */
export function optional(c: Cursor): string | undefined {
  const bracket = /\[([^[\]]{0,200})\]/y;
  bracket.lastIndex = c.at;
  const found = bracket.exec(c.source);
  if (!found || bracket.lastIndex > c.end) return undefined;
  c.at = bracket.lastIndex;
  return found[1];
}

/** All arguments of a macro, each read as the letters in `takes` say. */
export function argumentsFor(c: Cursor, takes: string, mode: Mode): string[] {
  return [...takes].map(how => {
    if (how === 'o') return optional(c) ?? '';
    if (how === 'r') return rawArgument(c);
    return readArgument(c, how === 'm' ? 'math' : how === 't' ? 'text' : mode) ?? '';
  });
}

/** An argument that is no prose, such as an address or a number, as it stands in the source. */
export function rawArgument(c: Cursor): string {
  skipSpace(c);
  const from = c.at;
  const close = closeOf(c);
  if (c.source[from] === '{' && close) {
    c.at = close + 1;
    return unescaped(c.source.slice(from + 1, close)).trim();
  }
  while (c.at < c.end && /\d/.test(c.source[c.at] ?? '')) c.at++;
  return c.source.slice(from, c.at);
}

/** The next argument, in braces or as one sign or command, if anything can be one. */
export function readArgument(c: Cursor, mode: Mode, tight = false): string | undefined {
  skipSpace(c);
  const char = c.source[c.at] ?? '';
  if (c.at >= c.end || char === '$' || char === '}') return undefined;
  if (char === '{' && closeOf(c)) return readGroup(c, mode, tight);
  if (char !== '\\') return take(c);
  const within = { ...c, depth: c.depth + 1 };
  if (within.depth > DEEPEST) return undefined;
  const piece = c.readers.command(within, mode);
  c.at = within.at;
  return piece.text;
}
