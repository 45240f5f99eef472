// The heartbeat: every minute, whoever's hour has come is planned and what is due goes out; a due edition is made first.
import type { App } from './app.ts';
import { isAnybodyDue } from './delivery/reader-pages.ts';
import { latestEditionDate } from './editions/edition.ts';
import {
  endMorning,
  expectEdition,
  holdMorning,
  isEditionAwaited,
  takeMorning,
} from './editions/timetable.ts';
import { type JobOptions, planOnly, runJob } from './job.ts';
import type { JobReport } from './report.ts';
import type { Day } from './store/schema.ts';

/** What a beat is given. */
export interface BeatOptions extends JobOptions {
  /** When an edition is due next by the operator's schedule; undefined: never. */
  nextEdition: () => Temporal.Instant | undefined;
}

/** What can be handed over now: deliveries of this edition and of earlier ones. */
export interface DueNow {
  edition: Day;
  waiting: number;
}

/**
 * Plans the latest edition for readers whose hour has come: those who have not had it get a delivery, the others are due
 * again at their next hour. While the day's edition is due and not there yet, they wait for it (see `turnsAt`). Can be late, run
 * twice or on several machines at once; what a beat that never came would have done is done by the next.
 * @returns what can be handed over now, planned by this beat or before; null: nothing
 */
export async function planDue(app: App, signal?: AbortSignal): Promise<DueNow | null> {
  const { db, clock } = app;
  const edition = await latestEditionDate(db);
  if (edition === undefined) return null;
  const isAnyDue = await isAnybodyDue(db, clock);
  const who = isAnyDue ? { dueNow: { isAwaited: await isEditionAwaited(db, clock) } } : { owedOnly: true };
  const waiting = await planOnly(app, edition, who, signal);
  return waiting === 0 ? null : { edition, waiting };
}

/** How often a process says that it is still making an edition. */
const HOLD_MS = 60_000;

/**
 * Makes the edition that is due and sends it, unless another process is at it; and the editions of days on which none could be
 * made, so that each reader's next digest has the best of them.
 * @returns null where none is due
 */
export async function makeDueEdition(app: App, options: BeatOptions): Promise<JobReport | null> {
  const { db, clock, settings } = app;
  await expectEdition(db, options.nextEdition());
  const morning = await takeMorning(db, clock, settings.timeZone);
  const today = morning?.days.at(-1);
  if (morning === null || today === undefined) return null;
  const holding = setInterval(() => void holdMorning(db, clock).catch(() => {}), HOLD_MS).unref();
  // Once it is published, nobody waits for it any more.
  const end = async () => {
    clearInterval(holding);
    await endMorning(db, options.signal?.aborted ? undefined : options.nextEdition());
  };
  try {
    const missed = morning.days.slice(0, -1);
    return await runJob(app, today, { ...options, byHour: true, missed, onPublished: end });
  } finally {
    clearInterval(holding);
  }
}
