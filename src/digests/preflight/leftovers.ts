// What should have become readable text and did not: TeX, character references.
import { excerpt } from '../../text-file.ts';
import type { At } from './page.ts';

const KINDS: readonly { what: string; pattern: RegExp }[] = [
  // Twice escaped in a template, or in the source of the paper.
  { what: 'a character reference', pattern: /&(?:[a-z][\da-z]{1,30}|#\d{1,7}|#x[\da-f]{1,6});/gi },
  { what: 'TeX', pattern: /\\(?:[a-z]{2,40}\b|[([{}%&_$])/gi },
  // Two dollars are prices; with a backslash, an index or a power between them they are mathematics.
  { what: 'TeX', pattern: /\$[^$\s][^$\n]{0,60}?[\\^_{][^$\n]{0,60}\$/g },
];

/** The leftovers in some visible text, each with the words around it. */
export function leftoversIn(text: string): At[] {
  if (!/[&\\$]/.test(text)) return [];
  return KINDS.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
      what: `${what} is left over: ${excerpt(text.slice(Math.max(0, index - 20), index + found.length + 20), 80)}`,
      at: index,
    })),
  );
}
