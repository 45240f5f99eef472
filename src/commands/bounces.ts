// `paperround bounces process FILE | -`, `poll`, `list` and `held`: delivery reports and complaints.
import { type App, recordingOf } from '../app.ts';
import { decideHeld, heldDomains, heldWords } from '../delivery/bounces/held.ts';
import { mailsAt, mailsOf } from '../delivery/bounces/intake.ts';
import { listBounces } from '../delivery/bounces/list.ts';
import { pollMailbox } from '../delivery/bounces/mailbox.ts';
import { MAILBOX_URL } from '../delivery/bounces/mailbox-url.ts';
import { type Processed, type ProcessReport, processMails } from '../delivery/bounces/process.ts';
import { PaperroundError } from '../errors.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import { excerpt } from '../text-file.ts';
import type { Command } from './context.ts';
import { counted, type Terminal, table } from './terminal.ts';

/** Exit status 1 when a mail of a folder could not be read: the others were. A mail that is no report is no failure. */
export const process: Command<object, [string]> = async ({ terminal, app, signal }, _options, path) => {
  const open = await app();
  const mails = path === '-' ? mailsOf(standardInput(), 'standard input') : mailsAt(path);
  const report = await processMails(recordingOf(open), mails, signal);
  tell(terminal, report);
  return report.unreadable > 0 ? 1 : 0;
};

/** Looks once into the mailbox of bounces. Exit status 1 when a mail could not be written down. */
export const poll: Command = async ({ terminal, app, signal }) => {
  const open = await app();
  const { bounceMailbox } = open.settings;
  if (bounceMailbox === undefined)
    throw new PaperroundError('config', 'BOUNCE_MAILBOX is not set', {
      hint: `It is ${MAILBOX_URL}`,
    });
  const report = await pollMailbox(recordingOf(open), bounceMailbox, signal);
  tell(terminal, report);
  return report.unreadable > 0 ? 1 : 0;
};

function tell(terminal: Terminal, report: ProcessReport): void {
  for (const result of report.results) {
    const line = problemIn(result);
    if (line !== null) terminal.warn(line);
  }
  terminal.result(report, [...report.results.filter(r => r.suppressed).map(suppression), summary(report)]);
}

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
    [report.left, 'left by mail'],
    [report.other, 'of no failure'],
    [report.nobody, 'about nobody we know'],
    [report.noReport, report.noReport === 1 ? 'no report' : 'no reports'],
    [report.unreadable, 'unreadable'],
  ];
  const parts = told.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  const readers = `${counted(report.suppressed, 'reader')} suppressed`;
  const held = report.held > 0 ? [`${report.held} held: see "paperround bounces held"`] : [];
  return [`${counted(report.mails, 'mail')}: ${parts.join(', ') || 'nothing'}`, readers, ...held].join('; ');
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
    b.suppressed ? 'suppressed' : b.held ? 'held' : '',
    b.status ?? '',
    excerpt(b.diagnostic, 100),
  ]);
  const lines = (await heldDomains(open.db)).map(heldWords);
  terminal.result({ bounces }, [...(rows.length === 0 ? ['No bounces.'] : table(rows)), ...lines]);
  return 0;
};

/** What the brake holds; or, with a domain, what follows of it. */
export const held: Command<{ suppress?: boolean; keep?: boolean }, [string | undefined]> = async (
  { terminal, app },
  { suppress = false, keep = false },
  domain,
) => {
  if (suppress !== keep && domain !== undefined) return decide(await app(), terminal, domain, suppress);
  if (domain !== undefined || suppress || keep)
    throw new PaperroundError('usage', 'A domain and a decision are needed', {
      hint: 'paperround bounces held example.org --suppress, or --keep when its server was wrong.',
    });
  const domains = await heldDomains((await app()).db);
  terminal.result({ domains }, domains.length === 0 ? ['Nothing is held.'] : domains.map(heldWords));
  return 0;
};

async function decide({ db, clock }: App, terminal: Terminal, domain: string, suppress: boolean) {
  const decided = await decideHeld(db, domain.toLowerCase(), suppress ? 'suppress' : 'keep', clock);
  if (decided.bounces === 0)
    throw new PaperroundError('usage', `Nothing is held of ${domain}`, {
      hint: 'paperround bounces held shows of which domains something is.',
    });
  const said = `${counted(decided.bounces, 'bounce')} of ${domain.toLowerCase()}`;
  terminal.result({ domain, ...decided }, [
    `${said}: ${suppress ? `${counted(decided.suppressed, 'reader')} suppressed` : 'the readers stay'}`,
  ]);
  return 0;
}
