// Whether a newly fitted model may replace the one in use: both are asked about papers that neither was fitted to.
import { z } from 'zod';
import type { LabelledText, PaperText } from './model/answer.ts';
import { indexKeywords, keywordEvidence } from './model/keywords.ts';
import { hashOf } from './model/machines.ts';
import { BREAK, wordsOf } from './model/words.ts';
import { ALSO_TODAY, type Theme } from './taxonomy.ts';

/** What both models are asked, and what is left to learn from. The same texts are held out each time. */
export interface Exam {
  /** Held-out papers as they are, to see how the answers are spread. */
  papers: PaperText[];
  /** Those of them whose theme their keywords leave no doubt about, without any keywords. */
  doubtless: LabelledText[];
  /** Held-out corrections. */
  corrections: LabelledText[];
  toLearn: { archive: PaperText[]; corrections: LabelledText[] };
}

const Duel = z.object({
  /** How many were asked, and how many each got right. */
  papers: z.number(),
  before: z.number(),
  after: z.number(),
  /** Right by one of both only. */
  onlyBefore: z.number(),
  onlyAfter: z.number(),
});
type Duel = z.infer<typeof Duel>;

/** What the self-check measured; counts of papers. `before` is the model in use, `after` the new one. */
export const Figures = z.object({
  papers: z.number(),
  doubtless: Duel,
  corrections: Duel,
  /** How many held-out papers get another theme. */
  changed: z.number(),
  /** Held-out papers by theme, the largest first; `also-today`: those without one. */
  themes: z.array(z.object({ slug: z.string(), before: z.number(), after: z.number() })),
});
export type Figures = z.infer<typeof Figures>;

interface Answered {
  theme: string | null;
  /** All themes, the likeliest first. */
  ranking?: readonly { theme: string }[];
}
type Asked = { classify(paper: PaperText): Answered };

/** Without its keywords a paper may be near to no theme; what counts then is which one it is nearest to. */
const nearest = ({ theme, ranking }: Answered) => ranking?.[0]?.theme ?? theme;
const given = ({ theme }: Answered) => theme;

const QUESTIONS = { part: 1 / 20, least: 100, most: 500 } as const;
/** At most this part of an archive is held out, however few of its papers are beyond doubt. */
const MOST_HELD_OUT = 1 / 8;
/** One correction in so many is held out. */
const CORRECTIONS_HELD_OUT = 3;
/** A keyword counts 1 for one word, 1.8 for two, 2.4 for more, and in the title three times that. */
const BEYOND_DOUBT = { score: 5, timesTheNext: 3, titleWeight: 3 } as const;

/**
 * Sets the exam: papers in the order of a hash of their texts, until a twentieth of the archive (100 to 500 papers) is
 * beyond doubt, but never more than an eighth; and a third of the corrections. Corrected papers are in the archive no
 * more.
 */
export function setExam(
  themes: readonly Theme[],
  archive: readonly PaperText[],
  corrections: readonly LabelledText[],
): Exam {
  const doubt = doubtlessTheme(themes);
  const corrected = new Set(corrections.map(textOf));
  const different = new Map(archive.map(paper => [textOf(paper), paper]));
  const inOrder = [...different]
    .map(([text, paper]) => ({ text, paper, hash: hashOf(`exam\n${text}`) }))
    .sort((a, b) => a.hash - b.hash || (a.text < b.text ? -1 : 1));
  const { part, least, most } = QUESTIONS;
  const wanted = Math.min(Math.max(Math.round(inOrder.length * part), least), most);
  const exam: Exam = {
    papers: [],
    doubtless: [],
    corrections: [],
    toLearn: { archive: [], corrections: [] },
  };
  for (const { text, paper } of inOrder) {
    // What is asked must not have been learnt, and what a person said is not left to the keywords.
    if (corrected.has(text)) continue;
    const full = exam.doubtless.length >= wanted || exam.papers.length + 1 > inOrder.length * MOST_HELD_OUT;
    if (full) {
      exam.toLearn.archive.push(paper);
      continue;
    }
    exam.papers.push(paper);
    const question = doubt(paper);
    if (question !== null) exam.doubtless.push(question);
  }
  for (const correction of corrections) {
    const isHeldOut = hashOf(`exam\n${textOf(correction)}`) % CORRECTIONS_HELD_OUT === 0;
    (isHeldOut ? exam.corrections : exam.toLearn.corrections).push(correction);
  }
  return exam;
}

const textOf = ({ title, abstract }: PaperText) => `${title}\n${abstract}`;

/**
 * Finds the theme that a paper's keywords leave no doubt about, and hides the keywords of all themes: one that is left of
 * another theme would be all that the paper has. Null where there is doubt.
 */
function doubtlessTheme(themes: readonly Theme[]): (paper: PaperText) => LabelledText | null {
  const index = indexKeywords(themes, words => [0, 1, 1.8][words.length] ?? 2.4);
  const phrases = themes
    .flatMap(({ keywords }) => keywords)
    .map(keyword => wordsOf(keyword).filter(word => word !== BREAK))
    .filter(words => words.length > 0)
    .sort((a, b) => b.length - a.length);
  const byFirstWord = Map.groupBy(phrases, ([first]) => first as string);
  const { score: enough, timesTheNext, titleWeight } = BEYOND_DOUBT;
  return ({ title, abstract }) => {
    const words = { title: wordsOf(title), abstract: wordsOf(abstract) };
    const { scores } = keywordEvidence(index, words, themes.length, titleWeight);
    const best = scores.reduce((top, score, at) => (score > (scores[top] as number) ? at : top), 0);
    const score = scores[best] ?? 0;
    const next = scores.reduce((top, other, at) => (at === best ? top : Math.max(top, other)), 0);
    const theme = themes[best];
    if (theme === undefined || score < enough || score < timesTheNext * next) return null;
    const hidden = (text: readonly string[]) => without(text, byFirstWord);
    return { title: hidden(words.title), abstract: hidden(words.abstract), theme: theme.slug };
  };
}

