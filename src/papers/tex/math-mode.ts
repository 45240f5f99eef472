// Reads a formula into pieces, which the layout then sets in one line.
import { type Cursor, closeOf } from './cursor.ts';
import { readGroup } from './groups.ts';
import { inOneLine } from './layout.ts';
import { type Piece, plain } from './piece.ts';
import { addScript } from './scripts.ts';

/** The stretch under the cursor, read as a formula; `tight` leaves out the spaces around relations. */
export function readMath(c: Cursor, tight = false): string {
  const pieces: Piece[] = [];
  while (c.at < c.end) {
    const char = c.source[c.at] ?? '';
    if (/[\s~&]/.test(char)) {
      c.at++;
      pieces.push({ text: ' ', kind: 'space' });
    } else if (char === '^' || char === '_' || isEscapedScript(c)) {
      addScript(c, pieces);
    } else if (char === '\\') {
      pieces.push(c.readers.command(c, 'math'));
      skipSpaceAfterSign(c, pieces);
    } else if (char === '{' && closeOf(c)) {
      pieces.push({ text: readGroup(c, 'math'), kind: 'plain' });
    } else {
      pieces.push(signPiece(c));
    }
  }
  return inOneLine(pieces, tight);
}

function signPiece(c: Cursor): Piece {
  const sign = c.source.startsWith(':=', c.at) ? ':=' : (c.source[c.at] ?? '');
  c.at += sign.length;
  if (/^(?::?=|[<>≤≥≈→∈∼≠])$/.test(sign)) return plain(sign, 'relation');
  return plain(sign === "'" ? '′' : sign, /[+\-×·±]/.test(sign) ? 'binary' : 'plain');
}

/** `n \times m` keeps both its spaces; in `n\times m` the one space only ended the command's name. */
function skipSpaceAfterSign(c: Cursor, pieces: Piece[]): void {
  if (pieces.at(-1)?.kind !== 'binary' || pieces.at(-2)?.kind === 'space') return;
  while (c.at < c.end && /\s/.test(c.source[c.at] ?? '')) c.at++;
}

// Markdown escapes turn `x_t^2` into `x\_t\^2` on its way here.
function isEscapedScript(c: Cursor): boolean {
  const escaped = /\\(?:\^(?=\S)|_(?=[{\\]|[\p{L}\p{N}](?![\p{L}\p{N}])))/uy;
  escaped.lastIndex = c.at;
  return escaped.test(c.source);
}
