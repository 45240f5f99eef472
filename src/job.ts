// The day's job: collect, publish, deliver. Cron and the daemon run it; a step that fails does not stop the next.
import type { App } from './app.ts';
import { type Asking, collectPatiently, type OnStep } from './collecting.ts';
import { countClaimable, expireLeases } from './delivery/claim.ts';
import { deliver, type SendReport, type SendRequest } from './delivery/deliver.ts';
import { LOOK_BACK_DAYS } from './delivery/plan.ts';
import { planEdition } from './delivery/planning.ts';
import { deliverShare, type ShareReport } from './delivery/share.ts';
import { guardSurge } from './delivery/surge.ts';
import { keysOf, senderOf } from './desk.ts';
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
import { type Day, shiftDay } from './store/schema.ts';
import { type Refit, refit } from './themes/refit.ts';

export interface JobOptions extends Asking {
  onProgress?: ((done: number, all: number) => void) | undefined;
  onAttempt?: SendRequest['onAttempt'];
  /** Runs what hands mail over, when it is its turn in this process. */
  inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
  /** Tells others how many deliveries of an edition can be claimed, so that they take part. */
  share?: (edition: Day, waiting: number) => Promise<unknown>;
  /** To readers whose hour has come, whatever the day of the edition; else to those whose cadence asks for its day. */
  byHour?: boolean;
  /** Days before whose editions were never made: theirs are made first. */
  missed?: readonly Day[];
  /** Called when the edition is made, or there is none, and before it is sent. */
  onPublished?: () => Promise<void>;
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
  const make = async (day: Day, patient: boolean) => {
    const collections = await attempt('collect', async () => {
      const words = await collectPatiently(app, day, { ...options, patient });
      if (words.length === 0) onStep('collect: no sources are configured (SOURCES)', true);
      return words;
    });
    const publication = await attempt('publish', () => publishAloud(app, day, onStep));
    return { collections, publication };
  };
  for (const day of given.missed ?? []) await make(day, false);
  Object.assign(report, await make(date, given.patient ?? false));
  await given.onPublished?.();
  const isAwaited = !['published', 'already-published', 'quiet'].includes(report.publication?.outcome ?? '');
  report.sending = await attempt('deliver', () => inTurn(() => deliverDay(app, date, options, isAwaited)));
  if (!signal?.aborted && (report.sending?.stopped ?? null) === null)
    report.themes = await learn(app, options);
  if (!signal?.aborted) await tidy(app, options);
  return report;
}

async function publishAloud(app: App, date: Day, onStep: OnStep): Promise<DayPublication> {
  const publication = await publishDay(app, date);
  const { outcome, edition } = publication;
  const facts = { step: 'publish', outcome, edition: edition.date, papers: papersOf(edition).length };
  onStep(`publish: ${publicationLine(publication)}`, outcome === 'stale', facts);
  return publication;
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

/** @param isAwaited whether the day's edition is still to come */
async function deliverDay(
  app: App,
  date: Day,
  options: JobOptions,
  isAwaited: boolean,
): Promise<SendReport | null> {
  const { onStep, share, byHour = false, ...more } = options;
  await tendDoor(app, onStep, more.signal);
  // Asked of the database: there may be an edition although publishing failed this time.
  const published = (await readEdition(app.db, date)) !== undefined;
  const edition = published ? date : await latestEditionDate(app.db);
  const rest = byHour ? 'the latest goes to whoever is due and has not had it' : 'nothing new is sent';
  if (!published) onStep(`deliver: there is no edition of this day, so ${rest}`, false);
  if (edition === undefined) return null;
  // On a quiet day, what is owed of earlier editions is tried again all the same.
  const who = { dueOnly: true, ...(byHour ? { dueNow: { isAwaited } } : { owedOnly: !published }) };
  if (share) {
    await share(edition, await planOnly(app, edition, who, more.signal));
  }
  const sending = await sendEdition(app, edition, { ...who, ...more });
  if (!published && sending.planned === 0) return null;
  tellOfSending(onStep, edition, sending);
  return sending;
}

/**
 * Plans an edition, unless only what is owed is asked for, and hands nothing over.
 * @returns how many deliveries of it and of earlier ones can be handed over now
 */
export async function planOnly(
  app: App,
  edition: Day,
  { owedOnly = false, dueNow }: Pick<SendOptions, 'owedOnly' | 'dueNow'>,
  signal?: AbortSignal,
): Promise<number> {
  const { db, clock, settings } = app;
  if (!owedOnly) {
    await guardSurge(db, edition, { times: settings.askAbove, approved: false, clock });
    await planEdition({
      // The templates are not opened for this.
      ...{ db, clock, edition, dueOnly: true, secret: keysOf(settings).secret, sender: senderOf(settings) },
      deliverHours: settings.deliverHours,
      ...(dueNow ? { dueNow } : {}),
      ...(signal ? { signal } : {}),
    });
  }
  await expireLeases(db, clock);
  const span = { from: shiftDay(edition, -LOOK_BACK_DAYS), through: edition };
  return countClaimable(db, { ...span, resend: settings.onUnknown === 'resend' }, clock);
}

function tellOfSending(onStep: OnStep, edition: Day, sending: SendReport): void {
  for (const { line, failed } of preflightLines(sending.problems)) onStep(line, failed);
  const paused = sending.stop?.state === 'paused';
  const { planned, sent, deferred, refused, unknown, skipped, held, waiting, seconds } = sending;
  onStep(`deliver: ${sendingLine(sending)}`, sending.stopped !== null || held > 0 || paused, {
    step: 'deliver',
    edition,
    ...{ planned, sent, deferred, refused, unknown, skipped, held, waiting, seconds },
  });
  if (sending.stop !== null && paused) onStep(`deliver: ${stopHint(edition, sending.stop)}`, true);
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
  dueNow?: SendRequest['dueNow'];
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
  { dueOnly, dueNow, owedOnly = false, approved = false, waitMinutes = WAIT_MINUTES, ...more }: SendOptions,
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
    ...(dueNow ? { dueNow } : {}),
    ...(wait ? { wait } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    onAttempt,
  };
}
