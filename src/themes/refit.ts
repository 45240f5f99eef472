// Learns themes from the store's own papers, now and then, in a thread of its own: no mail waits for it.
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../errors.ts';
import { type Clock, type Db, instantText } from '../store/schema.ts';
import type { Candidate, FitTask } from './candidate.ts';
import { readCorrections } from './corrections.ts';
import type { PaperText } from './model/answer.ts';
import { type InUse, newestLessons, whoAnswers } from './model-in-use.ts';
import { objections } from './self-check.ts';
import {
  fingerprintOf,
  inTurn,
  madeNothing,
  readInUse,
  readModels,
  type StoredThemeModel,
  serves,
  storeModel,
  turnTakenUntil,
} from './stored-models.ts';
import type { Theme } from './taxonomy.ts';

/** What came of looking after the model. `why` says it in words. */
export type Refit =
  | { outcome: 'not-due' | 'too-few' | 'busy' | 'stopped'; why: string; model: null }
  | { outcome: 'taken' | 'refused' | 'failed'; why: string; model: StoredThemeModel; seconds: number };

interface RefitOptions {
  clock: Clock;
  signal?: AbortSignal | undefined;
  /** Fits now, whether it is due or not; the self-check decides all the same. */
  force?: boolean;
}

/** No archive of fewer papers teaches anything, whatever its language and themes. */
const FEWEST_PAPERS = 200;
/** One theme alone leaves nothing to tell apart. */
const FEWEST_THEMES = 2;
/** The newest papers that have an abstract. */
const MOST_PAPERS = 10_000;
const MOST_DAYS = 7;
const MOST_CORRECTIONS = 20;
/** Papers that taught nothing are looked at again when there are so many times as many. */
const GROWTH = 1.5;
/** A fit of 10,000 papers takes ten seconds on a common machine; one that hangs is ended, before its lease. */
const MOST_MINUTES = 15;

/**
 * Fits a model to the papers of the store when there is a reason to, and takes it into use when its self-check
 * (`objections`) finds nothing against it. An attempt that was refused, failed or taught nothing counts as one: the next
 * waits for its own reason.
 * @throws only what the database throws
 */
export async function refit(db: Db, themes: Theme[], options: RefitOptions): Promise<Refit> {
  const { clock, force = false } = options;
  if (themes.length < FEWEST_THEMES)
    return { outcome: 'not-due', why: 'one theme alone leaves nothing to tell apart', model: null };
  const papers = await countArchive(db);
  if (papers < FEWEST_PAPERS) return tooFew(papers);
  const due = await reasonToFit(db, themes, papers, clock);
  if (!due.isDue && !force) return { outcome: 'not-due', why: due.why, model: null };
  const why = due.isDue ? due.why : 'asked for';
  const done = await inTurn(db, clock, () => fitInThread(db, themes, why, options));
  return done ?? { outcome: 'busy', why: busyUntil(await turnTakenUntil(db)), model: null };
}

const busyUntil = (until: string | null) =>
  until === null
    ? 'another process was at it a moment ago'
    : `another process is at it, or was killed while it was; its turn ends at ${until} at the latest`;

const tooFew = (papers: number) =>
  ({
    outcome: 'too-few',
    why: `${papers} papers with abstracts teach no more than what ships`,
    model: null,
  }) as const;

/** Why a model should be fitted now, or why not yet. */
async function reasonToFit(
  db: Db,
  themes: Theme[],
  papers: number,
  clock: Clock,
): Promise<{ isDue: boolean; why: string }> {
  const [last] = await readModels(db);
  if (last === undefined) return { isDue: true, why: 'the first one' };
  if (last.taxonomy !== fingerprintOf(themes)) return { isDue: true, why: 'the themes have changed' };
  const corrections = [...(await readCorrections(db)).values()].filter(({ at }) => at > last.madeAt).length;
  if (corrections >= MOST_CORRECTIONS) return { isDue: true, why: `${corrections} new corrections` };
  const unread = unreadable(await whoAnswers(db, themes));
  if (unread !== null && !last.reason?.endsWith(unread)) return { isDue: true, why: unread };
  if (madeNothing(last) && papers >= GROWTH * last.papers)
    return { isDue: true, why: `${papers} papers, after ${last.papers} of which no model came` };
  const age = clock().since(last.madeAt).total('days');
  if (age >= MOST_DAYS) return { isDue: true, why: `the last fit was ${Math.floor(age)} days ago` };
  const due = Temporal.Instant.from(last.madeAt).add({ hours: 24 * MOST_DAYS });
  return { isDue: false, why: `the last fit was at ${last.madeAt}; the next is due at ${instantText(due)}` };
}

