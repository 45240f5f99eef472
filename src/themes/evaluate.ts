// How well a model puts papers under themes: its answers against the labels that people gave.
import type { DayModel } from './layout.ts';
import {
  accuracy,
  adjustedMutualInformation,
  adjustedRand,
  confusions,
  interval,
  type Judged,
  macroF1,
  type ThemeFigures,
  themeFigures,
  topK,
} from './metrics.ts';
import type { PaperText } from './model/answer.ts';
import { ALSO_TODAY, type Theme } from './taxonomy.ts';

/** A paper and the themes that it may have, the best one first; "also-today" stands for none. */
export interface LabelledPaper extends PaperText {
  labels: readonly string[];
}

/** All shares are from 0 to 1, with four decimals. Intervals hold the figure with 95 % certainty. */
export interface Evaluation {
  papers: number;
  /** Papers that were given a theme at all. */
  answered: number;
  accuracy: number;
  accuracyInterval: [number, number];
  macroF1: number;
  macroF1Interval: [number, number];
  top2: number;
  top3: number;
  /** Of all papers as one day, each under the best of its labels. */
  ami: number;
  ari: number;
  /** The accuracy of calling every paper by the commonest label. */
  majority: number;
  themes: ThemeFigures[];
  confusions: { label: string; theme: string; papers: number }[];
  /** Labels that are no theme of the taxonomy: no answer can be right. */
  unknownLabels: string[];
}

const MOST_CONFUSIONS = 30;

/** Asks the model for the theme of every paper and measures its answers. `papers` must not be empty. */
export function evaluate(
  papers: readonly LabelledPaper[],
  themes: readonly Pick<Theme, 'slug'>[],
  model: DayModel,
): Evaluation {
  const judged = papers.map(paper => judge(paper, model));
  const known = new Set<string>([ALSO_TODAY.slug, ...themes.map(({ slug }) => slug)]);
  const first = papers.map(({ labels }) => labels[0]);
  const given = judged.map(({ theme }) => theme ?? ALSO_TODAY.slug);
  const sizes = [...Map.groupBy(first, label => label).values()].map(({ length }) => length);
  return {
    papers: papers.length,
    answered: judged.filter(({ theme }) => theme !== null).length,
    accuracy: rounded(accuracy(judged)),
    accuracyInterval: bounds(judged, accuracy),
    macroF1: rounded(macroF1(judged)),
    macroF1Interval: bounds(judged, macroF1),
    top2: rounded(topK(judged, 2)),
    top3: rounded(topK(judged, 3)),
    ami: rounded(adjustedMutualInformation(given, first)),
    ari: rounded(adjustedRand(given, first)),
    majority: rounded(Math.max(...sizes) / papers.length),
    themes: themeFigures(judged).map(({ precision, recall, f1, ...rest }) => ({
      ...rest,
      precision: rounded(precision),
      recall: rounded(recall),
      f1: rounded(f1),
    })),
    confusions: confusions(judged)
      .slice(0, MOST_CONFUSIONS)
      .map(({ label, theme, papers: count }) => ({
        label: label ?? ALSO_TODAY.slug,
        theme: theme ?? ALSO_TODAY.slug,
        papers: count,
      })),
    unknownLabels: [...new Set(papers.flatMap(({ labels }) => labels))].filter(label => !known.has(label)),
  };
}

function judge({ labels, ...paper }: LabelledPaper, model: DayModel): Judged {
  const { theme, ranking } = model.classify(paper);
  return {
    labels: labels.map(label => (label === ALSO_TODAY.slug ? null : label)),
    theme,
    ranking: ranking?.map(entry => entry.theme) ?? (theme === null ? [] : [theme]),
  };
}

/** Four decimals; 0 where there is nothing to count. */
const rounded = (value: number) => (Number.isNaN(value) ? 0 : Math.round(value * 10_000) / 10_000);

function bounds(judged: readonly Judged[], figure: (sample: readonly Judged[]) => number): [number, number] {
  const [low, high] = interval(judged, figure, { runs: 500 });
  return [rounded(low), rounded(high)];
}
