// Where a reader's keywords stand in a text, and which names are the same person's.
import { startOfCharacter } from './words.ts';

/** Matches a phrase as whole words, in any case, with hyphens and spaces alike and an optional plural s. */
export function phrase(text: string): RegExp {
  const words = wordsOf(text);
  // Nothing but hyphens: taken as they are, or they would match everywhere.
  if (words.length === 0) return new RegExp(RegExp.escape(text), 'u');
  const pattern = words.map(word => RegExp.escape(word)).join('[\\s-]+');
  return new RegExp(`${NOT_AFTER_A_LETTER}${pattern}s?${NOT_BEFORE_A_LETTER}`, 'iu');
}

const wordsOf = (phrase: string) =>
  phrase
    .normalize('NFC')
    .split(/[\s-]+/)
    .filter(word => word !== '');

/** A text in which many phrases are looked for. */
export interface Searched {
  text: string;
  folded: string;
}

export const searched = (text: string): Searched => ({ text, folded: foldCase(text) });

/**
 * Letters that a pattern takes for the same in any case are the same letters when folded, wherever they stand. (Neither
 * case alone does it: ẞ and ß, s and ſ, σ and ς.)
 */
const foldCase = (text: string) => text.toLowerCase().toUpperCase();

/** The first place where a phrase stands: its words as they stand there, and the pattern that finds them all. */
interface Found {
  words: string;
  hit: RegExp;
}

/** Looks for a phrase; undefined where it does not stand. */
export type Seeker = (where: Searched) => Found | undefined;

/** Many readers seek the same. Of more phrases than these the first are forgotten: some 5 MB with a day of 100 papers. */
const MOST_KEPT = 1_000;
const seekers = new Map<string, Seeker>();

/** What was found in a text before is not looked for again. */
export function seeker(phrase: string): Seeker {
  const one = seekers.get(phrase) ?? makeSeeker(phrase);
  if (seekers.size >= MOST_KEPT) seekers.clear();
  seekers.set(phrase, one);
  return one;
}

function makeSeeker(text: string): Seeker {
  const words = wordsOf(text).map(foldCase);
  const known = new WeakMap<Searched, Found | false>();
  // Making a pattern is slow, and so is one that finds nothing; and most phrases stand in few papers.
  let made: RegExp | undefined;
  const look = (where: Searched): Found | false => {
    if (!words.every(word => where.folded.includes(word))) return false;
    made ??= phrase(text);
    const found = made.exec(where.text)?.[0];
    return found !== undefined && { words: found, hit: made };
  };
  return where => {
    const found = known.get(where) ?? look(where);
    known.set(where, found);
    return found === false ? undefined : found;
  };
}

const NOT_AFTER_A_LETTER = '(?<![\\p{L}\\p{N}])';
const NOT_BEFORE_A_LETTER = '(?![\\p{L}\\p{N}])';

/** Matches a name as it is written. */
export const nameAsWritten = (name: string) =>
  new RegExp(`${NOT_AFTER_A_LETTER}${RegExp.escape(name)}${NOT_BEFORE_A_LETTER}`, 'u');

/** Names are the same without regard to case and accents, so that "Bjorn Ommer" follows Björn Ommer. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\s.]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** A piece of a text, and whether a pattern matched there. */
export interface Piece {
  text: string;
  hit: boolean;
}

/**
 * Parts a text where patterns match. Matches that overlap or touch are one; each is widened to whole characters as a
 * reader sees them. The pieces put together are the text.
 */
export function pieces(text: string, patterns: readonly RegExp[]): Piece[] {
  const parts: Piece[] = [];
  let done = 0;
  for (const [from, to] of spans(text, patterns)) {
    if (from > done) parts.push({ text: text.slice(done, from), hit: false });
    parts.push({ text: text.slice(from, to), hit: true });
    done = to;
  }
  if (done < text.length) parts.push({ text: text.slice(done), hit: false });
  return parts;
}

const global = new WeakMap<RegExp, RegExp>();

/** The same pattern, for all its matches. Making it takes longer than a search in a title. */
function everywhere(pattern: RegExp): RegExp {
  const known = global.get(pattern) ?? new RegExp(pattern, `${pattern.flags.replace('g', '')}g`);
  global.set(pattern, known);
  return known;
}

function spans(text: string, patterns: readonly RegExp[]): [number, number][] {
  const found = patterns
    .flatMap(pattern => [...text.matchAll(everywhere(pattern))])
    .map(({ index, 0: { length } }): [number, number] => [
      startOfCharacter(text, index),
      endOfCharacter(text, index + length),
    ])
    .sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [from, to] of found) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (to > from) merged.push([from, to]);
  }
  return merged;
}

/** The end of the character that would be cut at `offset`. */
function endOfCharacter(text: string, offset: number): number {
  if (startOfCharacter(text, offset) === offset) return offset;
  let end = offset + 1;
  while (end < text.length && startOfCharacter(text, end) !== end) end++;
  return end;
}
