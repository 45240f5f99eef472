// `paperround send`: deliver an edition now, to everyone who has not had it; or a test to a few; or say who would get it.
import type { App } from '../app.ts';
import { countClaimable } from '../delivery/claim.ts';
import type { SendReport } from '../delivery/deliver.ts';
import { inspectOnce, type Problem } from '../delivery/inspect.ts';
import { editionsOnce, LOOK_BACK_DAYS } from '../delivery/plan.ts';
import { type PlanRequest, planDeliveries } from '../delivery/planning.ts';
import { findStop } from '../delivery/stop.ts';
import { findSurge, surgeWords } from '../delivery/surge.ts';
import { testRecipient, writeTest } from '../delivery/test-mail.ts';
import { latestEditionDate, readEdition } from '../editions/edition.ts';
import { PaperroundError } from '../errors.ts';
import { sendEdition } from '../job.ts';
import { attemptsIn, openLog } from '../log.ts';
import { preflightLines, sendingLine, sendStatus, stopHint, stopWords } from '../report.ts';
import { type Day, shiftDay } from '../store/schema.ts';
import type { Command, Context } from './context.ts';
import { counted, type Terminal, table } from './terminal.ts';

interface Options {
  date?: string;
  to?: string[];
  dryRun?: boolean;
  yes?: boolean;
  wait?: number;
}

const send: Command<Options> = async (context, { date, to, dryRun, yes, wait }) => {
  const { terminal, app, signal } = context;
  const open = await app();
  const edition = await editionToSend(open, date);
  if (to !== undefined) return sendTest(context, open, edition, to, dryRun === true);
  if (dryRun) return rehearse(context, open, edition);
  if (!yes && !(await agreed(terminal, open, edition))) {
    terminal.warn('Nothing was sent.');
    return 1;
  }
  const log = await openLog(open.settings, { clock: open.clock, write: terminal.warn, stamped: false });
  const progress = terminal.progress('sent');
  const report = await sendEdition(open, edition, {
    dueOnly: false,
    approved: true,
    signal,
    onProgress: progress.update,
    onAttempt: attemptsIn(log, open.db),
    waitMinutes: wait,
  });
  progress.end();
  showProblems(terminal, report.problems);
  terminal.result(shownReport(report, edition), [sendingLine(report)]);
  if (report.held > 0)
    terminal.warn('  What is held back stays owed: mend the template and run the same command again.');
  if (report.stop !== null) terminal.warn(`  ${stopHint(edition, report.stop)}`);
  else if (report.stopped !== null || (report.paced !== null && report.waiting > 0))
    terminal.warn(`  ${report.waiting} are waiting; run the same command again to send them.`);
  return sendStatus(report);
};
export default send;

/** The edition that is meant: the one of `date`, or the latest. */
async function editionToSend(open: App, date: string | undefined): Promise<Day> {
  const day = date ?? (await latestEditionDate(open.db));
  if (day !== undefined && (await readEdition(open.db, day)) !== undefined) return day;
  const what = date === undefined ? 'No edition has been published yet' : `There is no edition of ${date}`;
  throw new PaperroundError('usage', what, {
    hint: 'Make one first: paperround publish [--date DAY] [--from FILE]',
  });
}

/** The contract of `send --json` and `run --json`, which people script against. */
export function shownReport(report: SendReport | null, edition: Day): object {
  const none = { planned: 0, sent: 0, deferred: 0, refused: 0, unknown: 0, skipped: 0, held: 0, seconds: 0 };
  const { planned, sent, deferred, refused, unknown, skipped, held, seconds } = report ?? none;
  const counts = { edition, planned, sent, deferred, refused, unknown, skipped, held, seconds };
  if (report === null) return counts;
  const { waiting, before, stopped, paced, stop, problems } = report;
  return { ...counts, waiting, before, stopped, paced, stop, preflight: problems };
}

function showProblems(terminal: Terminal, problems: readonly Problem[]): void {
  for (const { line, failed } of preflightLines(problems)) failed ? terminal.warn(line) : terminal.say(line);
}

/** On a terminal, a real send to real people is asked for once more; elsewhere only one to far more than before. */
async function agreed(terminal: Terminal, open: App, edition: Day): Promise<boolean> {
  const surge = await findSurge(open.db, edition, open.settings.askAbove);
  if (surge !== null) {
    terminal.warn(`That is more than ASK_ABOVE=${open.settings.askAbove} times: ${surgeWords(surge)}.`);
    if (await terminal.asks(`Send edition ${edition} to all of them?`)) return true;
    if (!process.stdin.isTTY) terminal.warn('If that is right: paperround send --yes');
    return false;
  }
  if (!process.stdin.isTTY || open.settings.smtpUrl === undefined) return true;
  const { planned, owed, stop } = await foreseen(open, edition, { dueOnly: false });
  if (stop !== null) return true;
  const mails = planned + owed;
  if (mails === 0) return true;
  return terminal.asks(`Send ${mails} mails (edition ${edition}) to real readers?`);
}

/** Readers who are listed one by one in a rehearsal; all are counted. */
const MOST_LISTED = 1000;

