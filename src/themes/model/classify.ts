// One paper's answer: what was learnt and what the taxonomy itself says, weighed together for every theme.
import type { Theme } from '../taxonomy.ts';
import type { Answer, PaperText, Ranked, TextModel } from './answer.ts';
import { type Background, embed, openBackground } from './background.ts';
import { blend, type Evidence, openWitness } from './evidence.ts';
import { familiarity } from './familiarity.ts';
import { machinesFor, scoreAll } from './machines.ts';
import type { StoredModel } from './pack.ts';
import { type Sparse, termName, vectorise } from './tfidf.ts';
import { wordReader } from './words.ts';

/** What the taxonomy says, against what the machines say. */
const HYBRID_SHARE = 1;
/** A theme without one of its keywords in the paper must lie at least this near. */
const NEAR = 0.3;
/** A second theme is named when it is at most this far behind the first. */
const CLOSE = 1;
/** Keywords that count this much together (one telling phrase in the title) are a subject in any language. */
const TELLING = 10;
/** How familiar the words of a paper must be that has some keyword of its theme, or none. */
const FAMILIAR = { withKeyword: 0.45, without: 0.55 } as const;

/** Puts a stored model to work on a taxonomy; machines that were taught other themes are left aside. */
export function openStored(
  themes: readonly Theme[],
  { background: stored, machines }: StoredModel,
): TextModel {
  const background: Background = openBackground(stored);
  const read = wordReader();
  const witness = openWitness(themes, background, read);
  const columns = machines === null ? undefined : machinesFor(machines, themes);
  const terms = (paper: PaperText) => {
    const words = { title: read(paper.title), abstract: read(paper.abstract) };
    return { words, sparse: vectorise(background.space, words) };
  };
  return {
    classify(paper) {
      const { words, sparse } = terms(paper);
      const evidence = witness(words, embed(background, sparse));
      const scores =
        machines === null || columns === undefined
          ? evidence.hybrid
          : blend(scoreAll(machines, columns, sparse), evidence.hybrid, HYBRID_SHARE);
      const familiar = () => familiarity(background.space, words);
      return answer(themes, scores, theme => isClose(evidence, theme, familiar), evidence);
    },
    vector: paper => embed(background, terms(paper).sparse),
    terms: paper => named(background, terms(paper).sparse),
  };
}

function named({ stored }: Background, { ids, values }: Sparse): Map<string, number> {
  return new Map(Array.from(ids, (id, at) => [termName(stored.vocabulary, id), values[at] as number]));
}

/** Whether there is any reason to put the paper under this theme, better or worse than others as it may be. */
function isClose({ keywords, cosines }: Evidence, theme: number, familiar: () => number): boolean {
  const worth = keywords.scores[theme] as number;
  if (worth >= TELLING) return true;
  if (worth > 0) return familiar() >= FAMILIAR.withKeyword;
  return (cosines[theme] as number) >= NEAR && familiar() >= FAMILIAR.without;
}

function answer(
  themes: readonly Theme[],
  scores: Float64Array,
  close: (theme: number) => boolean,
  { keywords }: Evidence,
): Answer {
  const order = themes.map(({ slug }, at) => ({ at, theme: slug, score: rounded(scores[at] as number) }));
  order.sort((a, b) => b.score - a.score || (a.theme < b.theme ? -1 : 1));
  const ranking: Ranked[] = order.map(({ theme, score }) => ({ theme, score }));
  const [first, next] = order;
  if (first === undefined) return { theme: null, second: null, score: 0, margin: 0, matched: [], ranking };
  const margin = rounded(first.score - (next?.score ?? 0));
  const theme = close(first.at) ? first.theme : null;
  const second =
    theme !== null && next !== undefined && margin <= CLOSE && close(next.at) ? next.theme : null;
  return { theme, second, score: first.score, margin, matched: keywords.matched(first.at), ranking };
}

/** Scores that differ only by rounding errors are equal. */
const rounded = (score: number) => Math.round(score * 10_000) / 10_000;
