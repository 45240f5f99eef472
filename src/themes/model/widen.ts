// Adds to a background the words that came into use since it was made, without moving what it knows.
import type { StoredBackground } from './background.ts';
import type { PaperWords } from './keywords.ts';
import type { Machines } from './machines.ts';
import type { StoredModel } from './pack.ts';
import { buildVocabulary, pairKey, type Vocabulary } from './tfidf.ts';

/** New terms that are kept; each must be in some papers, or one author's word would count. */
const NEW = { words: 6_500, pairs: 5_000, least: 5 } as const;

/**
 * A model that also knows the terms of an archive. New words have no place in its latent space, and its machines give
 * them no weight: answers for papers without new terms stay the same.
 */
export function widen(prior: StoredModel, archive: readonly PaperWords[]): StoredModel {
  const old = prior.background.vocabulary;
  const vocabulary = joined(old, buildVocabulary(archive, NEW));
  const added = vocabulary.words.length - old.words.length;
  const background: StoredBackground = { vocabulary, lsa: prior.background.lsa };
  const stretched = (machines: Machines | null) =>
    machines && { ...machines, weights: stretch(machines.weights, old, added, vocabulary) };
  return { background, machines: stretched(prior.machines), guides: stretched(prior.guides) };
}

/** The old terms as they were, then the new ones, as common as if the archives were of one size. */
function joined(old: Vocabulary, fresh: Vocabulary): Vocabulary {
  const known = new Set(old.words);
  const share = old.papers / Math.max(1, fresh.papers);
  const counted = (id: number) => Math.max(1, Math.round((fresh.counts[id] as number) * share));
  const newWords = fresh.words.flatMap((word, id) => (known.has(word) ? [] : [{ word, count: counted(id) }]));
  const words = [...old.words, ...newWords.map(({ word }) => word)];
  const idOf = new Map(words.map((word, id) => [word, id]));
  const key = (first: number, second: number) => pairKey(words.length, first, second);
  const knownPairs = new Set<number>();
  for (let at = 0; at < old.pairs.length; at += 2)
    knownPairs.add(key(old.pairs[at] as number, old.pairs[at + 1] as number));
  const newPairs: { ids: [number, number]; count: number }[] = [];
  for (let at = 0; at < fresh.pairs.length; at += 2) {
    const ids = [fresh.pairs[at], fresh.pairs[at + 1]].map(id =>
      idOf.get(fresh.words[id as number] as string),
    ) as [number, number];
    if (!knownPairs.has(key(...ids))) newPairs.push({ ids, count: counted(fresh.words.length + at / 2) });
  }
  return {
    words,
    pairs: Int32Array.from([...old.pairs, ...newPairs.flatMap(({ ids }) => ids)]),
    counts: Int32Array.from([
      ...old.counts.subarray(0, old.words.length),
      ...newWords.map(({ count }) => count),
      ...old.counts.subarray(old.words.length),
      ...newPairs.map(({ count }) => count),
    ]),
    papers: old.papers,
  };
}

/** Rows of nothing for the new words, between words and pairs, and for the new pairs, at the end. */
function stretch(
  { cells, columns, scales }: Machines['weights'],
  old: Vocabulary,
  added: number,
  { counts }: Vocabulary,
): Machines['weights'] {
  const wider = new Int8Array(counts.length * columns);
  const words = old.words.length * columns;
  wider.set(cells.subarray(0, words));
  wider.set(cells.subarray(words), words + added * columns);
  return { cells: wider, columns, scales };
}
