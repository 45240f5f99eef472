// How many papers each theme had lately, by the published editions.
import { type Day, type Db, shiftDay } from '../store/schema.ts';
import { Edition } from './edition.ts';

/** How far back is counted, in days. */
export const COUNTED_DAYS = 30;

/** What the editions after `from` and up to `to` hold: papers by the slug of their own theme, wherever they stand. */
export interface ThemeCounts {
  editions: number;
  papers: number;
  of: ReadonlyMap<string, number>;
}

/**
 * Counts the papers of the editions of the last 30 days, today's among them. A theme that is in the taxonomy no more is
 * counted all the same, and so are papers of no theme (as "also-today").
 */
export async function countThemes(db: Db, today: Day): Promise<ThemeCounts> {
  const rows = await db
    .selectFrom('edition')
    .select('content')
    .where('date', '>', shiftDay(today, -COUNTED_DAYS))
    .where('date', '<=', today)
    .execute();
  const of = new Map<string, number>();
  let papers = 0;
  for (const { content } of rows) {
    for (const section of Edition.parse(JSON.parse(content)).themes) {
      papers += section.papers.length;
      for (const { theme } of section.papers) {
        const slug = theme?.slug ?? section.slug;
        of.set(slug, (of.get(slug) ?? 0) + 1);
      }
    }
  }
  return { editions: rows.length, papers, of };
}
