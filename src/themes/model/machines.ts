// The trained part of a model: one linear machine a theme, taught by papers that people have labelled, or by the papers
// of an archive about which the theme's own words leave no doubt.
import type { Theme } from '../taxonomy.ts';
import { type Bytes, quantiseColumns } from './quantise.ts';
import { trainSvm } from './svm.ts';
import type { Sparse } from './tfidf.ts';

export interface Machines {
  slugs: string[];
  /** Hashes of each theme's keywords, to know the theme again. */
  keywords: number[][];
  biases: Float32Array;
  /** One row a term, one column a theme. */
  weights: Bytes;
}

/** One paper that teaches. */
export interface Example {
  terms: Sparse;
  /** Its theme's place in the taxonomy; -1: none of them. */
  theme: number;
  /** Themes that are not taught that it is not theirs. */
  also: readonly number[];
}

/** Papers that teach a theme, as a share of what each theme would have if all were as large. */
const SEEDS = 1.5;
/** With so many labelled papers a theme, they teach alone: what people say is better than what keywords do. */
const ENOUGH_LABELS = 30;
const COST = 0.1;

/** For each theme the papers of which it is the best, and best by far; ties are kept in the order of the archive. */
function confident(scores: readonly Float64Array[], themes: number): number[][] {
  const most = Math.round((SEEDS * scores.length) / themes);
  const own: { paper: number; margin: number }[][] = Array.from({ length: themes }, () => []);
  for (const [paper, score] of scores.entries()) {
    const { best, margin } = leader(score);
    if (margin > 0) own[best]?.push({ paper, margin });
  }
  return own.map(list =>
    list
      .sort((a, b) => b.margin - a.margin || a.paper - b.paper)
      .slice(0, most)
      .map(({ paper }) => paper),
  );
}

function leader(scores: Float64Array): { best: number; margin: number } {
  let [best, second] = [0, -1];
  for (let at = 1; at < scores.length; at++) {
    if ((scores[at] as number) > (scores[best] as number)) [best, second] = [at, best];
    else if (second < 0 || (scores[at] as number) > (scores[second] as number)) second = at;
  }
  return { best, margin: second < 0 ? 0 : (scores[best] as number) - (scores[second] as number) };
}

/**
 * The papers of an archive that teach where few are labelled, in the order of the archive.
 * @param scores what speaks for each theme without labels, one array a paper
 */
export function confidentExamples(
  papers: readonly Sparse[],
  scores: readonly Float64Array[],
  labelled: readonly Example[],
  themes: number,
): Example[] {
  // A few corrections of one theme are its hard cases: without its plain ones it would be lost.
  if (labelled.length >= ENOUGH_LABELS * themes) return [];
  const themeOf = new Map<number, number>();
  for (const [theme, list] of confident(scores, themes).entries()) {
    for (const paper of list) themeOf.set(paper, theme);
  }
  const chosen = [...themeOf].sort(([a], [b]) => a - b);
  return chosen.map(([paper, theme]) => ({ terms: papers[paper] as Sparse, theme, also: [] }));
}

/** Trains one machine a theme. The order of the examples matters in the last digits. */
export function trainMachines(
  themes: readonly Theme[],
  examples: readonly Example[],
  size: number,
  seed: number,
): Machines {
  const weights = new Float32Array(size * themes.length);
  const biases = themes.map((_, theme) => {
    const own = examples.filter(example => example.theme === theme || !example.also.includes(theme));
    const positive = Uint8Array.from(own, example => (example.theme === theme ? 1 : 0));
    const machine = trainSvm(
      own.map(({ terms }) => terms),
      positive,
      size,
      COST,
      seed,
    );
    for (let term = 0; term < size; term++)
      weights[term * themes.length + theme] = machine.weights[term] as number;
    return machine.bias;
  });
  return {
    slugs: themes.map(({ slug }) => slug),
    keywords: themes.map(keywordHashes),
    biases: Float32Array.from(biases),
    weights: quantiseColumns(weights, themes.length),
  };
}

/** The machines' scores for the themes at `columns`. */
export function scoreAll(
  { biases, weights }: Machines,
  columns: readonly number[],
  { ids, values }: Sparse,
): Float64Array {
  const width = weights.columns;
  const sums = new Float64Array(width);
  for (let at = 0; at < ids.length; at++) {
    const value = values[at] as number;
    for (let k = 0, from = (ids[at] as number) * width; k < width; k++)
      sums[k] = (sums[k] as number) + value * (weights.cells[from + k] as number);
  }
  const scores = new Float64Array(columns.length);
  for (const [at, k] of columns.entries())
    scores[at] = (sums[k] as number) * (weights.scales[k] as number) + (biases[k] as number);
  return scores;
}

/**
 * Which machine belongs to each theme, or undefined where one of them was not taught. A theme is known again by its
 * slug and at least half of its keywords: a new name or one more keyword does not make it another theme.
 */
export function machinesFor(machines: Machines, themes: readonly Theme[]): number[] | undefined {
  const columns = themes.map(theme => {
    const column = machines.slugs.indexOf(theme.slug);
    if (column < 0) return -1;
    const taught = new Set(machines.keywords[column]);
    const same = keywordHashes(theme).filter(hash => taught.has(hash)).length;
    return same * 2 >= Math.max(taught.size, theme.keywords.length) ? column : -1;
  });
  return columns.length > 1 && columns.every(column => column >= 0) ? columns : undefined;
}

/** What a model remembers of a theme's keywords. */
export function keywordHashes({ keywords }: Theme): number[] {
  return [...new Set(keywords.map(hashOf))].sort((a, b) => a - b);
}

/** FNV-1a, 32 bits, of UTF-16 code units. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
