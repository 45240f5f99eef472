// The contract of a Mailer, kept by every adapter: what is handed over arrives whole, and nothing is ever thrown.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Mailer } from '../../src/delivery/mailer/mailer.ts';
import { outboxMailer } from '../../src/delivery/mailer/outbox.ts';
import { relaysMailer } from '../../src/delivery/mailer/relays.ts';
import { sendmailMailer } from '../../src/delivery/mailer/sendmail.ts';
import { sesMailer } from '../../src/delivery/mailer/ses.ts';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { wireBytes } from '../../src/delivery/mailer/wire.ts';
import { PaperroundError } from '../../src/errors.ts';
import { certificate } from '../support/certificate.ts';
import { handClock, temporaryFolder } from '../support/installation.ts';
import { keepingSendmail } from '../support/sendmail.ts';
import { sesServer } from '../support/ses.ts';
import { smtpServer } from '../support/smtp.ts';
import { message } from './messages.ts';

/** A mailer, what arrived by it, and one of its kind that cannot work. */
interface Adapter {
  mailer: Mailer;
  arrived: () => Promise<string[]>;
  broken: Mailer | Promise<Mailer>;
}

const keys = certificate(undefined, undefined, ['127.0.0.1']);
const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function caFile(): Promise<string> {
  const file = join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, keys.pem);
  return file;
}

const sharing = { connections: 3, clock: handClock(), warn: () => {} };
const textOf = (accepted: readonly { bytes: Buffer }[]) => accepted.map(({ bytes }) => bytes.toString());
const sendmailAt = (path: string) =>
  sendmailMailer({ kind: 'sendmail', name: `sendmail:${path}`, weight: 1, path }, 3);

const adapters: Record<string, () => Promise<Adapter>> = {
  async outbox() {
    const folder = join(await temporaryFolder(), 'outbox');
    const arrived = async () => {
      const files = (await readdir(folder)).sort();
      return Promise.all(files.map(file => readFile(join(folder, file), 'utf8')));
    };
    return { mailer: outboxMailer(folder), arrived, broken: outboxMailer('/dev/null/outbox') };
  },
  async smtp() {
    const server = await smtpServer({ login: { user: 'ada', password: 'horse' } });
    const broken = smtpMailer('smtp://ada:horse@127.0.0.1:1', 3);
    return { mailer: smtpMailer(server.url, 3), arrived: async () => textOf(server.accepted), broken };
  },
  async 'smtp with STARTTLS'() {
    const server = await smtpServer({ tls: { key, cert: keys.pem } });
    const mailer = smtpMailer(`${server.url}?tls=required`, 3, { caFile: await caFile() });
    const broken = smtpMailer(`${server.url}?tls=required`, 3);
    return { mailer, arrived: async () => textOf(server.accepted), broken };
  },
  async smtps() {
    const server = await smtpServer({ tls: { key, cert: keys.pem, implicit: true } });
    const mailer = smtpMailer(server.url, 3, { caFile: await caFile() });
    return { mailer, arrived: async () => textOf(server.accepted), broken: smtpMailer(server.url, 3) };
  },
  async 'two relays'() {
    const [one, two] = [await smtpServer(), await smtpServer({ login: { user: 'ada', password: 'horse' } })];
    const relays = [one, two].map(({ url }) => ({ mailer: smtpMailer(url, 3), weight: 1 }));
    const gone = [1, 2].map(port => ({ mailer: smtpMailer(`smtp://127.0.0.1:${port}`, 3), weight: 1 }));
    return {
      mailer: relaysMailer(relays, sharing),
      arrived: async () => textOf([...one.accepted, ...two.accepted]),
      broken: relaysMailer(gone, sharing),
    };
  },
  async sendmail() {
    const { path, arrived } = await keepingSendmail();
    return {
      mailer: sendmailAt(path),
      arrived: async () => (await arrived()).map(text => text.replaceAll('\n', '\r\n')),
      broken: sendmailAt('/not/there'),
    };
  },
  async ses() {
    const { relay, calls } = await sesServer();
    return {
      mailer: await sesMailer(relay, 3),
      arrived: async () => textOf(calls),
      broken: sesMailer({ ...relay, endpoint: 'http://127.0.0.1:1' }, 3),
    };
  },
};

describe.each(Object.keys(adapters))('the mailer %s', name => {
  const open = async () => {
    const opened = await (adapters[name] as (typeof adapters)[string])();
    const broken = await opened.broken;
    onTestFinished(async () => {
      await Promise.all([opened.mailer.close(), broken.close()]);
    });
    await opened.mailer.check();
    return { ...opened, broken };
  };

  it('hands a message over byte for byte and says so', async () => {
    const { mailer, arrived } = await open();
    const receipt = await mailer.send(message('one'));
    expect(receipt.outcome).toBe('sent');
    expect(receipt.answer).not.toBe('');
    expect(await arrived()).toEqual([message('one').bytes.toString()]);
  });

  it('hands a message over that was finished for the wire before, its dots covered once', async () => {
    const { mailer, arrived } = await open();
    const { bytes } = message('wire');
    const receipt = await mailer.send({ ...message('wire'), wire: wireBytes(bytes) });
    expect(receipt.outcome).toBe('sent');
    expect(await arrived()).toEqual([bytes.toString()]);
  });

  it('takes as many messages at once as it has connections', async () => {
    const { mailer, arrived } = await open();
    const ids = Array.from({ length: 20 }, (_, i) => `many${i}`);
    const receipts = await Promise.all(ids.map(id => mailer.send(message(id))));
    expect(receipts.map(r => r.outcome)).toEqual(ids.map(() => 'sent'));
    expect(new Set(await arrived()).size).toBe(20);
  });

  it('hands a long message over whole', async () => {
    const { mailer, arrived } = await open();
    const bytes = Buffer.from(
      `From: papers@example.org\r\nSubject: x\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(4000)}`,
    );
    expect((await mailer.send({ ...message('long'), bytes })).outcome).toBe('sent');
    expect((await arrived())[0] === bytes.toString()).toBe(true);
  });

  it('has a name that tells nobody a password', async () => {
    const { mailer, broken } = await open();
    expect(`${mailer.name} ${broken.name}`).not.toMatch(/@|horse/);
  });

  it('says why it cannot work, what to do, and no password; a message is not lost by it', async () => {
    const { broken } = await open();
    const error = await broken.check().catch(e => e);
    expect(error).toBeInstanceOf(PaperroundError);
    expect(error.code).toBe('mailer');
    expect(error.hint).toMatch(/\w/);
    const receipt = await broken.send(message('x'));
    expect(receipt.outcome).toBe('unavailable');
    expect(JSON.stringify([error, error.message, error.details, error.hint, receipt])).not.toContain('horse');
  });

  it('closes twice without a word, and what is handed to it then is not lost', async () => {
    const { mailer, arrived } = await open();
    await mailer.close();
    await mailer.close();
    const { outcome } = await mailer.send(message('late'));
    if (outcome !== 'sent') expect(['unavailable', 'unknown']).toContain(outcome);
    expect(
      await arrived().then(
        all => all.length,
        () => 0,
      ),
    ).toBe(outcome === 'sent' ? 1 : 0);
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
    await writeFile(file, '');
    await expect(outboxMailer(join(file, 'outbox')).check()).rejects.toThrow(/outbox .* cannot be written/);
    expect((await outboxMailer(join(file, 'outbox')).send(message('x'))).outcome).toBe('unavailable');
  });
});
