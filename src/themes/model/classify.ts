// One paper's answer: what was learnt and what the taxonomy itself says, weighed together for every theme.
import type { Theme } from '../taxonomy.ts';
import type { Answer, LabelledText, PaperText, Ranked, TextModel } from './answer.ts';
import { type Background, embed, openBackground } from './background.ts';
import { type Lessons, learnLessons } from './corrections.ts';
import { blend, type Evidence, openWitness } from './evidence.ts';
import { familiarity } from './familiarity.ts';
import type { PaperWords } from './keywords.ts';
import { type Machines, machinesFor, scoreAll } from './machines.ts';
import type { StoredModel } from './pack.ts';
import { type Sparse, termName, vectorise } from './tfidf.ts';
import { type WordReader, wordReader } from './words.ts';

/** What the taxonomy says, against what machines say that people's labels taught, or the archive. */
const HYBRID_SHARE = { labels: 0.7, archive: 2 } as const;
/** What the archive taught, beside what labels taught. */
const ARCHIVE_SHARE = 0.5;
/** A theme without one of its keywords in the paper must lie at least this near. */
const NEAR = 0.3;
/** A second theme is named when it is at most this far behind the first. */
const CLOSE = 1;
/** Keywords that count this much together (one telling phrase in the title) are a subject in any language. */
const TELLING = 10;
/** How familiar the words of a paper must be that has some keyword of its theme, or none. */
const FAMILIAR = { withKeyword: 0.45, without: 0.55 } as const;

/** One number a theme, in units of the spread between themes, and what they rest on. */
type Scorer = (
  paper: PaperWords,
  terms: Sparse,
  place: Float32Array,
) => { scores: Float64Array; evidence: Evidence };

/**
 * Weighs all that a stored model knows of a taxonomy. Machines of the same themes speak for them; machines of other
 * themes are guides: they show which papers are like a theme's own description.
 */
export function openScorer(
  themes: readonly Theme[],
  { machines, guides }: Pick<StoredModel, 'machines' | 'guides'>,
  background: Background,
  read: WordReader,
): Scorer {
  const own = ofThemes(machines, themes);
  const labels = ofThemes(guides, themes);
  const others = labels === null ? (guides ?? (own === null ? machines : null)) : null;
  const witness = openWitness(themes, background, read, others);
  return (paper, terms, place) => {
    const evidence = witness(paper, terms, place);
    const { hybrid } = evidence;
    if (labels !== null) {
      const taught = labels(terms);
      const learnt = own === null ? taught : blend(taught, own(terms), ARCHIVE_SHARE);
      return { scores: blend(learnt, hybrid, HYBRID_SHARE.labels), evidence };
    }
    if (own === null) return { scores: hybrid, evidence };
    const share = others === null ? HYBRID_SHARE.labels : HYBRID_SHARE.archive;
    return { scores: blend(own(terms), hybrid, share), evidence };
  };
}

function ofThemes(
  machines: Machines | null,
  themes: readonly Theme[],
): ((terms: Sparse) => Float64Array) | null {
  const columns = machines === null ? undefined : machinesFor(machines, themes);
  return machines === null || columns === undefined ? null : terms => scoreAll(machines, columns, terms);
}

/**
 * Puts a stored model to work on a taxonomy.
 * @param corrections papers whose theme a person has said: what is like them moves towards their themes
 */
export function openStored(
  themes: readonly Theme[],
  stored: StoredModel,
  corrections: readonly LabelledText[] = [],
): TextModel {
  const background: Background = openBackground(stored.background);
  const read = wordReader();
  const score = openScorer(themes, stored, background, read);
  const terms = (paper: PaperText) => {
    const words = { title: read(paper.title), abstract: read(paper.abstract) };
    return { words, sparse: vectorise(background.space, words) };
  };
  const judge = (words: PaperWords, sparse: Sparse) => score(words, sparse, embed(background, sparse));
  const lessons: Lessons | null = learnLessons(themes, corrections, paper => {
    const { words, sparse } = terms(paper);
    return { terms: sparse, scores: judge(words, sparse).scores };
  });
  return {
    classify(paper) {
      const { words, sparse } = terms(paper);
      const { scores, evidence } = judge(words, sparse);
      lessons?.(sparse, scores);
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
