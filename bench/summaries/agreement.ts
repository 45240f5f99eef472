// How far a choice of sentences agrees with the sentences that annotators chose.
import type { Annotated, Annotator } from './data.ts';

/** Shares from 0 to 1, the mean over those who judge. */
export interface Agreement {
  /** Of the chosen sentences, those that are kept. */
  kept: number;
  /** Of the chosen sentences, those that are kept or fine. */
  acceptable: number;
  /** Whether all chosen sentences are kept or fine. */
  all: number;
  /** Characters of the chosen sentences with a space between. */
  length: number;
}

/** Each annotator judges each choice; a chooser with several choices gets what it gets on average. */
export function agreement(
  paper: Annotated,
  choices: readonly (readonly number[])[],
  judges: readonly Annotator[] = paper.annotators,
): Agreement {
  const verdicts = choices.flatMap(choice =>
    judges.map(({ keep, fine }) => {
      const share = (of: readonly number[]) => choice.filter(at => of.includes(at)).length / choice.length;
      const acceptable = share([...keep, ...fine]);
      const length = choice.map(at => paper.sentences[at]).join(' ').length;
      return { kept: share(keep), acceptable, all: acceptable === 1 ? 1 : 0, length };
    }),
  );
  return average(verdicts);
}

/** What one annotator chose, judged by the other, both ways. */
export function betweenAnnotators(paper: Annotated): Agreement {
  const [first, second] = paper.annotators;
  return average([agreement(paper, [first.keep], [second]), agreement(paper, [second.keep], [first])]);
}

/** The mean of each figure. */
export function average(all: readonly Agreement[]): Agreement {
  const of = (key: keyof Agreement) => all.reduce((sum, one) => sum + one[key], 0) / all.length;
  return { kept: of('kept'), acceptable: of('acceptable'), all: of('all'), length: of('length') };
}
