// How good an answer is: agreement of two groupings that chance is taken out of, right themes, and how sure the figures are.
import { seededRandom } from './model/random.ts';

/** What a paper may be called, the first being the best name, and what it was called; null: "no theme". */
export interface Judged {
  labels: readonly (string | null)[];
  theme: string | null;
  /** All themes, the likeliest first. */
  ranking: readonly string[];
}

/** How one theme fared. `papers` counts those that bear its label; all shares are from 0 to 1. */
export interface ThemeFigures {
  slug: string;
  papers: number;
  precision: number;
  recall: number;
  f1: number;
}

/** The share of papers whose theme is one of those that they may have. NaN of no papers. */
export function accuracy(judged: readonly Judged[]): number {
  return share(judged, ({ labels, theme }) => labels.includes(theme));
}

/** The share of papers that have an allowed label among the `k` likeliest themes, whether or not a theme was given. */
export function topK(judged: readonly Judged[], k: number): number {
  return share(judged, ({ labels, ranking }) => ranking.slice(0, k).some(slug => labels.includes(slug)));
}

function share<T>(items: readonly T[], is: (item: T) => boolean): number {
  return items.filter(is).length / items.length;
}

/** The label that counts: the one given where it is allowed, else the best one. */
const truthOf = ({ labels, theme }: Judged) => (labels.includes(theme) ? theme : (labels[0] ?? null));

/**
 * Precision, recall and F1 of every theme that a paper has or was given, in the order of their slugs. "No theme" is
 * not one. A share of nothing is 0, as scikit-learn has it (zero_division=0).
 */
export function themeFigures(judged: readonly Judged[]): ThemeFigures[] {
  const counts = new Map<string, { papers: number; given: number; right: number }>();
  const of = (slug: string) => counts.getOrInsertComputed(slug, () => ({ papers: 0, given: 0, right: 0 }));
  for (const one of judged) {
    const truth = truthOf(one);
    if (truth !== null) of(truth).papers++;
    if (one.theme !== null) of(one.theme).given++;
    if (truth !== null && truth === one.theme) of(truth).right++;
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slug, { papers, given, right }]) => ({
      slug,
      papers,
      precision: given === 0 ? 0 : right / given,
      recall: papers === 0 ? 0 : right / papers,
      f1: papers + given === 0 ? 0 : (2 * right) / (papers + given),
    }));
}

/** The mean F1 of all themes that a paper has or was given, each counting the same. NaN where there is none. */
export function macroF1(judged: readonly Judged[]): number {
  const figures = themeFigures(judged);
  return figures.reduce((sum, { f1 }) => sum + f1, 0) / figures.length;
}

/** Wrong answers by what they mixed up, the commonest first. */
export function confusions(
  judged: readonly Judged[],
): { label: string | null; theme: string | null; papers: number }[] {
  const counts = new Map<string, { label: string | null; theme: string | null; papers: number }>();
  for (const one of judged) {
    const [label, theme] = [truthOf(one), one.theme];
    if (label === theme) continue;
    counts.getOrInsertComputed(JSON.stringify([label, theme]), () => ({ label, theme, papers: 0 })).papers++;
  }
  return [...counts.values()].sort((a, b) => b.papers - a.papers);
}

interface Contingency {
  n: number;
  cells: { count: number; row: number; column: number }[];
  rows: number[];
  columns: number[];
}

/** Counts how often each group of one grouping meets each group of the other. Both name the groups of the same papers. */
function contingency(a: readonly unknown[], b: readonly unknown[]): Contingency {
  if (a.length !== b.length) throw new RangeError(`two groupings of ${a.length} and ${b.length} papers`);
  const rowOf = new Map<unknown, number>();
  const columnOf = new Map<unknown, number>();
  const rows: number[] = [];
  const columns: number[] = [];
  const cells = new Map<number, { count: number; row: number; column: number }>();
  for (const [index, name] of a.entries()) {
    const row = rowOf.getOrInsertComputed(name, () => rows.push(0) - 1);
    const column = columnOf.getOrInsertComputed(b[index], () => columns.push(0) - 1);
    rows[row] = (rows[row] as number) + 1;
    columns[column] = (columns[column] as number) + 1;
    cells.getOrInsertComputed(row * a.length + column, () => ({ count: 0, row, column })).count++;
  }
  return { n: a.length, cells: [...cells.values()], rows, columns };
}

