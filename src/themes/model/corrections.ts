// What a model learns at once from the papers whose theme a person has said, without being fitted again.
import type { Theme } from '../taxonomy.ts';
import type { LabelledText } from './answer.ts';
import { hashOf } from './machines.ts';
import type { Sparse } from './tfidf.ts';

/** Adds what was learnt to a paper's scores. */
export type Lessons = (terms: Sparse, scores: Float64Array) => void;

/** A corrected paper's theme is to be this far ahead of the next, in units of the spread between themes. */
const AHEAD = 1;
const ROUNDS = 10;

/**
 * Moves weights of terms from the theme that was wrongly first to the one that a person said, just enough for each
 * corrected paper (Crammer et al. 2006, "Online passive-aggressive algorithms", multiclass). A paper with the same
 * terms follows wholly, a similar one in part. Corrections to no theme, or to one that is not there, teach nothing.
 * @returns null where there is nothing to learn
 */
export function learnLessons(
  themes: readonly Theme[],
  corrections: readonly LabelledText[],
  judge: (paper: LabelledText) => { terms: Sparse; scores: Float64Array },
): Lessons | null {
  const place = new Map(themes.map(({ slug }, at) => [slug as string | null, at]));
  // Their order must not matter: later lessons build on earlier ones.
  const lessons = corrections
    .flatMap(paper => {
      const theme = place.get(paper.theme);
      return theme === undefined
        ? []
        : [{ theme, ...judge(paper), key: `${paper.title}\n${paper.abstract}` }];
    })
    .sort((a, b) => hashOf(a.key) - hashOf(b.key) || (a.key < b.key ? -1 : 1));
  if (lessons.length === 0 || themes.length < 2) return null;
  const moved = new Map<number, Float64Array>();
  const add: Lessons = ({ ids, values }, scores) => {
    for (let at = 0; at < ids.length; at++) {
      const row = moved.get(ids[at] as number);
      if (row === undefined) continue;
      for (let k = 0; k < scores.length; k++)
        scores[k] = (scores[k] as number) + (values[at] as number) * (row[k] as number);
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    let learnt = false;
    for (const { theme, terms, scores } of lessons) {
      const now = scores.slice();
      add(terms, now);
      const rival = strongestOf(now, theme);
      const lack = AHEAD - ((now[theme] as number) - (now[rival] as number));
      if (lack < 1e-3 || terms.ids.length === 0) continue;
      learnt = true;
      move(moved, terms, theme, rival, lack / 2, themes.length);
    }
    if (!learnt) break;
  }
  return add;
}

function strongestOf(scores: Float64Array, except: number): number {
  let best = except === 0 ? 1 : 0;
  for (let at = best + 1; at < scores.length; at++)
    if (at !== except && (scores[at] as number) > (scores[best] as number)) best = at;
  return best;
}

/** Terms have length 1: a step of half of what lacks, up and down, is all of it. */
function move(
  moved: Map<number, Float64Array>,
  { ids, values }: Sparse,
  up: number,
  down: number,
  step: number,
  themes: number,
): void {
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number;
    const row = moved.getOrInsertComputed(id, () => new Float64Array(themes));
    const by = step * (values[at] as number);
    row[up] = (row[up] as number) + by;
    row[down] = (row[down] as number) - by;
  }
}
