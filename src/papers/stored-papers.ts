// The papers and votes in the database.
import { sql } from 'kysely';
import type { Day, Db, Instant, PaperTable, Tx } from '../store/schema.ts';
import { groupWorks } from './identity.ts';
import { merge } from './merge.ts';
import { type Announcement, Paper, type Vote } from './paper.ts';
import { chunks, knownTogetherWith, nameOf, type StoredTold, storeTold, toldBy } from './told.ts';

/** A paper as it is stored: with the source that told of it first, its announcement day and its latest votes. */
export type StoredPaper = Paper & {
  source: string;
  announcedOn: Day | null;
  collectedAt: Instant;
  position: number;
  vote: Vote | null;
};

/** What storing brought: how many papers were new, updated and unchanged, and the ids of all, and of the new ones. */
export interface Stored {
  new: number;
  updated: number;
  duplicate: number;
  ids: string[];
  newIds: string[];
  /** How many of them this source had not named before. */
  fresh: number;
}

/**
 * Stores announcements of one source and makes of them, and of all that was said before, one paper for each work.
 * Votes are added as a snapshot of `from.at`. `from.day` is the day that was asked for.
 */
export async function storeAnnouncements(
  tx: Tx,
  announcements: readonly Announcement[],
  from: { source: string; at: Instant; day: Day },
): Promise<Stored> {
  const told = announcements.map(announcement => toldBy(announcement, from.source, from.at));
  const known = await knownTogetherWith(tx, told);
  const works = groupWorks(known);
  const workOf = new Map<string, string>();
  for (const [id, records] of works) for (const record of records) workOf.set(nameOf(record), id);
  const ids = told.map(record => workOf.get(nameOf(record)) as string);
  const before = await paperRows(tx, works);
  const changed = await storeWorks(tx, works, before, {
    ...from,
    order: new Map(ids.map((id, i) => [id, i])),
  });
  const said = new Set(told.map(nameOf));
  // What did not speak now is written only where it belongs to another paper than before.
  const records = [...works].flatMap(([paperId, work]) =>
    work.filter(r => said.has(nameOf(r)) || r.paperId !== paperId).map(r => ({ ...r, paperId })),
  );
  await storeTold(tx, records);
  await forget(tx, works, before);
  await storeVotes(tx, announcements, ids, from);
  return {
    ...count(ids, changed),
    ids: [...new Set(ids)],
    newIds: [...new Set(ids)].filter(id => changed.get(id) === 'new'),
    fresh: known.filter(r => r.paperId === undefined).length,
  };
}

function count(ids: readonly string[], changed: Map<string, 'new' | 'updated'>) {
  const counts = { new: 0, updated: 0, duplicate: 0 };
  const seen = new Set<string>();
  for (const id of ids) {
    counts[seen.has(id) ? 'duplicate' : (changed.get(id) ?? 'duplicate')]++;
    seen.add(id);
  }
  return counts;
}

/** The papers to which the records of `works` belong so far. */
async function paperRows(tx: Tx, works: Map<string, StoredTold[]>): Promise<Map<string, PaperTable>> {
  const rows = new Map<string, PaperTable>();
  const ids = new Set([...works.values()].flatMap(work => work.flatMap(record => record.paperId ?? [])));
  for (const some of chunks([...ids])) {
    const found = await tx.selectFrom('paper').selectAll().where('id', 'in', some).execute();
    for (const row of found) rows.set(row.id, row);
  }
  return rows;
}

