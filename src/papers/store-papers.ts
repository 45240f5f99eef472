// Stores what sources announce: their words as they are, and of all of them together one paper for each work.
import { sql } from 'kysely';
import type { CurationTable, Day, Instant, PaperTable, Tx } from '../store/schema.ts';
import { groupWorks } from './identity.ts';
import { merge } from './merge.ts';
import type { Announcement, Paper } from './paper.ts';
import { indexPapers, takeFromIndex } from './search-index.ts';
import { chunks, knownTogetherWith, nameOf, type StoredTold, storeTold, toldBy } from './told.ts';

/** What storing brought: how many papers were new, updated and unchanged, and the ids of all, and of the new ones. */
export interface Stored {
  new: number;
  updated: number;
  duplicate: number;
  ids: string[];
  newIds: string[];
  /** How many of them this source had not named before `from.since`. */
  fresh: number;
}

/**
 * Stores announcements of one source and makes of them, and of all that was said before, one paper for each work.
 * Votes are added as a snapshot of `from.at`. `from.day` is the day that was asked for.
 */
export async function storeAnnouncements(
  tx: Tx,
  announcements: readonly Announcement[],
  from: { source: string; at: Instant; day: Day; since?: Instant | undefined },
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
  const joined = await forget(tx, works, before);
  await indexPapers(tx, [...new Set([...changed.keys(), ...joined])]);
  await storeVotes(tx, announcements, ids, from);
  return {
    ...count(ids, changed),
    ids: [...new Set(ids)],
    newIds: [...new Set(ids)].filter(id => changed.get(id) === 'new'),
    fresh: known.filter(r => said.has(nameOf(r)) && isFresh(r, from.since)).length,
  };
}

/** What was stored by an attempt that did not end well is as fresh as it was then. */
const isFresh = ({ paperId, firstAt }: StoredTold, since: Instant | undefined) =>
  paperId === undefined || (since !== undefined && firstAt > since);

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
  const rows: PaperTable[] = [];
  for (const [id, records] of works) {
    const { paper, announcedOn } = merge(id, records);
    const now = { ...columns(paper), announced_on: announcedOn };
    const known = before.get(id);
    if (known === undefined) {
      const former = records.flatMap(record => before.get(record.paperId ?? '') ?? []);
      const first = former.reduce<PaperTable | undefined>(
        (a, b) => (a && a.collected_at <= b.collected_at ? a : b),
        undefined,
      );
      const { source, at: collected_at, day: collected_on, at: updated_at } = from;
      const fresh = { source, collected_at, collected_on, position: from.order.get(id) ?? 0 };
      rows.push({ ...fresh, ...first, id, ...now, updated_at });
      changed.set(id, first === undefined ? 'new' : 'updated');
    } else {
      const same = CONTENT.every(key => now[key] === known[key]);
      if (!same) changed.set(id, 'updated');
      if (!same || now.announced_on !== known.announced_on)
        rows.push({ ...known, ...now, updated_at: same ? known.updated_at : from.at });
    }
  }
  await writePapers(tx, rows);
  return changed;
}

/** Writes papers, those that are known over what they were. */
async function writePapers(tx: Tx, rows: readonly PaperTable[]): Promise<void> {
  for (const some of chunks(rows)) {
    await tx
      .insertInto('paper')
      .values(some)
      .onConflict(c =>
        c.column('id').doUpdateSet(({ ref }) => ({
          title: ref('excluded.title'),
          abstract: ref('excluded.abstract'),
          authors: ref('excluded.authors'),
          url: ref('excluded.url'),
          links: ref('excluded.links'),
          facts: ref('excluded.facts'),
          announced_on: ref('excluded.announced_on'),
          updated_at: ref('excluded.updated_at'),
        })),
      )
      .execute();
  }
}

/** Papers that turned out to be the same work as another one hand over what hangs on them. @returns who took it over */
async function forget(
  tx: Tx,
  works: Map<string, StoredTold[]>,
  before: Map<string, PaperTable>,
): Promise<string[]> {
  const joined: string[] = [];
  for (const [id, records] of works) {
    const former = new Set(records.flatMap(record => record.paperId ?? []));
    for (const old of former) {
      if (works.has(old) || !before.has(old)) continue;
      await handOver(tx, old, id);
      joined.push(id);
    }
  }
  return joined;
}

async function handOver(tx: Tx, old: string, id: string): Promise<void> {
  await sql`insert into vote (paper_id, source, at, upvotes, comments, stars)
    select ${id}, source, at, upvotes, comments, stars from vote where paper_id = ${old}
    on conflict do nothing`.execute(tx);
  await tx.deleteFrom('vote').where('paper_id', '=', old).execute();
  await joinPlaces(tx, old, id);
  await joinCurations(tx, old, id);
  await tx.deleteFrom('paper').where('id', '=', old).execute();
}

/** Of two editions in which the two stand, the first one keeps the paper. */
async function joinPlaces(tx: Tx, old: string, id: string): Promise<void> {
  const places = await tx
    .selectFrom('edition_paper')
    .select(['edition_date', 'place', 'theme'])
    .where('paper_id', 'in', [old, id])
    .orderBy('edition_date')
    .execute();
  const [first, ...others] = places;
  if (first === undefined) return;
  await tx.deleteFrom('edition_paper').where('paper_id', 'in', [old, id]).execute();
  await takeFromIndex(
    tx,
    others.map(({ place }) => place),
  );
  await tx
    .insertInto('edition_paper')
    .values({ paper_id: id, ...first })
    .execute();
}

/** Curators spoke of both: who is hidden stays hidden, what is picked stays picked, a note stays. */
async function joinCurations(tx: Tx, old: string, id: string): Promise<void> {
  const rows = await tx
    .selectFrom('curation')
    .selectAll()
    .where('paper_id', 'in', [old, id])
    .orderBy('at')
    .execute();
  if (rows.length === 0) return;
  await tx.deleteFrom('curation').where('paper_id', 'in', [old, id]).execute();
  const hidden = Math.max(...rows.map(row => row.hidden));
  const noted = rows.findLast(row => row.note !== null);
  const { at, curator } = rows[0] as CurationTable;
  await tx
    .insertInto('curation')
    .values({
      paper_id: id,
      hidden,
      picked: hidden === 1 ? 0 : Math.max(...rows.map(row => row.picked)),
      note: noted?.note ?? null,
      curator: noted?.curator ?? curator,
      at,
    })
    .execute();
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
