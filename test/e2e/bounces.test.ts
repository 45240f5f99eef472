// Bounces by the commands: what came back of a real sending is piped in, and the operator is told what follows.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordRefusal } from '../../src/delivery/bounces/record.ts';
import { postmark } from '../delivery/bounces/events.ts';
import { opened, POLICY } from '../delivery/bounces/opened.ts';
import { dsn, letter } from '../delivery/bounces/reports.ts';
import { documentOf, paperround, start } from '../support/cli.ts';
import { handOver } from '../support/hand-over.ts';
import { imapServer } from '../support/imap.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

async function sent() {
  const folder = await temporaryFolder();
  const server = await smtpServer();
  const env = { DATA_DIR: join(folder, 'data'), SMTP_URL: server.url, MAIL_FROM: 'papers@example.org' };
  const run = (args: string[], stdin?: Buffer) => paperround(args, { env, ...(stdin && { stdin }) });
  for (const reader of ['ada', 'bo', 'cy']) await run(['subscribers', 'add', `${reader}@example.org`]);
  await run(['publish', '--from', 'samples/huggingface-2026-06-12.json']);
  expect((await run(['send', '--yes'])).status).toBe(0);
  const markOf = (to: string) => {
    const from = server.accepted.find(mail => mail.to === to)?.from ?? '';
    return from.slice(from.indexOf('+') + 1, from.indexOf('@'));
  };
  return { folder, env, run, about: (to: string) => ({ to, mark: markOf(to) }) };
}

const DEAD = { status: '5.1.1', diagnostic: '550 5.1.1 user unknown' };

it('a report from a pipe suppresses its reader, once, and subscribers show tells why', async () => {
  const { run, about } = await sent();
  const report = dsn(about('ada@example.org'), DEAD);
  const first = await run(['bounces', 'process', '-'], report);
  expect(first.status).toBe(0);
  expect(first.stdout).toContain('ada@example.org is suppressed (hard 5.1.1)');
  expect(first.stdout).toContain('1 mail: 1 hard; 1 reader suppressed');
  const again = documentOf(await run(['bounces', 'process', '-', '--json'], report));
  expect(again).toMatchObject({ mails: 1, hard: 0, repeated: 1, suppressed: 0 });
  const shown = await run(['subscribers', 'show', 'ada@example.org']);
  expect(shown.stdout).toMatch(/because\s+the address is dead, by the digest of 2026-06-12: 5\.1\.1/);
  expect((await run(['bounces', 'list'])).stdout).toMatch(/ada@example\.org\s+hard\s+suppressed/);
  expect((await run(['bounces', 'list', '--subscriber', 'bo@example.org'])).stdout).toContain('No bounces.');
});

it('an mbox and a Maildir are read mail by mail; what is no report is counted', async () => {
  const { folder, run, about } = await sent();
  const from = 'From MAILER-DAEMON Thu Aug 20 07:05:00 2026\n';
  const mails = [dsn(about('ada@example.org'), DEAD), letter(about('bo@example.org'))];
  const mbox = Buffer.concat(mails.flatMap(mail => [Buffer.from(from), mail, Buffer.from('\n\n')]));
  await writeFile(join(folder, 'mbox'), mbox);
  const read = documentOf(await run(['bounces', 'process', join(folder, 'mbox'), '--json']));
  expect(read).toMatchObject({ mails: 2, hard: 1, noReport: 1, suppressed: 1 });
  const maildir = join(folder, 'Maildir');
  for (const part of ['new', 'cur', 'tmp']) await mkdir(join(maildir, part), { recursive: true });
  await writeFile(join(maildir, 'new', '1'), dsn(about('bo@example.org'), DEAD));
  await writeFile(join(maildir, 'cur', '2:2,S'), dsn(about('ada@example.org'), DEAD));
  await writeFile(join(maildir, 'tmp', '3'), 'half a mail');
  const found = documentOf(await run(['bounces', 'process', maildir, '--json']));
  expect(found).toMatchObject({ mails: 2, hard: 1, repeated: 1, suppressed: 1, noReport: 0 });
});

