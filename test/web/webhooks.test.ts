// Providers tell of bounces by webhook: only what they signed is believed, once, and a stranger gets nothing done.
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { listBounces } from '../../src/delivery/bounces/list.ts';
import { addWebhooks, type WebhookParts } from '../../src/web/webhooks.ts';
import {
  mailgun,
  POSTMARK_ANSWER,
  postmark,
  type Sent,
  sendgrid,
  sesBounce,
} from '../delivery/bounces/events.ts';
import { opened } from '../delivery/bounces/opened.ts';
import { certificate } from '../support/certificate.ts';

const NOW = '2026-08-20T07:30:00Z';
const SECONDS = Temporal.Instant.from(NOW).epochMilliseconds / 1000;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces';
const HOST = 'https://sns.eu-west-1.amazonaws.com';
const CERTIFICATE = `${HOST}/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem`;
const SECRET = 'a-long-password-of-postmark';
const MAILGUN_KEY = 'key-0123456789abcdef0123456789abcdef';
const AMAZON = certificate();
const SENDGRID = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SENDGRID_KEY = SENDGRID.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

type Fields = Record<string, string>;

/** The doors of an installation in which a digest was sent to Ada. `web` is what the world answers; `asked`, what was asked. */
async function doors(keys: Partial<WebhookParts> = ALL, web: Fields = { [CERTIFICATE]: AMAZON.pem }) {
  const open = await opened();
  const { about } = await open.send('ada@example.org', '2026-08-20', POSTMARK_ANSWER);
  open.clock.set(NOW);
  const asked: string[] = [];
  const lines: string[] = [];
  const app = new Hono();
  const read = async (url: string) => {
    asked.push(url);
    const text = web[url];
    if (text === undefined) throw new Error(`nothing is at ${url}`);
    return text;
  };
  addWebhooks(app, { ...keys, recording: open.recording, read, log: line => lines.push(line) });
  const post = async (path: string, body: string, headers: Fields = {}) => {
    const response = await app.request(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    return response.status;
  };
  const stored = async () => (await listBounces(open.db)).length;
  return { ...open, about, asked, lines, post, stored, app };
}

const ALL = { sesTopic: TOPIC, postmarkSecret: SECRET, sendgridKey: SENDGRID_KEY, mailgunKey: MAILGUN_KEY };

/** An SNS message, signed as SNS does unless `signature` is given. */
function sns(fields: Fields, version: '1' | '2' = '2', key: KeyObject = AMAZON.privateKey): string {
  const message: Fields = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Timestamp: '2026-08-20T07:29:00.000Z',
    SigningCertURL: CERTIFICATE,
    ...fields,
  };
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names
    .filter(name => message[name] !== undefined)
    .map(name => `${name}\n${message[name]}\n`)
    .join('');
  const Signature = sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), key).toString('base64');
  return JSON.stringify({ Signature, SignatureVersion: version, ...message });
}

