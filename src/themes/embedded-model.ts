// A theme model that also listens to embeddings: both together choose a paper's theme, and say how alike papers are.
import { type Embeddings, paperText } from './embedder.ts';
import type { DayModel, Opinion } from './layout.ts';
import type { PaperText } from './model/answer.ts';
import { blend } from './model/evidence.ts';
import type { Theme } from './taxonomy.ts';

/** What the embedding says, against what the model says; both in units of their spread between the themes. */
const EMBEDDING_SHARE = 0.5;
/** A second theme is named when it is at most this far behind the first, as the model itself does. */
const CLOSE = 1;

/**
 * The model with embeddings beside it. A paper's theme still follows from that paper alone. Whether it has a theme at
 * all is the model's word: among vectors one is always the nearest. A paper without a vector (none was asked for, or it
 * is all zero) has the model's answer. Without a `vector` of its own, the model still compares no papers.
 */
export function withEmbeddings(
  model: DayModel,
  themes: readonly Theme[],
  { papers, themes: places }: Embeddings,
): DayModel {
  const vectorOf = (paper: PaperText) => {
    const vector = papers.get(paperText(paper));
    return vector?.some(x => x !== 0) ? vector : undefined;
  };
  const none = new Float32Array(places[0]?.length ?? 0);
  // What all themes have in common says nothing of any of them, and in many embeddings it is most of a vector.
  const common = meanOf(places);
  const centres = places.map(place => beside(place, common));
  return {
    ...(model.terms === undefined ? {} : { terms: model.terms }),
    ...(model.vector === undefined ? {} : { vector: paper => vectorOf(paper) ?? none }),
    classify(paper) {
      const opinion = model.classify(paper);
      const vector = vectorOf(paper);
      if (vector === undefined || opinion.theme === null || opinion.ranking === undefined) return opinion;
      const own = beside(vector, common);
      return weighed(
        opinion,
        themes,
        centres.map(centre => dot(centre, own)),
      );
    },
  };
}

function weighed(opinion: Opinion, themes: readonly Theme[], cosines: readonly number[]): Opinion {
  const scores = new Map((opinion.ranking ?? []).map(({ theme, score }) => [theme, score]));
  const lowest = Math.min(...scores.values());
  const both = blend(
    Float64Array.from(themes, ({ slug }) => scores.get(slug) ?? lowest),
    Float64Array.from(cosines),
    EMBEDDING_SHARE,
  );
  const ranking = themes
    .map(({ slug }, at) => ({ theme: slug, score: rounded(both[at] as number) }))
    .sort((a, b) => b.score - a.score || (a.theme < b.theme ? -1 : 1));
  const [first, next] = ranking;
  if (first === undefined) return opinion;
  const margin = rounded(first.score - (next?.score ?? 0));
  return {
    theme: first.theme,
    second: next !== undefined && margin <= CLOSE ? next.theme : null,
    score: first.score,
    margin,
    // The model found phrases for its own first choice only.
    matched: first.theme === opinion.theme ? (opinion.matched ?? []) : [],
    ranking,
    by: 'embedder',
  };
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (const [at, x] of vector.entries()) mean[at] = (mean[at] as number) + x / vectors.length;
  return mean;
}

/** The unit vector from `common` to `vector`. */
function beside(vector: Float32Array, common: Float32Array): Float32Array {
  const from = vector.map((x, at) => x - (common[at] as number));
  const length = Math.sqrt(from.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? from : from.map(x => x / length);
}

/** To four decimals, because a batch may shift the last digits of what a machine computes. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return rounded(sum);
}

const rounded = (score: number) => Math.round(score * 10_000) / 10_000;
