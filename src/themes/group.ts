// Puts a day's ranked papers under headings: papers in, sections with names out.
import type { PaperText } from './keyword-model.ts';
import { byLikeness, byTheme, type DayModel, inOrder, isNarrow, type ThemeGroup } from './layout.ts';
import type { Theme } from './taxonomy.ts';

export type { ThemeGroup } from './layout.ts';

/**
 * Groups papers (the best first) under headings, each paper once. Sections follow their best paper, so the strongest
 * subject of the day leads; "Also today" comes last. On a day that is all about one subject, and with a model that can
 * compare papers, sections are what the papers have in common; on every other day, the themes.
 */
export function group<P extends PaperText>(
  papers: readonly P[],
  themes: readonly Theme[],
  model: DayModel,
): ThemeGroup<P>[] {
  const placed = papers.map((paper, place) => ({ ...model.classify(paper), paper, place }));
  const { vector, terms } = model;
  const slugs = placed.map(({ theme }) => theme);
  if (vector === undefined || terms === undefined || !isNarrow(slugs, sampleOf(papers).map(terms)))
    return inOrder(byTheme(placed, themes), themes);
  const likeness = placed.map(({ paper, ranking = [] }) => ({
    vector: vector(paper),
    terms: terms(paper),
    ranking,
  }));
  return inOrder(byLikeness(placed, likeness, themes), themes);
}

/** Whether a day is narrow shows in 40 papers from all over it. */
function sampleOf<P>(papers: readonly P[]): P[] {
  const step = Math.ceil(papers.length / 40);
  return papers.filter((_, place) => place % step === 0);
}
