// The phrases of papers that could name a subject: one to three words that no stop word, sign or commonplace spoils.
import type { PaperText } from './model/answer.ts';
import { STOP_WORDS, singular } from './model/words.ts';

/** By their words in lower case and singular: how many words, whether in the title, and how they are written. */
export type PaperPhrases = Map<string, { words: number; title: boolean; surfaces: string[] }>;

/** Words after this many are not read. */
const MOST_WORDS = 5_000;

/** Words that papers of any subject use: no name begins or ends with one. */
const BOILERPLATE = new Set(
  `ability able accuracy address advance algorithm analysis analyze application apply architecture aspect available base
  based baseline benchmark broad capability capture case challenge challenging code common comparable complex comprehensive
  computational consistent consistently contrast cutting cost dataset data deep demonstrate design detailed different difficult direct
  diverse downstream effective effectively effectiveness efficiency edge efficient efficiently enable end enhance ensure
  evaluate evaluation evidence existing explore extend fast faster fidelity field final find fine finding flexible focus framework free
  fundamental gap general generalization good grained great high higher highly important improvement impressive increase
  information input inherent insight issue key leading learn learned learning leverage limit limitation limited long low
  lower machine maintain maximum measure mechanism metric model modeling module multiple natural network neural next notable
  novel number open order original output paradigm part particular performance popular potential potentially power
  powerful practical prior problem process promising property quality question range rate real reduce related reliance remain
  remarkable representation require requirement research researcher rich robust robustness role scalable scale score
  sequence set setting setup short simple simultaneously single size solution solve source space speed speedup
  standard step strategy strong structure study substantial substantially success suitable superior support survey
  system systematic task technique term test tool traditional train trained training typical typically
  understanding unified universal user validate value variety version way wide widely work world`.split(
    /\s+/,
  ),
);

/** "Language model" and "representation learning" are subjects although "model" and "learning" alone are not. */
const HEADS = new Set('model learning training network modeling understanding representation'.split(' '));

/** A word, or words joined by hyphens: its parts in lower case and singular. No parts: no phrase crosses it. */
interface Word {
  parts: string[];
  start: number;
  end: number;
}

/**
 * The phrases of each paper, leaving out those with a word that fewer than `least` of the papers have: no phrase can
 * be more widespread than its words, and most words of a day are in one or two papers.
 */
export function readPhrases(papers: readonly PaperText[], least: number): PaperPhrases[] {
  const read = papers.map(({ title, abstract }) => ({
    title: { text: title, words: wordsIn(title) },
    abstract: { text: abstract, words: wordsIn(abstract) },
  }));
  const having = new Map<string, number>();
  for (const { title, abstract } of read) {
    const parts = new Set([...title.words, ...abstract.words].flatMap(word => word.parts));
    for (const part of parts) having.set(part, (having.get(part) ?? 0) + 1);
  }
  const roles = new Map<string, Role>();
  const roleOf = (word: Word) =>
    roles.getOrInsertComputed(word.parts.join(' '), () =>
      word.parts.every(part => (having.get(part) ?? 0) >= least) ? role(word.parts) : 'break',
    );
  return read.map(({ title, abstract }) => {
    const phrases: PaperPhrases = new Map();
    collect(title, true, roleOf, phrases);
    collect(abstract, false, roleOf, phrases);
    return phrases;
  });
}

const WORDS_AND_STOPS = /[\p{L}\p{N}\p{M}]+(?:-[\p{L}\p{N}\p{M}]+)*|[.,;:!?()[\]{}"“”$\\|<>=]/gu;

function wordsIn(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: found, index } of text.matchAll(WORDS_AND_STOPS)) {
    if (words.length >= MOST_WORDS) break;
    const isWord = /^[\p{L}\p{N}]/u.test(found);
    const parts = isWord ? found.normalize('NFKC').toLowerCase().split('-').map(singular) : [];
    words.push({ parts, start: index, end: index + found.length });
  }
  return words;
}

/** What a word may do in a phrase: begin and end it, end a longer one, stand in between, or stop it. */
type Role = 'free' | 'end' | 'inner' | 'break';

function role(parts: readonly string[]): Role {
  const key = parts.join(' ');
  if (parts.every(part => STOP_WORDS.has(part))) return 'break';
  if (HEADS.has(key)) return 'end';
  const commonplace = parts.every(part => BOILERPLATE.has(part) || STOP_WORDS.has(part));
  return commonplace || key.length < 2 || /^\p{N}/u.test(key) ? 'inner' : 'free';
}

function collect(
  { text, words }: { text: string; words: readonly Word[] },
  title: boolean,
  roleOf: (word: Word) => Role,
  phrases: PaperPhrases,
): void {
  for (const [at, first] of words.entries()) {
    if (roleOf(first) !== 'free') continue;
    let key = '';
    for (let length = 1; length <= 3; length++) {
      const last = words[at + length - 1];
      const role = last === undefined ? 'break' : roleOf(last);
      if (last === undefined || role === 'break') break;
      key = [...(key === '' ? [] : [key]), ...last.parts].join(' ');
      if (role === 'inner') continue;
      const phrase = phrases.getOrInsertComputed(key, () => ({ words: length, title, surfaces: [] }));
      phrase.title ||= title;
      // "Time-series" is one word, "time series" are two: who writes it so knows it as a subject.
      phrase.words = Math.max(phrase.words, length);
      // In titles every word has a capital, which says nothing of how it is written.
      if (!title || phrase.surfaces.length === 0) phrase.surfaces.push(text.slice(first.start, last.end));
    }
  }
}
