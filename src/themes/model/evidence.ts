// What speaks for each theme without any training: how near the theme's own words are, and its keywords.
import type { Theme } from '../taxonomy.ts';
import { type Background, embed, phraseIdf } from './background.ts';
import { indexKeywords, type KeywordEvidence, keywordEvidence, type PaperWords } from './keywords.ts';
import { vectorise } from './tfidf.ts';
import type { WordReader } from './words.ts';

/** Scores are one number a theme, in the order of the taxonomy. */
export interface Evidence {
  cosines: Float64Array;
  keywords: KeywordEvidence;
  /** Both together, comparable within one paper only. */
  hybrid: Float64Array;
}

export type Witness = (paper: PaperWords, place: Float32Array) => Evidence;

const TITLE_WEIGHT = 3;
const KEYWORDS_SHARE = 0.7;

/** The witness of a taxonomy: reads each theme as if it were a paper, and its keywords. */
export function openWitness(themes: readonly Theme[], background: Background, read: WordReader): Witness {
  const places = themes.map(({ name, description, keywords }) => {
    const text = { title: read(name), abstract: read([description, ...keywords].join('. ')) };
    return embed(background, vectorise(background.space, text));
  });
  const index = indexKeywords(themes, words => phraseIdf(background, words));
  return (paper, place) => {
    const cosines = new Float64Array(places.length);
    for (const [at, theme] of places.entries()) cosines[at] = dot(theme, place);
    const keywords = keywordEvidence(index, paper, themes.length, TITLE_WEIGHT);
    const hybrid = blend(cosines, keywords.scores.map(Math.sqrt), KEYWORDS_SHARE);
    return { cosines, keywords, hybrid };
  };
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

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
