// An audit of a delivered mail: it went the whole way into a real mail server, and each rule of those who receive it is looked at.
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { headersOf } from '../../src/digests/message.ts';
import { readersPages } from '../../src/web/web.ts';
import { smtpServer } from '../support/smtp.ts';
import {
  DAY,
  LISTS,
  type Mail,
  MIME,
  ONE_CLICK,
  PROVIDERS,
  RFC_5322,
  type Verified,
} from './header-rules.ts';
import { mailroom } from './mailroom.ts';

const { dkimVerify } = createRequire(import.meta.url)('mailauth/lib/dkim/verify') as {
  dkimVerify(bytes: Buffer, options: object): Promise<Verified>;
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const record = `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const dkimKey = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const SIGNED = { dkimKey, dkimSelector: 'papers' };

/** The kinds of installation: with web pages and without, and a name that has to be encoded. */
const KINDS = {
  'with web pages': {
    publicUrl: 'https://papers.example.org',
    mailFrom: 'Daily Papers <papers@example.org>',
  },
  'by mail alone': { mailFrom: 'papers@example.org' },
  'with a name beyond ASCII': {
    publicUrl: 'https://papers.example.org',
    mailFrom: 'Größe, α und 日本語の論文を毎日お届けします <papers@example.org>',
    name: 'Größe, α und 日本語の論文を毎日お届けします',
  },
};
type Kind = keyof typeof KINDS;

const delivered: Partial<Record<Kind, Promise<Mail>>> = {};
/** Each is sent once; the rules look at the same bytes. */
const mailOf = (kind: Kind): Promise<Mail> => {
  delivered[kind] ??= deliverOne(kind);
  return delivered[kind];
};

async function deliverOne(kind: Kind): Promise<Mail> {
  const server = await smtpServer();
  const room = await mailroom({ 'ada+list@example.net': {} }, { ...SIGNED, ...KINDS[kind] });
  await room.day(DAY);
  const mailer = smtpMailer(server.url, 1);
  await room.send(DAY, { mailer });
  await mailer.close();
  const [accepted] = server.accepted;
  if (accepted === undefined) throw new Error('nothing was delivered');
  const { bytes } = accepted;
  const text = bytes.toString('latin1');
  const fields = new Map<string, string[]>();
  for (const { name, value } of headersOf(bytes)) {
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  const tags = (fields.get('dkim-signature')?.[0] ?? '').split(';').map(tag => tag.trim().split(/=(.*)/s, 2));
  return {
    ...accepted,
    room,
    fields,
    lines: text.split('\r\n'),
    head: text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n'),
    parsed: await simpleParser(bytes),
    verified: await dkimVerify(bytes, {
      resolver: async (name: string) => [[name === 'papers._domainkey.example.org' ? record : '']],
    }),
    tags: new Map(tags.map(([name = '', value = '']) => [name, value.replace(/\s/g, '')])),
  };
}

describe.each(Object.keys(KINDS) as Kind[])('a delivered mail, %s:', kind => {
  const rules = [
    ...RFC_5322,
    ...MIME,
    ...LISTS,
    ...(kind === 'by mail alone' ? [] : ONE_CLICK),
    ...PROVIDERS,
  ];
  it.each(rules)('%s [%s]', async (_sentence, _source, check) => {
    check(await mailOf(kind));
  });
});

it('a mail that has no web page to leave by promises no one-click [RFC 8058 §3.1]', async () => {
  expect((await mailOf('by mail alone')).fields.has('list-unsubscribe-post')).toBe(false);
});

it('the one-click address of a mail lets its reader leave by POST alone, at once [RFC 8058 §3.2; Gmail: within 48 hours]', async () => {
  const server = await smtpServer();
  const room = await mailroom({ ada: {} }, { ...SIGNED, ...KINDS['with web pages'] });
  await room.day(DAY);
  const mailer = smtpMailer(server.url, 1);
  await room.send(DAY, { mailer });
  await mailer.close();
  const way = headersOf(server.accepted[0]?.bytes ?? Buffer.alloc(0)).find(
    ({ name }) => name === 'List-Unsubscribe',
  );
  const url = new URL(/<(https:[^>]+)>/.exec(way?.value ?? '')?.[1] ?? '');
  const pages = readersPages({ ...room.app, ...(await room.app.desk()) });
  const status = async () =>
    (await room.app.db.selectFrom('subscriber').select('status').executeTakeFirst())?.status;
  expect((await pages.request(url.pathname)).status).toBe(200);
  expect(await status()).toBe('active');
  const answer = await pages.request(url.pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect([answer.status, answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual([
    200,
    null,
    null,
  ]);
  expect(await status()).toBe('unsubscribed');
});