/** A reader for whom a send would plan something. */
interface Foreseen {
  address: string;
  papers: number;
  bytes: number;
  subject: string;
  skip: string | null;
  /** Why preflight would hold it back. */
  held: string | null;
}

/** What a send would do now: the mails it would plan, and how many that were planned before it would try again. */
async function foreseen(open: App, edition: Day, whom: Whom) {
  const { db, clock, settings } = open;
  const desk = await open.desk();
  const inspector = inspectOnce(desk, editionsOnce(db));
  const readers: Foreseen[] = [];
  const counts = { planned: 0, skipped: 0, held: 0 };
  for await (const page of planDeliveries({ db, clock, edition, ...whom, ...desk }))
    for (const { reader, editions, skip } of page) {
      const looked = skip === null ? await inspector.digest(editions, reader.preferences) : null;
      const held = looked !== null && 'held' in looked ? looked.held : null;
      counts[skip === null ? 'planned' : 'skipped']++;
      if (held !== null) counts.held++;
      if (readers.length === MOST_LISTED) continue;
      const { html, papers, subject } =
        looked !== null && 'good' in looked ? looked.good : { html: '', papers: [], subject: '' };
      const bytes = Buffer.byteLength(html);
      readers.push({ address: reader.address, papers: papers.length, bytes, subject, skip, held });
    }
  const from = shiftDay(edition, -LOOK_BACK_DAYS);
  const what = { from, through: edition, resend: settings.onUnknown === 'resend' };
  const owed = await countClaimable(db, what, clock);
  return { ...counts, readers, owed, problems: inspector.problems(), stop: await findStop(db, edition) };
}

/** To whom it would be sent: those whose cadence asks for the day, or whose hour has come. */
type Whom = Pick<PlanRequest, 'dueOnly' | 'dueNow'>;

/** Says who would get what, and sends and stores nothing. */
export async function rehearse(
  { terminal }: Pick<Context, 'terminal'>,
  open: App,
  edition: Day,
  whom: Whom = { dueOnly: false },
): Promise<number> {
  const { readers, planned, skipped, held, owed, problems, stop } = await foreseen(open, edition, whom);
  const lines = readers.map(({ address, papers, bytes, subject, skip, held }) =>
    skip === null && held === null
      ? [address, counted(papers, 'paper'), `${(bytes / 1000).toFixed(1)} kB`, subject]
      : [address, '-', '-', skip ?? `held back: ${held}`],
  );
  const more = planned + skipped - readers.length;
  if (more > 0) lines.push([`… and ${counted(more, 'more reader')}`]);
  showProblems(terminal, problems);
  if (stop !== null) terminal.warn(`${stopWords(edition, stop)}: now, nothing of it would be sent`);
  const again = owed === 0 ? '' : ` ${owed} that were planned before would be tried again.`;
  terminal.result(
    {
      ...shownReport(null, edition),
      planned: planned + owed,
      skipped,
      held,
      owed,
      dryRun: true,
      stop,
      preflight: problems,
      readers,
    },
    [
      `Edition ${edition} would go to ${counted(planned - held, 'reader')}${held > 0 ? `, ${held} would be held back` : ''}; nothing was sent or stored.${again}`,
      ...table(lines),
    ],
  );
  return held > 0 ? 1 : 0;
}

/** A test send is outside the ledger: it goes to whom it names, as often as it is asked for, but never to one who left. */
async function sendTest(
  { terminal }: Context,
  open: App,
  edition: Day,
  addresses: readonly string[],
  dryRun: boolean,
): Promise<number> {
  const desk = await open.desk();
  const inspector = inspectOnce(desk, editionsOnce(open.db));
  const recipients = await Promise.all(addresses.map(text => testRecipient(open.db, text, edition)));
  const tally = { sent: 0, deferred: 0, refused: 0, unknown: 0, skipped: 0, held: 0 };
  const started = performance.now();
  const lines: string[] = [];
  const mailer = await open.mailer();
  if (!dryRun) await mailer.check();
  for (const { id, address, preferences, editions } of recipients) {
    const looked = await inspector.digest(editions, preferences);
    if ('held' in looked) {
      tally.held++;
      lines.push(`test to ${address}: held back: ${looked.held}`);
      continue;
    }
    const digest = looked.good;
    const message = await writeTest(desk, digest, { id, address }, open.clock());
    const receipt = dryRun ? { outcome: 'skipped' as const, answer: 'dry run' } : await mailer.send(message);
    tally[receipt.outcome === 'unavailable' ? 'deferred' : receipt.outcome]++;
    lines.push(`test to ${address}: ${receipt.outcome}: ${receipt.answer}`);
  }
  const seconds = (performance.now() - started) / 1000;
  const problems = inspector.problems();
  showProblems(terminal, problems);
  terminal.result(
    { edition, planned: recipients.length, ...tally, seconds, test: true, preflight: problems },
    lines,
  );
  if (tally.held > 0) return 1;
  return tally.sent === 0 && !dryRun ? 3 : 0;
}
