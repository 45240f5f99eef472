// Quotation marks, dashes and ties, as print shows them.
import { type Cursor, take } from './cursor.ts';

/** The run of one punctuation sign at the cursor, as print shows it. */
export function punctuation(c: Cursor, char: string): string {
  const before = c.source[c.at - 1] ?? ' ';
  const run = char === '"' ? 1 : signRun(c, char);
  const next = c.source[c.at + run] ?? ' ';
  const start = c.at;
  if (char === '~') {
    c.at += run;
    return isTie(c.source, start, next) && run === 1 ? ' ' : '~'.repeat(run);
  }
  if (char === '-') {
    c.at += run;
    if (run === 3) return '—';
    const asIs =
      run !== 2 || /[<>!]/.test(before + next) || (/[\s([`"']/.test(before) && /[a-z]/i.test(next));
    return asIs ? '-'.repeat(run) : '–';
  }
  if (char === '"') {
    c.at++;
    const closes = c.quotes.double && !/\s/.test(before);
    if (closes) c.quotes.double = false;
    return closes ? '”' : '"';
  }
  return char === '`' || char === "'" ? quote(c, char, run, before, next) : take(c);
}

function signRun(c: Cursor, char: string): number {
  let run = 1;
  while (c.at + run < c.end && c.source[c.at + run] === char) run++;
  return run;
}

function isTie(source: string, at: number, next: string): boolean {
  const before = source[at - 1] ?? ' ';
  if (/[\s([{/"'“‘<>\-–—]/.test(before) || /\s/.test(next)) return false;
  if (before === '=') return source[at - 2] === '~';
  // "r~0.49" is an approximation, "PERSUADE~2.0" a tie.
  if (
    /(?:^|[^\p{L}\p{N}])\p{L}$/u.test(source.slice(Math.max(0, at - 2), at)) &&
    /^~0\.\d/.test(source.slice(at, at + 4))
  )
    return false;
  // "3~5 dB" is a range; "Table~5" is a tie.
  return !(/[\d%]/.test(before) && /\d/.test(next));
}

function quote(c: Cursor, char: string, run: number, before: string, next: string): string {
  const start = c.at;
  c.at += run;
  if (run > 2) return char.repeat(run);
  if (run === 2) {
    const opens = char === '`' ? !c.quotes.double : /[\s([]/.test(before) && !/\s/.test(next);
    c.quotes.double = opens;
    return opens ? '“' : '”';
  }
  if (char === '`') {
    // Only a pair `x' is a quotation: a lone backquote, or Markdown's `x`, stays as it is.
    const single = /`(?=\S)(?:[^`'\n]|'(?=\p{L})){1,150}'/uy;
    single.lastIndex = start;
    const found = single.exec(c.source)?.[0];
    if (found) c.quotes.singleEnd = start + found.length - 1;
    return found ? '‘' : char;
  }
  if (start === c.quotes.singleEnd) return '’';
  return char;
}
