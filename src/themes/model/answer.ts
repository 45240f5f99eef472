// What one asks a theme model, and what it answers.
import type { PaperText } from '../keyword-model.ts';

export type { PaperText } from '../keyword-model.ts';

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

export interface TextModel {
  /** Depends on nothing but the paper and the model; about 0.1 ms. Any text gets an answer. */
  classify(paper: PaperText): Answer;
  /** Where a paper lies in the latent space: length 1, or all zero where none of its words is known. */
  vector(paper: PaperText): Float32Array;
  /** The paper's terms by name, tf-idf, as a vector of length 1. */
  terms(paper: PaperText): Map<string, number>;
}
