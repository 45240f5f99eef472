// Asks every source for its papers and stores what is new, with an exact account of all that was sent.
import { createHash } from 'node:crypto';
import { PaperroundError, reasonOf } from '../errors.ts';
import {
  type Clock,
  type Day,
  type Db,
  dayIn,
  instantText,
  shiftDay,
  type Tx,
  transact,
} from '../store/schema.ts';
import { excerpt } from '../text-file.ts';
import { askedBefore, type Collection, pastBatches, record } from './collections.ts';
import { judge, type PastBatch } from './outcome.ts';
import type { Announcement, Dropped } from './paper.ts';
import type { Ask, Batch, Source } from './sources/source.ts';
import { type Stored, storeAnnouncements } from './store-papers.ts';
import { chunks } from './told.ts';

/** How the sources are asked. `allOrNothing`: nothing is stored when one of them fails. */
export interface CollectOptions {
  day: Day;
  zone: string;
  clock: Clock;
  allOrNothing?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Asks the sources side by side and stores their papers and votes, a transaction for each two thousand. A source that fails is
 * reported as `failed` and never stops the others; what it sent before it failed is kept.
 */
export async function collect(
  db: Db,
  sources: readonly Source[],
  { day, zone, clock, allOrNothing = false, signal }: CollectOptions,
): Promise<Collection[]> {
  const asks = await Promise.all(
    sources.map(async ({ name }): Promise<Ask> => {
      const now = clock();
      const today = dayIn(zone, now);
      return { day, today, now, asked: await askedBefore(db, name, today), signal };
    }),
  );
  const answers = await Promise.allSettled(sources.map((source, i) => source.announce(asks[i] as Ask)));
  const failing = allOrNothing && answers.some(isBroken);
  const collections: Collection[] = [];
  for (const [index, answer] of answers.entries()) {
    if (failing && !isBroken(answer)) continue;
    // Who was told to stop has not failed.
    if (signal?.aborted && answer.status === 'rejected') continue;
    const [source, ask] = [sources[index] as Source, asks[index] as Ask];
    collections.push(
      answer.status === 'rejected' || failing
        ? await record(db, failed(source.name, day, whyOf(answer)), clock)
        : await store(db, source, answer.value, ask, clock),
    );
  }
  return collections;
}

type Settled = PromiseSettledResult<Batch>;
const isBroken = (answer: Settled) => answer.status === 'rejected' || answer.value.incomplete !== undefined;
const whyOf = (answer: Settled) =>
  answer.status === 'rejected' ? answer.reason : answer.value.incomplete?.error;

/** So many are stored at once, in a moment: a feed of twenty thousand must not lock others out of the database. */
const CHUNK = 2_000;

async function store(db: Db, source: Source, batch: Batch, ask: Ask, clock: Clock): Promise<Collection> {
  const { name } = source;
  const { kept, repeated } = withoutRepeats(batch.announcements);
  const dropped = [...batch.dropped, ...repeated];
  const fetched = kept.length + dropped.length;
  const broken = brokenOff(name, kept.length, fetched, dropped, batch, ask.day);
  if (broken !== undefined && kept.length === 0)
    return record(db, { ...broken, ...account(dropped), fetched }, clock);
  try {
    const since = (await pastBatches(db, name))[0]?.at;
    const from = { source: name, at: instantText(clock()), day: ask.day, since };
    const first = [...chunks(kept, CHUNK)];
    const last = first.pop() ?? [];
    const before: Stored[] = [];
    for (const some of first) before.push(await transact(db, tx => storeAnnouncements(tx, some, from)));
    // What came of it is written together with the papers: who dies in between must not find their own papers old.
    return await transact(db, async tx => {
      const past = await pastBatches(tx, name);
      const stored = [...before, await storeAnnouncements(tx, last, from)];
      const late = await storeLate(tx, batch.late ?? [], kept, from);
      const sum = (of: 'new' | 'updated' | 'duplicate' | 'fresh') =>
        stored.reduce((total, one) => total + one[of], 0);
      const held = {
        fetched: kept.length,
        others: countOf(dropped, 'not chosen'),
        fingerprint: fingerprintOf(kept),
      };
      const verdict = judge(
        { ...batch, ...held, fresh: sum('fresh') + late.length },
        ask,
        source.calendar,
        past,
      );
      const collection: Collection = {
        name,
        asked: ask.day,
        day: batch.day,
        outcome: broken === undefined ? verdict.outcome : 'failed',
        reason: broken === undefined ? withMissed(verdict.reason, source, ask.day, batch.day, past) : null,
        fetched: fetched + late.length,
        new: sum('new') + late.length,
        updated: sum('updated'),
        duplicate: sum('duplicate'),
        ...account(dropped),
        paperIds: [...new Set([...stored.flatMap(({ ids }) => ids), ...late])],
        ...(broken?.error !== undefined && { error: broken.error }),
        ...(broken?.hint !== undefined && { hint: broken.hint }),
      };
      return record(tx, collection, clock, { held: kept.length, fingerprint: held.fingerprint });
    });
  } catch (error) {
    return record(db, { ...failed(name, ask.day, error), fetched }, clock);
  }
}

const countOf = (dropped: readonly Dropped[], reason: Dropped['reason']) =>
  dropped.filter(one => one.reason === reason).length;

/** A feed that shows one day only has lost the batches of days on which nobody asked; that is said. */
function withMissed(
  reason: string | null,
  { calendar, holdsOneDay }: Source,
  asked: Day,
  listDay: Day | null,
  past: readonly PastBatch[],
): string | null {
  const last = past
    .map(batch => batch.listDay ?? batch.day)
    .sort()
    .at(-1);
  if (!holdsOneDay || calendar === undefined || last === undefined) return reason;
  const missed: Day[] = [];
  for (let day = shiftDay(last, 1); day < (listDay ?? asked) && missed.length < 10; day = shiftDay(day, 1))
    if (calendar.quietBecause(day) === null) missed.push(day);
  if (missed.length === 0) return reason;
  return [...(reason === null ? [] : [reason]), `never asked for: ${missed.join(', ')}`].join('; ');
}

/** A source has failed that broke off, or of which nothing can be used. */
function brokenOff(name: string, kept: number, fetched: number, dropped: Dropped[], batch: Batch, day: Day) {
  if (batch.incomplete) {
    const { error, hint } = batch.incomplete;
    return { ...failed(name, day, error), ...(hint === undefined ? {} : { hint }) };
  }
  const unusable = dropped.filter(d => d.reason !== 'not chosen');
  if (kept > 0 || unusable.length === 0) return undefined;
  const why = unusable.slice(0, 3).map(d => `${d.where}: ${d.detail}`);
  return failed(name, day, `none of its ${fetched} papers can be used: ${why.join('; ')}`);
}

/** Of the days that were asked for before, only what was added since then counts; the votes of all are taken. */
async function storeLate(
  tx: Tx,
  late: readonly Announcement[],
  kept: readonly Announcement[],
  from: { source: string; at: string; day: Day },
): Promise<string[]> {
  const listed = new Set(kept.map(({ paper }) => paper.id));
  const others = withoutRepeats(late).kept.filter(({ paper }) => !listed.has(paper.id));
  return (await storeAnnouncements(tx, others, from)).newIds;
}

/** Of several announcements of one paper the latest version counts, else the first; the others are dropped as repeated. */
function withoutRepeats(announcements: readonly Announcement[]): {
  kept: Announcement[];
  repeated: Dropped[];
} {
  const best = new Map<string, Announcement>();
  const repeated: Dropped[] = [];
  for (const announcement of announcements) {
    const { id, title } = announcement.paper;
    const before = best.get(id);
    if (before !== undefined)
      repeated.push({ reason: 'repeated', where: id, detail: `"${excerpt(title)}" stands there twice` });
    if (before === undefined || versionOf(announcement) > versionOf(before)) best.set(id, announcement);
  }
  return { kept: [...best.values()], repeated };
}

const versionOf = ({ paper }: Announcement) => paper.facts.version ?? 0;

/** The same for the same papers in the same versions, in whatever order they are listed. */
function fingerprintOf(announcements: readonly Announcement[]): string {
  const works = announcements.map(a => `${a.paper.id}v${versionOf(a)}`).sort();
  return createHash('sha256').update(works.join('\n')).digest('hex').slice(0, 16);
}

function account(dropped: Dropped[]): Pick<Collection, 'dropped' | 'problems'> {
  const counts = new Map<Dropped['reason'], number>();
  for (const { reason } of dropped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const faults = dropped.filter(d => d.reason !== 'not chosen');
  return {
    dropped: [...counts].map(([reason, count]) => ({ reason, count })),
    problems: faults.map(d => `${d.where}: ${d.detail}`),
  };
}

function failed(name: string, asked: Day, why: unknown): Collection {
  return {
    name,
    outcome: 'failed',
    reason: null,
    asked,
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