const notice = (about: Sent) => ({ Message: JSON.stringify(sesBounce(about, {})) });
const TEXT = { 'content-type': 'text/plain; charset=UTF-8' };
const confirmation = (fields: Fields = {}) =>
  sns({
    Type: 'SubscriptionConfirmation',
    Message: 'You have chosen to subscribe',
    Token: '2336412f37fb687f5d51e6e2425c464de257eb7f',
    SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37fb`,
    ...fields,
  });

describe('SES by SNS', () => {
  it.each(['1', '2'] as const)(
    'is believed by a signature of version %s, once, and the certificate is fetched once',
    async version => {
      const { post, about, status, stored, asked, lines } = await doors();
      for (let i = 0; i < 3; i++)
        expect(await post('/webhooks/ses', sns(notice(about), version), TEXT)).toBe(200);
      expect(await status('ada@example.org')).toBe('suppressed');
      expect(await stored()).toBe(1);
      expect(asked).toEqual([CERTIFICATE]);
      expect(lines).toEqual(['bounces: ses: ada@example.org is suppressed']);
    },
  );

  it.each<[string, (about: Sent) => string]>([
    ['of another topic', about => sns({ ...notice(about), TopicArn: `${TOPIC}2` })],
    ['with the key of somebody else', about => sns(notice(about), '2', certificate().privateKey)],
    ['whose words were changed', about => sns(notice(about)).replace('user unknown', 'user unknowm')],
    ['with a subject that was added later', about => sns(notice(about)).replace('{', '{"Subject":"x",')],
    [
      'whose signature is no base64',
      about => JSON.stringify({ ...JSON.parse(sns(notice(about))), Signature: '§' }),
    ],
  ])('is not believed in a message %s', async (_, forged) => {
    const { post, about, status, stored } = await doors();
    expect(await post('/webhooks/ses', forged(about), TEXT)).toBe(403);
    expect(await stored()).toBe(0);
    expect(await status('ada@example.org')).toBe('active');
  });

  it.each([
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem',
    'https://bucket.s3.amazonaws.com/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem',
    'https://sns.eu-west-1.amazonaws.com.example.net/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem',
    'https://sns.eu-west-1.amazonaws.com@example.net/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem',
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem',
    'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
    'https://sns.eu-west-1.amazonaws.com/x/../SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem?a',
    'https://169.254.169.254/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem',
    'file:///etc/passwd',
    '',
  ])('asks nobody for a certificate at %s', async SigningCertURL => {
    const { post, about, asked, stored } = await doors();
    expect(await post('/webhooks/ses', sns({ ...notice(about), SigningCertURL }), TEXT)).toBe(403);
    expect(asked).toEqual([]);
    expect(await stored()).toBe(0);
  });

  it.each([
    ['is over', '2020-01-01T00:00:00Z', '2026-08-20T07:29:59Z'],
    ['has not begun', '2026-08-20T07:30:01Z', '2099-01-01T00:00:00Z'],
  ])('is not believed by a certificate that %s', async (_, from, to) => {
    const old = certificate(from, to);
    const { post, about, stored } = await doors(ALL, { [CERTIFICATE]: old.pem });
    expect(await post('/webhooks/ses', sns(notice(about), '2', old.privateKey), TEXT)).toBe(403);
    expect(await stored()).toBe(0);
  });

  it('is asked to come again while the certificate cannot be had; and names of certificates cost Amazon little', async () => {
    const { post, about, asked, stored } = await doors(ALL, {});
    for (let i = 0; i < 20; i++) {
      const SigningCertURL = `${HOST}/SimpleNotificationService-${String(i).padStart(32, '0')}.pem`;
      expect(await post('/webhooks/ses', sns({ ...notice(about), SigningCertURL }), TEXT)).toBe(503);
    }
    expect(asked).toHaveLength(5);
    expect(await stored()).toBe(0);
  });

  it('may subscribe its own topic, and no other address is asked', async () => {
    const url = `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336412f37fb`;
    const { post, asked, lines } = await doors(ALL, { [CERTIFICATE]: AMAZON.pem, [url]: '<ok/>' });
    expect(await post('/webhooks/ses', confirmation(), TEXT)).toBe(200);
    expect(asked).toEqual([CERTIFICATE, url]);
    expect(lines).toEqual([`bounces: ses: ${TOPIC} reports here from now on`]);
  });

  it.each([
    ['another topic', { SubscribeURL: `${HOST}/?Action=ConfirmSubscription&TopicArn=${TOPIC}2&Token=1` }],
    ['another action', { SubscribeURL: `${HOST}/?Action=DeleteTopic&TopicArn=${TOPIC}` }],
    ['another host', { SubscribeURL: `https://example.net/?Action=ConfirmSubscription&TopicArn=${TOPIC}` }],
    ['nothing', { SubscribeURL: '' }],
  ])('confirms nothing where Amazon signed a confirmation of %s', async (_, fields) => {
    const { post, asked } = await doors();
    expect(await post('/webhooks/ses', confirmation(fields), TEXT)).toBe(403);
    expect(asked).toEqual([CERTIFICATE]);
  });
});

