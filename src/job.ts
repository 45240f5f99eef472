// The day's job: collect, publish, deliver. Cron and the daemon run it; a step that fails does not stop the next.
import type { App } from './app.ts';
import { deliver, type SendReport, type SendRequest } from './delivery/deliver.ts';
import { guardSurge } from './delivery/surge.ts';
import { tendDoor } from './door.ts';
import { latestEditionDate, papersOf, readEdition } from './editions/edition.ts';
import { traceOf } from './editions/morning.ts';
import { publish } from './editions/publish.ts';
import { reasonOf } from './errors.ts';
import type { Facts } from './log.ts';
import { collect } from './papers/collect.ts';
import { type Collection, lastCollections } from './papers/collections.ts';
import type { Source } from './papers/sources/source.ts';
import { sourceName } from './papers/sources/spec.ts';
import {
  collectionLine,
  counted,
  type DayPublication,
  giveUpAt,
  type JobReport,
  preflightLines,
  publicationLine,
  refitLine,
  sendingLine,
  stopHint,
} from './report.ts';
import type { Day } from './store/schema.ts';
import { type Refit, refit } from './themes/refit.ts';

/** Called after each step, with one line that says what came of it, and the same for machines. */
type OnStep = (line: string, failed: boolean, facts?: Facts) => void;

interface JobOptions {
  onStep: OnStep;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, all: number) => void) | undefined;
  onAttempt?: SendRequest['onAttempt'];
  /** Asks again, until the hour at which to give up, sources whose papers are still to come. */
  patient?: boolean;
  /** Waits so many milliseconds, less when `signal` is aborted. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * Runs the job of `date` once. Every step can run twice or late; what is done is not done again. Themes are learnt when
 * the mail is out: whatever comes of that, the job is as good as before.
 */
export async function runJob(app: App, date: Day, given: JobOptions): Promise<JobReport> {
  const trace = await traceOf(app.db, date);
  const onStep: OnStep = (line, failed, facts) => given.onStep(line, failed, { trace, date, ...facts });
  const options = { ...given, onStep };
  const { signal } = options;
  const report: JobReport = {
    date,
    collections: null,
    publication: null,
    sending: null,
    failures: [],
    themes: null,
  };
  const attempt = async <T>(
    step: JobReport['failures'][number]['step'],
    work: () => Promise<T>,
  ): Promise<T | null> => {
    if (signal?.aborted) return null;
    try {
      return await work();
    } catch (error) {
      report.failures.push({ step, error });
      onStep(`${step}: failed: ${reasonOf(error)}`, true, { step, outcome: 'failed' });
      return null;
    }
  };
  report.collections = await attempt('collect', async () => {
    const collections = await collectPatiently(app, date, options);
    if (collections.length === 0) onStep('collect: no sources are configured (SOURCES)', true);
    return collections;
  });
  report.publication = await attempt('publish', async () => {
    const publication = await publishDay(app, date);
    const { outcome, edition } = publication;
    const facts = { step: 'publish', outcome, edition: edition.date, papers: papersOf(edition).length };
    onStep(`publish: ${publicationLine(publication)}`, outcome === 'stale', facts);
    return publication;
  });
  report.sending = await attempt('deliver', () => deliverDay(app, date, options));
  if (!signal?.aborted && (report.sending?.stopped ?? null) === null)
    report.themes = await learn(app, options);
  return report;
}

/** Fits the theme model anew when that is due. It is never a failure of the job. */
async function learn(app: App, { onStep, signal }: JobOptions): Promise<Refit | null> {
  try {
    const done = await refit(app.db, app.themes, { clock: app.clock, signal });
    const isWorthALine = done.model !== null || done.outcome === 'stopped';
    if (isWorthALine) onStep(`themes: ${refitLine(done)}`, done.outcome === 'failed');
    return done;
  } catch (error) {
    onStep(`themes: not looked at: ${reasonOf(error)}`, true);
    return null;
  }
}

async function deliverDay(app: App, date: Day, { onStep, ...more }: JobOptions): Promise<SendReport | null> {
  await tendDoor(app, onStep, more.signal);
  // Asked of the database: there may be an edition although publishing failed this time.
  const published = (await readEdition(app.db, date)) !== undefined;
  const edition = published ? date : await latestEditionDate(app.db);
  if (!published) onStep('deliver: there is no edition of this day, so nothing new is sent', false);
  if (edition === undefined) return null;
  // On a quiet day, what is owed of earlier editions is tried again all the same.
  const sending = await sendEdition(app, edition, { dueOnly: true, owedOnly: !published, ...more });
  if (!published && sending.planned === 0) return null;
  for (const { line, failed } of preflightLines(sending.problems)) onStep(line, failed);
  const paused = sending.stop?.state === 'paused';
  const { planned, sent, deferred, refused, unknown, skipped, held, waiting, seconds } = sending;
  onStep(`deliver: ${sendingLine(sending)}`, sending.stopped !== null || held > 0 || paused, {
    step: 'deliver',
    edition,
    ...{ planned, sent, deferred, refused, unknown, skipped, held, waiting, seconds },
  });
  if (sending.stop !== null && paused) onStep(`deliver: ${stopHint(edition, sending.stop)}`, true);
  return sending;
}

/** Asks every configured source for the papers of `date`, once. */
export async function collectAll(app: App, date: Day, signal?: AbortSignal): Promise<Collection[]> {
  return ask(app, await app.sources(), date, signal);
}

