// Reads a command that starts with a backslash: finds out what it is and what it leaves in plain text.
import { accent, startsAccent } from './accents.ts';
import { argumentsFor, optional, rawArgument, readArgument } from './arguments.ts';
import { type Cursor, closeOf, type Mode, skipSpace } from './cursor.ts';
import { environment } from './environments.ts';
import { readGroup } from './groups.ts';
import { type Piece, plain } from './piece.ts';
import { readSignCommand } from './sign-commands.ts';
import { isAccent } from './tables/accent-marks.ts';
import { MACROS } from './tables/macros.ts';
import { GAPS, LETTERS, SHORTHANDS, SILENT, SYMBOLS } from './tables/symbols.ts';

/** The command at the cursor, with whatever arguments belong to it. */
export function readCommand(c: Cursor, mode: Mode): Piece {
  const start = c.at;
  const named = /\\([a-zA-Z]+)(?:\*(?=\{))?/y;
  named.lastIndex = start;
  const name = named.exec(c.source)?.[1];
  if (!name) return readSignCommand(c, mode);
  c.at = Math.min(named.lastIndex, c.end);
  if (name === 'begin' || name === 'end') return plain(environment(c, start, name));
  if (name === 'item') return { text: optional(c) ?? '', kind: 'item' };
  if (/^[cC]ite/.test(name)) return citation(c);
  if (isAccent(name) && (name.length > 1 || startsAccent(c, name, mode))) return accent(c, name, mode);
  const macro = MACROS.get(name);
  if (macro) return { text: macro.write(...argumentsFor(c, macro.takes, mode)), kind: macro.kind };
  if (mode === 'text' && LETTERS.has(name)) {
    skipSpace(c);
    return plain(LETTERS.get(name) ?? '');
  }
  return readWord(c, name, start, mode);
}

function readWord(c: Cursor, name: string, start: number, mode: Mode): Piece {
  if (GAPS.has(name)) return { text: ' ', kind: 'space' };
  if (SILENT.has(name)) {
    if (mode === 'math' || /[\s{]/.test(c.source[start - 1] ?? ' ')) skipSpace(c);
    if (/^(?:left|right|middle)$/.test(name) && c.source[c.at] === '.') c.at++;
    return plain('');
  }
  if (name === 'not') return plain(`${readArgument(c, 'math') ?? ''}\u0338`.normalize('NFC'), 'relation');
  if (name === 'deg' && (mode === 'text' || /\d/.test(c.source[start - 1] ?? ''))) return plain('°');
  const symbol = SYMBOLS.get(name);
  if (symbol) {
    // `\etc.` and `\etal.` bring a full stop of their own.
    if (symbol.text.endsWith('.') && c.source[c.at] === '.') c.at++;
    return { ...symbol };
  }
  const own = mode === 'math' ? SHORTHANDS.get(name) : undefined;
  return plain(own ?? unknown(c, name, mode));
}

/** An unknown command gives its arguments, or its own name when it has none. */
function unknown(c: Cursor, name: string, mode: Mode): string {
  const given: string[] = [];
  const before = c.at;
  if (optional(c) !== undefined && c.source[c.at] !== '{') c.at = before;
  while (c.source[c.at] === '{' && closeOf(c)) given.push(readGroup(c, mode));
  return given.filter(text => text !== '').join(' ') || name;
}

function citation(c: Cursor): Piece {
  optional(c);
  optional(c);
  rawArgument(c);
  return { text: '', kind: 'dropped' };
}
