// The syntax of BibTeX: from a text to entries with their fields, each with its line. What they mean is in bibtex.ts.
// Nothing is searched twice, repetition is bounded, and macros stand for a bounded amount of text: all takes linear time.
import { excerpt } from '../../text-file.ts';

/** One entry: its type and field names in lower case, the values without their delimiters, TeX and all. */
export interface Entry {
  type: string;
  key: string;
  line: number;
  fields: Map<string, string>;
}

export interface Entries {
  entries: Entry[];
  /** Entries that could not be read, and why. */
  broken: { line: number; key: string; why: string }[];
  /** The entry in which the text ends. */
  open?: { line: number; key: string };
}

interface Cursor {
  text: string;
  at: number;
  /** What closes the entry. */
  closer: string;
  /** Whether `\{`, `\}` and `\"` are signs. BibTeX counts them as braces and quotes; some tools that write it do not. */
  escapes: boolean;
  macros: Map<string, string>;
  /** How many characters macros may still stand for: ten short ones could stand for gigabytes. */
  allowance: { left: number };
  key: string;
  fault: string;
}

const HEAD = /@[ \t]{0,20}([A-Za-z][\w-]{0,60})\s{0,20}([{(])/y;
const ENTRY_LINE = /[ \t]{0,20}@[A-Za-z][\w-]{0,60}[ \t]{0,20}[{(]/y;
const NOT_CLOSED = 'it is not closed';
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/**
 * Reads the entries of a BibTeX text. `@comment`, `@preamble`, text between entries and lines that start with `%` are
 * skipped. After an entry that cannot be read, reading goes on at the next line that starts an entry.
 */
export function readEntries(text: string): Entries {
  const found: Entries = { entries: [], broken: [] };
  const macros = new Map(MONTHS.map(month => [month.slice(0, 3).toLowerCase(), month]));
  const shared = { text, macros, allowance: { left: 4 * text.length + 100_000 }, key: '', fault: '' };
  const lineOf = lineCounter(text);
  let blocksClose = true;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at)) {
    const line = lineOf(at);
    const head = line.isComment || /\w/.test(text[at - 1] ?? '') ? undefined : match(HEAD, text, at);
    // An @ that starts nothing is passed over like a comment.
    const [whole = '@', name = 'comment', opener = ''] = head ?? [];
    const type = name.toLowerCase();
    const from = at + whole.length;
    if (type === 'comment' || type === 'preamble') {
      const end = head !== undefined && blocksClose ? blockEnd(text, from, opener) : from;
      // Only one search may run to the end of the text in vain.
      if (end === undefined) blocksClose = false;
      at = end ?? from;
      continue;
    }
    const start = { ...shared, at: from, closer: opener === '(' ? ')' : '}' };
    const read = readEntry({ ...start, escapes: false }, type);
    const again = read.fields === undefined ? readEntry({ ...start, escapes: true }, type) : read;
    const { fields, cursor } = again.fields === undefined ? read : again;
    if (fields !== undefined) {
      if (type === 'string') for (const [macro, value] of fields) macros.set(macro, value);
      else found.entries.push({ type, key: cursor.key, line: line.number, fields });
      at = cursor.at;
      continue;
    }
    const next = nextEntryLine(text, from);
    const place = { line: line.number, key: cursor.key };
    if (cursor.fault === NOT_CLOSED && next === undefined) found.open = place;
    else found.broken.push({ ...place, why: cursor.fault });
    at = next ?? text.length;
  }
  return found;
}

/** Whether `text` begins as BibTeX does: with an entry, after white space and lines that start with `%`. */
export function startsWithEntry(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '%') at = endOfLine(text, at);
    else if (!/\s/.test(text[at] as string)) return match(HEAD, text, at) !== undefined;
  }
  return false;
}

function readEntry(c: Cursor, type: string): { fields: Map<string, string> | undefined; cursor: Cursor } {
  const fields = (type === 'string' || readKey(c)) && readFields(c);
  return { fields: fields || undefined, cursor: c };
}

function fail(c: Cursor, why: string): undefined {
  c.fault = c.at >= c.text.length ? NOT_CLOSED : why;
}

/** The key may be missing, and so may the comma after it. */
function readKey(c: Cursor): boolean {
  skipSpace(c);
  const start = c.at;
  const key = (take(c, c.closer === ')' ? /[^,={}"\n)]{0,300}/y : /[^,={}"\n]{0,300}/y) ?? '').trimEnd();
  const sign = c.text[c.at] ?? '';
  const isField = sign === '=';
  const keyEnd = isField ? key.search(/\S+$/) : key.length;
  if (isField) c.at = start + keyEnd;
  c.key = excerpt(key.slice(0, keyEnd).trim(), 40);
  if (isField || sign === ',' || sign === '\n' || sign === c.closer) return true;
  fail(c, 'there is no comma after its key');
  return false;
}

