// Asks every source for its papers and stores what is new, with an exact account of all that was sent.
import { createHash } from 'node:crypto';
import { PaperroundError, reasonOf } from '../errors.ts';
import { type Clock, type Day, type Db, dayIn, instantText, type Tx } from '../store/schema.ts';
import { excerpt } from '../text-file.ts';
import { askedBefore, type Collection, pastBatches, record } from './collections.ts';
import { judge } from './outcome.ts';
import type { Announcement, Dropped } from './paper.ts';
import type { Ask, Batch, Source } from './sources/source.ts';
import { storeAnnouncements } from './stored-papers.ts';

/** How the sources are asked. `allOrNothing`: nothing is stored when one of them fails. */
export interface CollectOptions {
  day: Day;
  zone: string;
  clock: Clock;
  allOrNothing?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Asks the sources side by side and stores their papers and votes, one transaction a source. A source that fails is
 * reported as `failed` and never stops the others; what it sent before it failed is kept.
 */
export async function collect(
  db: Db,
  sources: readonly Source[],
  { day, zone, clock, allOrNothing = false, signal }: CollectOptions,
): Promise<Collection[]> {
  const asks = await Promise.all(
    sources.map(async ({ name }): Promise<Ask> => {
      const [now, asked] = [clock(), await askedBefore(db, name)];
      return { day, today: dayIn(zone, now), now, asked, signal };
    }),
  );
  const answers = await Promise.allSettled(sources.map((source, i) => source.announce(asks[i] as Ask)));
  const failing = allOrNothing && answers.some(isBroken);
  const collections: Collection[] = [];
  for (const [index, answer] of answers.entries()) {
    if (failing && !isBroken(answer)) continue;
    const [source, ask] = [sources[index] as Source, asks[index] as Ask];
    const collection =
      answer.status === 'rejected' || failing
        ? { ...failed(source.name, day, whyOf(answer)), fingerprint: '' }
        : await store(db, source, answer.value, ask, clock);
    collections.push(await record(db, collection, clock));
  }
  return collections;
}

type Settled = PromiseSettledResult<Batch>;
const isBroken = (answer: Settled) => answer.status === 'rejected' || answer.value.incomplete !== undefined;
const whyOf = (answer: Settled) =>
  answer.status === 'rejected' ? answer.reason : answer.value.incomplete?.error;

type Fingerprinted = Collection & { fingerprint: string };

async function store(db: Db, source: Source, batch: Batch, ask: Ask, clock: Clock): Promise<Fingerprinted> {
  const { name, calendar } = source;
  const { kept, repeated } = withoutRepeats(batch.announcements);
  const dropped = [...batch.dropped, ...repeated];
  const fetched = kept.length + dropped.length;
  const fingerprint = fingerprintOf(kept);
  const broken = brokenOff(name, kept.length, fetched, dropped, batch, ask.day);
  if (broken !== undefined && kept.length === 0)
    return { ...broken, ...account(dropped), fetched, fingerprint };
  try {
    const past = await pastBatches(db, name);
    const from = { source: name, at: instantText(clock()), day: ask.day };
    const {
      fresh,
      ids,
      newIds: _,
      late,
      ...counts
    } = await db.transaction().execute(async tx => ({
      ...(await storeAnnouncements(tx, kept, from)),
      late: await storeLate(tx, batch.late ?? [], kept, from),
    }));
    const answered = { ...batch, fetched, fresh: fresh + late.length, fingerprint };
    return {
      name,
      asked: ask.day,
      day: batch.day,
      ...judge(answered, ask, calendar, past),
      ...counts,
      new: counts.new + late.length,
      fetched: fetched + late.length,
      ...account(dropped),
      paperIds: [...ids, ...late],
      ...(broken && {
        outcome: 'failed',
        reason: null,
        error: broken.error,
        ...(broken.hint && { hint: broken.hint }),
      }),
      fingerprint,
    };
  } catch (error) {
    return { ...failed(name, ask.day, error), fetched, fingerprint: '' };
  }
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
