// Makes an edition of papers that were chosen and judged: ranks them and puts them under the day's headings.
import type { Day } from '../store/schema.ts';
import { group } from '../themes/group.ts';
import type { DayModel } from '../themes/layout.ts';
import type { Theme } from '../themes/taxonomy.ts';
import { Edition, type EditionPaper } from './edition.ts';
import { rank } from './rank.ts';

/** A paper with all that is known of it before it has a place. */
export type Judged = Omit<EditionPaper, 'rank' | 'theme' | 'evidence'>;

/** By what papers get their headings. `corrected`: see `group`. */
interface Headings {
  themes: readonly Theme[];
  model: DayModel;
  corrected?: (paper: { id: string }) => string | null | undefined;
}

/** Picks lead, in the order given; the others by their trend. Themes follow the order of their papers without picks. */
export function arrange(
  date: Day,
  { picks, others }: { picks: readonly Judged[]; others: readonly Judged[] },
  { themes, model, corrected }: Headings,
): Edition {
  const ranked = [...picks, ...rank(others)].map(
    (paper, index): EditionPaper => ({ ...paper, rank: index + 1, theme: null, evidence: null }),
  );
  const inTurn = [...ranked.slice(picks.length), ...ranked.slice(0, picks.length)];
  const inOrder = group(inTurn, themes, model, corrected).map(({ strays, evidence, ...section }) => ({
    ...section,
    papers: section.papers
      .map(paper => ({
        ...paper,
        theme: strays.get(paper) ?? null,
        evidence: evidence.get(paper) ?? null,
      }))
      .sort((a, b) => a.rank - b.rank),
  }));
  return Edition.parse({ date, themes: inOrder });
}
