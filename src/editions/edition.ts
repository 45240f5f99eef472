// An Edition: one day's paper, ranked and grouped, the same for everyone. Once published it never changes.
import { z } from 'zod';
import { DayText, Paper } from '../papers/paper.ts';
import type { Day, Db } from '../store/schema.ts';

const EditionPaper = Paper.extend({
  source: z.string(),
  rank: z.number().int().positive(),
  vote: z.object({ upvotes: z.number(), comments: z.number(), stars: z.number().nullable() }).nullable(),
});

export const Edition = z.object({
  date: DayText,
  themes: z.array(z.object({ slug: z.string(), name: z.string(), papers: z.array(EditionPaper) })),
});

/** A paper as it stands in an edition. `rank` is its place in the whole day, from 1. */
export type EditionPaper = z.infer<typeof EditionPaper>;
export type Edition = z.infer<typeof Edition>;

/** All papers of an edition, best rank first. */
export function papersOf(edition: Edition): EditionPaper[] {
  return edition.themes.flatMap(theme => theme.papers).sort((a, b) => a.rank - b.rank);
}

/** The published edition of `date`, or undefined. */
export async function readEdition(db: Db, date: Day): Promise<Edition | undefined> {
  const row = await db.selectFrom('edition').select('content').where('date', '=', date).executeTakeFirst();
  return row && Edition.parse(JSON.parse(row.content));
}

/** The published editions of some dates, oldest first. */
export async function readEditionsOf(db: Db, dates: readonly Day[]): Promise<Edition[]> {
  if (dates.length === 0) return [];
  const rows = await db
    .selectFrom('edition')
    .select('content')
    .where('date', 'in', [...dates])
    .orderBy('date')
    .execute();
  return rows.map(row => Edition.parse(JSON.parse(row.content)));
}

/** The date of the latest published edition, or undefined. */
export async function latestEditionDate(db: Db): Promise<Day | undefined> {
  const row = await db
    .selectFrom('edition')
    .select('date')
    .orderBy('date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.date;
}
