// The models that are compared: keywords alone, parts of the model by themselves, what ships, and what an archive adds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DayModel } from '../../src/themes/layout.ts';
import { embed, openBackground } from '../../src/themes/model/background.ts';
import { openStored } from '../../src/themes/model/classify.ts';
import { openWitness } from '../../src/themes/model/evidence.ts';
import { fitModel, openModel, type PaperText, priorModel } from '../../src/themes/model/model.ts';
import { unpack } from '../../src/themes/model/pack.ts';
import { seededRandom } from '../../src/themes/model/random.ts';
import { vectorise } from '../../src/themes/model/tfidf.ts';
import { wordReader } from '../../src/themes/model/words.ts';
import type { Theme } from '../../src/themes/taxonomy.ts';
import { type BenchData, ROOT } from './data.ts';
import { keywordModel } from './keyword-model.ts';
import { count } from './tables.ts';

export interface Contender {
  name: string;
  model(themes: readonly Theme[]): DayModel;
}

const shippedBytes = () => readFileSync(join(ROOT, 'src/themes/prior/model.bin'));

export const KEYWORDS: Contender = { name: 'keywords only', model: keywordModel };
export const SHIPPED: Contender = { name: 'the model that ships', model: themes => priorModel(themes) };

/** Places in the latent space, nothing else: the theme is the nearest one. */
export const LATENT: Contender = {
  name: 'latent space only',
  model(themes) {
    const background = openBackground(unpack(shippedBytes()).background);
    const read = wordReader();
    const witness = openWitness(themes, background, read, null);
    return {
      classify(paper) {
        const words = { title: read(paper.title), abstract: read(paper.abstract) };
        const terms = vectorise(background.space, words);
        const { cosines } = witness(words, terms, embed(background, terms));
        const ranking = themes.map(({ slug }, at) => ({ theme: slug, score: cosines[at] as number }));
        ranking.sort((a, b) => b.score - a.score);
        return { theme: ranking[0]?.theme ?? null, ranking };
      },
    };
  },
};

/** The latent space of what ships, and keywords; nothing that was taught. */
export const UNTAUGHT: Contender = {
  name: 'latent space and keywords, nothing taught',
  model: themes =>
    openStored(themes, { background: unpack(shippedBytes()).background, machines: null, guides: null }),
};

/** Themes by the throw of dice: what a figure means is seen from what chance gets. */
export function chance(): Contender {
  const random = seededRandom(1);
  return {
    name: 'chance',
    model: of => ({ classify: () => ({ theme: of[Math.floor(random() * of.length)]?.slug ?? null }) }),
  };
}

/** Models that must be fitted first. Each is fitted once, however often it is asked for. */
export interface Fitted {
  /** What ships, built upon with so many papers of the archive. */
  withArchive(size: number): Contender;
  /** Latent space and machines from so many papers of the archive, without any label and without what ships. */
  alone(size: number): Contender;
  /** What would ship had only one in `part` of the labelled papers been labelled (0: none). */
  taughtBy(part: number, name: string): Contender;
}

/** @param without papers that are to be measured: no archive holds them */
export function fittedBy(data: BenchData, without: ReadonlySet<string> = new Set()): Fitted {
  const archive = data.archive.filter(({ id }) => !without.has(String(id)));
  const some = (size: number): PaperText[] => archive.slice(0, size);
  const sizeOf = (size: number) => count(Math.min(size, archive.length));
  return {
    withArchive: size =>
      once(`what ships, and an archive of ${sizeOf(size)}`, of => fitModel(of, some(size))),
    alone: size =>
      once(`self-taught by ${sizeOf(size)} papers, no labels`, of =>
        fitModel(of, some(size), { prior: null }),
      ),
    taughtBy: (part, name) =>
      once(name, of => {
        const labelled = part === 0 ? [] : data.taught.filter((_, at) => at % part === 0);
        return openModel(of, fitModel(data.themes, archive, { prior: null, labelled }).pack());
      }),
  };
}

function once(name: string, make: (themes: readonly Theme[]) => DayModel): Contender {
  const made = new Map<readonly Theme[], DayModel>();
  return { name, model: themes => made.getOrInsertComputed(themes, () => make(themes)) };
}
