// What the vote snapshots say: how a paper stands now, and how much came since the last edition.
import type { Day, Db, Instant } from '../store/schema.ts';

/** A paper's latest count, and the votes that came since `since` (both null where no earlier count is known). */
export interface Count {
  votes: number;
  comments: number;
  stars: number;
  growth: number | null;
  since: Day | null;
}

interface Snapshot {
  paper_id: string;
  source: string;
  at: Instant;
  upvotes: number;
  comments: number;
  stars: number | null;
}

/** Without an earlier edition, the first count is compared with the last one if so many hours lie between them. */
const SHORTEST_HOURS = 6;

/**
 * The counts of some papers. Counts of different sources are never compared; of several sources, the one that counts
 * the most votes now is believed. The baseline of the growth is the last snapshot up to the earlier edition, else the
 * first one if it is old enough. Its day is the day in UTC.
 * @param earlier when the edition before was published; null: there is none
 */
export async function countVotes(
  db: Db,
  ids: readonly string[],
  earlier: Instant | null,
): Promise<Map<string, Count>> {
  const counts = new Map<string, Count>();
  for (let start = 0; start < ids.length; start += 500) {
    const snapshots = await tellingSnapshots(db, ids.slice(start, start + 500), earlier);
    const bySource = Map.groupBy(snapshots, ({ paper_id, source }) => `${paper_id}\n${source}`);
    for (const ofOne of bySource.values()) {
      const id = ofOne[0]?.paper_id ?? '';
      const count = countOf(ofOne, earlier);
      const other = counts.get(id);
      if (other === undefined || count.votes > other.votes) counts.set(id, count);
    }
  }
  return counts;
}

/** Of each paper and source, in the order of time: the first snapshot, the last one up to `earlier`, and the last. */
function tellingSnapshots(db: Db, ids: string[], earlier: Instant | null): Promise<Snapshot[]> {
  return db
    .selectFrom('vote as v')
    .innerJoin(
      eb =>
        eb
          .selectFrom('vote')
          .where('paper_id', 'in', ids)
          .groupBy(['paper_id', 'source'])
          .select(({ fn, eb: is }) => [
            'paper_id as of_paper',
            'source as of_source',
            fn.min('at').as('first'),
            fn.max('at').as('last'),
            fn
              .max(
                is
                  .case()
                  .when('at', '<=', earlier ?? '')
                  .then(is.ref('at'))
                  .end(),
              )
              .as('before'),
          ])
          .as('telling'),
      join => join.onRef('of_paper', '=', 'v.paper_id').onRef('of_source', '=', 'v.source'),
    )
    .where(({ eb, or }) =>
      or((['first', 'last', 'before'] as const).map(one => eb('v.at', '=', eb.ref(one)))),
    )
    .select(['v.paper_id', 'v.source', 'v.at', 'v.upvotes', 'v.comments', 'v.stars'])
    .orderBy('v.paper_id')
    .orderBy('v.source')
    .orderBy('v.at')
    .execute();
}

function countOf(snapshots: readonly Snapshot[], earlier: Instant | null): Count {
  const now = snapshots.at(-1) as Snapshot;
  const baseline =
    snapshots.findLast(({ at }) => earlier !== null && at <= earlier) ?? oldEnough(snapshots[0], now);
  return {
    votes: now.upvotes,
    comments: now.comments,
    stars: now.stars ?? 0,
    growth: baseline === undefined ? null : now.upvotes - baseline.upvotes,
    since: baseline === undefined ? null : baseline.at.slice(0, 10),
  };
}

function oldEnough(first: Snapshot | undefined, now: Snapshot): Snapshot | undefined {
  if (first === undefined) return undefined;
  const hours = Temporal.Instant.from(first.at).until(now.at, { largestUnit: 'hours' }).hours;
  return hours >= SHORTEST_HOURS ? first : undefined;
}

/** Every snapshot of one paper, the first one first. */
export async function votesOverTime(db: Db, paperId: string): Promise<Omit<Snapshot, 'paper_id'>[]> {
  return db
    .selectFrom('vote')
    .select(['source', 'at', 'upvotes', 'comments', 'stars'])
    .where('paper_id', '=', paperId)
    .orderBy('at')
    .orderBy('source')
    .execute();
}

/** How many snapshots were taken before an instant. */
export async function countOldVotes(db: Db, before: Instant): Promise<number> {
  const row = await db
    .selectFrom('vote')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Forgets the snapshots that were taken before an instant; editions keep the counts that they were ranked by. */
export async function forgetVotes(db: Db, before: Instant): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('vote').where('at', '<', before).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
