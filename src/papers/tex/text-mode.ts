// Reads running text: copies ordinary characters and hands every sign TeX knows to whoever reads it.
import { addressOr } from './addresses.ts';
import { type Cursor, closeOf, take } from './cursor.ts';
import { readGroup, readRange } from './groups.ts';
import type { Piece } from './piece.ts';
import { punctuation } from './punctuation.ts';
import { script } from './scripts.ts';

/** The stretch under the cursor, read as running text. */
export function readText(c: Cursor): string {
  const out: string[] = [];
  const ordinary = /[^\\${}~`'"_^\-h]+/y;
  while (c.at < c.end) {
    ordinary.lastIndex = c.at;
    const run = ordinary.exec(c.source)?.[0];
    if (run) {
      out.push(run);
      c.at += run.length;
    } else readTextSign(c, out);
  }
  return out.join('');
}

function readTextSign(c: Cursor, out: string[]): void {
  const char = c.source[c.at] ?? '';
  if (char === '\\') return void addToText(c, out, c.readers.command(c, 'text'));
  if (char === '{') return void out.push(textGroup(c));
  if (char === '}') return void out.push(strayBrace(c));
  if (char === '$') return void out.push(dollars(c));
  if (char === 'h') return void out.push(addressOr(c));
  if (char === '_' || char === '^') {
    // A braced script outside dollars is a formula that lost them; `x^2` and `my_var` may well be meant.
    const braced = c.source[c.at + 1] === '{' && c.partner[c.at + 1];
    if (!braced && !/[\\][a-zA-Z]/.test(c.source.slice(c.at + 1, c.at + 3))) return void out.push(take(c));
    return void out.push(script(c, []));
  }
  out.push(punctuation(c, char));
}

function addToText(c: Cursor, out: string[], piece: Piece): void {
  if (piece.kind === 'dropped') {
    // A citation goes together with the space or tie before it, and with brackets that held nothing else.
    if (trimTail(out) === '(' && c.source[c.at] === ')') {
      out.push((out.pop() ?? '').slice(0, -1));
      trimTail(out);
      c.at++;
    }
  } else if (piece.kind === 'item') {
    out.push(/[\p{L}\p{N})”]/u.test(trimTail(out)) ? '; ' : ' ');
  }
  out.push(piece.text);
}

/** Takes the white space off the end and tells which character is last then. */
function trimTail(out: string[]): string {
  let last = '';
  while (out.length > 0 && last === '') last = (out.pop() ?? '').trimEnd();
  out.push(last);
  return last.at(-1) ?? '';
}

function textGroup(c: Cursor): string {
  const open = c.at;
  const close = closeOf(c);
  if (!close) return strayBrace(c);
  const inside = c.source.slice(open + 1, Math.min(close, open + 200));
  const doubled = c.source[open + 1] === '{' && c.partner[open + 1] === close - 1;
  if (doubled && !/\\[a-zA-Z]/.test(c.source.slice(open, close))) {
    c.at = close + 1;
    return c.source.slice(open, close + 1);
  }
  // `{-1, 0, 1}` is a set whose braces mean something; `{BERT}` only protects capitals.
  const isSet = /^\s*[^\s,{}\\]{1,12}(?:\s*,\s*[^\s,{}\\]{1,12})+\s*$/.test(inside);
  const text = readGroup(c, 'text');
  return isSet ? `{${text}}` : text;
}

/** A brace without its other half is a slip, except when it stands free or doubled, as in a template. */
function strayBrace(c: Cursor): string {
  const before = c.source[c.at - 1] ?? ' ';
  const brace = take(c);
  const after = c.source[c.at] ?? ' ';
  if (before === brace || after === brace || (/\s/.test(before) && /\s/.test(after))) return brace;
  return brace === '{' && /[^\s([]/.test(before) ? ' ' : '';
}

function dollars(c: Cursor): string {
  const close = closeOf(c);
  if (!close) return take(c);
  const width = c.source[c.at + 1] === '$' ? 2 : 1;
  const from = c.at + width;
  c.at = close + width;
  return readRange(c, from, close, 'math');
}
