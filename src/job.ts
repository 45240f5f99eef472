// The day's job: collect, publish, deliver. Cron and the daemon run it; a step that fails does not stop the next.
import type { App } from './app.ts';
import { deliver, type SendReport } from './delivery/deliver.ts';
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
export type OnStep = (line: string, failed: boolean) => void;

/** Runs the job of `date` once. Every step can run twice or late; what is done is not done again. */
export async function runJob(
  app: App,
  date: Day,
  {
    onStep,
    signal,
    onProgress,
  }: { onStep: OnStep; signal?: AbortSignal; onProgress?: (done: number, all: number) => void },
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
    if (collections.length === 0) onStep('collect: no sources are configured (SOURCES)', false);
    return collections;
  });
  report.publication = await attempt('publish', async () => {
    const publication = await publish(app.press, date);
    onStep(`publish: ${publicationLine(publication)}`, false);
    return publication;
  });
  report.sending = await attempt('deliver', async () => {
    if (report.publication === null || report.publication.outcome === 'quiet') {
      onStep('deliver: there is no edition of this day, so nothing is sent', false);
      return null;
    }
    const sending = await sendEdition(app, date, {
      dueOnly: true,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
    onStep(`deliver: ${sendingLine(sending)}`, sending.stopped !== null);
    return sending;
  });
  return report;
}

/** Asks every configured source for the papers of `date`. */
export function collectAll(app: App, date: Day): Promise<Collection[]> {
  return collect(app.db, app.sources(), { day: date, zone: app.settings.timeZone, clock: app.clock });
}

/** Sends an edition with the installation's own templates, mailer and policy. */
export async function sendEdition(
  app: App,
  edition: Day,
  more: { dueOnly: boolean; signal?: AbortSignal; onProgress?: (done: number, all: number) => void },
): Promise<SendReport> {
  const { db, clock, settings } = app;
  const desk = await app.desk();
  const mailer = await app.mailer();
  return deliver({
    db,
    edition,
    desk,
    mailer,
    clock,
    resendUnknown: settings.onUnknown === 'resend',
    ...more,
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

/** The exit status of sending an edition. */
export function sendStatus({ sent, refused, unknown, deferred, stopped }: SendReport): number {
  if (stopped !== null && stopped !== 'asked to stop') return 1;
  return sent === 0 && refused + unknown + deferred > 0 ? 3 : 0;
}

const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

export function collectionLine({ name, outcome, error, ...c }: Collection): string {
  if (outcome === 'failed') return `${name}: failed: ${error}`;
  const parts = [`${c.new} new`, `${c.updated} updated`, `${c.duplicate} known`];
  for (const { reason, count } of c.dropped) parts.push(`${count} dropped (${reason})`);
  return `${name}: ${outcome}: ${counted(c.fetched, 'paper')}: ${parts.filter(part => !part.startsWith('0 ')).join(', ') || 'nothing'}`;
}

export function publicationLine({ edition, outcome, waiting }: Publication): string {
  const papers = edition.themes.reduce((sum, theme) => sum + theme.papers.length, 0);
  const size = `${counted(papers, 'paper')} in ${counted(edition.themes.length, 'theme')}`;
  if (outcome === 'published') return `edition ${edition.date}: ${size}`;
  if (outcome === 'already-published')
    return `edition ${edition.date} was published before (${size}); nothing was changed`;
  return waiting === 0
    ? `${edition.date} is a quiet day: no paper is new`
    : `${edition.date} is a quiet day: ${counted(waiting, 'paper')} came late to an earlier day and will be in the next edition`;
}

export function sendingLine(report: SendReport): string {
  const { edition, planned, sent, before, stopped, waiting, elsewhere } = report;
  const others = (['deferred', 'refused', 'unknown', 'skipped'] as const).filter(state => report[state] > 0);
  const more = others.map(state => `, ${report[state]} ${state}`).join('');
  const owed = elsewhere > 0 ? `; ${elsewhere} in the hands of another process` : '';
  if (stopped !== null)
    return `stopped after ${sent} of ${planned}: ${stopped}; ${waiting} waiting${more}${owed}`;
  if (planned === 0 && report.skipped === 0) {
    return `nothing to send: ${before === 0 ? 'no active reader is due' : `all ${before} readers who are due have had edition ${edition}`}${owed}`;
  }
  return `edition ${edition}: ${sent} sent${more}${before > 0 ? `, ${before} had it before` : ''}${owed}`;
}
