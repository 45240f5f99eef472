// Opens the model that an installation uses: its own, or the one that ships, with what curators corrected.
import { reasonOf } from '../errors.ts';
import type { Db } from '../store/schema.ts';
import { type Lessons, readLessons } from './corrections.ts';
import type { DayModel } from './layout.ts';
import { openModel, priorModel } from './model/model.ts';
import { readInUse, serves } from './stored-models.ts';
import type { Theme } from './taxonomy.ts';

/** More would make every opening of a model slow. */
const MOST_LESSONS = 1_000;

/** What corrections teach: the newest of those whose paper has an abstract. */
export async function newestLessons(db: Db, themes: readonly Theme[]): Promise<Lessons> {
  const { labelled, unknownThemes } = await readLessons(db, themes);
  return { labelled: labelled.slice(-MOST_LESSONS), unknownThemes };
}

/**
 * The version that is taken into use, and whether it is the one that answers. The model that ships answers in its place
 * while it waits (`other-themes`: it was fitted for others) and when its bytes cannot be read.
 */
export interface InUse {
  version: number;
  standing: 'answers' | 'other-themes' | 'unreadable';
}

/** Who answers; undefined: the model that ships, as no version is taken into use. */
export async function whoAnswers(db: Db, themes: readonly Theme[]): Promise<InUse | undefined> {
  const stored = await readInUse(db);
  if (stored === undefined) return undefined;
  const { version } = stored;
  if (!serves(stored, themes)) return { version, standing: 'other-themes' };
  try {
    openModel(themes, stored.bytes);
    return { version, standing: 'answers' };
  } catch {
    // Damaged, or an older release wrote it.
    return { version, standing: 'unreadable' };
  }
}

/**
 * The model in use. Its bytes are read now and opened at the first question.
 * Nothing that is wrong with it is fatal: a model that cannot be read is replaced by the one that ships, corrections to
 * themes that are gone are left out.
 * @param warn is told of both, in one line each
 */
export async function openModelInUse(
  db: Db,
  themes: readonly Theme[],
  warn: (line: string) => void,
): Promise<DayModel> {
  const { labelled, unknownThemes } = await newestLessons(db, themes);
  if (unknownThemes.length > 0)
    warn(`themes: corrections to ${unknownThemes.join(', ')} are ignored: the taxonomy has no such theme`);
  const stored = await readInUse(db);
  const shipped = () => priorModel(themes, labelled);
  if (stored === undefined || !serves(stored, themes)) return shipped();
  return opened(() => {
    try {
      return openModel(themes, stored.bytes, labelled);
    } catch (error) {
      warn(`themes: version ${stored.version} is not used but the model that ships: ${reasonOf(error)}`);
      return shipped();
    }
  });
}

function opened(open: () => Required<DayModel>): DayModel {
  let model: Required<DayModel> | undefined;
  const once = () => {
    model ??= open();
    return model;
  };
  return {
    classify: paper => once().classify(paper),
    vector: paper => once().vector(paper),
    terms: paper => once().terms(paper),
  };
}
