// Puts a day's ranked papers under headings: papers in, sections with names out.
import {
  byLikeness,
  byTheme,
  type DayModel,
  inOrder,
  isNarrow,
  type Opinion,
  type ThemeGroup,
} from './layout.ts';
import type { PaperText } from './model/answer.ts';
import type { Theme } from './taxonomy.ts';

export type { ThemeGroup } from './layout.ts';

/**
 * Groups papers (the best first) under headings, each paper once. Sections follow their best paper, so the strongest
 * subject of the day leads; "Also today" comes last. On a day that is all about one subject, and with a model that can
 * compare papers, sections are what the papers have in common; on every other day, the themes.
 * @param corrected the theme that a person says a paper has (null: none); undefined where nobody said anything. It is
 *   the paper's own theme whatever the model says, and on an ordinary day its section
 */
export function group<P extends PaperText>(
  papers: readonly P[],
  themes: readonly Theme[],
  model: DayModel,
  corrected: (paper: P) => string | null | undefined = () => undefined,
): ThemeGroup<P>[] {
  const placed = papers.map((paper, place) => ({
    ...unlessCorrected(model.classify(paper), corrected(paper)),
    paper,
    place,
  }));
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

function unlessCorrected(opinion: Opinion, theme: string | null | undefined): Opinion {
  if (theme === undefined) return opinion;
  const matched = opinion.theme === theme ? (opinion.matched ?? []) : [];
  // Without a second: where a person put it, it stands, even alone.
  return { ...opinion, theme, second: null, matched, by: 'person' };
}

/** Whether a day is narrow shows in 40 papers from all over it. */
function sampleOf<P>(papers: readonly P[]): P[] {
  const step = Math.ceil(papers.length / 40);
  return papers.filter((_, place) => place % step === 0);
}
