// What passes over the wire of SMTP: bytes that arrive as they are, answers that are told apart, and what the fast way relies on.
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { describe, expect, it, onTestFinished } from 'vitest';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { feedOf, isWire, wireBytes } from '../../src/delivery/mailer/wire.ts';
import { PaperroundError } from '../../src/errors.ts';
import { certificate } from '../support/certificate.ts';
import { droppingServer, smtpServer, stubbornServer } from '../support/smtp.ts';
import { message } from './messages.ts';

describe('SMTP', () => {
  const opened = async (url: string, connections = 1) => {
    const mailer = smtpMailer(url, connections);
    onTestFinished(() => mailer.close());
    return mailer;
  };

  it('keeps its connection for the next message', async () => {
    const server = await smtpServer();
    const mailer = await opened(server.url);
    for (const id of ['a', 'b', 'c']) await mailer.send(message(id));
    expect(server.accepted).toHaveLength(3);
    expect(server.sessions()).toBe(1);
  });

  it('uses the envelope of the message, so that a bounce names its delivery', async () => {
    const server = await smtpServer();
    await (await opened(server.url)).send(message('verp'));
    expect(server.accepted[0]?.from).toBe('papers+verp@example.org');
  });

  it.each([
    [450, 'deferred'],
    [451, 'deferred'],
    [550, 'refused'],
    [552, 'refused'],
  ])('tells %i at RCPT TO as %s', async (code, outcome) => {
    const server = await smtpServer({ onRcpt: () => code });
    const receipt = await (await opened(server.url)).send(message('x'));
    expect(receipt.outcome).toBe(outcome);
    expect(receipt.answer).toContain(String(code));
  });

  it.each([
    [452, 'deferred'],
    [554, 'refused'],
  ])('tells %i after the message as %s', async (code, outcome) => {
    const server = await smtpServer({ onMessage: () => code });
    expect((await (await opened(server.url)).send(message('x'))).outcome).toBe(outcome);
  });

  it.each([530, 550, 553])(
    'knows that %i at MAIL FROM speaks of the sender, not of the message',
    async code => {
      const server = await smtpServer({ onFrom: () => code });
      const receipt = await (await opened(server.url)).send(message('x'));
      expect(receipt.outcome).toBe('unavailable');
      expect(receipt.answer).toContain(String(code));
    },
  );

  it('knows that a server which turns everybody away refuses no message', async () => {
    const { url } = await stubbornServer('554 go away');
    expect((await (await opened(url)).send(message('x'))).outcome).toBe('unavailable');
  });

  it('does not know what became of a message when it is closed before the answer', async () => {
    const { url } = await stubbornServer('220 test ESMTP');
    const mailer = await opened(url);
    const sending = mailer.send(message('x'));
    await new Promise(resolve => setTimeout(resolve, 300));
    await mailer.close();
    expect((await sending).outcome).toBe('unknown');
  });

  it('does not know what became of a message when the connection is lost after its final dot', async () => {
    const server = await droppingServer('dot');
    const receipt = await (await opened(server.url)).send(message('lost'));
    expect(receipt.outcome).toBe('unknown');
    expect(server.taken).toHaveLength(1);
  });

  it('knows that nothing was sent when the connection is lost before the message', async () => {
    const server = await droppingServer('rcpt');
    const receipt = await (await opened(server.url)).send(message('x'));
    expect(receipt.outcome).toBe('unavailable');
    expect(server.taken).toHaveLength(0);
  });

  it('says that a server cannot be reached, and what to check', async () => {
    const mailer = await opened('smtp://127.0.0.1:1');
    const error = await mailer.check().catch(e => e);
    expect(error).toBeInstanceOf(PaperroundError);
    expect(error.message).toMatch(/smtp:\/\/127\.0\.0\.1:1 cannot be used/);
    expect(error.hint).toMatch(/SMTP_URL/);
    expect((await mailer.send(message('x'))).outcome).toBe('unavailable');
  });

  it('says that the login was refused, without the password', async () => {
    const server = await smtpServer({ login: { user: 'ada', password: 'right' } });
    const mailer = await opened(server.url.replace('right', 'wr0ng'));
    const error = await mailer.check().catch(e => e);
    expect(error.message).toMatch(/refuses the login/);
    expect(`${error.message} ${error.hint}`).not.toContain('wr0ng');
    expect((await mailer.send(message('x'))).outcome).toBe('unavailable');
  });

  it('logs in with the user and the password of the URL', async () => {
    const server = await smtpServer({ login: { user: 'ada', password: 'right' } });
    const mailer = await opened(server.url);
    await mailer.check();
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
  });

  const CONTENTS: [string, string, string][] = [
    ['dots at the starts of lines', '.\r\n..\r\n.a\r\na.\r\n', '.\r\n..\r\n.a\r\na.\r\n'],
    ['a last line that does not end', 'a\r\n.', 'a\r\n.\r\n'],
    ['line feeds alone, with dots after them', 'a\n.\nb\n..c', 'a\r\n.\r\nb\r\n..c\r\n'],
    ['carriage returns alone, which smuggle nothing', 'a\r.\rMAIL', 'a\r\n.\r\nMAIL\r\n'],
    ['a megabyte', `${'x'.repeat(70)}\r\n`.repeat(15_000), `${'x'.repeat(70)}\r\n`.repeat(15_000)],
    ['bytes of every kind', 'Größe\u0001\u007f\r\n', 'Größe\u0001\u007f\r\n'],
  ];
  it.each(CONTENTS)('hands over %s as mail servers keep it', async (_what, body, kept) => {
    const server = await smtpServer();
    const mailer = await opened(server.url);
    for (const id of ['a', 'b']) {
      const bytes = Buffer.from(`Subject: x\r\n\r\n${body}`);
      expect((await mailer.send({ ...message(id), bytes })).outcome).toBe('sent');
    }
    const whole = Buffer.from(`Subject: x\r\n\r\n${kept}`);
    expect(server.accepted.map(({ bytes }) => bytes.equals(whole))).toEqual([true, true]);
  });

  it('hands over what was finished for the wire as it is', async () => {
    const server = await smtpServer();
    const bytes = Buffer.from('Subject: x\r\n\r\n.a\r\n');
    const wire = Buffer.from('Subject: x\r\n\r\n..a\r\n.\r\n');
    await (await opened(server.url)).send({ ...message('x'), bytes, wire });
    expect(server.accepted[0]?.bytes.toString()).toBe(bytes.toString());
  });

  it('goes the slow way, and as well, where nodemailer takes messages by another stream', async () => {
    const bytes = Buffer.from('.a\r\nb');
    const target = new PassThrough();
    let begun = 0;
    const feed = feedOf({ bytes, wire: wireBytes(bytes) }, () => begun++);
    expect(feed.readableDidRead).toBe(false);
    feed.pipe(target);
    expect([begun, feed.readableDidRead]).toEqual([1, true]);
    expect((await buffer(target)).toString()).toBe(bytes.toString());
  });

  const SMTPUTF8 = 'größe@example.org';
  it('gives an address beyond ASCII to a server that takes it', async () => {
    const server = await smtpServer();
    const receipt = await (await opened(server.url)).send(message('x', SMTPUTF8));
    expect([receipt.outcome, server.accepted[0]?.to]).toEqual(['sent', SMTPUTF8]);
  });

  it('refuses it in plain words where the server does not, and the next mail goes out', async () => {
    const server = await smtpServer({ hideSMTPUTF8: true });
    const mailer = await opened(server.url);
    const receipt = await mailer.send(message('x', SMTPUTF8));
    expect(receipt).toMatchObject({ outcome: 'refused', answer: expect.stringMatching(/no SMTPUTF8/) });
    expect((await mailer.send(message('y'))).outcome).toBe('sent');
    expect(server.accepted).toHaveLength(1);
  });
});

