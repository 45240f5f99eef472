// The size ladder: keeps a digest's HTML under its limit by telling less of the last papers, never by cutting inside one.
// Every theme has its share of the room, so that a long day does not empty one theme to keep another whole.
import type { Preferences } from '../subscribers/preferences.ts';

/** How much of a paper a digest shows: the whole abstract, a summary, the title alone, or a place in "N more". */
export type Shown = 'full' | 'summary' | 'title' | 'folded';

/** Why it shows that much: all that its reader wants, less as other papers of several days are better, or for want of room. */
export type Why =
  | 'fits'
  | 'not among the best of these days'
  | 'theme over its share'
  | 'no room for its theme';

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

/** The most that is to be shown of a paper, and why no more. */
export interface Wish {
  shown: Shown;
  why: Why;
}

/** A paper to be fitted. */
export interface Item {
  wish: Wish;
  /** Bytes of its HTML at a step; asked once for each. */
  bytes(shown: Shown): number;
}

/** A theme to be fitted: its papers best first, and whether these are the picks, which lose last. */
export interface Load {
  lead: boolean;
  items: readonly Item[];
}

/** What a paper got. `bytes` is what it takes, `budget` what its whole theme may take. */
export interface Place {
  shown: Shown;
  why: Why;
  bytes: number;
  budget: number;
}

/** A theme on its way down the ladder. */
interface Rung extends Load {
  /** For each paper its bytes at each step of the ladder, never growing downwards. */
  costs: number[][];
  /** The step that each paper came from, and the one where it stands. */
  first: number[];
  steps: number[];
  used: number;
  budget: number;
}

/**
 * Chooses how much to show of each paper, so that all papers together take at most `room` bytes (or nothing at all).
 *
 * First every paper has its title, if that is possible; what is left is shared among the themes by the square root of
 * their counts, so that a theme of one keeps its paper and a theme of forty does not take the day; no theme gets more
 * than it can use. Picks come before all that. Within a theme all abstracts become summaries, last papers first, before
 * any summary becomes a title, and so on. What no theme could use goes to the papers that were told least of.
 * @returns one list for each theme, in its order
 */
export function fitted(loads: readonly Load[], room: number): Place[][] {
  const rungs = loads.map(rungOf);
  const budgets = budgetsOf(rungs, room);
  for (const [n, rung] of rungs.entries()) {
    rung.budget = budgets[n] as number;
    descend(rung);
  }
  spendLeftovers(rungs, room);
  return rungs.map(rung =>
    rung.items.map(({ wish }, paper) => {
      const step = worth(rung, paper);
      return {
        shown: LADDER[step] as Shown,
        why: step === rung.first[paper] ? wish.why : 'theme over its share',
        bytes: rung.costs[paper]?.[step] ?? 0,
        budget: Math.max(rung.budget, rung.used),
      };
    }),
  );
}

function rungOf({ lead, items }: Load): Rung {
  const first = items.map(({ wish }) => LADDER.indexOf(wish.shown));
  const costs = items.map(({ bytes }, paper) => {
    const from = first[paper] as number;
    const all = [0, 0, 0, 0];
    for (let step = from; step < FOLDED; step++) {
      const above = step === from ? Number.POSITIVE_INFINITY : (all[step - 1] as number);
      all[step] = Math.min(above, bytes(LADDER[step] as Shown));
    }
    return all;
  });
  const used = sum(costs.map((all, paper) => all[first[paper] as number] as number));
  return { lead, items, costs, first, steps: [...first], used, budget: 0 };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

/** The bytes that each theme may take. */
function budgetsOf(rungs: readonly Rung[], room: number): number[] {
  const wanted = rungs.map(({ used }) => used);
  const titles = rungs.map(({ costs }) => sum(costs.map(bytes => bytes[TITLE] as number)));
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
function descend(rung: Rung): void {
  for (let step = 0; step < FOLDED; step++)
    for (let paper = rung.steps.length - 1; paper >= 0; paper--) {
      if (rung.used <= rung.budget) return;
      if (rung.steps[paper] === step) move(rung, paper, step + 1);
    }
}

function move(rung: Rung, paper: number, step: number): void {
  rung.used += gain(rung, paper, step);
  rung.steps[paper] = step;
}

const gain = ({ costs, steps }: Rung, paper: number, step: number) =>
  (costs[paper]?.[step] ?? 0) - (costs[paper]?.[steps[paper] as number] ?? 0);

/** Each theme takes its last step back as long as there is room: those first of which least is told, picks before all. */
function spendLeftovers(rungs: readonly Rung[], room: number): void {
  let left = room - sum(rungs.map(({ used }) => used));
  let open = rungs.map(rung => ({ rung, paper: nextUp(rung) }));
  while (open.length > 0) {
    open = open.filter(({ rung, paper }) => {
      const step = rung.steps[paper];
      return step !== undefined && gain(rung, paper, step - 1) <= left;
    });
    const [chosen] = open.toSorted((a, b) => urgency(b) - urgency(a));
    if (chosen === undefined) return;
    const { rung, paper } = chosen;
    const step = (rung.steps[paper] as number) - 1;
    left -= gain(rung, paper, step);
    move(rung, paper, step);
    chosen.paper = nextUp(rung);
  }
}

/** The paper that went down last: of those that went down, the first one that stands lowest; -1 where none did. */
function nextUp({ first, steps }: Rung): number {
  let last = -1;
  for (const [paper, step] of steps.entries())
    if (step > (first[paper] as number) && step > (steps[last] ?? -1)) last = paper;
  return last;
}

const urgency = ({ rung, paper }: { rung: Rung; paper: number }) =>
  (rung.lead ? FOLDED + 1 : 0) + (rung.steps[paper] ?? 0);

/** The highest step that takes no more bytes: a summary that is the whole abstract is no loss, and nobody is told of one. */
function worth(rung: Rung, paper: number): number {
  let step = rung.steps[paper] as number;
  while (step > (rung.first[paper] as number) && gain(rung, paper, step - 1) === 0) step--;
  return step;
}
