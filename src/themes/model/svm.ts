// Linear support vector machines, one against the rest, by dual coordinate descent.
import { seededRandom, shuffle } from './random.ts';
import type { Sparse } from './tfidf.ts';

export interface Linear {
  /** One weight a term. */
  weights: Float64Array;
  bias: number;
}

const ROUNDS = 12;
/** The bias is one more feature of this value. */
const BIAS = 1;

/**
 * One two-class machine with squared hinge loss (Hsieh et al. 2008, "A dual coordinate descent method for large-scale
 * linear SVM", algorithm 1).
 * @param positive whether each example belongs to the class
 * @param cost C; the rarer side is paid more by the square root of how much rarer it is
 */
export function trainSvm(
  examples: readonly Sparse[],
  positive: Uint8Array,
  size: number,
  cost: number,
  seed: number,
): Linear {
  const own = positive.reduce((sum, yes) => sum + yes, 0);
  const balance = Math.sqrt((examples.length - own + 1) / (own + 1));
  const diagonal = [0.5 / cost, 0.5 / (cost * balance)] as const;
  const squares = Float64Array.from(examples, ({ values }) =>
    values.reduce((sum, v) => sum + v * v, BIAS * BIAS),
  );
  const alpha = new Float64Array(examples.length);
  const weights = new Float64Array(size);
  let bias = 0;
  const order = Int32Array.from(examples, (_, at) => at);
  const random = seededRandom(seed);
  for (let round = 0; round < ROUNDS; round++) {
    shuffle(order, random);
    for (const example of order) {
      const { ids, values } = examples[example] as Sparse;
      const yes = positive[example] as 0 | 1;
      const label = yes === 1 ? 1 : -1;
      let score = bias * BIAS;
      for (let at = 0; at < ids.length; at++)
        score += (weights[ids[at] as number] as number) * (values[at] as number);
      const before = alpha[example] as number;
      const gradient = label * score - 1 + diagonal[yes] * before;
      const after = Math.max(before - gradient / ((squares[example] as number) + diagonal[yes]), 0);
      if (after === before) continue;
      alpha[example] = after;
      const step = (after - before) * label;
      bias += step * BIAS;
      for (let at = 0; at < ids.length; at++) {
        const id = ids[at] as number;
        weights[id] = (weights[id] as number) + step * (values[at] as number);
      }
    }
  }
  return { weights, bias };
}
