// Fitting a model to an instance's own archive of abstracts, none of which has a label.
import type { Theme } from '../taxonomy.ts';
import type { PaperText } from './answer.ts';
import { type Background, embed, fitBackground, openBackground } from './background.ts';
import { openWitness } from './evidence.ts';
import { familiarity } from './familiarity.ts';
import type { PaperWords } from './keywords.ts';
import { hashOf, type Machines, machinesFor, trainMachines } from './machines.ts';
import type { StoredModel } from './pack.ts';
import { vectorise } from './tfidf.ts';
import { type WordReader, wordReader } from './words.ts';

/**
 * How many papers teach more than what ships: 200 if that does not speak their language, 1,500 for themes that it does
 * not know, 5,000 for those it was taught (on 11,827 papers).
 */
const ENOUGH = { foreign: 200, otherThemes: 1_500, sameThemes: 5_000 } as const;
/** Below this mean familiarity an archive is of another language or field than the prior. */
const SAME_LANGUAGE = 0.5;
/** More papers make a fit slower and no better; of more, a fixed choice is used. */
const MOST = 20_000;

/**
 * Learns from an archive. The order of its papers, and papers that come twice, make no difference.
 * @param prior what is used instead as long as the archive is too small to teach more than it knows
 */
export function fitStored(
  themes: readonly Theme[],
  archive: readonly PaperText[],
  seed: number,
  prior: StoredModel | null,
): StoredModel {
  const read = wordReader();
  const papers = inFixedOrder(archive).map(({ title, abstract }) => ({
    title: read(title),
    abstract: read(abstract),
  }));
  if (prior !== null && papers.length < needed(themes, papers, prior)) return prior;
  const background = fitBackground(papers, seed);
  const teaches = themes.length > 1 && papers.length >= ENOUGH.foreign;
  const machines = teaches ? teach(themes, papers, background, read, seed) : null;
  return { background: background.stored, machines };
}

function needed(themes: readonly Theme[], papers: readonly PaperWords[], prior: StoredModel): number {
  if (papers.length < ENOUGH.foreign) return ENOUGH.foreign;
  const { space } = openBackground(prior.background);
  const mean = papers.reduce((sum, paper) => sum + familiarity(space, paper), 0) / papers.length;
  if (mean < SAME_LANGUAGE) return ENOUGH.foreign;
  const taught = prior.machines !== null && machinesFor(prior.machines, themes) !== undefined;
  return taught ? ENOUGH.sameThemes : ENOUGH.otherThemes;
}

function teach(
  themes: readonly Theme[],
  papers: readonly PaperWords[],
  background: Background,
  read: WordReader,
  seed: number,
): Machines {
  const witness = openWitness(themes, background, read);
  const vectors = papers.map(paper => vectorise(background.space, paper));
  const hybrids = papers.map((paper, at) => {
    const place = embed(background, vectors[at] as (typeof vectors)[number]);
    return witness(paper, place).hybrid;
  });
  return trainMachines(themes, vectors, hybrids, background.space.size, seed);
}

/** The archive's different papers, in an order that only depends on their texts. */
function inFixedOrder(archive: readonly PaperText[]): PaperText[] {
  const byText = new Map(archive.map(paper => [`${paper.title}\n${paper.abstract}`, paper]));
  const keyed = Array.from(byText, ([text, paper]) => ({ hash: hashOf(text), text, paper }));
  keyed.sort((a, b) => a.hash - b.hash || (a.text < b.text ? -1 : 1));
  return keyed.slice(0, MOST).map(({ paper }) => paper);
}