/**
 * Adjusted Rand index of two groupings: 1 where they are the same, about 0 for chance (Hubert & Arabie 1985).
 * Two groupings that both have one group, or both have none but single papers, are the same.
 */
export function adjustedRand(a: readonly unknown[], b: readonly unknown[]): number {
  const { n, cells, rows, columns } = contingency(a, b);
  const pairs = (counts: readonly number[]) => counts.reduce((sum, c) => sum + (c * (c - 1)) / 2, 0);
  const together = pairs(cells.map(({ count }) => count));
  const [inA, inB] = [pairs(rows), pairs(columns)];
  const expected = n < 2 ? 0 : (inA * inB) / ((n * (n - 1)) / 2);
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}

/**
 * Adjusted mutual information of two groupings, over the mean of their entropies: 1 where they are the same, about 0
 * for chance (Vinh, Epps & Bailey 2010; as scikit-learn's `adjusted_mutual_info_score`).
 */
export function adjustedMutualInformation(a: readonly unknown[], b: readonly unknown[]): number {
  const table = contingency(a, b);
  const { rows, columns, n } = table;
  const alike = (counts: readonly number[]) => counts.length === n || counts.length === 1;
  if (rows.length === columns.length && alike(rows)) return 1;
  const expected = expectedMutualInformation(rows, columns, n);
  const most = (entropy(rows, n) + entropy(columns, n)) / 2;
  const range = most - expected;
  if (Math.abs(range) < Number.EPSILON) return 0;
  return (mutualInformation(table) - expected) / range;
}

function entropy(counts: readonly number[], n: number): number {
  return -counts.reduce((sum, c) => sum + (c / n) * Math.log(c / n), 0);
}

function mutualInformation({ n, cells, rows, columns }: Contingency): number {
  return cells.reduce((sum, { count, row, column }) => {
    const product = (rows[row] as number) * (columns[column] as number);
    return sum + (count / n) * Math.log((n * count) / product);
  }, 0);
}

/**
 * The mutual information, in nats, that two random groupings of `n` papers with these group sizes share on average:
 * the exact sum over the hypergeometric distribution (Vinh, Epps & Bailey 2010, equation 24a).
 */
export function expectedMutualInformation(
  rows: readonly number[],
  columns: readonly number[],
  n: number,
): number {
  const logFactorial = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logFactorial[i] = (logFactorial[i - 1] as number) + Math.log(i);
  const lf = (i: number) => logFactorial[i] as number;
  const ofSize = (counts: readonly number[]) => [...Map.groupBy(counts, c => c)];
  let sum = 0;
  // Groups of one size expect the same.
  for (const [a, { length: as }] of ofSize(rows)) {
    for (const [b, { length: bs }] of ofSize(columns)) {
      const fixed = lf(a) + lf(b) + lf(n - a) + lf(n - b) - lf(n);
      for (let k = Math.max(1, a + b - n); k <= Math.min(a, b); k++) {
        const odds = Math.exp(fixed - lf(k) - lf(a - k) - lf(b - k) - lf(n - a - b + k));
        sum += as * bs * (k / n) * Math.log((n * k) / (a * b)) * odds;
      }
    }
  }
  return sum;
}

/**
 * Between which values a figure lies with 95 % certainty, had other papers of the same kind been drawn: percentiles of
 * the figure over samples drawn with replacement (Efron's bootstrap). The same seed gives the same interval.
 */
export function interval<T>(
  items: readonly T[],
  figure: (sample: readonly T[]) => number,
  { runs = 1000, seed = 1 } = {},
): [low: number, high: number] {
  const random = seededRandom(seed);
  const draw = () => items[Math.floor(random() * items.length)] as T;
  const values = Array.from({ length: runs }, () => figure(Array.from(items, draw))).sort((a, b) => a - b);
  const at = (part: number) => values[Math.round(part * (runs - 1))] as number;
  return [at(0.025), at(0.975)];
}
