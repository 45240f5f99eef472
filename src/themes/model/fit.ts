// Fitting a model to an instance's own archive of abstracts, few or none of which have a label.
import type { Theme } from '../taxonomy.ts';
import type { LabelledText, PaperText } from './answer.ts';
import { type Background, embed, fitBackground, openBackground } from './background.ts';
import { openScorer } from './classify.ts';
import { familiarity } from './familiarity.ts';
import type { PaperWords } from './keywords.ts';
import { confidentExamples, type Example, hashOf, type Machines, trainMachines } from './machines.ts';
import type { StoredModel } from './pack.ts';
import { type Sparse, vectorise } from './tfidf.ts';
import { widen } from './widen.ts';
import { type WordReader, wordReader } from './words.ts';

/** How many papers teach anything: of a language that the prior does not speak, and of one that it does. */
const ENOUGH = { foreign: 200, known: 3_000 } as const;
/** Below this mean familiarity an archive is of another language or field than the prior. */
const SAME_LANGUAGE = 0.5;
/** More papers make a fit slower and no better; of more, a fixed choice is used. */
const MOST = 20_000;

/**
 * Learns from an archive. The order of its papers, and papers that come twice, make no difference. Where the prior
 * speaks the archive's language, it is built upon: its terms and machines stay, new words are added. Elsewhere
 * everything is learnt anew.
 * @param prior what is used instead as long as the archive is too small to teach more than it knows
 */
export function fitStored(
  themes: readonly Theme[],
  archive: readonly PaperText[],
  labelled: readonly LabelledText[],
  seed: number,
  prior: StoredModel | null,
): StoredModel {
  const read = wordReader();
  const wordsOf = ({ title, abstract }: PaperText) => ({ title: read(title), abstract: read(abstract) });
  const texts = inFixedOrder(archive);
  const papers = texts.map(wordsOf);
  const base = prior !== null && speaks(prior, papers) ? prior : null;
  const enough = base === null ? ENOUGH.foreign : ENOUGH.known;
  if (prior !== null && papers.length < enough) return prior;
  const ground =
    base === null
      ? { background: fitBackground(papers, seed).stored, machines: null, guides: null }
      : widen(base, papers);
  if (themes.length < 2 || papers.length < ENOUGH.foreign) return ground;
  const background = openBackground(ground.background);
  const place = new Map(themes.map(({ slug }, at) => [slug, at]));
  const examples = inFixedOrder(labelled).map((paper): Example => {
    const theme = paper.theme === null ? -1 : (place.get(paper.theme) ?? -1);
    const also = (paper.also ?? []).flatMap(slug => place.get(slug) ?? []);
    return { terms: vectorise(background.space, wordsOf(paper)), theme, also };
  });
  const machines = teach(themes, papers, examples, ground, background, read, seed);
  return { background: ground.background, machines, guides: ground.guides ?? ground.machines };
}

/** Whether a prior knows the words of an archive; a handful of papers tells nothing. */
function speaks(prior: StoredModel, papers: readonly PaperWords[]): boolean {
  if (papers.length < ENOUGH.foreign) return true;
  const { space } = openBackground(prior.background);
  const mean = papers.reduce((sum, paper) => sum + familiarity(space, paper), 0) / papers.length;
  return mean >= SAME_LANGUAGE;
}

/** What the archive and the labelled papers teach. What is known already says which papers leave no doubt. */
function teach(
  themes: readonly Theme[],
  papers: readonly PaperWords[],
  labelled: readonly Example[],
  ground: StoredModel,
  background: Background,
  read: WordReader,
  seed: number,
): Machines {
  const score = openScorer(themes, ground, background, read);
  const terms = papers.map(paper => vectorise(background.space, paper));
  const scores = papers.map((paper, at) => {
    const own = terms[at] as Sparse;
    return score(paper, own, embed(background, own)).scores;
  });
  const examples = [...confidentExamples(terms, scores, labelled, themes.length), ...labelled];
  return trainMachines(themes, examples, background.space.size, seed);
}

/** Different papers, in an order that only depends on their texts. */
function inFixedOrder<P extends PaperText>(papers: readonly P[]): P[] {
  const byText = new Map(papers.map(paper => [`${paper.title}\n${paper.abstract}`, paper]));
  const keyed = Array.from(byText, ([text, paper]) => ({ hash: hashOf(text), text, paper }));
  keyed.sort((a, b) => a.hash - b.hash || (a.text < b.text ? -1 : 1));
  return keyed.slice(0, MOST).map(({ paper }) => paper);
}
