// An Edition: one day's paper, ranked and grouped, the same for everyone. Once published it never changes.
import { z } from 'zod';
import { DayText, Paper } from '../papers/paper.ts';
import type { Day, Db } from '../store/schema.ts';
import { Trend } from './trend.ts';

/** See themes/evidence.ts. */
const Evidence = z.object({
  theme: z.string().nullable(),
  second: z.string().nullable(),
  score: z.number().nullable(),
  margin: z.number().nullable(),
  matched: z.array(z.string()),
  by: z.enum(['model', 'embedder', 'person']),
  placed: z.enum(['theme', 'second', 'likeness', 'rest']),
});

// What came later than the first editions has a default, so that they can be read for ever.
const EditionPaper = Paper.extend({
  source: z.string(),
  rank: z.number().int().positive(),
  vote: z.object({ upvotes: z.number(), comments: z.number(), stars: z.number().nullable() }).nullable(),
  /** Why it stands where it stands; null where nobody counts its votes. */
  trend: Trend.nullable().default(null),
  /** Its own theme, where it stands in a section of another one; null: that of its section. */
  theme: z.object({ slug: z.string(), name: z.string() }).nullable().default(null),
  /** Why it stands in its section; for the operator, not for readers. */
  evidence: Evidence.nullable().default(null),
  /** A curator's pick, with the name and the words that the curator gave. */
  pick: z.object({ by: z.string().nullable(), note: z.string().nullable() }).nullable().default(null),
  /** A curator's words on a paper that is not picked. */
  note: z.object({ by: z.string().nullable(), text: z.string() }).nullable().default(null),
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

/** The date of the published edition in which a paper stands, or undefined. */
export async function editionOf(db: Db, paperId: string): Promise<Day | undefined> {
  const query = db.selectFrom('edition_paper').select('edition_date').where('paper_id', '=', paperId);
  return (await query.executeTakeFirst())?.edition_date;
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