/**
 * A new release may not read what an older one stored. An attempt that was made with such a version in use ends its
 * reason with these words, so that there is one such attempt and not one after every job.
 */
function unreadable(inUse: InUse | undefined): string | null {
  return inUse?.standing === 'unreadable' ? `version ${inUse.version}, then in use, could not be read` : null;
}

/** Adds to the reason of an attempt with which version in use it was made, where that one cannot be read. */
const withNote = (reason: string, note: string | null) =>
  note === null || reason.endsWith(note) ? reason : `${reason}; ${note}`;

async function fitInThread(db: Db, themes: Theme[], why: string, options: RefitOptions): Promise<Refit> {
  const { clock, signal } = options;
  const started = performance.now();
  const [inUse, archive] = [await readInUse(db), await readArchive(db)];
  const { labelled: corrections } = await newestLessons(db, themes);
  const note = unreadable(await whoAnswers(db, themes));
  const keep = async (isTaken: boolean, reason: string, made: Candidate | null): Promise<Refit> => {
    const papers = made?.papers ?? archive.length;
    const before = { reason: isTaken ? reason : withNote(reason, note), comparedWith: inUse?.version };
    const fitted = { themes, papers, made, isTaken, ...before };
    const model = await storeModel(db, fitted, clock);
    const outcome = made === null ? 'failed' : model.state === 'in-use' ? 'taken' : 'refused';
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { outcome, why: model.reason ?? '', model, seconds };
  };
  try {
    const serving = inUse !== undefined && serves(inUse, themes) ? inUse.bytes : null;
    const task = { themes, archive, corrections, inUse: serving };
    const candidate = await inWorker(task, signal);
    if (candidate === undefined) return { outcome: 'stopped', why: 'it was asked to stop', model: null };
    if (candidate === null) {
      const few = tooFew(archive.length);
      await keep(false, few.why, null);
      return few;
    }
    const against = objections(candidate.figures);
    return await keep(against.length === 0, against.join('; ') || why, candidate);
  } catch (error) {
    return keep(false, reasonOf(error), null);
  }
}

const withAbstract = (db: Db) => db.selectFrom('paper').where('abstract', '<>', '');

async function countArchive(db: Db): Promise<number> {
  const { n } = await withAbstract(db)
    .select(({ fn }) => fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** The store's papers as an archive: the newest that have an abstract. */
async function readArchive(db: Db): Promise<PaperText[]> {
  const newest = withAbstract(db).select(['title', 'abstract']).orderBy('collected_at', 'desc').orderBy('id');
  return newest.limit(MOST_PAPERS).execute();
}

/** Found beside this file, as source and as compiled. */
const THREAD = () => new URL(`./fit-thread${import.meta.url.slice(-3)}`, import.meta.url);

/** Undefined: it was stopped before its end. */
async function inWorker(task: FitTask, signal?: AbortSignal): Promise<Candidate | null | undefined> {
  if (signal?.aborted) return undefined;
  const { promise, resolve, reject } = Promise.withResolvers<Candidate | null | undefined>();
  const worker = new Worker(THREAD(), { workerData: task });
  const timer = setTimeout(
    () => reject(new Error(`it took longer than ${MOST_MINUTES} minutes`)),
    MOST_MINUTES * 60_000,
  );
  const stop = () => resolve(undefined);
  signal?.addEventListener('abort', stop, { once: true });
  worker.once('message', resolve);
  worker.once('messageerror', reject);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('its thread ended without an answer')));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