const basic = (password: string) => ({ authorization: `Basic ${btoa(`paperround:${password}`)}` });

describe('Postmark', () => {
  it('is believed by its password, and again without complaint', async () => {
    const { post, about, status, stored } = await doors();
    const body = JSON.stringify(postmark(about));
    for (let i = 0; i < 3; i++) expect(await post('/webhooks/postmark', body, basic(SECRET))).toBe(200);
    expect(await stored()).toBe(1);
    expect(await status('ada@example.org')).toBe('suppressed');
  });

  it.each<[string, Fields]>([
    ['no password', {}],
    ['an empty one', basic('')],
    ['another', basic(`${SECRET}x`)],
    ['the right one in another scheme', { authorization: `Bearer ${SECRET}` }],
    ['no colon', { authorization: `Basic ${btoa(SECRET)}` }],
  ])('is not believed with %s', async (_, headers) => {
    const { post, about, stored } = await doors();
    expect(await post('/webhooks/postmark', JSON.stringify(postmark(about)), headers)).toBe(401);
    expect(await stored()).toBe(0);
  });
});

const bySendgrid = (body: string, timestamp = String(SECONDS), key: KeyObject = SENDGRID.privateKey) => ({
  'x-twilio-email-event-webhook-timestamp': timestamp,
  'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + body), key).toString(
    'base64',
  ),
});

