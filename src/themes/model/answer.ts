// What one asks a theme model, and what it answers.

/** The words about a paper that a model may look at. */
export interface PaperText {
  title: string;
  abstract: string;
}

/** `score` is in units of the spread between themes, for one paper: higher is better, below 0 is under the average. */
export interface Ranked {
  theme: string;
  score: number;
}

export interface Answer {
  /** Null where nothing is close. */
  theme: string | null;
  /** Another theme that is nearly as close, if there is one. */
  second: string | null;
  score: number;
  /** How far the first is ahead of the next. */
  margin: number;
  /** The keywords of the first theme that occur, strongest first: the explanation. */
  matched: string[];
  /** All themes, best first; equals in the order of the alphabet. */
  ranking: Ranked[];
}

/** A paper whose theme a person has said; null: none of the themes. */
export interface LabelledText extends PaperText {
  theme: string | null;
  /** Themes under which it would not be out of place either: they are not taught that it is not theirs. */
  also?: readonly string[] | undefined;
}

export interface TextModel {
  /** Depends on nothing but the paper and the model; about 0.1 ms. Any text gets an answer. */
  classify(paper: PaperText): Answer;
  /** Where a paper lies in the latent space: length 1, or all zero where none of its words is known. */
  vector(paper: PaperText): Float32Array;
  /** The paper's terms by name, tf-idf, as a vector of length 1. */
  terms(paper: PaperText): Map<string, number>;
}
