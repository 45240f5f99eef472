// What a group of papers is called that no taxonomy names: a phrase that its papers share and the rest of the day does not.
import type { PaperText } from './model/answer.ts';
import { type PaperPhrases, readPhrases } from './phrases.ts';

/** A name is shown only where it says what at least this share of the group is about, and at least so many papers. */
const COVERAGE = 0.5;
const PAPERS = 3;
/** A single word says little: it is a name only where nearly all the group, and most of its titles, have it. */
const WORD_COVERAGE = 0.75;
const WORD_IN_TITLES = 0.5;
/** How many times commoner it must be in the group than in the rest of the day. */
const LIFT = 2;
const WORD_LIFT = 4;
/** A longer phrase is the better name where it stands in at least this share of the papers that have the shorter one. */
const NEARLY_ALL = 0.75;
/** By the number of words: two or three say what a subject is, one rarely does. */
const LENGTH_BONUS = [0, 0.6, 1.25, 1.35];
const TITLE_BONUS = 0.6;
/** A paper that is not there counts half, so that a phrase of no other paper is not infinitely rare. */
const UNSEEN = 0.5;
interface Phrase {
  words: number;
  /** How many papers of the group have it, of the others, and of the group's titles. */
  inside: number;
  outside: number;
  titles: number;
  /** How it is written, and how often. */
  surfaces: Map<string, number>;
}

/**
 * The name of each group, or null where no phrase passes. No two groups get the same name: the larger one keeps it.
 * A phrase of one to three words is scored by the share of the group's papers that have it, times how much rarer it
 * is in the rest of the day, with a bonus for length and for titles.
 */
export function groupNames(groups: readonly (readonly PaperText[])[]): (string | null)[] {
  const phrases = readPhrases(groups.flat(), PAPERS);
  const all = phrases.length;
  let end = 0;
  const read = groups.map(group => {
    end += group.length;
    return phrases.slice(end - group.length, end);
  });
  const papersWith = new Map<string, number>();
  for (const paper of phrases) {
    for (const key of paper.keys()) papersWith.set(key, (papersWith.get(key) ?? 0) + 1);
  }
  const taken = new Set<string>();
  const names: (string | null)[] = groups.map(() => null);
  const largestFirst = [...groups.keys()].sort((a, b) => (groups[b]?.length ?? 0) - (groups[a]?.length ?? 0));
  for (const index of largestFirst) {
    const name = nameOf(read[index] ?? [], papersWith, all, taken);
    if (name === null) continue;
    taken.add(name.key);
    // "Ice" beside "Polar ice" would tell nobody which is which.
    for (const word of name.key.split(' ')) taken.add(word);
    names[index] = name.surface;
  }
  return names;
}

function nameOf(
  group: readonly PaperPhrases[],
  papersWith: ReadonlyMap<string, number>,
  all: number,
  taken: ReadonlySet<string>,
): { key: string; surface: string } | null {
  const size = group.length;
  const lift = ({ inside, outside }: Phrase) =>
    inside / size / (Math.max(outside, UNSEEN) / Math.max(all - size, 1));
  const passes = (phrase: Phrase) => {
    const { words, inside, titles } = phrase;
    if (inside < PAPERS) return false;
    if (words > 1) return inside >= COVERAGE * size && lift(phrase) >= LIFT;
    return inside >= WORD_COVERAGE * size && titles >= WORD_IN_TITLES * size && lift(phrase) >= WORD_LIFT;
  };
  const candidates = [...together(group, papersWith)].filter(
    ([key, phrase]) => passes(phrase) && !taken.has(key),
  );
  const score = (phrase: Phrase) => {
    const bonus = (LENGTH_BONUS[phrase.words] as number) * (1 + (TITLE_BONUS * phrase.titles) / size);
    return (phrase.inside / size) * Math.log(lift(phrase)) * bonus;
  };
  const scored = candidates.map(([key, phrase]) => ({ key, phrase, score: score(phrase) }));
  scored.sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
  const best = scored[0];
  if (best === undefined) return null;
  const longer = scored.find(
    ({ key, phrase }) =>
      phrase.words > best.phrase.words &&
      ` ${key} `.includes(` ${best.key} `) &&
      phrase.inside >= NEARLY_ALL * best.phrase.inside,
  );
  const { key, phrase } = longer ?? best;
  return { key, surface: heading(mostFrequent(phrase.surfaces)) };
}

function together(
  group: readonly PaperPhrases[],
  papersWith: ReadonlyMap<string, number>,
): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>();
  for (const paper of group) {
    for (const [key, { words, title, surfaces }] of paper) {
      const phrase = phrases.getOrInsertComputed(key, () => ({
        words,
        inside: 0,
        outside: papersWith.get(key) ?? 0,
        titles: 0,
        surfaces: new Map(),
      }));
      phrase.inside++;
      phrase.outside--;
      if (title) phrase.titles++;
      for (const surface of surfaces) phrase.surfaces.set(surface, (phrase.surfaces.get(surface) ?? 0) + 1);
    }
  }
  return phrases;
}

/** Small letters where a good part of the writers use them: "Diffusion Language Models (DLMs)" are no proper name. */
const SMALL_LETTERS = 0.2;

function mostFrequent(surfaces: ReadonlyMap<string, number>): string {
  const [best = ['', 0]] = [...surfaces].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const small = best[0].toLowerCase();
  const chosen = (surfaces.get(small) ?? 0) >= SMALL_LETTERS * best[1] ? small : best[0];
  return chosen.replace(/\s+/g, ' ');
}

/** As a heading: with a capital, unless the word is written in a way of its own (iOS) or is a symbol (k-NN, ε-greedy). */
function heading(text: string): string {
  const [first = ''] = text.split(/[\s-]/, 1);
  return first.length > 1 && first === first.toLowerCase()
    ? text.charAt(0).toUpperCase() + text.slice(1)
    : text;
}
