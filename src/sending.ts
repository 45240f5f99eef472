// Sending with the installation's own templates, mailer and policy: an edition, a share of one, or only the plan of it.
import type { App } from './app.ts';
import { deliver, type SendReport, type SendRequest } from './delivery/deliver.ts';
import { deliverShare, type ShareReport } from './delivery/share.ts';
import { guardSurge } from './delivery/surge.ts';
import { latestEditionDate, readEdition } from './editions/edition.ts';
import type { Day } from './store/schema.ts';

/** What whoever sends may hear, and by what they are told to stop. */
export interface Surroundings {
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, all: number) => void) | undefined;
  onAttempt?: SendRequest['onAttempt'];
  /** Waits so many milliseconds, less when `signal` is aborted. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

interface SendOptions extends Surroundings {
  dueOnly: boolean;
  owedOnly?: boolean;
  /** How long to wait for the pace that is set before the rest is left to a later run. */
  waitMinutes?: number | undefined;
  /** Somebody was asked whether it may go to so many. */
  approved?: boolean;
}

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
    bounces: settings,
    pace: settings,
    patienceMs: waitMinutes * 60_000,
    ...(wait ? { wait } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    onAttempt,
  };
}

/**
 * The edition to send on a day. It is asked of the database: there may be one although publishing failed this time. On a
 * quiet day, what is owed of earlier editions is tried again all the same.
 */
export async function readDay(
  { db }: App,
  date: Day,
): Promise<{ isPublished: boolean; edition: Day | undefined }> {
  const isPublished = (await readEdition(db, date)) !== undefined;
  return { isPublished, edition: isPublished ? date : await latestEditionDate(db) };
}

/** A run that is stopped before it begins plans, and claims nothing. */
export const planOnly = (app: App, edition: Day, isPublished: boolean) =>
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
