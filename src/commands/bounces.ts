// `paperround bounces process FILE | -` and `paperround bounces list`: delivery reports and complaints.
import { mailsAt, mailsOf } from '../delivery/bounces/intake.ts';
import { listBounces } from '../delivery/bounces/list.ts';
import { type Processed, type ProcessReport, processMails } from '../delivery/bounces/process.ts';
import { PaperroundError } from '../errors.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import { excerpt } from '../text-file.ts';
import type { Command } from './context.ts';
import { counted, table } from './terminal.ts';

/** Exit status 1 when a mail of a folder could not be read: the others were. A mail that is no report is no failure. */
export const process: Command<object, [string]> = async ({ terminal, app, signal }, _options, path) => {
  const open = await app();
  const mails = path === '-' ? mailsOf(standardInput(), 'standard input') : mailsAt(path);
  const report = await processMails(open.db, mails, open.settings, open.clock, signal);
  for (const result of report.results) {
    const line = problemIn(result);
    if (line !== null) terminal.warn(line);
  }
  terminal.result(report, [...report.results.filter(r => r.suppressed).map(suppression), summary(report)]);
  return report.unreadable > 0 ? 1 : 0;
};

const standardInput = () => globalThis.process.stdin as AsyncIterable<Buffer>;

function problemIn({ where, outcome, reason, email, kind, proof }: Processed): string | null {
  if (outcome === 'unreadable') return `${where}: cannot be read: ${reason}`;
  if (outcome === 'nobody') return `${where}: a report about nobody we know`;
  if (outcome === 'recorded' && kind === 'complaint' && proof === 'address')
    return `${where}: a complaint that only names ${email}, and shows nothing of our mail; anybody can write that. To stop mailing them: paperround subscribers remove ${email}`;
  return null;
}

const suppression = ({ email, kind, status, diagnostic }: Processed) =>
  `${email} is suppressed (${kind}${status ? ` ${status}` : ''}): ${excerpt(diagnostic ?? '', 100)}`;

function summary(report: ProcessReport): string {
  const told: [number, string][] = [
    [report.hard, 'hard'],
    [report.soft, 'soft'],
    [report.block, 'of us, not of the address'],
    [report.complaint, report.complaint === 1 ? 'complaint' : 'complaints'],
    [report.repeated, 'known already'],
    [report.delayed, 'only delayed'],
    [report.autoReplies, report.autoReplies === 1 ? 'auto-reply' : 'auto-replies'],
    [report.other, 'of no failure'],
    [report.nobody, 'about nobody we know'],
    [report.noReport, report.noReport === 1 ? 'no report' : 'no reports'],
    [report.unreadable, 'unreadable'],
  ];
  const parts = told.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  const readers = `${counted(report.suppressed, 'reader')} suppressed`;
  return [`${counted(report.mails, 'mail')}: ${parts.join(', ') || 'nothing'}`, readers].join('; ');
}

export const list: Command<{ subscriber?: string }> = async ({ terminal, app }, { subscriber }) => {
  const open = await app();
  const reader = subscriber === undefined ? undefined : await findSubscriber(open.db, subscriber);
  if (subscriber !== undefined && reader === undefined)
    throw new PaperroundError('usage', `Nobody is subscribed as ${subscriber}`);
  const bounces = await listBounces(open.db, reader?.id);
  const rows = bounces.map(b => [
    b.reportedAt,
    b.email,
    b.kind,
    b.suppressed ? 'suppressed' : '',
    b.status ?? '',
    excerpt(b.diagnostic, 100),
  ]);
  terminal.result({ bounces }, rows.length === 0 ? ['No bounces.'] : table(rows));
  return 0;
};
