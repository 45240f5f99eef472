// Plans an edition page by page: each page of readers in a transaction of its own, so that it can be killed at any instant.
import { type Clock, type Db, isPostgres, transact } from '../store/schema.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { addDeliveries, type PlannedDelivery } from './ledger.ts';
import { cutSizes, decide, type Planner } from './plan.ts';
import { moveOn, type Page, readPage, type Wanted } from './reader-pages.ts';
import { findStop } from './stop.ts';
import { turnsAt } from './turn.ts';

/** What planning an edition needs. */
export interface PlanRequest extends Pick<Planner, 'edition' | 'secret' | 'sender' | 'dueOnly'> {
  db: Db;
  clock: Clock;
  /**
   * Only readers whose hour has come (`nextDigestAt <= now`), whatever the edition's day is. `isAwaited`: the day's
   * edition is still to come, so that some of them wait for it.
   */
  dueNow?: { isAwaited: boolean };
  /** How long a delivery is worth sending; absent: for ever. */
  deliverHours?: number;
  /** Ends planning after the page that it is at. */
  signal?: AbortSignal;
}

/** What planning added: mails to be sent, and deliveries that say why there is none. */
export interface Planned {
  queued: number;
  skipped: number;
}

/** Who plans, and which readers are looked at. Where somebody stopped the edition, those who are due wait for it. */
function beginning(request: PlanRequest, isStopped: boolean): { planner: Planner; wanted: Wanted } {
  const { clock, dueNow, edition, secret, sender, dueOnly } = request;
  const planner = { edition, secret, sender, dueOnly, isStopped, sizeOf: cutSizes() };
  if (dueNow === undefined) return { planner, wanted: { edition } };
  const isAwaited = dueNow.isAwaited || isStopped;
  const turns = turnsAt(clock, isAwaited);
  return { planner: { ...planner, turns }, wanted: { edition, due: { now: clock(), isAwaited } } };
}

/** What planning would decide now, a page of readers at a time; nothing is stored. */
export async function* planDeliveries(request: PlanRequest): AsyncGenerator<PlannedDelivery[]> {
  const { db } = request;
  const { planner, wanted } = beginning(request, false);
  for (let after: Page['end']; ; ) {
    const page: Page = await readPage(db, wanted, after);
    yield (await decide(db, planner, page.readers)).planned;
    if (page.end === undefined) return;
    after = page.end;
  }
}

/** Whether planning would add a mail now. */
export async function isAnyToPlan(request: PlanRequest): Promise<boolean> {
  if ((await findStop(request.db, request.edition)) !== null) return false;
  for await (const planned of planDeliveries(request))
    if (planned.some(({ skip }) => skip === null)) return true;
  return false;
}

/**
 * Plans an edition: a delivery for each reader it is for, and, where only those whose hour has come were looked at, when
 * they are due next. Can be repeated, and done by several processes at once: a reader has one delivery of an edition.
 */
export async function planEdition(request: PlanRequest): Promise<Planned> {
  const { db, edition, signal } = request;
  const { planner, wanted } = beginning(request, (await findStop(db, edition)) !== null);
  const sum: Planned = { queued: 0, skipped: 0 };
  for (let after: Page['end']; !signal?.aborted; ) {
    const page = await transact(db, tx => planPage(tx, request, planner, wanted, after), {
      isolation: 'read committed',
      repeatable: true,
    });
    sum.queued += page.queued;
    sum.skipped += page.skipped;
    if (page.end === undefined) break;
    after = page.end;
  }
  return sum;
}

const NOBODY = { queued: 0, skipped: 0, end: undefined };

async function planPage(
  tx: Db,
  { edition, clock, deliverHours, dueNow }: PlanRequest,
  planner: Planner,
  wanted: Wanted,
  after: Page['end'],
): Promise<Planned & Pick<Page, 'end'>> {
  // Read with each page: somebody may stop the edition meanwhile, or let it go on.
  if (((await findStop(tx, edition)) !== null) !== planner.isStopped) return NOBODY;
  const { readers, end } = await readPage(tx, { ...wanted, isLocking: true }, after);
  if (readers.length === 0) return NOBODY;
  await keepOwed(tx, readers);
  const { planned, waiting } = await decide(tx, planner, readers);
  const added = await addDeliveries(tx, planned, clock, deliverHours);
  if (dueNow !== undefined)
    await moveOn(
      tx,
      readers.filter(({ id }) => !waiting.has(id)),
      clock(),
    );
  return { ...added, end };
}

/** What a new digest may take over is not to be claimed until this transaction ends. SQLite has one writer as it is. */
async function keepOwed(tx: Db, readers: readonly Subscriber[]): Promise<void> {
  if (!isPostgres(tx)) return;
  await tx
    .selectFrom('delivery')
    .select('id')
    .where(
      'subscriber_id',
      'in',
      readers.map(({ id }) => id),
    )
    .where('state', 'in', ['queued', 'deferred'])
    .orderBy('id')
    .forUpdate()
    .execute();
}
