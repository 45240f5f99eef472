// What came of asking the sources, row by row: the memory by which the next answer is judged.
import { type Clock, type Day, type Db, instantText, type Tx } from '../store/schema.ts';
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

/**
 * Keeps what came of asking a source; the last answer of one instant counts.
 * @param held how many papers it had, and the fingerprint of them; left out: none that were asked for
 */
export async function record(
  db: Db | Tx,
  collection: Collection,
  clock: Clock,
  { held, fingerprint }: { held: number; fingerprint: string } = { held: 0, fingerprint: '' },
): Promise<Collection> {
  const { paperIds: _, problems, ...content } = collection;
  const said = {
    outcome: collection.outcome,
    content: JSON.stringify({ ...content, problems: problems.slice(0, 100) }),
    asked: collection.asked,
    list_day: collection.day,
    held,
    fingerprint,
  };
  await db
    .insertInto('collection')
    .values({ source: collection.name, at: instantText(clock()), ...said })
    .onConflict(c => c.columns(['source', 'at']).doUpdateSet(said))
    .execute();
  return collection;
}

/** As many days back an answer is compared with earlier ones, however old the store is. */
const MEMORY = 20;

/** The answers of `source` that held papers, the newest first; of each day that was asked for, the last one. */
export async function pastBatches(db: Db | Tx, source: string): Promise<PastBatch[]> {
  const rows = await db
    .selectFrom('collection')
    .select(['at', 'asked', 'list_day', 'held', 'fingerprint'])
    .where('source', '=', source)
    .where('outcome', '!=', 'failed')
    .where('held', '>', 0)
    .where('at', 'in', ({ selectFrom, fn }) =>
      selectFrom('collection')
        .select(fn.max('at').as('at'))
        .where('source', '=', source)
        .where('outcome', '!=', 'failed')
        .where('held', '>', 0)
        .groupBy('asked'),
    )
    .orderBy('at', 'desc')
    .limit(MEMORY)
    .execute();
  return rows.flatMap(({ asked, at, list_day: listDay, held, fingerprint }) =>
    asked === null ? [] : [{ day: asked, listDay, at, fetched: held ?? 0, fingerprint: fingerprint ?? '' }],
  );
}

/** The first and the last day up to `today` for which `source` was asked with success; undefined: never. */
export async function askedBefore(
  db: Db,
  source: string,
  today: Day,
): Promise<{ first: Day; last: Day } | undefined> {
  // Two looks at the ends of an index: one look for both would read all that was ever asked.
  const end = (order: 'asc' | 'desc') =>
    db
      .selectFrom('collection')
      .select('asked')
      .where('source', '=', source)
      .where('outcome', '!=', 'failed')
      .where('asked', '<=', today)
      .orderBy('asked', order)
      .limit(1)
      .executeTakeFirst();
  const [first, last] = [(await end('asc'))?.asked, (await end('desc'))?.asked];
  return first && last ? { first, last } : undefined;
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
    let query = db.selectFrom('collection').selectAll().where('source', '=', source);
    if (of !== undefined) query = query.where('asked', '=', of);
    const row = await query.orderBy('at', 'desc').limit(1).executeTakeFirst();
    if (row === undefined) continue;
    const { reason = null, error = null } = JSON.parse(row.content) as Partial<LastCollection>;
    found.push({ source, at: row.at, outcome: row.outcome as Outcome, asked: row.asked, reason, error });
  }
  return found;
}
