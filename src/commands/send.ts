// `paperround send`: deliver an edition now, to everyone who has not had it; or a test to a few; or say who would get it.

import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { App } from '../app.ts';
import type { SendReport } from '../delivery/deliver.ts';
import { editionsOnce, planDeliveries } from '../delivery/plan.ts';
import { digestsOnce, writeMessage } from '../delivery/write.ts';
import { messageIdOf } from '../digests/message.ts';
import { latestEditionDate, readEdition } from '../editions/edition.ts';
import { PaperroundError } from '../errors.ts';
import { sendEdition, sendingLine, sendStatus } from '../job.ts';
import { type Day, instantText, shiftDay } from '../store/schema.ts';
import { readAddress } from '../subscribers/address.ts';
import { Preferences } from '../subscribers/preferences.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import type { Command, Context } from './context.ts';
import { table } from './terminal.ts';

interface Options {
  date?: string;
  to?: string[];
  dryRun?: boolean;
  yes?: boolean;
}

const send: Command<Options> = async (context, { date, to, dryRun, yes }) => {
  const { terminal, app, signal } = context;
  const open = await app();
  const edition = await editionToSend(open, date);
  if (to !== undefined) return sendTest(context, open, edition, to, dryRun === true);
  if (dryRun) return rehearse(context, open, edition);
  if (!yes && !(await agreed(open, edition))) {
    terminal.warn('Nothing was sent.');
    return 1;
  }
  const progress = terminal.progress('sent');
  const report = await sendEdition(open, edition, { dueOnly: false, signal, onProgress: progress.update });
  progress.end();
  terminal.result(shownReport(report, edition), [sendingLine(report)]);
  if (report.stopped !== null)
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

/** The contract of `send --json` and `run --json` (DESIGN §7). */
export function shownReport(report: SendReport | null, edition: Day): object {
  const none = { planned: 0, sent: 0, deferred: 0, refused: 0, unknown: 0, skipped: 0, seconds: 0 };
  const { planned, sent, deferred, refused, unknown, skipped, seconds } = report ?? none;
  const more =
    report === null ? {} : { waiting: report.waiting, before: report.before, stopped: report.stopped };
  return { edition, planned, sent, deferred, refused, unknown, skipped, seconds, ...more };
}

/** On a terminal, a real send to real people is asked for once more. */
async function agreed(open: App, edition: Day): Promise<boolean> {
  if (!process.stdin.isTTY || open.settings.smtpUrl === undefined) return true;
  const desk = await open.desk();
  const planned = await planDeliveries({ db: open.db, edition, clock: open.clock, dueOnly: false, ...desk });
  const readers = planned.filter(({ plan }) => plan.skip === null).length;
  if (readers === 0) return true;
  const line = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await line.question(`Send edition ${edition} to ${readers} readers? [y/N] `);
  line.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function rehearse({ terminal }: Context, open: App, edition: Day): Promise<number> {
  const desk = await open.desk();
  const planned = await planDeliveries({ db: open.db, edition, clock: open.clock, dueOnly: false, ...desk });
  const digests = digestsOnce(desk, editionsOnce(open.db, edition));
  const rows: { address: string; papers: number; bytes: number; subject: string; skip: string | null }[] = [];
  for (const { reader, plan } of planned) {
    if (plan.skip !== null) {
      rows.push({ address: reader.address, papers: 0, bytes: 0, subject: '', skip: plan.skip });
      continue;
    }
    const digest = await digests(plan.since, reader.preferences);
    const bytes = Buffer.byteLength(digest.html);
    rows.push({
      address: reader.address,
      papers: digest.papers.length,
      bytes,
      subject: digest.subject,
      skip: null,
    });
  }
  const would = rows.filter(({ skip }) => skip === null);
  const lines = rows.map(({ address, papers, bytes, subject, skip }) =>
    skip === null
      ? [address, `${papers} papers`, `${(bytes / 1000).toFixed(1)} kB`, subject]
      : [address, '-', '-', skip],
  );
  terminal.result(
    {
      ...shownReport(null, edition),
      planned: would.length,
      skipped: rows.length - would.length,
      dryRun: true,
      readers: rows,
    },
    [`Edition ${edition} would go to ${would.length} readers; nothing was sent or stored.`, ...table(lines)],
  );
  return 0;
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
  const digests = digestsOnce(desk, editionsOnce(open.db, edition));
  const recipients = await Promise.all(addresses.map(text => testRecipient(open, text)));
  const tally = { sent: 0, deferred: 0, refused: 0, unknown: 0, skipped: 0 };
  const started = performance.now();
  const lines: string[] = [];
  const mailer = await open.mailer();
  if (!dryRun) await mailer.check();
  for (const { id, address, preferences } of recipients) {
    const since = shiftDay(edition, -1);
    const digest = await digests(since, preferences);
    const at = open.clock();
    const mark = createHash('sha256')
      .update(`test ${edition} ${address} ${instantText(at)}`)
      .digest('hex');
    const message = await writeMessage(
      desk,
      { ...digest, subject: `[Test] ${digest.subject}` },
      {
        subscriberId: id,
        address,
        preferences,
        since,
        messageId: messageIdOf(desk.secret, mark, desk.sender),
        date: new Date(at.epochMilliseconds),
      },
    );
    const receipt = dryRun ? { outcome: 'skipped' as const, answer: 'dry run' } : await mailer.send(message);
    tally[receipt.outcome === 'unavailable' ? 'deferred' : receipt.outcome]++;
    lines.push(`test to ${address}: ${receipt.outcome}: ${receipt.answer}`);
  }
  const seconds = (performance.now() - started) / 1000;
  terminal.result({ edition, planned: recipients.length, ...tally, seconds, test: true }, lines);
  return tally.sent === 0 && !dryRun ? 3 : 0;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

async function testRecipient(open: App, text: string) {
  const known = await findSubscriber(open.db, text);
  if (known?.status === 'unsubscribed' || known?.status === 'suppressed') {
    throw new PaperroundError(
      'usage',
      `${known.address} is ${known.status}: no mail goes there, not even a test`,
    );
  }
  if (known !== undefined) return known;
  const address = readAddress(text);
  if ('problem' in address) throw new PaperroundError('usage', `--to: ${address.problem}`);
  return { id: NOBODY, address: address.address, preferences: Preferences.parse({}) };
}
