// The papers and votes in the database.
import { sql } from 'kysely';
import type { Day, Db, Instant, PaperTable, Tx } from '../store/schema.ts';
import type { Announcement, Vote } from './paper.ts';
import { homeOf, Paper } from './paper.ts';

/** A paper as it is stored: with the source that told of it first, its announcement day and its latest votes. */
export type StoredPaper = Paper & {
  source: string;
  announcedOn: Day | null;
  collectedAt: Instant;
  position: number;
  vote: Vote | null;
};

/**
 * Stores announcements of one source. A known paper is updated only where the source says something else than before;
 * votes are added as a snapshot of `from.at`. `from.day` is the day that was asked for.
 * @returns how many were new, updated and unchanged
 */
export async function storeAnnouncements(
  tx: Tx,
  announcements: readonly Announcement[],
  from: { source: string; at: Instant; day: Day },
): Promise<{ new: number; updated: number; duplicate: number }> {
  const counts = { new: 0, updated: 0, duplicate: 0 };
  for (const [position, announcement] of announcements.entries()) {
    counts[await storePaper(tx, announcement, { ...from, position })]++;
    const { paper, vote } = announcement;
    if (vote !== null) await storeVote(tx, paper.id, vote, from.source, from.at);
  }
  return counts;
}

async function storePaper(
  tx: Tx,
  { paper, announcedOn }: Announcement,
  from: { source: string; at: Instant; day: Day; position: number },
): Promise<'new' | 'updated' | 'duplicate'> {
  const known = await tx
    .selectFrom('paper')
    .select(['title', 'abstract', 'authors', 'url', 'links'])
    .where('id', '=', paper.id)
    .executeTakeFirst();
  if (known === undefined) {
    await tx
      .insertInto('paper')
      .values({
        id: paper.id,
        ...columns(paper),
        source: from.source,
        announced_on: announcedOn,
        collected_at: from.at,
        collected_on: from.day,
        position: from.position,
        updated_at: from.at,
      })
      .execute();
    return 'new';
  }
  // A source that says less than another did before must not take away what is known.
  const merged = columns({
    ...paper,
    abstract: paper.abstract || known.abstract,
    authors: paper.authors.length > 0 ? paper.authors : JSON.parse(known.authors),
    url: paper.url === homeOf(paper.id) ? (known.url ?? paper.url) : paper.url,
    links: { ...JSON.parse(known.links), ...paper.links },
  });
  const keys = Object.keys(merged) as (keyof typeof merged)[];
  if (keys.every(key => merged[key] === known[key])) return 'duplicate';
  await tx
    .updateTable('paper')
    .set({ ...merged, updated_at: from.at })
    .where('id', '=', paper.id)
    .execute();
  return 'updated';
}

function columns({ title, abstract, authors, url, links }: Paper) {
  const { pdf, code, project, discussion } = links;
  // Always in this order, so that equal links are equal text.
  return {
    title,
    abstract,
    authors: JSON.stringify(authors),
    url,
    links: JSON.stringify({ pdf, code, project, discussion }),
  };
}

async function storeVote(tx: Tx, paperId: string, vote: Vote, source: string, at: Instant): Promise<void> {
  await tx
    .insertInto('vote')
    .values({ paper_id: paperId, source, at, ...vote })
    .onConflict(c => c.columns(['paper_id', 'source', 'at']).doUpdateSet(vote))
    .execute();
}

/** Which papers to read; absent conditions do not restrict. `editionless`: only those that stand in no edition yet. */
export interface PaperFilter {
  editionless?: boolean;
  announcedFrom?: Day;
  announcedTo?: Day;
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
  });
  const { source, announced_on: announcedOn, collected_at: collectedAt, position } = row;
  return { ...paper, source, announcedOn, collectedAt, position, vote };
}

async function latestVotes(db: Db, ids: readonly string[]): Promise<Map<string, Vote>> {
  const latest = new Map<string, Vote>();
  for (let start = 0; start < ids.length; start += 500) {
    const rows = await db
      .selectFrom('vote')
      .selectAll()
      .where('paper_id', 'in', ids.slice(start, start + 500))
      .orderBy('at')
      .execute();
    for (const { paper_id, upvotes, comments, stars } of rows)
      latest.set(paper_id, { upvotes, comments, stars });
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
