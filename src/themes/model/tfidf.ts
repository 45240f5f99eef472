// The vocabulary of an archive (words and pairs of words), and a paper as a weighted list of its terms.
import type { PaperWords } from './keywords.ts';
import { isTerm } from './words.ts';

/** A term is a word, or a pair of neighbouring words named by the numbers of its two words. */
export interface Vocabulary {
  words: string[];
  /** Pairs as [first word, second word], numbered after the words. */
  pairs: Int32Array;
  /** In how many papers of the archive each term occurs. */
  counts: Int32Array;
  /** How many papers the archive had. */
  papers: number;
}

/** A sparse vector: numbers of terms, ascending, and their weights. */
export interface Sparse {
  ids: Int32Array;
  values: Float32Array;
}

export interface TermSpace {
  vocabulary: Vocabulary;
  size: number;
  idf: Float32Array;
  wordId: Map<string, number>;
  /** By `pairKey`. */
  pairId: Map<number, number>;
  /** How often each term occurs in the paper that is being read; all zero in between. */
  tally: Uint32Array;
}

/** A pair as one number: below 2^31 for 46,000 words, which a Map finds fastest. */
export const pairKey = (words: number, first: number, second: number) => first * words + second;

/** An occurrence in the title counts as this many in the abstract. */
const TITLE_TIMES = 2;

export function openTerms(vocabulary: Vocabulary): TermSpace {
  const { words, pairs, counts, papers } = vocabulary;
  const wordId = new Map<string, number>();
  for (const [id, word] of words.entries()) wordId.set(word, id);
  const pairId = new Map<number, number>();
  for (let at = 0; at < pairs.length; at += 2) {
    pairId.set(pairKey(words.length, pairs[at] as number, pairs[at + 1] as number), words.length + at / 2);
  }
  const idf = new Float32Array(counts.length);
  for (let id = 0; id < idf.length; id++) idf[id] = Math.log((papers + 1) / ((counts[id] as number) + 0.5));
  const tally = new Uint32Array(counts.length);
  return { vocabulary, size: counts.length, idf, wordId, pairId, tally };
}

/** The name of a term: "diffusion", "flow matching". */
export function termName({ words, pairs }: Vocabulary, id: number): string {
  if (id < words.length) return words[id] as string;
  const at = (id - words.length) * 2;
  return `${words[pairs[at] as number]} ${words[pairs[at + 1] as number]}`;
}

/** A paper as tf-idf: (1 + ln tf) × idf, scaled to length 1; empty where no word of it is known. */
export function vectorise(space: TermSpace, paper: PaperWords): Sparse {
  const { tally, idf } = space;
  const found: number[] = [];
  count(space, paper.title, TITLE_TIMES, found);
  count(space, paper.abstract, 1, found);
  const ids = Int32Array.from(found).sort();
  const values = new Float32Array(ids.length);
  let sum = 0;
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number;
    const value = (1 + Math.log(tally[id] as number)) * (idf[id] as number);
    tally[id] = 0;
    values[at] = value;
    sum += value * value;
  }
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  for (let at = 0; at < values.length; at++) values[at] = (values[at] as number) * scale;
  return { ids, values };
}

/** Adds each occurrence of a term to the tally, and to `found` the terms that were not there before. */
function count(space: TermSpace, words: readonly string[], times: number, found: number[]): void {
  const { tally, wordId, pairId } = space;
  const add = (id: number) => {
    const before = tally[id] as number;
    if (before === 0) found.push(id);
    tally[id] = before + times;
  };
  let previous = -1;
  for (const word of words) {
    const id = wordId.get(word) ?? -1;
    if (id >= 0) add(id);
    if (id >= 0 && previous >= 0) {
      const pair = pairId.get(pairKey(wordId.size, previous, id));
      if (pair !== undefined) add(pair);
    }
    previous = id;
  }
}

export interface VocabularyLimits {
  words: number;
  pairs: number;
  /** A term of fewer papers is left out. */
  least: number;
}

/** The terms that an archive uses most. Its order does not matter: equals are put in the order of the alphabet. */
export function buildVocabulary(archive: readonly PaperWords[], limits: VocabularyLimits): Vocabulary {
  const words = mostUsed(countWords(archive), limits.words, limits.least, (a, b) => (a < b ? -1 : 1));
  const wordId = new Map(words.map(([word], id) => [word, id]));
  const pairs = mostUsed(countPairs(archive, wordId), limits.pairs, limits.least, (a, b) => a - b);
  return {
    words: words.map(([word]) => word),
    pairs: Int32Array.from(pairs.flatMap(([pair]) => [Math.floor(pair / wordId.size), pair % wordId.size])),
    counts: Int32Array.from([...words, ...pairs], ([, times]) => times),
    papers: archive.length,
  };
}

function mostUsed<K>(
  counts: Map<K, number>,
  most: number,
  least: number,
  order: (a: K, b: K) => number,
): [K, number][] {
  const kept: [K, number][] = [];
  for (const entry of counts) if (entry[1] >= least) kept.push(entry);
  return kept.sort(([a, x], [b, y]) => y - x || order(a, b)).slice(0, most);
}

function countWords(archive: readonly PaperWords[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { title, abstract } of archive) {
    for (const word of new Set([...title, ...abstract])) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  for (const word of counts.keys()) if (!isTerm(word)) counts.delete(word);
  return counts;
}

function countPairs(archive: readonly PaperWords[], wordId: Map<string, number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { title, abstract } of archive) {
    const seen = new Set<number>();
    for (const words of [title, abstract]) {
      let previous: number | undefined;
      for (const word of words) {
        const id = wordId.get(word);
        if (id !== undefined && previous !== undefined) seen.add(pairKey(wordId.size, previous, id));
        previous = id;
      }
    }
    for (const pair of seen) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}
