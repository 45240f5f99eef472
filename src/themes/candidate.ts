// Fits a candidate to an installation's own papers, and asks it and the model in use the same questions.
import type { PaperText } from './model/answer.ts';
import { fitModel, type LabelledText, openModel, priorModel } from './model/model.ts';
import { type Figures, setExam, sitExam } from './self-check.ts';
import type { Theme } from './taxonomy.ts';

/** All that a fit needs, in a form that can be handed to another thread. */
export interface FitTask {
  themes: Theme[];
  /** The papers of the store; none has a label. */
  archive: PaperText[];
  corrections: LabelledText[];
  /** The packed model in use; null: the one that ships. */
  inUse: Uint8Array | null;
}

/** A new model as bytes, how many papers it learnt from, and how it compares. */
export interface Candidate {
  bytes: Uint8Array;
  papers: number;
  figures: Figures;
}

/**
 * Fits a model and sets it and the one in use the exam. Some seconds of work for thousands of papers.
 * Both know the same corrections then; a third of them, and the held-out papers, neither does.
 * @returns null while the archive is too small to teach more than the model that ships knows: finding that out took a
 *   good part of the work, so whoever asks should not ask again soon
 */
export function fitCandidate({ themes, archive, corrections, inUse }: FitTask): Candidate | null {
  const exam = setExam(themes, archive, corrections);
  const { toLearn } = exam;
  const bytes = fitModel(themes, toLearn.archive, { labelled: toLearn.corrections }).pack();
  const shipped = fitModel(themes, []).pack();
  if (Buffer.compare(bytes, shipped) === 0) return null;
  const before = openOr(themes, inUse, toLearn.corrections);
  const after = openModel(themes, bytes, toLearn.corrections);
  return { bytes, papers: toLearn.archive.length, figures: sitExam(exam, before, after) };
}

/** A model in use that cannot be read is none: what ships stands in for it. */
function openOr(themes: Theme[], inUse: Uint8Array | null, corrections: LabelledText[]) {
  if (inUse === null) return priorModel(themes, corrections);
  try {
    return openModel(themes, inUse, corrections);
  } catch {
    return priorModel(themes, corrections);
  }
}