function ask({ db, clock, settings }: App, sources: readonly Source[], day: Day, signal?: AbortSignal) {
  return collect(db, sources, { day, zone: settings.timeZone, clock, signal });
}

/** In milliseconds. Nobody waits for the papers of next month. */
const DAY = 24 * 60 * 60_000;

/** A source that fails is asked so often; an edition is not held up for the rest of the morning by a dead feed. */
const MOST_FAILURES = 4;

/**
 * Asks the sources and, when told to be patient, asks those again that are late, until all have answered or the hour to
 * give up has come. What has been told is stored either way.
 * @returns the last word of each source, in the order of the configuration
 */
async function collectPatiently(app: App, date: Day, options: JobOptions): Promise<Collection[]> {
  const { onStep, signal, patient = false, wait = pause } = options;
  const sources = await app.sources();
  const words = new Map<string, Collection>();
  const failures = new Map<string, number>();
  let late = sources;
  for (let times = 1; ; times++) {
    for (const collection of await ask(app, late, date, signal)) {
      words.set(collection.name, collection);
      if (collection.outcome === 'failed')
        failures.set(collection.name, (failures.get(collection.name) ?? 0) + 1);
      const { name, outcome, fetched, new: found } = collection;
      const facts = { step: 'collect', source: name, outcome, fetched, new: found };
      onStep(`collect: ${collectionLine(collection)}`, isLoud(collection), facts);
    }
    late = late.filter(({ name }) => isLate(words.get(name), failures.get(name) ?? 0));
    if (!patient || late.length === 0 || signal?.aborted) break;
    const left = giveUpAt(app, date).epochMilliseconds - app.clock().epochMilliseconds;
    const names = late.map(({ name }) => name).join(', ');
    if (left <= 0 || left > DAY) {
      const when = times > 1 ? `gave up on ${names} at` : `not asking ${names} again: it is not before`;
      onStep(`collect: ${when} ${app.settings.giveUpAt}`, true);
      break;
    }
    const minutes = Math.min(app.settings.askAgainMinutes, Math.ceil(left / 60_000));
    onStep(
      `collect: asking ${names} again in ${counted(minutes, 'minute')}, until ${app.settings.giveUpAt}`,
      false,
    );
    await wait(minutes * 60_000, signal);
    if (signal?.aborted) break;
  }
  return sources.flatMap(({ name }) => words.get(name) ?? []);
}

const isLate = (word: Collection | undefined, failures: number) =>
  word?.outcome === 'not-yet' ||
  word?.outcome === 'stale' ||
  (word?.outcome === 'failed' && failures < MOST_FAILURES);

const isLoud = ({ outcome }: Collection) => outcome === 'failed' || outcome === 'stale';

const pause = (ms: number, signal?: AbortSignal) =>
  new Promise<void>(resolve => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });

/** Publishes the edition of `date`; a day without one is called quiet only when the sources say so. */
export async function publishDay(app: App, date: Day): Promise<DayPublication> {
  const publication = await publish(app.press, date);
  if (publication.outcome !== 'quiet') return publication;
  const names = new Set(app.settings.sources.map(sourceName));
  const words = (await lastCollections(app.db, date)).filter(({ source }) => names.has(source));
  const say = (outcomes: string[]) =>
    words
      .filter(w => outcomes.includes(w.outcome))
      .map(w => `${w.source}: ${w.error ?? w.reason ?? w.outcome}`);
  const missing = say(['stale', 'failed']);
  if (missing.length > 0) return { ...publication, outcome: 'stale', because: missing.join('; ') };
  const asked = new Set(words.map(({ source }) => source));
  const unasked = [...names]
    .filter(name => !asked.has(name))
    .map(name => `${name} was not asked for ${date}`);
  const coming = [...say(['not-yet']), ...unasked];
  return coming.length > 0 ? { ...publication, outcome: 'not-yet', because: coming.join('; ') } : publication;
}

type SendOptions = Omit<JobOptions, 'onStep'> & {
  dueOnly: boolean;
  owedOnly?: boolean;
  /** How long to wait for the pace that is set before the rest is left to a later run. */
  waitMinutes?: number | undefined;
  /** Somebody was asked whether it may go to so many. */
  approved?: boolean;
};

/** Waits for the pace no longer than this, unless told otherwise: a job by cron ends, and the next one goes on. */
const WAIT_MINUTES = 2;

/** Sends an edition with the installation's own templates, mailer and policy. */
export async function sendEdition(
  app: App,
  edition: Day,
  { dueOnly, owedOnly = false, approved = false, waitMinutes = WAIT_MINUTES, ...more }: SendOptions,
): Promise<SendReport> {
  const { db, clock, settings } = app;
  const { signal, onProgress, onAttempt, wait } = more;
  if (!owedOnly) await guardSurge(db, edition, { times: settings.askAbove, approved, clock });
  return deliver({
    db,
    edition,
    desk: await app.desk(),
    mailer: await app.mailer(),
    clock,
    dueOnly,
    owedOnly,
    resendUnknown: settings.onUnknown === 'resend',
    deliverHours: settings.deliverHours,
    stopRefusedPercent: settings.stopRefusedPercent,
    bounces: settings,
    pace: settings,
    patienceMs: waitMinutes * 60_000,
    ...(wait ? { wait } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    onAttempt,
  });
}
