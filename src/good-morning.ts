// After the day's job: a ping to who would raise the alarm without one, and a report by mail to the operator.
import type { App } from './app.ts';
import { countDeliveries } from './delivery/ledger.ts';
import { findStop } from './delivery/stop.ts';
import { messageIdOf } from './digests/message.ts';
import { writeNote } from './digests/note.ts';
import { leaveTelling, takeTelling, traceOf } from './editions/morning.ts';
import { reasonOf } from './errors.ts';
import type { Log } from './log.ts';
import {
  collectionLine,
  exitStatusOf,
  type JobReport,
  publicationLine,
  sendingLine,
  stopWords,
} from './report.ts';
import type { Day } from './store/schema.ts';

const PING_MS = 10_000;

/**
 * Tells of a job that ran: `PING_URL` once a day, and only when all went well; `REPORT_TO` once an edition, however it
 * went. Whatever comes of that is said, and is never a failure of the job.
 */
export async function tellOfMorning(app: App, report: JobReport, log: Log): Promise<void> {
  const { pingUrl, reportTo } = app.settings;
  const facts = { trace: await traceOf(app.db, report.date), date: report.date };
  if (pingUrl !== undefined && exitStatusOf(app, report) === 0)
    await tell(app, report.date, 'pinged_at', async () => {
      const problem = await ping(pingUrl);
      if (problem === null) log.step('ping: the morning went well, and that was told', false, facts);
      else log.step(`ping: nobody was told that the morning went well: ${problem}`, true, facts);
      return problem === null;
    });
  const edition = report.sending?.edition;
  if (reportTo !== undefined && edition !== undefined && report.sending !== null)
    await tell(app, edition, 'reported_at', async () => {
      const problem = await mailReport(app, report, edition, reportTo).catch(reasonOf);
      if (problem !== null) log.step(`report: not sent to the operator: ${problem}`, true, facts);
      return problem === null;
    });
}

async function tell(
  { db, clock }: App,
  date: Day,
  telling: Parameters<typeof takeTelling>[2],
  work: () => Promise<boolean>,
): Promise<void> {
  if (!(await takeTelling(db, date, telling, clock))) return;
  if (!(await work())) await leaveTelling(db, date, telling);
}

/** Asks for the address. @returns why that failed, without the address, which may be a secret; or null */
async function ping(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PING_MS), redirect: 'follow' });
    await answer.body?.cancel();
    return answer.ok ? null : `it answered ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return reasonOf(cause);
  }
}

/** Hands a report of the job to the mailer. @returns why it was not taken, or null */
async function mailReport(app: App, report: JobReport, edition: Day, to: string): Promise<string | null> {
  const { secret, sender, seal = null } = await app.desk();
  const { subject, text } = await reportOf(app, report, edition);
  const messageId = messageIdOf(secret, `report ${edition}`, sender);
  const date = new Date(app.clock().epochMilliseconds);
  const mailer = await app.mailer();
  const note = { to, subject: `${sender.name}: ${subject}`, text, messageId, date };
  const receipt = await mailer.send(await writeNote(note, sender, seal));
  return receipt.outcome === 'sent' ? null : receipt.answer;
}

async function reportOf(
  app: App,
  report: JobReport,
  edition: Day,
): Promise<{ subject: string; text: string }> {
  const status = exitStatusOf(app, report);
  const counts = await countDeliveries(app.db, edition);
  const stop = await findStop(app.db, edition);
  const parts = Object.entries(counts).filter(([, n]) => n > 0);
  const states = parts.map(([state, n]) => `${n} ${state}`).join(', ') || 'none';
  const { publication, sending } = report;
  const lines = [
    status === 0 ? 'All went well.' : 'Somebody should look:',
    ...report.failures.map(({ step, error }) => `  ${step} failed: ${reasonOf(error)}`),
    ...(stop === null ? [] : [`  ${stopWords(edition, stop)}`]),
    '',
    ...(report.collections ?? []).map(collection => `collect: ${collectionLine(collection)}`),
    ...(publication === null ? [] : [`publish: ${publicationLine(publication)}`]),
    ...(sending === null ? [] : [`deliver: ${sendingLine(sending)}`]),
    '',
    `Deliveries of the edition until now: ${states}.`,
    `Trace: ${await traceOf(app.db, edition)}`,
    'More: paperround status',
  ];
  return {
    subject: `edition ${edition}: ${status === 0 ? 'good' : 'look at it'}: ${states}`,
    text: `${lines.join('\n')}\n`,
  };
}
