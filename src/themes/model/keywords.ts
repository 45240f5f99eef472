// What a taxonomy's own keywords say about a paper: which phrases occur in it, and how much each is worth.
import type { Theme } from '../taxonomy.ts';
import { BREAK, wordsOf } from './words.ts';

/** A keyword of one theme, with what one occurrence of it is worth. */
interface Keyword {
  words: string[];
  theme: number;
  phrase: string;
  weight: number;
}

/** Keywords by their first word. */
export type KeywordIndex = Map<string, Keyword[]>;

/** The words of a paper, read once and used by every part of the model. */
export interface PaperWords {
  title: string[];
  abstract: string[];
}

export interface KeywordEvidence {
  /** Per theme, in the order of the taxonomy; 0 where none of its keywords occurs. */
  scores: Float64Array;
  /** The phrases of a theme that occur, strongest first. */
  matched(theme: number): string[];
}

/**
 * Every keyword by its first word. One that several themes name is divided among them.
 * @param idf how telling a phrase is: the inverse document frequency of its words
 */
export function indexKeywords(
  themes: readonly Theme[],
  idf: (words: readonly string[]) => number,
): KeywordIndex {
  const own = themes.map(({ keywords }) => {
    const phrases = keywords.map(
      phrase =>
        [
          wordsOf(phrase)
            .filter(w => w !== BREAK)
            .join(' '),
          phrase,
        ] as const,
    );
    return new Map(phrases.filter(([joined]) => joined !== ''));
  });
  const sharedBy = new Map<string, number>();
  for (const joined of own.flatMap(phrases => [...phrases.keys()])) {
    sharedBy.set(joined, (sharedBy.get(joined) ?? 0) + 1);
  }
  const byFirstWord = new Map<string, Keyword[]>();
  for (const [theme, phrases] of own.entries()) {
    for (const [joined, phrase] of phrases) {
      const words = joined.split(' ');
      const keyword = { words, theme, phrase, weight: idf(words) / (sharedBy.get(joined) as number) };
      const first = words[0] as string;
      byFirstWord.set(first, [...(byFirstWord.get(first) ?? []), keyword]);
    }
  }
  return byFirstWord;
}

/** Where a keyword occurs: in the title, and how often in the abstract. */
interface Found {
  title: boolean;
  often: number;
}

/** Adds up a theme's keywords: weight × (title weight where the title has it, + 1 + ln(times in the abstract)). */
export function keywordEvidence(
  index: KeywordIndex,
  paper: PaperWords,
  themes: number,
  titleWeight: number,
): KeywordEvidence {
  const found = new Map<Keyword, Found>();
  occurrences(paper.title, index, keyword => {
    foundOf(found, keyword).title = true;
  });
  occurrences(paper.abstract, index, keyword => {
    foundOf(found, keyword).often++;
  });
  const scores = new Float64Array(themes);
  const worth: { keyword: Keyword; value: number }[] = [];
  for (const [keyword, { title, often }] of found) {
    const value = keyword.weight * ((title ? titleWeight : 0) + (often > 0 ? 1 + Math.log(often) : 0));
    worth.push({ keyword, value });
  }
  for (const { keyword, value } of worth) scores[keyword.theme] = (scores[keyword.theme] as number) + value;
  return {
    scores,
    matched: theme =>
      worth
        .filter(({ keyword }) => keyword.theme === theme)
        .sort((a, b) => b.value - a.value || (a.keyword.phrase < b.keyword.phrase ? -1 : 1))
        .map(({ keyword }) => keyword.phrase),
  };
}

function foundOf(found: Map<Keyword, Found>, keyword: Keyword): Found {
  const known = found.get(keyword);
  if (known !== undefined) return known;
  const entry = { title: false, often: 0 };
  found.set(keyword, entry);
  return entry;
}

function occurrences(words: readonly string[], index: KeywordIndex, tell: (keyword: Keyword) => void): void {
  for (let start = 0; start < words.length; start++) {
    const list = index.get(words[start] as string);
    if (list === undefined) continue;
    for (const keyword of list) {
      if (standsAt(keyword.words, words, start)) tell(keyword);
    }
  }
}

function standsAt(keyword: readonly string[], words: readonly string[], start: number): boolean {
  for (let at = 1; at < keyword.length; at++) if (words[start + at] !== keyword[at]) return false;
  return true;
}
