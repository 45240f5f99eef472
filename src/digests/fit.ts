// The size ladder: keeps a digest's HTML under its limit by telling less of the last papers, never by cutting inside one.
import type { Preferences } from '../subscribers/preferences.ts';

/** How much of a paper a digest shows: the whole abstract, a summary, the title alone, or a place in "N more". */
export type Shown = 'full' | 'summary' | 'title' | 'folded';

const LADDER: readonly Shown[] = ['full', 'summary', 'title', 'folded'];
const FIRST_STEP = { full: 0, standard: 1, brief: 2 } as const satisfies Record<
  Preferences['length'],
  number
>;

/**
 * Gmail clips a message near 100,000 bytes of HTML and hides the way out with it. 95,000 is the promise; the rest of
 * the difference is room for a reader's own links, which are longer than the marks that stand for them here.
 */
export const HTML_LIMIT = 95_000;
const BUDGET = HTML_LIMIT - 2_000;

/** About the size of one summary: closer to the budget than this is close enough. */
const SLACK = 500;

/**
 * Chooses how much to show of each of `count` papers, best first, so that the HTML stays within the budget.
 * The ladder goes down one step for every paper, last papers first, before any paper goes down a second one.
 * @param measure bytes of HTML for a choice (one entry a paper); called a handful of times, last for the choice
 *   that is returned
 */
export function chooseShown(
  count: number,
  length: Preferences['length'],
  measure: (shown: readonly Shown[]) => number,
): Shown[] {
  const first = FIRST_STEP[length];
  const sizeOf = (steps: number) => measure(choice(count, first, steps));
  let tooBig = { steps: 0, size: sizeOf(0) };
  if (tooBig.size <= BUDGET) return choice(count, first, 0);
  const most = (LADDER.length - 1 - first) * count;
  let fits = { steps: most, size: sizeOf(most) };
  // Interpolation search: a paper's steps save about the same everywhere, so the guess is near from the start. Where
  // they do not (one abstract of 20,000 characters), halving at every other try bounds the tries.
  let tries = 0;
  while (fits.steps - tooBig.steps > 1 && fits.size < BUDGET - SLACK) {
    const share = tries++ % 2 === 0 ? (tooBig.size - BUDGET) / (tooBig.size - fits.size) : 0.5;
    const guess = Math.round(tooBig.steps + share * (fits.steps - tooBig.steps));
    const steps = Math.min(Math.max(guess, tooBig.steps + 1), fits.steps - 1);
    const size = sizeOf(steps);
    if (size <= BUDGET) fits = { steps, size };
    else tooBig = { steps, size };
  }
  sizeOf(fits.steps);
  return choice(count, first, fits.steps);
}

/** The choice after `steps` steps down the ladder. */
function choice(count: number, first: number, steps: number): Shown[] {
  const rounds = count === 0 ? 0 : Math.floor(steps / count);
  const further = count === 0 ? 0 : steps % count;
  return Array.from({ length: count }, (_, place) => {
    const step = first + rounds + (place >= count - further ? 1 : 0);
    return LADDER[Math.min(step, LADDER.length - 1)] as Shown;
  });
}
