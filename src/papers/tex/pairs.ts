// Pairing: for every `{`, `$`, `$$`, `\(`, `\[` and \begin{equation}, the index of what closes it (or 0).
// Done once for the whole source, so that no reader has to search for the end of what it opens.
import { DEEPEST } from './cursor.ts';

interface Mark {
  at: number;
  key: string;
  group: number;
}

/** For every index that opens a pair, the index that closes it; 0 everywhere else. */
export function pairUp(source: string): Int32Array {
  const partner = new Int32Array(source.length);
  const open: number[] = [];
  const marks: Mark[] = [];
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '{') open.push(at);
    else if (char === '}') partner[open.pop() ?? 0] = at;
    else if (open.length > DEEPEST) at += char === '\\' ? 1 : 0;
    else if (char === '$') marks.push({ at, key: '$', group: open.at(-1) ?? -1 });
    else if (char === '\\') {
      const key = /\\(?:[()[\]$]|(?:begin|end)\{[a-z]{1,12}\*?\})/y;
      key.lastIndex = at;
      const found = key.exec(source)?.[0];
      if (found) marks.push({ at, key: found, group: open.at(-1) ?? -1 });
      at++;
    }
  }
  pairMarks(source, marks, partner);
  return partner;
}

function pairMarks(source: string, marks: Mark[], partner: Int32Array): void {
  const nearest = new Map<string, number>();
  for (const { at, key, group } of marks.reverse()) {
    const display = key === '$' && source[at + 1] === '$';
    const wanted = display ? '$$' : closerOf(key);
    const close = nearest.get(wanted + group);
    if (close !== undefined && close > at + 1) {
      if (!key.endsWith('$') || display || holdsFormula(source, at, close, key)) partner[at] = close;
    }
    nearest.set(key + group, at);
    if (display) nearest.set(`$$${group}`, at);
  }
}

function closerOf(key: string): string {
  if (key === '\\(') return '\\)';
  if (key === '\\[') return '\\]';
  return key.replace('begin', 'end');
}

/** Pandoc's rule tells `$x$` from "$5 and $10"; looser dollars count when TeX is plainly between them. */
function holdsFormula(source: string, open: number, close: number, key: string): boolean {
  const inside = source.slice(open + key.length, close);
  const isTight = !/^\s|\s$/.test(inside);
  const digitFollows = /\d/.test(source[close + key.length] ?? '');
  if (key === '\\$')
    return isTight && !digitFollows && inside.length < 200 && /\\[a-zA-Z]|[_^]|^[\d.]+$/.test(inside);
  if (/^(?:[<>=+\-±~×≥≤]|\\[a-zA-Z]+\s?){1,2}$/.test(inside)) return true;
  const words = inside.replace(/\\[a-zA-Z]+/g, '');
  if (/^\s*\d/.test(inside) && /[a-z]{3,}\s+[a-z]{2,}/i.test(words)) return false;
  if (isTight && !digitFollows) return true;
  return inside.length < 600 && (/[\\^_=]/.test(inside) || /^\s*\p{L}\s*$/u.test(inside));
}
