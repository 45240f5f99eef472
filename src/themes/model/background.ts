// What a model knows of the language of papers without any theme: which terms there are, how rare they are, and which
// of them are about the same. Kept in bytes, and used as kept, so that a stored model answers exactly as before.
import type { PaperWords } from './keywords.ts';
import { fitLsa } from './lsa.ts';
import { type Bytes, quantiseRows } from './quantise.ts';
import {
  buildVocabulary,
  openTerms,
  pairKey,
  type Sparse,
  type TermSpace,
  type Vocabulary,
  vectorise,
} from './tfidf.ts';

/** A background as it is stored. Only the first `lsa.scales.length` terms have a place in the latent space. */
export interface StoredBackground {
  vocabulary: Vocabulary;
  /** One row a term. */
  lsa: Bytes;
}

export interface Background {
  stored: StoredBackground;
  space: TermSpace;
  dimensions: number;
}

const BACKGROUND = {
  /** Words and pairs of words that are kept; a rarer one is of no use to anyone. */
  terms: { words: 6_500, pairs: 5_000, least: 3 },
  dimensions: 64,
  /** A direction counts with its singular value to this power: 1.5 was better than 1 and 2 (see prior/README.md). */
  power: 1.5,
} as const;

export function openBackground(stored: StoredBackground): Background {
  return { stored, space: openTerms(stored.vocabulary), dimensions: stored.lsa.columns };
}

/** Learns the terms and their latent space. The papers must be in a fixed order: sums depend on it. */
export function fitBackground(archive: readonly PaperWords[], seed: number): Background {
  const vocabulary = buildVocabulary(archive, BACKGROUND.terms);
  const space = openTerms(vocabulary);
  const vectors = archive.map(paper => vectorise(space, paper));
  const { dimensions, terms } = fitLsa(
    vectors,
    vocabulary.words.length,
    BACKGROUND.dimensions,
    seed,
    BACKGROUND.power,
  );
  return openBackground({ vocabulary, lsa: quantiseRows(terms, dimensions) });
}

/** Where a paper lies in the latent space: a vector of length 1, or all zero where none of its words is known. */
export function embed({ stored, dimensions }: Background, { ids, values }: Sparse): Float32Array {
  const { cells, scales } = stored.lsa;
  const sums = new Float64Array(dimensions);
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number;
    if (id >= scales.length) break;
    const value = (values[at] as number) * (scales[id] as number);
    for (let k = 0, from = id * dimensions; k < dimensions; k++)
      sums[k] = (sums[k] as number) + value * (cells[from + k] as number);
  }
  let square = 0;
  for (const sum of sums) square += sum * sum;
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  const place = new Float32Array(dimensions);
  for (let k = 0; k < dimensions; k++) place[k] = (sums[k] as number) * scale;
  return place;
}

/** A phrase that the archive hardly has is taken to be as rare as one in 3,000. */
const RAREST = 8;

/** How telling a phrase is: the inverse document frequency of its rarest word or pair. */
export function phraseIdf({ space }: Background, words: readonly string[]): number {
  const id = (word: string) => space.wordId.get(word) ?? -1;
  const idf = (term: number | undefined) =>
    term === undefined || term < 0 ? RAREST : (space.idf[term] as number);
  if (words.length === 1) return idf(id(words[0] as string));
  let rarest = 0;
  for (let at = 0; at + 1 < words.length; at++) {
    const [first, second] = [id(words[at] as string), id(words[at + 1] as string)];
    const known = first >= 0 && second >= 0;
    rarest = Math.max(
      rarest,
      idf(known ? space.pairId.get(pairKey(space.wordId.size, first, second)) : undefined),
    );
  }
  return rarest;
}
