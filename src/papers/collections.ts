// What came of asking the sources, row by row: the memory by which the next answer is judged.
import { type Clock, type Day, type Db, instantText } from '../store/schema.ts';
import type { Outcome, PastBatch } from './outcome.ts';
import type { Dropped } from './paper.ts';

/** What came of asking one source. fetched = new + updated + duplicate + the dropped ones. */
export interface Collection {
  name: string;
  outcome: Outcome;
  /** Why, where the outcome does not speak for itself. */
  reason: string | null;
  /** The day that was asked for. */
  asked: Day;
  /** The day of which the answer says it is. */
  day: Day | null;
  fetched: number;
  new: number;
  updated: number;
  duplicate: number;
  dropped: { reason: Dropped['reason']; count: number }[];
  problems: string[];
  paperIds: string[];
  error?: string;
  /** What to do about `error`. */
  hint?: string;
}

/** Keeps what came of asking a source; the last answer of one instant counts. */
export async function record(
  db: Db,
  { fingerprint, ...collection }: Collection & { fingerprint: string },
  clock: Clock,
): Promise<Collection> {
  const { paperIds: _, problems, ...content } = collection;
  const said = {
    outcome: collection.outcome,
    content: JSON.stringify({ ...content, fingerprint, problems: problems.slice(0, 100) }),
  };
  await db
    .insertInto('collection')
    .values({ source: collection.name, at: instantText(clock()), ...said })
    .onConflict(c => c.columns(['source', 'at']).doUpdateSet(said))
    .execute();
  return collection;
}

interface Row {
  at: string;
  outcome: Outcome;
  content: Partial<Omit<Collection, 'paperIds'>> & { fingerprint?: string };
}

/** As far back as an answer is compared with earlier ones, however old the store is. */
const MEMORY = 40;

async function lastRows(db: Db, source: string): Promise<Row[]> {
  const rows = await db
    .selectFrom('collection')
    .select(['at', 'outcome', 'content'])
    .where('source', '=', source)
    .orderBy('at', 'desc')
    .limit(MEMORY)
    .execute();
  return rows.map(row => ({
    at: row.at,
    outcome: row.outcome as Outcome,
    content: JSON.parse(row.content) as Row['content'],
  }));
}

/** The answers of `source` that held papers, the newest first. */
export async function pastBatches(db: Db, source: string): Promise<PastBatch[]> {
  return (await lastRows(db, source)).flatMap(({ at, outcome, content }) => {
    const { asked, day = null, fetched = 0, fingerprint = '' } = content;
    if (outcome === 'failed' || fetched === 0 || asked === undefined) return [];
    return [{ day: asked, listDay: day, at, fetched, fingerprint }];
  });
}

/** The first and the last day for which `source` was asked with success; undefined: never. */
export async function askedBefore(db: Db, source: string): Promise<{ first: Day; last: Day } | undefined> {
  const rows = (await lastRows(db, source)).filter(({ outcome }) => outcome !== 'failed');
  const days = rows.flatMap(({ content }) => content.asked ?? []).sort();
  const [first, last] = [days[0], days.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** The latest word about one source. */
export interface LastCollection {
  source: string;
  at: string;
  outcome: Outcome;
  asked: Day | null;
  reason: string | null;
  error: string | null;
}

/** What came of the last time that each source was asked; `of`: only for this day. */
export async function lastCollections(db: Db, of?: Day): Promise<LastCollection[]> {
  const names = await db.selectFrom('collection').select('source').distinct().orderBy('source').execute();
  const found: LastCollection[] = [];
  for (const { source } of names) {
    const row = (await lastRows(db, source)).find(({ content }) => of === undefined || content.asked === of);
    if (row === undefined) continue;
    const { asked = null, reason = null, error = null } = row.content;
    found.push({ source, at: row.at, outcome: row.outcome, asked, reason, error });
  }
  return found;
}