function readFields(c: Cursor): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (;;) {
    skipSpace(c, ',');
    const sign = c.text[c.at] ?? '';
    if (sign === c.closer) {
      c.at++;
      return fields;
    }
    if (sign === '@') return fail(c, NOT_CLOSED);
    const name = take(c, /[^\s,{}()"#=@%'\\]{1,100}/y);
    if (name === undefined) return fail(c, `there is ${excerpt(sign)} where a field should start`);
    skipSpace(c);
    if (c.text[c.at] !== '=') return fail(c, `there is no "=" after "${excerpt(name, 40)}"`);
    c.at++;
    const value = readValue(c, name);
    if (value === undefined) return undefined;
    if (value.trim() !== '' && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value);
  }
}

/** Parts in braces, in quotes or bare (numbers and macros), joined by `#`. */
function readValue(c: Cursor, name: string): string | undefined {
  const parts: string[] = [];
  for (;;) {
    skipSpace(c);
    const sign = c.text[c.at] ?? '';
    if (sign === '{' || sign === '"') {
      const end = delimitedEnd(c, sign);
      if (end === undefined) return undefined;
      parts.push(c.text.slice(c.at + 1, end - 1));
      c.at = end;
    } else if (sign !== ',' && sign !== c.closer) {
      const bare = take(c, /[^\s,{}()"#=@]{1,500}/y);
      if (bare === undefined) return fail(c, `"${excerpt(name, 40)}" has no value`);
      const text = c.macros.get(bare.toLowerCase());
      const length = text?.length ?? 0;
      if (length > c.allowance.left) return fail(c, 'the macros stand for too much text');
      c.allowance.left -= length;
      parts.push(text ?? bare);
    }
    skipSpace(c);
    if (c.text[c.at] !== '#') return parts.join('');
    c.at++;
  }
}

/** Just after what closes the brace or quote at the cursor; a line that starts an entry ends the search. */
function delimitedEnd(c: Cursor, opener: string): number | undefined {
  let depth = opener === '{' ? 1 : 0;
  const marks = /[{}"\\\n]/g;
  marks.lastIndex = c.at + 1;
  for (let found = marks.exec(c.text); found !== null; found = marks.exec(c.text)) {
    const [mark] = found;
    if (mark === '{') depth++;
    else if (mark === '}') depth = Math.max(0, depth - 1);
    else if (mark === '\\' && c.escapes) marks.lastIndex++;
    else if (mark === '\n' && match(ENTRY_LINE, c.text, marks.lastIndex)) return fail(c, NOT_CLOSED);
    if (depth === 0 && mark === (opener === '{' ? '}' : '"')) return marks.lastIndex;
  }
  c.at = c.text.length;
  return fail(c, NOT_CLOSED);
}

/** Just after the block that was opened before `from`, with the braces and brackets in it; undefined: it has no end. */
function blockEnd(text: string, from: number, opener: string): number | undefined {
  const [open, close] = opener === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at + 1;
  }
  return undefined;
}

function nextEntryLine(text: string, from: number): number | undefined {
  for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', end + 1)) {
    if (match(ENTRY_LINE, text, end + 1)) return text.indexOf('@', end);
  }
  return undefined;
}

/** White space, `also`, and the rest of a line after `%`. */
function skipSpace(c: Cursor, also = ''): void {
  for (; c.at < c.text.length; c.at++) {
    const char = c.text[c.at] as string;
    if (char === '%') c.at = endOfLine(c.text, c.at);
    else if (char !== also && !/\s/.test(char)) return;
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function take(c: Cursor, pattern: RegExp): string | undefined {
  const found = match(pattern, c.text, c.at)?.[0];
  c.at += found?.length ?? 0;
  return found;
}

function match(sticky: RegExp, text: string, at: number): RegExpExecArray | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text) ?? undefined;
}

/** Tells the line of places that only ever go forward, and whether it is one that starts with `%`. */
function lineCounter(text: string): (at: number) => { number: number; isComment: boolean } {
  let number = 1;
  let start = 0;
  let next = text.indexOf('\n');
  return at => {
    for (; next >= 0 && next < at; next = text.indexOf('\n', start)) {
      number++;
      start = next + 1;
    }
    return { number, isComment: /^\s*%/.test(text.slice(start, Math.min(at, start + 20))) };
  };
}