async function storeWorks(
  tx: Tx,
  works: Map<string, StoredTold[]>,
  before: Map<string, PaperTable>,
  from: { source: string; at: Instant; day: Day; order: Map<string, number> },
): Promise<Map<string, 'new' | 'updated'>> {
  const changed = new Map<string, 'new' | 'updated'>();
  const inserts: PaperTable[] = [];
  for (const [id, records] of works) {
    const { paper, announcedOn } = merge(id, records);
    const now = { ...columns(paper), announced_on: announcedOn };
    const former = records.flatMap(record => before.get(record.paperId ?? '') ?? []);
    const known = before.get(id);
    if (known === undefined) {
      const first = former.reduce<PaperTable | undefined>(
        (a, b) => (a && a.collected_at <= b.collected_at ? a : b),
        undefined,
      );
      const { source, at: collected_at, day: collected_on, at: updated_at } = from;
      const fresh = { source, collected_at, collected_on, position: from.order.get(id) ?? 0 };
      inserts.push({ ...fresh, ...first, id, ...now, updated_at });
      changed.set(id, first === undefined ? 'new' : 'updated');
    } else {
      const same = CONTENT.every(key => now[key] === known[key]);
      if (!same) changed.set(id, 'updated');
      if (!same || now.announced_on !== known.announced_on) {
        const updated_at = same ? known.updated_at : from.at;
        await tx
          .updateTable('paper')
          .set({ ...now, updated_at })
          .where('id', '=', id)
          .execute();
      }
    }
  }
  for (const some of chunks(inserts)) await tx.insertInto('paper').values(some).execute();
  return changed;
}

/** Papers that turned out to be the same work as another one hand over what hangs on them. */
async function forget(
  tx: Tx,
  works: Map<string, StoredTold[]>,
  before: Map<string, PaperTable>,
): Promise<void> {
  for (const [id, records] of works) {
    const former = new Set(records.flatMap(record => record.paperId ?? []));
    for (const old of former) if (!works.has(old) && before.has(old)) await handOver(tx, old, id);
  }
}

async function handOver(tx: Tx, old: string, id: string): Promise<void> {
  await sql`insert into vote (paper_id, source, at, upvotes, comments, stars)
    select ${id}, source, at, upvotes, comments, stars from vote where paper_id = ${old}
    on conflict do nothing`.execute(tx);
  await tx.deleteFrom('vote').where('paper_id', '=', old).execute();
  const dates = await tx
    .selectFrom('edition_paper')
    .select('edition_date')
    .where('paper_id', 'in', [old, id])
    .orderBy('edition_date')
    .execute();
  await tx.deleteFrom('edition_paper').where('paper_id', 'in', [old, id]).execute();
  const first = dates[0];
  if (first !== undefined)
    await tx
      .insertInto('edition_paper')
      .values({ paper_id: id, ...first })
      .execute();
  const curated = await tx
    .selectFrom('curation')
    .select('paper_id')
    .where('paper_id', '=', id)
    .executeTakeFirst();
  if (curated === undefined)
    await tx.updateTable('curation').set({ paper_id: id }).where('paper_id', '=', old).execute();
  else await tx.deleteFrom('curation').where('paper_id', '=', old).execute();
  await tx.deleteFrom('paper').where('id', '=', old).execute();
}

const CONTENT = ['title', 'abstract', 'authors', 'url', 'links', 'facts'] as const;

function columns({ title, abstract, authors, url, links, facts }: Paper) {
  // Always in this order, so that what is equal is equal text.
  const { pdf, code, project, discussion } = links;
  const { version, doi, categories, comment, journal, organization, submitter, thumbnail } = facts;
  return {
    title,
    abstract,
    authors: JSON.stringify(authors),
    url,
    links: JSON.stringify({ pdf, code, project, discussion }),
    facts: JSON.stringify({ version, doi, categories, comment, journal, organization, submitter, thumbnail }),
  };
}

async function storeVotes(
  tx: Tx,
  announcements: readonly Announcement[],
  ids: readonly string[],
  { source, at }: { source: string; at: Instant },
): Promise<void> {
  const votes = new Map(
    announcements.flatMap(({ vote }, index) => {
      const paper_id = ids[index] as string;
      return vote === null ? [] : [[paper_id, { paper_id, source, at, ...vote }] as const];
    }),
  );
  for (const some of chunks([...votes.values()])) {
    await tx
      .insertInto('vote')
      .values(some)
      .onConflict(c =>
        c.columns(['paper_id', 'source', 'at']).doUpdateSet(({ ref }) => ({
          upvotes: ref('excluded.upvotes'),
          comments: ref('excluded.comments'),
          stars: ref('excluded.stars'),
        })),
      )
      .execute();
  }
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
    facts: JSON.parse(row.facts),
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
