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

/** The editions with `after < date <= through`, oldest first. */
export async function readEditions(db: Db, after: Day, through: Day): Promise<Edition[]> {
  const rows = await db
    .selectFrom('edition')
    .select('content')
    .where('date', '>', after)
    .where('date', '<=', through)
    .orderBy('date')
    .execute();
  return rows.map(row => Edition.parse(JSON.parse(row.content)));
}

/** The date of the latest published edition on or before `through` (any, without it), or undefined. */
export async function latestEditionDate(db: Db, through?: Day): Promise<Day | undefined> {
  let query = db.selectFrom('edition').select('date').orderBy('date', 'desc').limit(1);
  if (through !== undefined) query = query.where('date', '<=', through);
  return (await query.executeTakeFirst())?.date;
}
