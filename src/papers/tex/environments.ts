// \begin and \end: a formula is read as one, any other environment only loses its two marks.
import { optional, rawArgument } from './arguments.ts';
import type { Cursor } from './cursor.ts';
import { readRange } from './groups.ts';
import { words } from './tables/rows.ts';

/** Environments whose body is a formula. */
const FORMULAS: ReadonlySet<string> = new Set(
  words('equation align gather multline eqnarray math displaymath alignat flalign').flatMap(n => [
    n,
    `${n}*`,
  ]),
);

/** What a \begin or \end leaves: the whole formula, or nothing. */
export function environment(c: Cursor, start: number, which: string): string {
  const name = rawArgument(c);
  const close = c.partner[start] ?? 0;
  if (which === 'begin' && FORMULAS.has(name) && close && close < c.end) {
    const from = c.at;
    c.at = close + name.length + '\\end{}'.length;
    return readRange(c, from, close, 'math');
  }
  optional(c);
  if (/^(?:tabular|array)/.test(name)) rawArgument(c);
  return name === '' ? which : '';
}
