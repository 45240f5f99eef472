// What curators say of papers' themes. It holds for the paper itself at once, and the theme model learns from it.
import { findPaper } from '../papers/lookup.ts';
import { chunks } from '../papers/told.ts';
import { type Db, type Instant, transact } from '../store/schema.ts';
import type { LabelledText } from './model/model.ts';
import type { Theme } from './taxonomy.ts';

/** The theme that a curator says a paper has; null: none of the themes. */
export interface Correction {
  paperId: string;
  theme: string | null;
  curator: string | null;
  at: Instant;
}

/** Takes down a correction; one of the same paper before it is forgotten, under whichever of its ids it was given. */
export async function correct(db: Db, correction: Correction): Promise<void> {
  const { paperId, ...said } = correction;
  await transact(db, async tx => {
    await forget(tx, paperId);
    await tx
      .insertInto('theme_correction')
      .values({ paper_id: paperId, ...said })
      .execute();
  });
}

/** Takes a correction back. @returns what it said; undefined where there was none */
export async function takeBack(db: Db, paperId: string): Promise<Correction | undefined> {
  return transact(db, async tx => {
    const before = (await readCorrections(tx)).get(paperId);
    await forget(tx, paperId);
    return before;
  });
}

async function forget(tx: Db, paperId: string): Promise<void> {
  const rows = (await readCorrections(tx)).get(paperId)?.rows ?? [];
  if (rows.length > 0) await tx.deleteFrom('theme_correction').where('paper_id', 'in', rows).execute();
}

/**
 * All corrections by PaperId, in the order in which they were made. An id that no paper has (now) is looked up again:
 * the paper may have come since, or is known by another id. `rows`: the ids under which it is stored.
 */
export async function readCorrections(db: Db): Promise<Map<string, Correction & { rows: string[] }>> {
  const stored = await db
    .selectFrom('theme_correction')
    .leftJoin('paper', 'paper.id', 'theme_correction.paper_id')
    .select(['paper_id', 'theme', 'curator', 'at', 'paper.id as known'])
    .orderBy('at')
    .orderBy('paper_id')
    .execute();
  const corrections = new Map<string, Correction & { rows: string[] }>();
  for (const { paper_id, known, ...said } of stored) {
    const paperId = known ?? (await findPaper(db, paper_id))?.id ?? paper_id;
    const rows = [...(corrections.get(paperId)?.rows ?? []), paper_id];
    corrections.delete(paperId);
    corrections.set(paperId, { paperId, ...said, rows });
  }
  return corrections;
}

/** What corrections teach: the texts of their papers. */
export interface Lessons {
  labelled: LabelledText[];
  /** Themes that corrections name and the taxonomy no longer has; those corrections teach nothing. */
  unknownThemes: string[];
}

/** What a model may learn from corrections; papers that no source knows yet, or that have no abstract, teach nothing. */
export async function readLessons(db: Db, themes: readonly Pick<Theme, 'slug'>[]): Promise<Lessons> {
  const corrections = [...(await readCorrections(db)).values()];
  const known = corrections.filter(({ theme }) => isKnown(theme, themes));
  const unknown = corrections.filter(({ theme }) => !isKnown(theme, themes)).map(({ theme }) => `${theme}`);
  const texts = new Map<string, { title: string; abstract: string }>();
  for (const some of chunks(known.map(({ paperId }) => paperId))) {
    const rows = await db
      .selectFrom('paper')
      .select(['id', 'title', 'abstract'])
      .where('id', 'in', some)
      .where('abstract', '<>', '')
      .execute();
    for (const { id, ...text } of rows) texts.set(id, text);
  }
  const labelled = known.flatMap(({ paperId, theme }) => {
    const text = texts.get(paperId);
    return text === undefined ? [] : [{ ...text, theme }];
  });
  return { labelled, unknownThemes: [...new Set(unknown)] };
}

/** Whether the taxonomy has (still) the theme that a correction names. */
export const isKnown = (theme: string | null, themes: readonly Pick<Theme, 'slug'>[]) =>
  theme === null || themes.some(({ slug }) => slug === theme);
