// What is looked for, and in what: words without case and accents, the same for what is stored and what is typed.

/** Scripts that write no spaces between words: each sign is a word, and what was typed is a phrase of them. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;
/** An index keeps no word that nobody would type. */
const LONGEST_WORD = 80;

/** The words of a text, in their order: letters and digits, in small letters and without accents. */
export function searchWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(DENSE, ' $& ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
    .map(word => [...word].slice(0, LONGEST_WORD).join(''));
}

/** Words that stand one after the other, and whether a paper must have them or must not. */
export interface Sought {
  words: string[];
  without: boolean;
}

/** More than these nobody means. */
const MOST_SOUGHT = 20;

/**
 * Reads what somebody typed: every word must be there, "words in quotes" one after the other, a -word must not. Anything
 * else counts as space between words, so no text is an error. A word with a hyphen is a phrase.
 * @returns none where there is nothing to look for, or nothing but what must not be there
 */
export function readQuery(text: string): Sought[] {
  const sought: Sought[] = [];
  for (const [, minus = '', quoted, bare] of text.matchAll(
    /(?<![\p{L}\p{N}])(-?)(?:"([^"]*)"?|([^\s"]+))/gu,
  )) {
    const words = searchWords(quoted ?? bare ?? '');
    if (words.length > 0) sought.push({ words, without: minus === '-' });
  }
  const some = sought.slice(0, MOST_SOUGHT);
  return some.some(({ without }) => !without) ? some : [];
}
