// Asks every source for its papers and stores what is new, with an exact account of all that was sent.
import { PaperroundError, reasonOf } from '../errors.ts';
import { type Clock, type Day, type Db, dayIn, instantText } from '../store/schema.ts';
import type { Announcement, Dropped } from './paper.ts';
import type { Batch, Source } from './sources/source.ts';
import { storeAnnouncements } from './stored-papers.ts';

/** What came of asking one source. fetched = new + updated + duplicate + the dropped ones. */
export interface Collection {
  name: string;
  outcome: 'ok' | 'quiet' | 'not-yet' | 'failed';
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
 * Asks the sources side by side and stores their papers and votes, one transaction a source.
 * A source that fails is reported as `failed` and never stops the others; one without anything new is `quiet`.
 * @param ask `allOrNothing`: nothing is stored when one of the sources fails
 */
export async function collect(
  db: Db,
  sources: readonly Source[],
  ask: { day: Day; zone: string; clock: Clock; allOrNothing?: boolean },
): Promise<Collection[]> {
  const answers = await Promise.allSettled(
    sources.map(source => source.announce({ day: ask.day, today: dayIn(ask.zone, ask.clock()) })),
  );
  const failing = ask.allOrNothing && answers.some(answer => answer.status === 'rejected');
  const collections: Collection[] = [];
  for (const [index, answer] of answers.entries()) {
    if (failing && answer.status === 'fulfilled') continue;
    const name = sources[index]?.name ?? '';
    const collection =
      answer.status === 'fulfilled' ? await store(db, name, answer.value, ask) : failed(name, answer.reason);
    await record(db, collection, ask.clock);
    collections.push(collection);
  }
  return collections;
}

async function store(
  db: Db,
  name: string,
  batch: Batch,
  ask: { day: Day; clock: Clock },
): Promise<Collection> {
  const { kept, repeated } = withoutRepeats(batch.announcements);
  const dropped = [...batch.dropped, ...repeated];
  const fetched = kept.length + dropped.length;
  if (kept.length === 0 && fetched > 0) {
    const why = dropped.slice(0, 3).map(d => `${d.where}: ${d.detail}`);
    return {
      ...failed(name, `none of its ${fetched} papers can be used: ${why.join('; ')}`),
      ...account(dropped),
      fetched,
    };
  }
  try {
    const counts = await db
      .transaction()
      .execute(tx =>
        storeAnnouncements(tx, kept, { source: name, at: instantText(ask.clock()), day: ask.day }),
      );
    return {
      name,
      outcome: batch.notYet ? 'not-yet' : counts.new > 0 ? 'ok' : 'quiet',
      day: batch.day,
      fetched,
      ...counts,
      ...account(dropped),
      paperIds: kept.map(a => a.paper.id),
    };
  } catch (error) {
    return { ...failed(name, error), fetched };
  }
}

/** The first of several announcements of one paper counts; the others are dropped as repeated. */
function withoutRepeats(announcements: Announcement[]): { kept: Announcement[]; repeated: Dropped[] } {
  const first = new Map<string, Announcement>();
  const repeated: Dropped[] = [];
  for (const announcement of announcements) {
    const { id, title } = announcement.paper;
    if (first.has(id))
      repeated.push({ reason: 'repeated', where: id, detail: `"${title}" stands there twice` });
    else first.set(id, announcement);
  }
  return { kept: [...first.values()], repeated };
}

function account(dropped: Dropped[]): Pick<Collection, 'dropped' | 'problems'> {
  const counts = new Map<Dropped['reason'], number>();
  for (const { reason } of dropped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return {
    dropped: [...counts].map(([reason, count]) => ({ reason, count })),
    problems: dropped.map(d => `${d.where}: ${d.detail}`),
  };
}

function failed(name: string, why: unknown): Collection {
  return {
    name,
    outcome: 'failed',
    day: null,
    fetched: 0,
    new: 0,
    updated: 0,
    duplicate: 0,
    dropped: [],
    problems: [],
    paperIds: [],
    error: typeof why === 'string' ? why : reasonOf(why),
    ...(why instanceof PaperroundError && why.hint !== undefined ? { hint: why.hint } : {}),
  };
}

async function record(db: Db, collection: Collection, clock: Clock): Promise<void> {
  const { paperIds: _, problems, ...content } = collection;
  const said = {
    outcome: collection.outcome,
    content: JSON.stringify({ ...content, problems: problems.slice(0, 100) }),
  };
  await db
    .insertInto('collection')
    .values({ source: collection.name, at: instantText(clock()), ...said })
    .onConflict(c => c.columns(['source', 'at']).doUpdateSet(said))
    .execute();
}

/** What came of the last time that each source was asked. */
export async function lastCollections(
  db: Db,
): Promise<{ source: string; at: string; outcome: string; error: string | null }[]> {
  const rows = await db
    .selectFrom('collection as c')
    .selectAll()
    .where('at', '=', ({ selectFrom }) =>
      selectFrom('collection')
        .select(({ fn }) => fn.max('at').as('at'))
        .whereRef('collection.source', '=', 'c.source'),
    )
    .orderBy('source')
    .execute();
  return rows.map(({ source, at, outcome, content }) => {
    const { error } = JSON.parse(content) as { error?: string };
    return { source, at, outcome, error: error ?? null };
  });
}