const keys = certificate(undefined, undefined, ['127.0.0.1']);
const TLS = { key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: keys.pem };

describe('what the fast way relies on in nodemailer', () => {
  it.each([
    ['in the clear', {}],
    ['by STARTTLS', { tls: TLS }],
    ['encrypted from the first byte', { tls: { ...TLS, implicit: true } }],
  ])(
    'is there: a message is piped into a Transform whose readable side is the wire (%s)',
    async (_how, behaviour) => {
      const server = await smtpServer(behaviour);
      const { hostname, port, protocol } = new URL(server.url);
      const connection = new SMTPConnection({
        host: hostname,
        port: Number(port),
        secure: protocol === 'smtps:',
        tls: { rejectUnauthorized: false },
      });
      onTestFinished(() => connection.close());
      await new Promise<void>((resolve, reject) =>
        connection.connect(error => (error ? reject(error) : resolve())),
      );
      const seen: boolean[] = [];
      const bytes = Buffer.from('Subject: x\r\n\r\n.fast\r\n');
      const feed = feedOf({ bytes }, () => {});
      const source = {
        pipe(target: Transform) {
          seen.push(isWire(target));
          return feed.pipe(target);
        },
      };
      const dsn = { ret: 'HDRS', envid: 'x', notify: ['FAILURE'], orcpt: 'rfc822;b@example.org' };
      await new Promise<void>((resolve, reject) =>
        connection.send(
          { from: 'a@example.org', to: ['b@example.org'], size: bytes.length, dsn },
          source as unknown as Readable,
          error => (error ? reject(error) : resolve()),
        ),
      );
      expect(seen).toEqual([true]);
      expect(server.accepted[0]?.bytes.toString()).toBe(bytes.toString());
      expect(server.accepted[0]?.params).toMatchObject({ ENVID: 'x' });
      expect(server.accepted[0]?.secure).toBe('tls' in behaviour);
    },
  );
});
