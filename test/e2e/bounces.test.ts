// Bounces by the commands: what came back of a real sending is piped in, and the operator is told what follows.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dsn, letter } from '../delivery/bounces/reports.ts';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

async function sent() {
  const folder = await temporaryFolder();
  const server = await smtpServer();
  const env = { DATA_DIR: join(folder, 'data'), SMTP_URL: server.url, MAIL_FROM: 'papers@example.org' };
  const run = (args: string[], stdin?: Buffer) => paperround(args, { env, ...(stdin && { stdin }) });
  await run(['subscribers', 'add', 'ada@example.org']);
  await run(['subscribers', 'add', 'bo@example.org']);
  await run(['publish', '--from', 'samples/huggingface-2026-06-12.json']);
  expect((await run(['send', '--yes'])).status).toBe(0);
  const markOf = (to: string) => {
    const from = server.accepted.find(mail => mail.to === to)?.from ?? '';
    return from.slice(from.indexOf('+') + 1, from.indexOf('@'));
  };
  return { folder, run, about: (to: string) => ({ to, mark: markOf(to) }) };
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

it('a file that is not there, and a reader whom nobody knows, are said', async () => {
  const env = { DATA_DIR: await temporaryFolder() };
  const missing = await paperround(['bounces', 'process', 'nowhere.eml'], { env });
  expect(missing.status).toBe(2);
  expect(missing.stderr).toContain('nowhere.eml cannot be read');
  const nobody = await paperround(['bounces', 'list', '--subscriber', 'x@example.org'], { env });
  expect(nobody.status).toBe(2);
  expect(nobody.stderr).toContain('Nobody is subscribed as x@example.org');
});
