// How long chaos goes on: some rounds in `npm test`, as many as CHAOS_ROUNDS says in the long form, each written down when it is over.
import { appendFile, readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { seeded } from '../support/seeded.ts';
import { type House, STORES, type Store, takeDown } from './house.ts';
import { type Counts, type Excuses, judge } from './judge.ts';

const LONG = process.env.CHAOS_ROUNDS === undefined ? null : Number(process.env.CHAOS_ROUNDS);
const SEED = Number(process.env.CHAOS_SEED ?? 20260820);
const FILE = process.env.CHAOS_FIGURES;

/** What one round came to, as a line of the file of figures. */
export interface Line extends Counts {
  chaos: string;
  store: Store;
  seed: number;
  round: number;
  kills: number;
  /** How often a delivery became unknown, and how often that could be explained. */
  times: number;
  most: number;
}

/** How many readers a round has: a few in `npm test`, CHAOS_READERS (2,000) in the long form. */
export const readersOf = (short: number, share = 1) =>
  LONG === null ? short : Math.ceil(Number(process.env.CHAOS_READERS ?? 2000) * share);

/** How many rounds there are, and how long they may take. */
export function roundsOf(short: number, share = 1): { rounds: number; timeout: number } {
  const rounds = LONG === null ? short : Math.max(1, Math.ceil(LONG * share));
  return { rounds, timeout: 120_000 + rounds * (LONG === null ? 60_000 : 300_000) };
}

/** What a round is given. */
export interface Round {
  store: Store;
  random: () => number;
}

/** What a round hands back: where it happened, and what excuses an unknown. */
export interface Told extends Excuses {
  house: House;
}

/**
 * Runs rounds of one kind of chaos, judges each and writes it down; those that stand in the file already are not run again.
 * Fails at the first broken promise, with the seed and the round that show it again.
 */
export async function rounds(
  chaos: string,
  many: number,
  run: (round: Round) => Promise<Told>,
  stores: readonly Store[] = STORES,
): Promise<Line[]> {
  const lines = await known(chaos);
  for (let round = 0; round < many; round++) {
    const store = stores[round % stores.length] as Store;
    if (lines.some(line => line.round === round)) continue;
    const { house, ...excuses } = await run({ store, random: seeded(SEED + round * 7919) });
    const { counts, broken, times, most } = await judge(house, excuses);
    expect(broken.slice(0, 5), `${chaos}, ${store}, round ${round}, CHAOS_SEED=${SEED}`).toEqual([]);
    const line = { chaos, store, seed: SEED, round, kills: excuses.kills ?? 0, ...counts, times, most };
    lines.push(line);
    await takeDown();
    if (FILE !== undefined) await appendFile(FILE, `${JSON.stringify(line)}\n`);
  }
  process.stdout.write(`chaos: ${chaos}: ${summary(lines)}\n`);
  return lines;
}

async function known(chaos: string): Promise<Line[]> {
  if (FILE === undefined) return [];
  const text = await readFile(FILE, 'utf8').catch(() => '');
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line);
  return lines.filter(line => line.chaos === chaos && line.seed === SEED);
}

const sum = (lines: readonly Line[], key: Exclude<keyof Line, 'chaos' | 'store'>) =>
  lines.reduce((all, line) => all + line[key], 0);

function summary(lines: readonly Line[]): string {
  const [readers, kills, lost, times, most, doubled] = (
    ['readers', 'kills', 'lost', 'times', 'most', 'doubled'] as const
  ).map(key => sum(lines, key));
  return `${lines.length} rounds, ${readers} messages, ${kills} kills; ${lost} lost, ${times} times unknown (at most ${most}), ${doubled} arrived twice, with one Message-ID; seed ${SEED}`;
}