describe('SendGrid', () => {
  it('is believed by its signature over time and body, once', async () => {
    const { post, about, stored, status } = await doors();
    const body = JSON.stringify([sendgrid(about)]);
    for (let i = 0; i < 2; i++) expect(await post('/webhooks/sendgrid', body, bySendgrid(body))).toBe(200);
    expect(await stored()).toBe(1);
    expect(await status('ada@example.org')).toBe('suppressed');
  });

  it.each<[string, (body: string) => Fields]>([
    ['no signature', () => ({})],
    ['the signature of another body', () => bySendgrid('[]')],
    [
      'another key',
      body => bySendgrid(body, undefined, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    ],
    [
      'another time',
      body => ({ ...bySendgrid(body), 'x-twilio-email-event-webhook-timestamp': String(SECONDS - 1) }),
    ],
    ['a time two days ago', body => bySendgrid(body, String(SECONDS - 2 * 86_400))],
    ['a time in an hour', body => bySendgrid(body, String(SECONDS + 3600))],
    ['a time that is none', body => bySendgrid(body, 'yesterday')],
    [
      'a signature that is none',
      body => ({ ...bySendgrid(body), 'x-twilio-email-event-webhook-signature': '!' }),
    ],
  ])('is not believed with %s', async (_, headers) => {
    const { post, about, stored } = await doors();
    const body = JSON.stringify([sendgrid(about)]);
    expect(await post('/webhooks/sendgrid', body, headers(body))).toBe(403);
    expect(await stored()).toBe(0);
  });
});

let tokens = 0;
const byMailgun = (
  data: object,
  timestamp: string | number = String(SECONDS),
  key = MAILGUN_KEY,
  token = '',
) => {
  const used = token || `${tokens++}`.padStart(50, 'a');
  const signature = createHmac('sha256', key).update(`${timestamp}${used}`).digest('hex');
  return { signature: { timestamp, token: used, signature }, 'event-data': data };
};

describe('Mailgun', () => {
  it('is believed by its signature, whether the time is text or a number', async () => {
    const { post, about, stored, status } = await doors();
    expect(await post('/webhooks/mailgun', JSON.stringify(byMailgun(mailgun(about))))).toBe(200);
    expect(await post('/webhooks/mailgun', JSON.stringify(byMailgun(mailgun(about), SECONDS)))).toBe(200);
    expect(await stored()).toBe(1);
    expect(await status('ada@example.org')).toBe('suppressed');
  });

  it.each<[string, (about: Sent) => object]>([
    ['another key', about => byMailgun(mailgun(about), undefined, 'another-key-of-mailgun')],
    ['a time two days ago', about => byMailgun(mailgun(about), String(SECONDS - 2 * 86_400))],
    ['a time in an hour', about => byMailgun(mailgun(about), String(SECONDS + 3600))],
    ['a token that is too short', about => byMailgun(mailgun(about), undefined, undefined, 'abc')],
  ])('is not believed with %s', async (_, body) => {
    const { post, about, stored } = await doors();
    expect(await post('/webhooks/mailgun', JSON.stringify(body(about)))).toBe(403);
    expect(await stored()).toBe(0);
  });

  it('is not believed a second time with a token, for it signs no event: not with another event, not by another process', async () => {
    const { post, about, stored, send, recording, clock } = await doors();
    const first = byMailgun({ event: 'delivered', recipient: 'ada@example.org' });
    expect(await post('/webhooks/mailgun', JSON.stringify(first))).toBe(200);
    const other = { ...first, 'event-data': mailgun(about) };
    expect(await post('/webhooks/mailgun', JSON.stringify(other))).toBe(403);
    const second = new Hono();
    addWebhooks(second, { ...ALL, recording, read: async () => '', log: () => {} });
    const asked = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(other),
    };
    expect((await second.request('/webhooks/mailgun', asked)).status).toBe(403);
    await send('bo@example.org', '2026-08-21');
    clock.set('2026-08-21T07:00:00Z');
    expect(await post('/webhooks/mailgun', JSON.stringify(other))).toBe(403);
    expect(await stored()).toBe(0);
  });

  it('may come again with a token whose event could not be written down, and tokens are not kept for ever', async () => {
    const { post, about, db, clock, status } = await doors();
    await db.schema.alterTable('bounce').renameTo('away').execute();
    const body = JSON.stringify(byMailgun(mailgun(about)));
    expect(await post('/webhooks/mailgun', body)).toBe(503);
    await db.schema.alterTable('away').renameTo('bounce').execute();
    expect(await post('/webhooks/mailgun', body)).toBe(200);
    expect(await status('ada@example.org')).toBe('suppressed');
    clock.set('2026-08-22T07:30:00Z');
    const later = Temporal.Instant.from('2026-08-22T07:30:00Z').epochMilliseconds / 1000;
    expect(await post('/webhooks/mailgun', JSON.stringify(byMailgun({}, later)))).toBe(200);
    expect(await db.selectFrom('lane').selectAll().where('name', 'like', 'webhook %').execute()).toHaveLength(
      1,
    );
  });
});

describe('a door', () => {
  it.each(['ses', 'postmark', 'sendgrid', 'mailgun'])(
    'of %s is not there until its key is set',
    async name => {
      const { post } = await doors({});
      expect(await post(`/webhooks/${name}`, '{}')).toBe(404);
    },
  );

  it.each(['ses', 'postmark', 'sendgrid', 'mailgun'])(
    'of %s takes neither forms nor floods, nor words that are no JSON',
    async name => {
      const { post, app, stored, lines } = await doors();
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      expect(await post(`/webhooks/${name}`, 'a=b', form)).toBe(415);
      expect(await post(`/webhooks/${name}`, 'x'.repeat(1024 * 1024 + 1))).toBe(413);
      const headers = { ...basic(SECRET), ...bySendgrid('{') };
      expect(await post(`/webhooks/${name}`, '{', headers)).toBe(400);
      expect((await app.request(`/webhooks/${name}`)).status).toBe(404);
      expect(await stored()).toBe(0);
      expect(lines).toHaveLength(1);
    },
  );

  it('fills no log with the tries of a stranger', async () => {
    const { post, lines } = await doors();
    for (let i = 0; i < 50; i++) await post('/webhooks/postmark', '{}');
    expect(lines).toEqual(['bounces: postmark: a call was refused: the password is wrong']);
  });
});
