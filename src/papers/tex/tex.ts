// Turns the TeX in titles, abstracts and author names into readable plain Unicode text.
// One pass pairs up braces and dollars; two readers, for text and for formulas, then walk the source once.
// Nothing searches ahead without a bound and nesting is capped, so hostile input costs linear time.
import { readCommand } from './commands.ts';
import type { Readers } from './cursor.ts';
import { readMath } from './math-mode.ts';
import { pairUp } from './pairs.ts';
import { readText } from './text-mode.ts';

const HAS_TEX = /[\\${`~^_]|''|--/;

// The readers call one another: a formula may hold text, and either may hold commands.
const readers: Readers = { text: readText, math: readMath, command: readCommand };

/** The text with its TeX turned into plain Unicode; text without any TeX comes back unchanged. */
export function texToText(source: string): string {
  if (!HAS_TEX.test(source)) return source;
  const partner = pairUp(source);
  const quotes = { double: false, singleEnd: -1 };
  const text = readText({ source, partner, at: 0, end: source.length, depth: 0, quotes, readers });
  return text.replace(/[ \t]{2,}/g, ' ').trim();
}
