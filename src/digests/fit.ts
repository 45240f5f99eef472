// The size ladder: keeps a digest's HTML under its limit by telling less of the last papers, never by cutting inside one.
// Every theme has its share of the room, so that a long day does not empty one theme to keep another whole.
import type { Preferences } from '../subscribers/preferences.ts';

/** How much of a paper a digest shows: the whole abstract, a summary, the title alone, or a place in "N more". */
export type Shown = 'full' | 'summary' | 'title' | 'folded';

/** Why it shows that much: all that was asked for, or less. */
type Why = 'fits' | 'theme over its share' | 'no room for its theme';

const LADDER: readonly Shown[] = ['full', 'summary', 'title', 'folded'];
const TITLE = LADDER.indexOf('title');
const FOLDED = LADDER.indexOf('folded');
const FIRST_STEP = { full: 0, standard: 1, brief: 2 } as const satisfies Record<
  Preferences['length'],
  number
>;

/** What readers of a length get of each paper where there is room. */
export const firstStep = (length: Preferences['length']) => LADDER[FIRST_STEP[length]] as Shown;

/**
 * Gmail clips a message near 100,000 bytes of HTML and hides the way out with it. 95,000 is the promise; the rest of
 * the difference is room for a reader's own links, which are longer than the marks that stand for them here.
 */
export const HTML_LIMIT = 95_000;
export const BUDGET = HTML_LIMIT - 2_000;

/** A theme to be fitted: its papers best first, and whether these are the picks, which lose last. */
export interface Load {
  lead: boolean;
  /** Bytes of HTML of a paper at a step; asked once for each. */
  costs: ((shown: Shown) => number)[];
}

/** What a paper got. `bytes` is what it takes, `budget` what its whole theme may take. */
export interface Place {
  shown: Shown;
  why: Why;
  bytes: number;
  budget: number;
}

/** A theme on its way down the ladder. */
interface Rung {
  lead: boolean;
  /** For each paper its bytes at each step of the ladder, never growing downwards. */
  costs: number[][];
  steps: number[];
  used: number;
  budget: number;
}

/**
 * Chooses how much to show of each paper, so that all papers together take at most `room` bytes (or nothing at all).
 *
 * First every paper has its title, if that is possible; what is left is shared among the themes by the square root of
 * their counts, so that a theme of one keeps its paper and a theme of forty does not take the day; no theme gets more
 * than it can use. Picks come before all that. Within a theme the ladder goes down one step for every paper, last papers
 * first, before any paper goes down a second one. What no theme could use goes to the papers that were told least of.
 * @returns one list for each theme, in its order
 */
export function fitted(loads: readonly Load[], length: Preferences['length'], room: number): Place[][] {
  const first = FIRST_STEP[length];
  const rungs = loads.map(load => rungOf(load, first));
  const budgets = budgetsOf(rungs, first, room);
  for (const [n, rung] of rungs.entries()) {
    rung.budget = budgets[n] as number;
    descend(rung, first);
  }
  spendLeftovers(rungs, first, room);
  return rungs.map(({ costs, steps, used, budget }) =>
    steps.map((step, paper) => ({
      shown: LADDER[step] as Shown,
      why: step === first ? 'fits' : 'theme over its share',
      bytes: costs[paper]?.[step] ?? 0,
      budget: Math.max(budget, used),
    })),
  );
}

function rungOf({ lead, costs }: Load, first: number): Rung {
  const all = costs.map(cost => {
    const bytes = [0, 0, 0, 0];
    for (let step = first; step < FOLDED; step++) {
      const above = step === first ? Number.POSITIVE_INFINITY : (bytes[step - 1] as number);
      bytes[step] = Math.min(above, cost(LADDER[step] as Shown));
    }
    return bytes;
  });
  return { lead, costs: all, steps: all.map(() => first), used: 0, budget: 0 };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
const allAt = ({ costs }: Rung, step: number) => sum(costs.map(bytes => bytes[step] as number));

/** The bytes that each theme may take. */
function budgetsOf(rungs: readonly Rung[], first: number, room: number): number[] {
  const wanted = rungs.map(rung => allAt(rung, first));
  const titles = rungs.map(rung => allAt(rung, TITLE));
  const others = sum(titles.filter((_, n) => !rungs[n]?.lead));
  const forPicks = (n: number) =>
    Math.min(wanted[n] as number, Math.max(titles[n] as number, room - others), Math.max(0, room));
  const picks = rungs.map(({ lead }, n) => (lead ? forPicks(n) : 0));
  const rest = Math.max(0, room - sum(picks));
  // Where not even the titles have room, nobody gets more than titles.
  const tight = others > rest;
  const least = titles.map(bytes => (tight ? 0 : bytes));
  const most = tight ? titles : wanted;
  const weights = rungs.map(({ costs }) => Math.sqrt(costs.length));
  const share = (level: number) =>
    rungs.map(({ lead }, n) =>
      lead
        ? (picks[n] as number)
        : Math.floor(
            Math.min(most[n] as number, Math.max(least[n] as number, level * (weights[n] as number))),
          ),
    );
  // Higher levels give every theme as much or more: the highest one that fits is found by halving.
  let [fits, tooHigh] = [0, Math.max(0, ...most) + 1];
  if (sum(share(tooHigh)) <= room) return share(tooHigh);
  for (let i = 0; i < 60; i++) {
    const level = (fits + tooHigh) / 2;
    if (sum(share(level)) <= room) fits = level;
    else tooHigh = level;
  }
  return share(fits);
}

/** Goes down the ladder until a theme keeps to its budget. */
function descend(rung: Rung, first: number): void {
  rung.used = allAt(rung, first);
  for (let step = first; step < FOLDED; step++)
    for (let paper = rung.steps.length - 1; paper >= 0; paper--) {
      if (rung.used <= rung.budget) return;
      move(rung, paper, step + 1);
    }
}

function move(rung: Rung, paper: number, step: number): void {
  rung.used += gain(rung, paper, step);
  rung.steps[paper] = step;
}

const gain = ({ costs, steps }: Rung, paper: number, step: number) =>
  (costs[paper]?.[step] ?? 0) - (costs[paper]?.[steps[paper] as number] ?? 0);

/** Each theme takes its last step back as long as there is room: those first of which least is told, picks before all. */
function spendLeftovers(rungs: readonly Rung[], first: number, room: number): void {
  let left = room - sum(rungs.map(({ used }) => used));
  let open = rungs.map(rung => ({ rung, paper: nextUp(rung) }));
  while (open.length > 0) {
    open = open.filter(({ rung, paper }) => {
      const step = rung.steps[paper];
      return step !== undefined && step > first && gain(rung, paper, step - 1) <= left;
    });
    const [chosen] = open.toSorted((a, b) => urgency(b) - urgency(a));
    if (chosen === undefined) return;
    const { rung, paper } = chosen;
    left -= gain(rung, paper, (rung.steps[paper] as number) - 1);
    move(rung, paper, (rung.steps[paper] as number) - 1);
    chosen.paper = nextUp(rung);
  }
}

/** The first of the papers that stand lowest: the last one that went down. */
function nextUp({ steps }: Rung): number {
  return steps.indexOf(Math.max(...steps));
}

const urgency = ({ rung, paper }: { rung: Rung; paper: number }) =>
  (rung.lead ? FOLDED + 1 : 0) + (rung.steps[paper] ?? 0);
