// Learns themes from the store's own papers, now and then, in a thread of its own: no mail waits for it.
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../errors.ts';
import { type Clock, type Db, instantText } from '../store/schema.ts';
import type { Candidate, FitTask } from './candidate.ts';
import { readCorrections, readLessons } from './corrections.ts';
import type { PaperText } from './model/answer.ts';
import { openModel } from './model/model.ts';
import { objections } from './self-check.ts';
import {
  fingerprintOf,
  inTurn,
  readInUse,
  readModels,
  type StoredThemeModel,
  serves,
  storeModel,
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
/** The newest papers that have an abstract. */
const MOST_PAPERS = 10_000;
const MOST_DAYS = 7;
const MOST_CORRECTIONS = 20;
/** A fit of 10,000 papers takes ten seconds on a common machine; one that hangs is ended, before its lease. */
const MOST_MINUTES = 15;

/**
 * Fits a model to the papers of the store when there is a reason to, and takes it into use when its self-check
 * (`objections`) finds nothing against it. An attempt that was refused or failed counts as one: the next waits for its
 * own reason.
 * @throws only what the database throws
 */
export async function refit(db: Db, themes: Theme[], options: RefitOptions): Promise<Refit> {
  const { clock, force = false } = options;
  const papers = await countArchive(db);
  if (papers < FEWEST_PAPERS) return tooFew(papers);
  const due = await reasonToFit(db, themes, clock);
  if (!due.isDue && !force) return { outcome: 'not-due', why: due.why, model: null };
  const why = due.isDue ? due.why : 'asked for';
  const done = await inTurn(db, clock, () => fitInThread(db, themes, why, options));
  return done ?? { outcome: 'busy', why: 'another process is at it', model: null };
}

const tooFew = (papers: number): Refit => ({
  outcome: 'too-few',
  why: `${papers} papers with abstracts teach no more than what ships`,
  model: null,
});

/** Why a model should be fitted now, or why not yet. */
async function reasonToFit(db: Db, themes: Theme[], clock: Clock): Promise<{ isDue: boolean; why: string }> {
  const [last] = await readModels(db);
  if (last === undefined) return { isDue: true, why: 'the first one' };
  if (last.taxonomy !== fingerprintOf(themes)) return { isDue: true, why: 'the themes have changed' };
  const corrections = [...(await readCorrections(db)).values()].filter(({ at }) => at > last.madeAt).length;
  if (corrections >= MOST_CORRECTIONS) return { isDue: true, why: `${corrections} new corrections` };
  if (last.state === 'in-use' && !(await isReadable(db, themes)))
    return { isDue: true, why: 'the model in use cannot be read' };
  const age = clock().since(last.madeAt).total('days');
  if (age >= MOST_DAYS) return { isDue: true, why: `the last fit was ${Math.floor(age)} days ago` };
  const due = Temporal.Instant.from(last.madeAt).add({ hours: 24 * MOST_DAYS });
  return { isDue: false, why: `the last fit was at ${last.madeAt}; the next is due at ${instantText(due)}` };
}

/** A new release may not read what an older one stored. */
async function isReadable(db: Db, themes: Theme[]): Promise<boolean> {
  const inUse = await readInUse(db);
  try {
    if (inUse !== undefined) openModel(themes, inUse.bytes);
    return true;
  } catch {
    return false;
  }
}

async function fitInThread(db: Db, themes: Theme[], why: string, options: RefitOptions): Promise<Refit> {
  const { clock, signal } = options;
  const started = performance.now();
  const [inUse, archive] = [await readInUse(db), await readArchive(db)];
  const { labelled: corrections } = await readLessons(db, themes);
  const keep = async (isTaken: boolean, reason: string, made: Candidate | null): Promise<Refit> => {
    const papers = made?.papers ?? archive.length;
    const fitted = { themes, papers, made, reason, isTaken, comparedWith: inUse?.version };
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
    if (candidate === null) return tooFew(archive.length);
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
