// The order of a day's papers: by votes where there are any, else as the sources listed them.
import type { Vote } from '../papers/paper.ts';

/**
 * Ranks papers: more upvotes first, then more comments, then the order given. Papers without votes keep their order
 * after those with votes.
 */
export function rank<P extends { vote: Vote | null }>(papers: readonly P[]): P[] {
  const upvotes = (p: P) => p.vote?.upvotes ?? -1;
  const comments = (p: P) => p.vote?.comments ?? -1;
  return papers
    .map((paper, index) => ({ paper, index }))
    .sort(
      (a, b) =>
        upvotes(b.paper) - upvotes(a.paper) || comments(b.paper) - comments(a.paper) || a.index - b.index,
    )
    .map(({ paper }) => paper);
}
