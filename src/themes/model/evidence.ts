// What speaks for each theme without any training: how near the theme's own words are, and its keywords.
import type { Theme } from '../taxonomy.ts';
import { type Background, embed, phraseIdf } from './background.ts';
import { indexKeywords, type KeywordEvidence, keywordEvidence, type PaperWords } from './keywords.ts';
import { type Machines, scoreAll } from './machines.ts';
import { type Sparse, vectorise } from './tfidf.ts';
import type { WordReader } from './words.ts';

/** Scores are one number a theme, in the order of the taxonomy. */
export interface Evidence {
  cosines: Float64Array;
  keywords: KeywordEvidence;
  /** Both together, comparable within one paper only. */
  hybrid: Float64Array;
}

export type Witness = (paper: PaperWords, terms: Sparse, place: Float32Array) => Evidence;

const TITLE_WEIGHT = 3;
const KEYWORDS_SHARE = 0.7;
const GUIDES_SHARE = 1;

/**
 * The witness of a taxonomy: reads each theme as if it were a paper, and its keywords.
 * @param guides machines of other themes: a paper and a theme of which they think alike are about the same
 */
export function openWitness(
  themes: readonly Theme[],
  background: Background,
  read: WordReader,
  guides: Machines | null,
): Witness {
  const texts = themes.map(({ name, description, keywords }) => {
    const text = { title: read(name), abstract: read([description, ...keywords].join('. ')) };
    return vectorise(background.space, text);
  });
  const places = texts.map(text => embed(background, text));
  const index = indexKeywords(themes, words => phraseIdf(background, words));
  const alike = guides === null ? null : likenessBy(guides, texts);
  return (paper, terms, place) => {
    const cosines = Float64Array.from(places, theme => dot(theme, place));
    const keywords = keywordEvidence(index, paper, themes.length, TITLE_WEIGHT);
    const known = blend(cosines, keywords.scores.map(Math.sqrt), KEYWORDS_SHARE);
    const views = alike?.(terms);
    const hybrid = views === undefined ? known : known.map((value, at) => value + (views[at] as number));
    return { cosines, keywords, hybrid };
  };
}

/**
 * How alike the guides find a paper and each theme. They count as far as they can tell the themes apart: to those who
 * know machine learning, ten natural sciences look much the same.
 */
function likenessBy(guides: Machines, themes: readonly Sparse[]): (terms: Sparse) => Float64Array {
  const profile = profileBy(guides);
  const profiles = themes.map(profile);
  const share = GUIDES_SHARE * Math.max(0, 1 - meanCosine(profiles)) ** 2;
  return terms => {
    const own = profile(terms);
    return standardised(Float64Array.from(profiles, theme => dot(theme, own))).map(value => value * share);
  };
}

/** Of each two different ones of vectors in units of their spread. */
function meanCosine(profiles: readonly Float64Array[]): number {
  let [sum, pairs] = [0, 0];
  for (const [at, one] of profiles.entries()) {
    for (const other of profiles.slice(at + 1)) {
      sum += dot(one, other) / one.length;
      pairs++;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

/** What the guides think of a text, in units of their own spread, the few that are for it outweighing all others. */
function profileBy(guides: Machines): (terms: Sparse) => Float64Array {
  const all = guides.slugs.map((_, column) => column);
  return terms => standardised(standardised(scoreAll(guides, all, terms)).map(Math.exp));
}

/** Both in units of their own spread over the themes: z(first) + share × z(second). */
export function blend(first: Float64Array, second: Float64Array, share: number): Float64Array {
  const [a, b] = [standardised(first), standardised(second)];
  return a.map((value, at) => value + share * (b[at] as number));
}

function standardised(scores: Float64Array): Float64Array {
  let mean = 0;
  for (const score of scores) mean += score / scores.length;
  let variance = 0;
  for (const score of scores) variance += (score - mean) ** 2 / scores.length;
  const scale = variance > 1e-18 ? 1 / Math.sqrt(variance) : 0;
  return scores.map(score => (score - mean) * scale);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
