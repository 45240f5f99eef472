// What the archive holds: which editions there are, what stands before and after one, and the papers of a theme.
// Papers that a curator hides after they were published are left out, though their edition stays as it was sent.
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Day, Db, Instant, Schema } from '../store/schema.ts';
import { Edition } from './edition.ts';

/** How many editions there are, and the last one: as long as this is the same, nothing was published. */
export interface Extent {
  editions: number;
  latest: Day | null;
}

/** What there is now. */
export async function extent(db: Db): Promise<Extent> {
  return db
    .selectFrom('edition')
    .select(({ fn }) => [fn.countAll<number>().as('editions'), fn.max('date').as('latest')])
    .executeTakeFirstOrThrow();
}

/** The dates of the editions next to a day; null where there is none. */
export async function neighbours(db: Db, date: Day): Promise<{ earlier: Day | null; later: Day | null }> {
  const one = (which: 'max' | 'min', than: '<' | '>') =>
    db
      .selectFrom('edition')
      .where('date', than, date)
      .select(({ fn }) => fn[which]('date').as('date'))
      .executeTakeFirst();
  const [earlier, later] = [await one('max', '<'), await one('min', '>')];
  return { earlier: earlier?.date ?? null, later: later?.date ?? null };
}

/** Every month (YYYY-MM) that has editions, with how many, the newest first. */
export async function editionMonths(db: Db): Promise<{ month: string; editions: number }[]> {
  const month = sql<string>`substr(date, 1, 7)`;
  return db
    .selectFrom('edition')
    .select(({ fn }) => [month.as('month'), fn.countAll<number>().as('editions')])
    .groupBy(month)
    .orderBy(month, 'desc')
    .execute();
}

/** An edition in a list: how many papers it has, and the title of the best one (null where it has none). */
export interface EditionLine {
  date: Day;
  papers: number;
  lead: string | null;
}

/** The editions of a month (YYYY-MM), the newest first. */
export async function editionsOfMonth(db: Db, month: string): Promise<EditionLine[]> {
  return db
    .selectFrom('edition as d')
    .leftJoin('edition_paper as e', 'e.edition_date', 'd.date')
    .where('d.date', '>=', `${month}-01`)
    .where('d.date', '<=', `${month}-31`)
    .groupBy('d.date')
    .orderBy('d.date', 'desc')
    .select(({ fn, selectFrom }) => [
      'd.date',
      fn.count<number>('e.paper_id').as('papers'),
      selectFrom('edition_paper as b')
        .innerJoin('paper as p', 'p.id', 'b.paper_id')
        .whereRef('b.edition_date', '=', 'd.date')
        .orderBy('b.place', 'desc')
        .limit(1)
        .select('p.title')
        .as('lead'),
    ])
    .execute();
}

/** The last editions with when they were published, the newest first. */
export async function lastEditions(
  db: Db,
  most: number,
): Promise<{ edition: Edition; publishedAt: Instant }[]> {
  const query = db.selectFrom('edition').select(['content', 'published_at']).orderBy('date', 'desc');
  const rows = await query.limit(most).execute();
  return rows.map(({ content, published_at: publishedAt }) => ({
    edition: Edition.parse(JSON.parse(content)),
    publishedAt,
  }));
}

/** Where a published paper stands. */
export interface Entry {
  id: string;
  date: Day;
  place: number;
  /** The slug of its own theme. */
  theme: string;
  publishedAt: Instant;
}

const isShown = ({ not, exists, selectFrom }: ExpressionBuilder<Shown, 'e'>): Expression<SqlBool> =>
  not(
    exists(
      selectFrom('curation as c')
        .select('c.paper_id')
        .whereRef('c.paper_id', '=', 'e.paper_id')
        .where('c.hidden', '=', 1),
    ),
  );

type Shown = Schema & { e: Schema['edition_paper'] };

const entries = (db: Db) =>
  db
    .selectFrom('edition_paper as e')
    .innerJoin('edition as d', 'd.date', 'e.edition_date')
    .where(isShown)
    .select(['e.paper_id as id', 'd.date', 'e.place', 'e.theme', 'd.published_at as publishedAt']);

/** Where a paper stands; undefined where it was not published, or is hidden. */
export async function entryOfPaper(db: Db, id: string): Promise<Entry | undefined> {
  return entries(db).where('e.paper_id', '=', id).executeTakeFirst();
}

/** Where some papers stand, in the order given; those that are hidden are left out. */
export async function entriesOf(db: Db, papers: readonly { id: string }[]): Promise<Entry[]> {
  if (papers.length === 0) return [];
  const ids = papers.map(({ id }) => id);
  const found = new Map((await entries(db).where('e.paper_id', 'in', ids).execute()).map(e => [e.id, e]));
  return ids.flatMap(id => found.get(id) ?? []);
}

/** Papers of a theme, those of the newest edition first and of each the best first. */
export async function entriesOfTheme(
  db: Db,
  theme: string,
  { from, most }: { from: number; most: number },
): Promise<Entry[]> {
  return entries(db)
    .where('e.theme', '=', theme)
    .orderBy('e.place', 'desc')
    .limit(most)
    .offset(from)
    .execute();
}

/** All papers of the editions of a month (YYYY-MM), in the order of `entriesOfTheme`. */
export async function entriesOfMonth(db: Db, month: string): Promise<Entry[]> {
  return entries(db)
    .where('e.edition_date', '>=', `${month}-01`)
    .where('e.edition_date', '<=', `${month}-31`)
    .orderBy('e.place', 'desc')
    .execute();
}

/** How many papers each theme has ever had, by slug. */
export async function papersByTheme(db: Db): Promise<Map<string, number>> {
  const count = (papers: ReturnType<typeof ofTheme>) =>
    papers
      .groupBy('e.theme')
      .select(({ fn }) => ['e.theme', fn.countAll<number>().as('papers')])
      .execute();
  const [all, hidden] = [await count(ofTheme(db)), await count(ofTheme(db).where(isHidden))];
  const counts = new Map(all.map(({ theme, papers }) => [theme, papers]));
  for (const { theme, papers } of hidden) counts.set(theme, (counts.get(theme) ?? 0) - papers);
  return counts;
}

/** How many papers a theme has ever had. */
export async function countOfTheme(db: Db, theme: string): Promise<number> {
  const count = async (papers: ReturnType<typeof ofTheme>) => {
    const query = papers.where('e.theme', '=', theme).select(({ fn }) => fn.countAll<number>().as('papers'));
    return (await query.executeTakeFirstOrThrow()).papers;
  };
  return (await count(ofTheme(db))) - (await count(ofTheme(db).where(isHidden)));
}

/** To count all and take off the few that are hidden is far quicker than to look at each. */
const ofTheme = (db: Db) => db.selectFrom('edition_paper as e');

const isHidden = ({ eb, selectFrom }: ExpressionBuilder<Shown, 'e'>): Expression<SqlBool> =>
  eb('e.paper_id', 'in', selectFrom('curation as c').select('c.paper_id').where('c.hidden', '=', 1));
