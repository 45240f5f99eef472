// The best of several days: a digest over a week tells of about as many papers as one over a day, of each theme its best
// ones; of the others it has the titles.
import type { Cut, CutPaper } from './cut.ts';
import { firstStep, type Wish } from './fit.ts';
import type { Section } from './sections.ts';
import type { Words } from './words.ts';

/** As many papers as an ordinary day has: what a reader with five minutes can take in. */
const A_DAY = 30;
/** Fewer than this would say little of a theme's days. */
const LEAST = 3;

/** How many papers of each theme a cut tells of before it goes on in titles. */
function bestOf({ days }: Cut, sections: readonly Section[]): number {
  if (days < 2) return Number.POSITIVE_INFINITY;
  const themes = sections.filter(({ lead }) => !lead).length;
  return Math.max(LEAST, Math.floor(A_DAY / Math.max(1, themes)));
}

/**
 * The most that is shown of each paper. Picks and what the reader asked for by keyword or author are always among those
 * that are told of; the best of the others join them until the theme has its number.
 * @param ranked the papers of each section, best first
 */
export function wishesOf(
  cut: Cut,
  sections: readonly Section[],
  ranked: readonly (readonly CutPaper[])[],
): Wish[][] {
  const most = bestOf(cut, sections);
  const asked: Wish = { shown: firstStep(cut.length), why: 'fits' };
  const other: Wish = { shown: 'title', why: 'not among the best of these days' };
  return ranked.map((papers, s) => {
    if (sections[s]?.lead || asked.shown === 'title') return papers.map(() => asked);
    let left = most - papers.filter(({ because }) => because.length > 0).length;
    return papers.map(({ because }) => (because.length > 0 || left-- > 0 ? asked : other));
  });
}

/** One line for a reader who gets titles of what is not among the best; '' where there is nothing else. */
export function bestText(
  cut: Cut,
  sections: readonly Section[],
  wishes: readonly (readonly Wish[])[],
  words: Words,
): string {
  if (!wishes.flat().some(({ why }) => why === 'not among the best of these days')) return '';
  const most = bestOf(cut, sections);
  const told = wishes.map((of, s) => (sections[s]?.lead ? 0 : of.filter(({ why }) => why === 'fits').length));
  const asked = told.some(count => count > most) ? ' and all that you asked for' : '';
  const days = words.counted(cut.days, 'day');
  const best =
    told.filter(count => count > 0).length === 1
      ? `The ${words.counted(most, 'best paper')} of ${days}`
      : `The best of ${days}, ${words.number(most)} in each theme`;
  return `${best}${asked}; the others as titles.`;
}
