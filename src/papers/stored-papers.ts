// The papers in the database, with their latest votes. They are stored by store-papers.ts.
import { sql } from 'kysely';
import type { Day, Db, Instant, PaperTable } from '../store/schema.ts';
import { Paper, type Vote } from './paper.ts';
import { chunks } from './told.ts';

/** A paper as it is stored: with the source that told of it first, its announcement day and its latest votes. */
export type StoredPaper = Paper & {
  source: string;
  announcedOn: Day | null;
  collectedAt: Instant;
  position: number;
  vote: Vote | null;
};

/** Which papers to read; absent conditions do not restrict. `editionless`: only those that stand in no edition yet. */
export interface PaperFilter {
  editionless?: boolean;
  announcedFrom?: Day;
  announcedTo?: Day;
  collectedAfter?: Instant;
  ids?: readonly string[];
}

/**
 * Papers with their latest votes, in the order in which sources listed them. For a paper whose source named no day,
 * the day for which it was collected counts.
 */
export async function readPapers(db: Db, filter: PaperFilter = {}): Promise<StoredPaper[]> {
  const announced = sql<Day>`coalesce(announced_on, collected_on)`;
  let query = db.selectFrom('paper').selectAll().orderBy('collected_at').orderBy('position').orderBy('id');
  if (filter.editionless) {
    query = query.where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('edition_paper').select('paper_id').whereRef('edition_paper.paper_id', '=', 'paper.id'),
        ),
      ),
    );
  }
  if (filter.announcedFrom !== undefined) query = query.where(announced, '>=', filter.announcedFrom);
  if (filter.announcedTo !== undefined) query = query.where(announced, '<=', filter.announcedTo);
  if (filter.collectedAfter !== undefined) query = query.where('collected_at', '>', filter.collectedAfter);
  if (filter.ids !== undefined) query = query.where('id', 'in', [...filter.ids]);
  const rows = await query.execute();
  const votes = await latestVotes(
    db,
    rows.map(row => row.id),
  );
  return rows.map(row => fromRow(row, votes.get(row.id) ?? null));
}

function fromRow(row: PaperTable, vote: Vote | null): StoredPaper {
  const paper = Paper.parse({
    id: row.id,
    title: row.title,
    abstract: row.abstract,
    authors: JSON.parse(row.authors),
    url: row.url,
    links: JSON.parse(row.links),
    facts: JSON.parse(row.facts),
  });
  const { source, announced_on: announcedOn, collected_at: collectedAt, position } = row;
  return { ...paper, source, announcedOn, collectedAt, position, vote };
}

/** Of each paper the last snapshot, however many there are; of two sources' in one instant, that of the later name. */
async function latestVotes(db: Db, ids: readonly string[]): Promise<Map<string, Vote>> {
  const latest = new Map<string, Vote>();
  for (const some of chunks(ids)) {
    const rows = await db
      .selectFrom('vote as v')
      .innerJoin(
        eb =>
          eb
            .selectFrom('vote')
            .where('paper_id', 'in', some)
            .groupBy('paper_id')
            .select(({ fn }) => ['paper_id as of_paper', fn.max('at').as('last')])
            .as('newest'),
        join => join.onRef('of_paper', '=', 'v.paper_id').onRef('last', '=', 'v.at'),
      )
      .select(['v.paper_id', 'v.upvotes', 'v.comments', 'v.stars'])
      .orderBy('v.source')
      .execute();
    for (const { paper_id, ...vote } of rows) latest.set(paper_id, vote);
  }
  return latest;
}

/** How many papers are stored, and how many of them stand in no edition yet. */
export async function countPapers(db: Db): Promise<{ stored: number; waiting: number }> {
  const count = (of: 'paper' | 'edition_paper') =>
    db
      .selectFrom(of)
      .select(({ fn }) => fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
  const [papers, published] = [await count('paper'), await count('edition_paper')];
  return { stored: Number(papers.n), waiting: Number(papers.n) - Number(published.n) };
}
