// The whole way into a real Postfix: encrypted, logged in, delivered to mailboxes, read back by other people's parsers; and its bounces.
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { recordingOf } from '../../src/app.ts';
import { openListener } from '../../src/delivery/bounces/listener.ts';
import { sendmailMailer } from '../../src/delivery/mailer/sendmail.ts';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { findSubscriber } from '../../src/subscribers/subscriber.ts';
import { mailroom } from '../delivery/mailroom.ts';
import { message } from '../delivery/messages.ts';
import { freePort, postfix } from '../support/postfix.ts';

interface Verified {
  results: { status: { result: string }; algo: string; selector: string }[];
}
const { dkimVerify } = createRequire(import.meta.url)('mailauth/lib/dkim/verify') as {
  dkimVerify(bytes: Buffer, options: object): Promise<Verified>;
};

const DAY = '2026-08-20';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');
const pem = (key: typeof rsa.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const der = (key: typeof rsa.publicKey) => key.export({ type: 'spki', format: 'der' });
const RECORDS: Record<string, string> = {
  'r._domainkey.sender.example': `v=DKIM1; k=rsa; p=${der(rsa.publicKey).toString('base64')}`,
  'e._domainkey.sender.example': `v=DKIM1; k=ed25519; p=${der(ed.publicKey).subarray(-32).toString('base64')}`,
};
const SENDER = {
  mailFrom: 'Größe, täglich <papers@sender.example>',
  publicUrl: 'https://papers.sender.example',
  dkimKey: pem(rsa.privateKey) + pem(ed.privateKey),
  dkimSelector: 'r,e',
};

/** An edition for these readers, and a Postfix that has their mailboxes. */
async function town(readers: readonly string[], bouncesTo?: number) {
  const server = await postfix({
    mailboxes: readers.filter(name => name !== 'nobody'),
    ...(bouncesTo && { bouncesTo }),
  });
  const room = await mailroom(
    Object.fromEntries(readers.map(name => [`${name}@readers.example`, {}])),
    SENDER,
  );
  await room.day(DAY);
  const mailer = smtpMailer(server.url, 3, { caFile: server.caFile });
  onTestFinished(() => mailer.close());
  return { server, room, mailer };
}

describe('an edition, handed to Postfix', () => {
  const READERS = ['ada', 'bob+papers', 'zoë', 'o-brien'];

  it('reaches every mailbox once, encrypted, as it was written, with signatures that others accept', async () => {
    const { server, room, mailer } = await town(READERS);
    const report = await room.send(DAY, { mailer });
    expect(report).toMatchObject({ sent: READERS.length, refused: 0, deferred: 0, unknown: 0 });
    for (const name of READERS) {
      const mails = await server.mailbox(name, 1);
      expect(mails).toHaveLength(1);
      const bytes = mails[0] as Buffer;
      const row = await room.row(`${name}@readers.example`, DAY);
      const parsed = await simpleParser(bytes);
      expect(parsed.messageId).toBe(row.message_id);
      expect(parsed.from?.text).toBe('"Größe, täglich" <papers@sender.example>');
      expect(parsed.subject).toMatch(/^Paper of 2026-08-20/);
      expect(parsed.text).toContain('We propose it.');
      expect(String(parsed.html)).toContain('Paper of 2026-08-20');
      const head = bytes
        .toString()
        .slice(0, bytes.indexOf('\r\n\r\n'))
        .replace(/\r\n[ \t]+/g, ' ');
      expect(head).toMatch(/^Return-Path: <papers\+[\w-]+@sender\.example>/);
      expect(head).toMatch(/Received: from .* \(using TLSv1\.[23] .*(?:with |)(?:UTF8SMTPSA|ESMTPSA)/);
      const { results } = await dkimVerify(bytes, { resolver: async (at: string) => [[RECORDS[at] ?? '']] });
      expect(results.map(({ selector, status }) => [selector, status.result])).toEqual([
        ['r', 'pass'],
        ['e', 'pass'],
      ]);
    }
    expect(await server.log()).toMatch(/sasl_method=PLAIN, sasl_username=paper/);
  });

  it('is logged in by LOGIN as well', async () => {
    const server = await postfix({ mailboxes: ['ada'] });
    const mailer = smtpMailer(`${server.url}&auth=login`, 1, { caFile: server.caFile });
    onTestFinished(() => mailer.close());
    await mailer.check();
    expect((await mailer.send(message('x', 'ada@readers.example'))).outcome).toBe('sent');
    expect(await server.log()).toMatch(/sasl_method=LOGIN, sasl_username=paper/);
  });

  it('tells what is wrong: the password, the certificate, no encryption, no login', async () => {
    const server = await postfix({ mailboxes: [] });
    const { caFile } = server;
    const troubleOf = async (url: string, options = {}) => {
      const mailer = smtpMailer(url, 1, options);
      onTestFinished(() => mailer.close());
      const [trouble, receipt] = [
        await mailer.check().catch(error => error.message),
        await mailer.send(message('x')),
      ];
      expect(receipt.outcome).toBe('unavailable');
      return trouble ?? receipt.answer;
    };
    expect(await troubleOf(server.url.replace('horse', 'donkey'), { caFile })).toMatch(
      /refuses the login: 535 5\.7\.8/,
    );
    expect(await troubleOf(server.url)).toMatch(/certificate that is not accepted/);
    expect(await troubleOf(`smtp://127.0.0.1:${server.port}`)).toMatch(/554 5\.7\.1 .*Relay access denied/);
    expect(await troubleOf(`smtps://127.0.0.1:${server.port}`)).toMatch(/cannot be used|does not encrypt/);
  });
});

describe('a reader whom Postfix does not know', () => {
  it('comes back as a report that names the delivery, and is mailed no more', async () => {
    const port = await freePort();
    const { room, mailer, server } = await town(['ada', 'nobody'], port);
    const lines: string[] = [];
    const recording = recordingOf({
      ...room.app,
      settings: { ...room.app.settings, secret: (await room.app.desk()).secret },
    });
    const listener = await openListener(
      { lmtp: true, host: '127.0.0.1', port },
      { recording, address: 'papers@sender.example', log: line => lines.push(line) },
    );
    onTestFinished(() => listener.close());
    const report = await room.send(DAY, { mailer });
    expect(report).toMatchObject({ sent: 2 });
    const statusOf = async (name: string) =>
      (await findSubscriber(room.app.db, `${name}@readers.example`))?.status;
    await vi.waitFor(async () => expect(await statusOf('nobody')).toBe('suppressed'), {
      timeout: 50_000,
      interval: 100,
    });
    expect(await statusOf('ada')).toBe('active');
    expect(await server.mailbox('ada', 1)).toHaveLength(1);
    const bounces = await room.app.db.selectFrom('bounce').selectAll().execute();
    expect(bounces).toMatchObject([{ kind: 'hard', status: '5.1.1' }]);
    expect(bounces[0]?.delivery_id).toBe((await room.row('nobody@readers.example', DAY)).id);
  });
});

describe('Postfix’s sendmail', () => {
  it('takes a message, and it is delivered whole', async () => {
    const server = await postfix({ mailboxes: ['ada'] });
    vi.stubEnv('MAIL_CONFIG', server.conf);
    onTestFinished(() => void vi.unstubAllEnvs());
    const path = '/usr/sbin/sendmail';
    const mailer = sendmailMailer({ kind: 'sendmail', name: `sendmail:${path}`, weight: 1, path }, 1);
    await mailer.check();
    expect(await mailer.send(message('piped', 'ada@readers.example'))).toEqual({
      outcome: 'sent',
      answer: 'exit 0: taken',
    });
    const [mail] = await server.mailbox('ada', 1);
    expect(mail?.toString()).toContain('Return-Path: <papers+piped@example.org>');
    expect(mail?.toString()).toContain('\r\n\r\n.dot\r\n..\r\nα\r\n');
  });
});