it('while serve runs, bounces come in by mailbox, by LMTP and by webhook, and it ends when it is asked to', async () => {
  const { env, run, about } = await sent();
  const { url, inbox } = await imapServer([dsn(about('ada@example.org'), DEAD)]);
  const daemon = start(['serve', '--port', '0'], {
    env: {
      ...env,
      CRON: '0 0 1 1 *',
      BOUNCE_MAILBOX: url(),
      BOUNCE_LISTEN: 'lmtp://127.0.0.1:0',
      POSTMARK_WEBHOOK_SECRET: 'a-long-password-of-postmark',
    },
  });
  await daemon.says(/bounces: 1 read in the mailbox, 1 suppressed/);
  expect(inbox[0]?.seen).toBe(true);
  const [, port = ''] = await daemon.says(/bounces: lmtp on 127\.0\.0\.1:(\d+) for papers@example\.org/);
  const bo = about('bo@example.org');
  await handOver(Number(port), true, [`papers+${bo.mark}@example.org`], dsn(bo, DEAD));
  await daemon.says(/bounces: listener: bo@example\.org is suppressed/);
  const [, pages = ''] = await daemon.says(/readers' pages on (\S+)/);
  const cy = about('cy@example.org');
  const told = await fetch(`${pages}/webhooks/postmark`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${btoa('x:a-long-password-of-postmark')}`,
    },
    body: JSON.stringify(postmark(cy, { Content: `Message-ID: <${cy.mark}@example.org>` })),
  });
  expect(told.status).toBe(200);
  expect((await fetch(`${pages}/webhooks/ses`, { method: 'POST' })).status).toBe(404);
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  const { subscribers } = documentOf(await run(['status', '--json']));
  expect(subscribers).toMatchObject({ suppressed: 3, active: 0 });
});

it('a mailbox is read by bounces poll; one that lets nobody in is told of without its password', async () => {
  const { env, about } = await sent();
  const { url } = await imapServer([dsn(about('ada@example.org'), DEAD), letter(about('bo@example.org'))]);
  const poll = (BOUNCE_MAILBOX: string) =>
    paperround(['bounces', 'poll'], { env: { ...env, BOUNCE_MAILBOX } });
  const read = await poll(url());
  expect([read.status, read.stdout]).toEqual([
    0,
    expect.stringContaining('2 mails: 1 hard, 1 no report; 1 reader suppressed'),
  ]);
  const refused = await poll(url('', 'INBOX', 'geheim'));
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('does not let papers in: Invalid credentials');
  expect(refused.stderr + refused.stdout).not.toContain('geheim');
  const shown = await paperround(['config'], { env: { ...env, BOUNCE_MAILBOX: url('', 'INBOX', 'geheim') } });
  expect(shown.stdout).not.toContain('geheim');
  const unset = await paperround(['bounces', 'poll'], { env });
  expect([unset.status, unset.stderr]).toEqual([2, expect.stringContaining('BOUNCE_MAILBOX is not set')]);
});

it('what the brake holds stands in status and in bounces list, and is decided on once', async () => {
  const dataDir = await temporaryFolder();
  const emails = Array.from({ length: 23 }, (_, n) => `reader${n}@uni.example`);
  const { db, clock, send } = await opened(emails, { dataDir });
  for (const email of emails) {
    const { claimed } = await send(email, '2026-08-20');
    await recordRefusal(db, claimed, '550 5.1.1 user unknown', POLICY, clock);
  }
  const run = (...args: string[]) => paperround(args, { env: { DATA_DIR: dataDir } });
  const words =
    /held: 3 readers of uni\.example would be suppressed, since 2026-08-20T07:00:00\.000Z \("550 5\.1\.1 user unknown"\)/;
  for (const args of [['status'], ['bounces', 'list'], ['bounces', 'held']])
    expect((await run(...args)).stdout).toMatch(words);
  expect((await run('bounces', 'list')).stdout).toMatch(/reader22@uni\.example\s+block\s+held/);
  expect(documentOf(await run('status', '--json'))).toMatchObject({
    heldBounces: [{ domain: 'uni.example', readers: 3 }],
  });
  expect((await run('bounces', 'held', 'UNI.example', '--suppress')).stdout).toBe(
    '3 bounces of uni.example: 3 readers suppressed\n',
  );
  expect((await run('bounces', 'held', 'uni.example', '--keep')).status).toBe(2);
});

it('a decision is asked for by bounces held, which wants a domain of which something is held', async () => {
  const env = { DATA_DIR: await temporaryFolder() };
  const held = (...args: string[]) => paperround(['bounces', 'held', ...args], { env });
  expect((await held()).stdout).toBe('Nothing is held.\n');
  expect(await held('example.org', '--keep')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Nothing is held of example.org'),
  });
  for (const args of [['example.org'], ['--keep'], ['example.org', '--keep', '--suppress']])
    expect(await held(...args)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('A domain and a decision are needed'),
    });
});

it('a file that is not there, and a reader whom nobody knows, are said', async () => {
  const env = { DATA_DIR: await temporaryFolder() };
  const missing = await paperround(['bounces', 'process', 'nowhere.eml'], { env });
  expect(missing.status).toBe(2);
  expect(missing.stderr).toContain('nowhere.eml cannot be read');
  const nobody = await paperround(['bounces', 'list', '--subscriber', 'x@example.org'], { env });
  expect(nobody.status).toBe(2);
  expect(nobody.stderr).toContain('Nobody is subscribed as x@example.org');
});
