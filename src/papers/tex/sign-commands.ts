// Commands that are a sign: escapes, spaces, accents, line breaks.
import { accent, startsAccent } from './accents.ts';
import { type Cursor, type Mode, take } from './cursor.ts';
import { readRange } from './groups.ts';
import { type Piece, plain } from './piece.ts';
import { isAccent } from './tables/accent-marks.ts';
import { MACROS } from './tables/macros.ts';
import { SYMBOLS } from './tables/symbols.ts';

/** The command at the cursor, whose name is the one sign after the backslash. */
export function readSignCommand(c: Cursor, mode: Mode): Piece {
  const start = c.at;
  const sign = c.source[start + 1] ?? '';
  const close = c.partner[start] ?? 0;
  if (c.at + 1 >= c.end) return plain(take(c));
  if (sign === '\\') return lineBreak(c, mode);
  c.at += 2;
  if (/[([$]/.test(sign) && close && close < c.end) {
    c.at = close + 2;
    return plain(readRange(c, start + 2, close, 'math'));
  }
  if (/\s/.test(sign) || sign === ',' || (mode === 'math' && /[;:>]/.test(sign)))
    return { text: ' ', kind: 'space' };
  if (isAccent(sign)) return startsAccent(c, sign, mode) ? accent(c, sign, mode) : plain(sign);
  if (sign === '@' || (sign === '!' && mode === 'math')) return plain('');
  if (sign === '|' && mode === 'math') return plain('‖');
  const around = c.source.slice(start - 1, start) + (c.source[c.at] ?? '');
  if (sign === '-' && /^\p{L}{2}$/u.test(around)) return plain('');
  if (sign === '/' && c.at === c.end) return plain('');
  c.at--;
  return plain(take(c));
}

/** `\\` breaks a line, unless someone escaped a whole command twice: `$20\\%$`, `$\\Theta$`. */
function lineBreak(c: Cursor, mode: Mode): Piece {
  const twice = /\\(?=\\(?:[%{}_&#$|]|([a-zA-Z]{2,})))/y;
  twice.lastIndex = c.at;
  const found = twice.exec(c.source);
  const name = found?.[1];
  if (found && (!name || SYMBOLS.has(name) || MACROS.has(name))) {
    c.at++;
    return c.readers.command(c, mode);
  }
  c.at += 2;
  const size = /\*?\[-?[\d.]{1,9}\s?[a-z]{2}\]/y;
  size.lastIndex = c.at;
  if (size.test(c.source)) c.at = size.lastIndex;
  return mode === 'math' && c.at < c.end ? plain('; ') : { text: ' ', kind: 'space' };
}
