// The contract of a Mailer, kept by every adapter: what is handed over arrives whole, and nothing is ever thrown.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Mailer } from '../../src/delivery/mailer/mailer.ts';
import { outboxMailer } from '../../src/delivery/mailer/outbox.ts';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { feedOf, isWire, wireBytes } from '../../src/delivery/mailer/wire.ts';
import type { Message } from '../../src/digests/message.ts';
import { PaperroundError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/installation.ts';
import { droppingServer, smtpServer, stubbornServer } from '../support/smtp.ts';

const message = (id: string, to = 'ada@example.org'): Message => ({
  messageId: `<${id}@example.org>`,
  envelope: { from: `papers+${id}@example.org`, to },
  bytes: Buffer.from(
    `Message-ID: <${id}@example.org>\r\nTo: ${to}\r\nSubject: =?utf-8?Q?=CE=B1?=\r\n\r\n.dot\r\n..\r\nα\r\n`,
  ),
});

/** Every adapter with a way to look at what arrived. */
const adapters: Record<string, () => Promise<{ mailer: Mailer; arrived: () => Promise<string[]> }>> = {
  async outbox() {
    const folder = join(await temporaryFolder(), 'outbox');
    const arrived = async () => {
      const files = (await readdir(folder)).sort();
      return Promise.all(files.map(file => readFile(join(folder, file), 'utf8')));
    };
    return { mailer: outboxMailer(folder), arrived };
  },
  async smtp() {
    const server = await smtpServer();
    return {
      mailer: smtpMailer(server.url, 3),
      arrived: async () => server.accepted.map(m => m.bytes.toString()),
    };
  },
};

describe.each(Object.keys(adapters))('the mailer %s', name => {
  const open = async () => {
    const opened = await (adapters[name] as (typeof adapters)[string])();
    onTestFinished(() => opened.mailer.close());
    await opened.mailer.check();
    return opened;
  };

  it('hands a message over byte for byte and says so', async () => {
    const { mailer, arrived } = await open();
    const receipt = await mailer.send(message('one'));
    expect(receipt.outcome).toBe('sent');
    expect(receipt.answer).not.toBe('');
    expect(await arrived()).toEqual([message('one').bytes.toString()]);
  });

  it('takes as many messages at once as it has connections', async () => {
    const { mailer, arrived } = await open();
    const ids = Array.from({ length: 20 }, (_, i) => `many${i}`);
    const receipts = await Promise.all(ids.map(id => mailer.send(message(id))));
    expect(receipts.map(r => r.outcome)).toEqual(ids.map(() => 'sent'));
    expect(new Set(await arrived()).size).toBe(20);
  });

  it('has a name that tells nobody a password', async () => {
    expect((await open()).mailer.name).not.toContain('@');
  });
});

describe('the outbox', () => {
  it('replaces a message that is sent again, so that the folder holds it once', async () => {
    const folder = await temporaryFolder();
    const mailer = outboxMailer(folder);
    await mailer.send(message('same'));
    await mailer.send(message('same'));
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('never writes outside its folder, whatever the address is', async () => {
    const folder = await temporaryFolder();
    const mailer = outboxMailer(join(folder, 'in'));
    await mailer.check();
    for (const to of ['../../evil@example.org', '/etc/passwd', '..', 'a\u0000b@example.org'])
      await mailer.send(message('x', to));
    expect(await readdir(folder)).toEqual(['in']);
    expect(await readdir(join(folder, 'in'))).toHaveLength(4);
  });

  it('says in plain words that its folder cannot be written', async () => {
    const file = join(await temporaryFolder(), 'file');
    await import('node:fs/promises').then(fs => fs.writeFile(file, ''));
    await expect(outboxMailer(join(file, 'outbox')).check()).rejects.toThrow(/outbox .* cannot be written/);
    expect((await outboxMailer(join(file, 'outbox')).send(message('x'))).outcome).toBe('unavailable');
  });
});

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

describe('what the fast way relies on in nodemailer', () => {
  it('is there: a message is piped into a Transform whose readable side is the wire', async () => {
    const server = await smtpServer();
    const { hostname, port } = new URL(server.url);
    const connection = new SMTPConnection({ host: hostname, port: Number(port), ignoreTLS: true });
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
    await new Promise<void>((resolve, reject) =>
      connection.send(
        { from: 'a@example.org', to: ['b@example.org'] },
        source as unknown as Readable,
        error => (error ? reject(error) : resolve()),
      ),
    );
    expect(seen).toEqual([true]);
    expect(server.accepted[0]?.bytes.toString()).toBe(bytes.toString());
  });
});
