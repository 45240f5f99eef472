// The day's job: collect, publish, deliver. Cron and the daemon run it; a step that fails does not stop the next.
import type { App } from './app.ts';
import { ASKED_TO_STOP, deliver, type SendReport } from './delivery/deliver.ts';
import { latestEditionDate, papersOf, readEdition } from './editions/edition.ts';
import { type Publication, publish } from './editions/publish.ts';
import { reasonOf } from './errors.ts';
import { type Collection, collect } from './papers/collect.ts';
import type { Day } from './store/schema.ts';

/** What came of one job; a step that failed is null and has its reason in `failures`. */
export interface JobReport {
  date: Day;
  collections: Collection[] | null;
  publication: Publication | null;
  sending: SendReport | null;
  failures: { step: 'collect' | 'publish' | 'deliver'; error: unknown }[];
}

/** Called after each step, with one line that says what came of it. */
type OnStep = (line: string, failed: boolean) => void;

interface JobOptions {
  onStep: OnStep;
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Runs the job of `date` once. Every step can run twice or late; what is done is not done again. */
export async function runJob(
  app: App,
  date: Day,
  { onStep, signal, onProgress }: JobOptions,
): Promise<JobReport> {
  const report: JobReport = { date, collections: null, publication: null, sending: null, failures: [] };
  const attempt = async <T>(
    step: JobReport['failures'][number]['step'],
    work: () => Promise<T>,
  ): Promise<T | null> => {
    if (signal?.aborted) return null;
    try {
      return await work();
    } catch (error) {
      report.failures.push({ step, error });
      onStep(`${step}: failed: ${reasonOf(error)}`, true);
      return null;
    }
  };
  report.collections = await attempt('collect', async () => {
    const collections = await collectAll(app, date);
    for (const collection of collections)
      onStep(`collect: ${collectionLine(collection)}`, collection.outcome === 'failed');
    if (collections.length === 0) onStep('collect: no sources are configured (SOURCES)', true);
    return collections;
  });
  report.publication = await attempt('publish', async () => {
    const publication = await publish(app.press, date);
    onStep(`publish: ${publicationLine(publication)}`, false);
    return publication;
  });
  report.sending = await attempt('deliver', () => deliverDay(app, date, { onStep, signal, onProgress }));
  return report;
}

async function deliverDay(app: App, date: Day, { onStep, ...more }: JobOptions): Promise<SendReport | null> {
  // Asked of the database: there may be an edition although publishing failed this time.
  const published = (await readEdition(app.db, date)) !== undefined;
  const edition = published ? date : await latestEditionDate(app.db);
  if (!published) onStep('deliver: there is no edition of this day, so nothing new is sent', false);
  if (edition === undefined) return null;
  // On a quiet day, what is owed of earlier editions is tried again all the same.
  const sending = await sendEdition(app, edition, { dueOnly: true, owedOnly: !published, ...more });
  if (!published && sending.planned === 0) return null;
  onStep(`deliver: ${sendingLine(sending)}`, sending.stopped !== null);
  return sending;
}

/** Asks every configured source for the papers of `date`. */
export function collectAll(app: App, date: Day): Promise<Collection[]> {
  return collect(app.db, app.sources(), { day: date, zone: app.settings.timeZone, clock: app.clock });
}

type SendOptions = Omit<JobOptions, 'onStep'> & { dueOnly: boolean; owedOnly?: boolean };

/** Sends an edition with the installation's own templates, mailer and policy. */
export async function sendEdition(
  app: App,
  edition: Day,
  { dueOnly, owedOnly = false, signal, onProgress }: SendOptions,
): Promise<SendReport> {
  const { db, clock, settings } = app;
  return deliver({
    db,
    edition,
    desk: await app.desk(),
    mailer: await app.mailer(),
    clock,
    dueOnly,
    owedOnly,
    resendUnknown: settings.onUnknown === 'resend',
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
}

/**
 * The exit status of a job: 1 when a step failed, 3 when something should have been sent and none of it was, else 0.
 * A quiet day is a good day.
 */
export function exitStatusOf({ failures, collections, sending }: JobReport): number {
  if (failures.length > 0 || collections?.some(({ outcome }) => outcome === 'failed')) return 1;
  return sending === null ? 0 : sendStatus(sending);
}

/** The exit status of sending an edition: 1 when it ended early with mails waiting, 3 when nobody could be sent it. */
export function sendStatus({
  sent,
  refused,
  unknown,
  deferred,
  waiting,
  before,
  stopped,
}: SendReport): number {
  if (stopped !== null && !(stopped === ASKED_TO_STOP && waiting === 0)) return 1;
  const failed = refused + unknown + deferred > 0 || (before.sent === 0 && before.refused > 0);
  return sent === 0 && failed ? 3 : 0;
}

const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

export function collectionLine({ name, outcome, error, ...c }: Collection): string {
  if (outcome === 'not-yet') return `${name}: not-yet: there is nothing for ${c.day} yet`;
  if (outcome === 'failed') return `${name}: failed: ${error}`;
  const parts = [`${c.new} new`, `${c.updated} updated`, `${c.duplicate} known`];
  for (const { reason, count } of c.dropped) parts.push(`${count} dropped (${reason})`);
  return `${name}: ${outcome}: ${counted(c.fetched, 'paper')}: ${parts.filter(part => !part.startsWith('0 ')).join(', ') || 'nothing'}`;
}

export function publicationLine({ edition, outcome, waiting }: Publication): string {
  const wait = waiting === 0 ? '' : `; waiting for another edition: ${counted(waiting, 'new paper')}`;
  const size = `${counted(papersOf(edition).length, 'paper')} in ${counted(edition.themes.length, 'theme')}`;
  if (outcome === 'published') return `edition ${edition.date}: ${size}`;
  if (outcome === 'already-published')
    return `edition ${edition.date} was published before (${size}); nothing was changed${wait}`;
  return waiting === 0
    ? `${edition.date} is a quiet day: no paper is new`
    : `${edition.date} is a quiet day: ${counted(waiting, 'paper')} came late to an earlier day and will be in the next edition`;
}

export function sendingLine(report: SendReport): string {
  const { edition, planned, sent, before, stopped, waiting, elsewhere, later, deferred, unknown } = report;
  const others = (['deferred', 'refused', 'unknown', 'skipped'] as const).filter(state => report[state] > 0);
  const more = others.map(state => `, ${report[state]} ${state}`).join('');
  const notYet = later - deferred - unknown;
  const owed =
    (notYet > 0 ? `; ${notYet} will be tried again later` : '') +
    (elsewhere > 0
      ? `; ${elsewhere} being sent by another process, or by one that was killed less than 15 minutes ago`
      : '') +
    (before.refused > 0 ? `; ${before.refused} were refused before` : '');
  if (stopped !== null)
    return `stopped after ${sent} of ${planned}: ${stopped}; ${waiting} waiting${more}${owed}`;
  if (planned > 0)
    return `edition ${edition}: ${sent} sent${more}${before.sent > 0 ? `, ${before.sent} had it before` : ''}${owed}`;
  const why =
    before.sent > 0
      ? `edition ${edition} went to ${counted(before.sent, 'reader')} before`
      : report.active === 0
        ? 'nobody is subscribed (paperround subscribers import FILE)'
        : 'no active reader is due';
  return `nothing to send: ${owed === '' || before.sent > 0 ? why : `edition ${edition}`}${owed}`;
}
