// A plain, honest matcher: a paper belongs to the theme whose keywords it uses most, in its title above all.
import type { Theme } from '../../src/themes/taxonomy.ts';

/** The words about a paper that a model may look at. */
export interface PaperText {
  title: string;
  abstract: string;
}

/** A model's answer: the theme (null: none is close enough), how strongly, and the phrases that spoke for it. */
interface Classification {
  theme: string | null;
  score: number;
  matched: string[];
}

/** Assigns a theme to a paper by its text alone, so that the answer does not depend on who else is in the day. */
export interface ThemeModel {
  classify(paper: PaperText): Classification;
}

const TITLE_WEIGHT = 3;
/** Below this a paper goes under "Also today": one ordinary word in the abstract is not a subject. */
const THRESHOLD = 2;

interface Keyword {
  words: string[];
  theme: string;
  phrase: string;
  weight: number;
}

/**
 * The keyword model of a taxonomy. A keyword counts 1 for one word, 1.8 for two, 2.4 for more (longer phrases are
 * rarer); in the title three times that; in the abstract with 1 + ln(occurrences). A keyword that several themes
 * share is divided among them.
 */
export function keywordModel(themes: readonly Theme[]): ThemeModel {
  // Built at the first paper: most commands open the model and never ask it.
  let index: Map<string, Keyword[]> | undefined;
  return {
    classify({ title, abstract }) {
      index ??= indexKeywords(themes);
      const scores = new Map<string, { score: number; matched: Map<string, number> }>();
      const inTitle = occurrences(words(title), index);
      const inAbstract = occurrences(words(abstract), index);
      for (const keyword of new Set([...inTitle.keys(), ...inAbstract.keys()])) {
        const often = inAbstract.get(keyword) ?? 0;
        const evidence = (inTitle.has(keyword) ? TITLE_WEIGHT : 0) + (often > 0 ? 1 + Math.log(often) : 0);
        const entry = scores.get(keyword.theme) ?? { score: 0, matched: new Map() };
        entry.score += keyword.weight * evidence;
        entry.matched.set(keyword.phrase, keyword.weight * evidence);
        scores.set(keyword.theme, entry);
      }
      return best(themes, scores);
    },
  };
}

function best(
  themes: readonly Theme[],
  scores: Map<string, { score: number; matched: Map<string, number> }>,
): Classification {
  let winner: Classification = { theme: null, score: 0, matched: [] };
  for (const { slug } of themes) {
    const entry = scores.get(slug);
    if (entry === undefined || entry.score <= winner.score) continue;
    const phrases = [...entry.matched].sort(([, a], [, b]) => b - a).map(([phrase]) => phrase);
    winner = { theme: slug, score: entry.score, matched: phrases };
  }
  const score = Math.round(winner.score * 1000) / 1000;
  return { ...winner, score, theme: winner.score < THRESHOLD ? null : winner.theme };
}

/** Keywords by their first word, longest first. */
function indexKeywords(themes: readonly Theme[]): Map<string, Keyword[]> {
  const sharedBy = new Map<string, number>();
  const all: Keyword[] = [];
  for (const theme of themes) {
    const own = new Map(theme.keywords.map(phrase => [words(phrase).join(' '), phrase]));
    for (const [joined, phrase] of own) {
      if (joined === '') continue;
      sharedBy.set(joined, (sharedBy.get(joined) ?? 0) + 1);
      const split = joined.split(' ');
      all.push({ words: split, theme: theme.slug, phrase, weight: [0, 1, 1.8][split.length] ?? 2.4 });
    }
  }
  const index = new Map<string, Keyword[]>();
  for (const keyword of all) {
    keyword.weight /= sharedBy.get(keyword.words.join(' ')) ?? 1;
    const first = keyword.words[0] as string;
    index.set(first, [...(index.get(first) ?? []), keyword]);
  }
  return index;
}

function occurrences(text: readonly string[], index: Map<string, Keyword[]>): Map<Keyword, number> {
  const found = new Map<Keyword, number>();
  for (const [at, word] of text.entries()) {
    for (const keyword of index.get(word) ?? []) {
      if (keyword.words.every((w, offset) => text[at + offset] === w)) {
        found.set(keyword, (found.get(keyword) ?? 0) + 1);
      }
    }
  }
  return found;
}

/** Lower-case words without plural s; hyphens separate, so that "vision-language" and "vision language" are one. */
function words(text: string): string[] {
  const found =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.map(singular);
}

const NOT_PLURAL = new Set(['series', 'bias', 'lens', 'always', 'across', 'physics', 'robotics', 'graphics']);

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word) || NOT_PLURAL.has(word))
    return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  return word.slice(0, -1);
}
