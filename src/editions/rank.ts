// The order of a day's papers: the most talked about first, the rest as the sources listed them.
import type { Trend } from './trend.ts';

/**
 * Ranks papers: the higher score first. At equal scores those whose votes are known (be it 0) come before the others,
 * then the order given decides.
 */
export function rank<P extends { trend: Trend | null }>(papers: readonly P[]): P[] {
  const score = ({ trend }: P) => trend?.score ?? -1;
  // The sort is stable: what compares equal stays in the order given.
  return papers.toSorted((a, b) => score(b) - score(a));
}
