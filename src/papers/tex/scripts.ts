// Superscripts and subscripts hung on the piece before them.
import { readArgument } from './arguments.ts';
import { type Cursor, take } from './cursor.ts';
import { inOneLine } from './layout.ts';
import type { Piece } from './piece.ts';
import { scriptFor } from './tables/small-characters.ts';

/** The script at the cursor as text, on whatever pieces stand before it. */
export function script(c: Cursor, pieces: Piece[]): string {
  addScript(c, pieces);
  return inOneLine(pieces, true);
}

/** Reads the script at the cursor and hangs it on the last of the pieces. */
export function addScript(c: Cursor, pieces: Piece[]): void {
  if (c.source[c.at] === '\\') c.at++;
  const sign = take(c);
  const minus = /-\d+/y;
  minus.lastIndex = c.at;
  const negative = minus.exec(c.source)?.[0];
  if (negative) c.at += negative.length;
  const text = (negative ?? readArgument(c, 'math', true) ?? '').trim();
  if (text === '') return;
  while (pieces.at(-1)?.kind === 'space') pieces.pop();
  const base = pieces.pop() ?? { text: '', kind: 'plain' };
  const tail = base.tail ?? '';
  const settled = base.text + (tail.length > 1 ? `(${tail})` : tail);
  const small = scriptFor(sign, text);
  if (small !== undefined) pieces.push({ text: settled + small, kind: base.kind });
  else if (/^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}∞*∗⋆′]+$/u.test(text))
    pieces.push({ text: settled + sign, kind: base.kind, tail: text });
  else pieces.push({ text: `${settled}${sign}(${text})`, kind: base.kind });
}
