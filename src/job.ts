// The day's job: collect, publish, deliver. Cron and the daemon run it; a step that fails does not stop the next.
import type { App } from './app.ts';
import { type Asking, collectPatiently, type OnStep } from './collecting.ts';
import { deliver, type SendReport, type SendRequest } from './delivery/deliver.ts';
import { deliverShare, type ShareReport } from './delivery/share.ts';
import { guardSurge } from './delivery/surge.ts';
import { tendDoor } from './door.ts';
import { latestEditionDate, papersOf, readEdition } from './editions/edition.ts';
import { traceOf } from './editions/morning.ts';
import { publish } from './editions/publish.ts';
import { reasonOf } from './errors.ts';
import { lastCollections } from './papers/collections.ts';
import { sourceName } from './papers/sources/spec.ts';
import { prune, prunedWords } from './prune.ts';
import {
  type DayPublication,
  type JobReport,
  preflightLines,
  publicationLine,
  refitLine,
  sendingLine,
  stopHint,
} from './report.ts';
import type { Day } from './store/schema.ts';
import { type Refit, refit } from './themes/refit.ts';

interface JobOptions extends Asking {
  onProgress?: ((done: number, all: number) => void) | undefined;
  onAttempt?: SendRequest['onAttempt'];
  /** Runs what hands mail over, when it is its turn in this process. */
  inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Tells others how many deliveries of an edition can be claimed, so that they take part. */
  share?: (edition: Day, waiting: number) => Promise<unknown>;
}

/**
 * Runs the job of `date` once. Every step can run twice or late; what is done is not done again. Themes are learnt when
 * the mail is out: whatever comes of that, the job is as good as before.
 */
export async function runJob(app: App, date: Day, given: JobOptions): Promise<JobReport> {
  const trace = await traceOf(app.db, date);
  const onStep: OnStep = (line, failed, facts) => given.onStep(line, failed, { trace, date, ...facts });
  const options = { ...given, onStep };
  const { signal, inTurn = work => work() } = options;
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
  report.sending = await attempt('deliver', () => inTurn(() => deliverDay(app, date, options)));
  if (!signal?.aborted && (report.sending?.stopped ?? null) === null)
    report.themes = await learn(app, options);
  if (!signal?.aborted) await tidy(app, options);
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

/** Forgets what the settings do not want to be kept. It is never a failure of the job. */
async function tidy(app: App, { onStep }: JobOptions): Promise<void> {
  try {
    const words = prunedWords(await prune(app, false));
    if (words !== '') onStep(`prune: forgotten: ${words}`, false);
  } catch (error) {
    onStep(`prune: failed: ${reasonOf(error)}`, true);
  }
}

async function deliverDay(app: App, date: Day, options: JobOptions): Promise<SendReport | null> {
  const { onStep, share, ...more } = options;
  await tendDoor(app, onStep, more.signal);
  const day = await readDay(app, date);
  if (!day.isPublished) onStep('deliver: there is no edition of this day, so nothing new is sent', false);
  if (day.edition === undefined) return null;
  if (share) {
    const { waiting } = await planOnly(app, day.edition, day.isPublished);
    await share(day.edition, waiting);
  }
  const { edition } = day;
  const sending = await sendEdition(app, edition, { dueOnly: true, owedOnly: !day.isPublished, ...more });
  if (!day.isPublished && sending.planned === 0) return null;
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

/**
 * The edition to send on a day. It is asked of the database: there may be one although publishing failed this time. On a
 * quiet day, what is owed of earlier editions is tried again all the same.
 */
async function readDay({ db }: App, date: Day): Promise<{ isPublished: boolean; edition: Day | undefined }> {
  const isPublished = (await readEdition(db, date)) !== undefined;
  return { isPublished, edition: isPublished ? date : await latestEditionDate(db) };
}

/** A run that is stopped before it begins plans, and claims nothing. */
const planOnly = (app: App, edition: Day, isPublished: boolean) =>
  sendEdition(app, edition, { dueOnly: true, owedOnly: !isPublished, signal: AbortSignal.abort() });

/**
 * Plans what is due on a day, and hands nothing over.
 * @returns how many deliveries of which edition, and of earlier ones, can be claimed now; null: there is none yet
 */
export async function planDay(app: App, date: Day): Promise<{ edition: Day; waiting: number } | null> {
  const { isPublished, edition } = await readDay(app, date);
  if (edition === undefined) return null;
  const { waiting } = await planOnly(app, edition, isPublished);
  return { edition, waiting };
}

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
export async function sendEdition(app: App, edition: Day, options: SendOptions): Promise<SendReport> {
  return deliver(await requestOf(app, edition, options));
}

/** Hands over a share of what can be claimed of an edition, beside others who do the same. */
export async function sendShare(
  app: App,
  edition: Day,
  most: number,
  more: Pick<SendOptions, 'signal' | 'onAttempt'>,
): Promise<ShareReport> {
  return deliverShare(await requestOf(app, edition, { dueOnly: true, owedOnly: true, ...more }), most);
}

async function requestOf(
  app: App,
  edition: Day,
  { dueOnly, owedOnly = false, approved = false, waitMinutes = WAIT_MINUTES, ...more }: SendOptions,
): Promise<SendRequest> {
  const { db, clock, settings } = app;
  const { signal, onProgress, onAttempt, wait } = more;
  if (!owedOnly) await guardSurge(db, edition, { times: settings.askAbove, approved, clock });
  return {
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
    drainMs: settings.drainSeconds * 1000,
    bounces: settings,
    pace: settings,
    patienceMs: waitMinutes * 60_000,
    ...(wait ? { wait } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    onAttempt,
  };
}
