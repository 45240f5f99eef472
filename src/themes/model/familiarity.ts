// Whether a paper speaks the language of the archive at all: one on leases or braided rivers does not.
import type { PaperWords } from './keywords.ts';
import type { TermSpace } from './tfidf.ts';
import { isTerm } from './words.ts';

/** A word that this share of the archive's papers use is wholly familiar; a rarer one in proportion. */
const COMMON = 0.02;

/**
 * The share of a paper's different words (without stop words and numbers) that are common in the archive, 0 to 1.
 * Papers of the archive's own field have 0.6 to 0.9; of another field 0.1 to 0.45.
 */
export function familiarity({ vocabulary, wordId }: TermSpace, { title, abstract }: PaperWords): number {
  let [all, familiar] = [0, 0];
  for (const word of new Set([...title, ...abstract])) {
    if (!isTerm(word)) continue;
    all++;
    const id = wordId.get(word);
    const count = id === undefined ? 0 : (vocabulary.counts[id] as number);
    familiar += Math.min(1, count / (vocabulary.papers * COMMON + 1e-9));
  }
  return all === 0 ? 0 : familiar / all;
}