/** Words as a text again, with a full stop in place of each of the phrases. */
function without(words: readonly string[], phrases: ReadonlyMap<string, readonly string[][]>): string {
  const left: string[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at] as string;
    const phrase = phrases
      .get(word)
      ?.find(candidate => candidate.every((part, offset) => words[at + offset] === part));
    left.push(phrase !== undefined || word === BREAK ? '.' : word);
    at += phrase?.length ?? 1;
  }
  return left.join(' ');
}

/** Asks both models everything in the exam. */
export function sitExam({ papers, doubtless, corrections }: Exam, before: Asked, after: Asked): Figures {
  const answers = papers.map(paper => ({
    before: before.classify(paper).theme ?? ALSO_TODAY.slug,
    after: after.classify(paper).theme ?? ALSO_TODAY.slug,
  }));
  const slugs = new Set(answers.flatMap(answer => [answer.before, answer.after]));
  const themes = Array.from(slugs, slug => ({
    slug,
    before: answers.filter(answer => answer.before === slug).length,
    after: answers.filter(answer => answer.after === slug).length,
  }));
  return {
    papers: papers.length,
    doubtless: duel(doubtless, before, after, nearest),
    corrections: duel(corrections, before, after, given),
    changed: answers.filter(answer => answer.before !== answer.after).length,
    themes: themes.sort((a, b) => b.after - a.after || (a.slug < b.slug ? -1 : 1)),
  };
}

function duel(
  questions: readonly LabelledText[],
  before: Asked,
  after: Asked,
  themeOf: (answer: Answered) => string | null,
): Duel {
  const right = questions.map(question => ({
    before: themeOf(before.classify(question)) === question.theme,
    after: themeOf(after.classify(question)) === question.theme,
  }));
  const count = (test: (one: (typeof right)[number]) => boolean) => right.filter(test).length;
  return {
    papers: questions.length,
    before: count(one => one.before),
    after: count(one => one.after),
    onlyBefore: count(one => one.before && !one.after),
    onlyAfter: count(one => one.after && !one.before),
  };
}

/** Chance alone explains a difference that is at least this likely. */
const CHANCE = 0.1;
const MOST_POINTS_LOST = 0.02;
/** Of fewer papers, a single one is two points; there the sign test alone decides. */
const POINTS_COUNT_FROM = 50;
const LARGEST_THEME = 0.4;
const MOST_MORE_WITHOUT = 0.05;
/** Of fewer papers beyond doubt nothing can be said: a source that breaks brings papers that no keyword knows. */
const FEWEST_DOUBTLESS = { papers: 5, share: 0.1 } as const;

/**
 * Why the new model must not be taken into use; empty: it may. The rule, on papers that it was not fitted to:
 * - of papers whose theme is beyond doubt, with their keywords hidden, and of corrections, it gets as many right as the
 *   model in use, but for noise: of the papers that only one of both gets right, no more go against it than chance
 *   explains (exact sign test, one-sided, p > 0.1), and of 50 papers or more it loses at most 2 in 100;
 * - at least a tenth of them, and five, were beyond doubt (of real papers it is a quarter or more);
 * - no theme has grown to hold more than 40 % of them that did not before;
 * - those without a theme are at most 5 in 100 more.
 */
export function objections({ papers, doubtless, corrections, themes }: Figures): string[] {
  const against = [
    ...lost(doubtless, 'papers whose theme is beyond doubt'),
    ...lost(corrections, 'corrected papers'),
  ];
  if (doubtless.papers < Math.max(FEWEST_DOUBTLESS.papers, papers * FEWEST_DOUBTLESS.share))
    against.push(`only ${doubtless.papers} of ${papers} papers are beyond doubt: too few to compare by`);
  const percent = (count: number) => `${Math.round((100 * count) / papers)} %`;
  for (const { slug, before, after } of themes) {
    const isNone = slug === ALSO_TODAY.slug;
    if (isNone && after - before > papers * MOST_MORE_WITHOUT)
      against.push(
        `${percent(after)} of ${papers} papers would have no theme, instead of ${percent(before)}`,
      );
    if (!isNone && after > papers * LARGEST_THEME && before <= papers * LARGEST_THEME)
      against.push(`${slug} would hold ${percent(after)} of ${papers} papers, instead of ${percent(before)}`);
  }
  return against;
}

function lost({ papers, before, after, onlyBefore, onlyAfter }: Duel, what: string): string[] {
  const isWorse = signTest(onlyBefore, onlyAfter) <= CHANCE;
  const isLower = papers >= POINTS_COUNT_FROM && before - after > papers * MOST_POINTS_LOST;
  return isWorse || isLower
    ? [`of ${papers} ${what} it gets ${after} right, and the model in use ${before}`]
    : [];
}

/**
 * The exact one-sided sign test: how likely at least `against` of all go against by chance, when each of both is as
 * likely.
 */
export function signTest(against: number, inFavour: number): number {
  const all = against + inFavour;
  // By logarithms: half to the power of thousands is no number any more.
  let [term, sum] = [all * Math.log(0.5), 0];
  for (let count = 0; count <= all; count++) {
    if (count >= against) sum += Math.exp(term);
    term += Math.log((all - count) / (count + 1));
  }
  return Math.min(sum, 1);
}
