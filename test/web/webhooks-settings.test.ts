// The settings of the doors for bounces: a wrong one is told of before anything runs, and no secret is shown.
import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { loadConfig, shownSettings } from '../../src/config.ts';
import { temporaryFolder } from '../support/installation.ts';

const spki = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({ format: 'der', type: 'spki' });
const KEY = spki('P-256').toString('base64');

const RIGHT = {
  SES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:bounces',
  POSTMARK_WEBHOOK_SECRET: 'geheim-geheim-geheim',
  SENDGRID_WEBHOOK_KEY: `-----BEGIN PUBLIC KEY-----\n${KEY}\n-----END PUBLIC KEY-----\n`,
  MAILGUN_WEBHOOK_KEY: 'geheim0123456789abcdef',
  BOUNCE_MAILBOX: 'imaps://a%40b.example:geheim@imap.example.org/INBOX?then=move:geheim',
  BOUNCE_LISTEN: 'lmtp://127.0.0.1:2424',
  BOUNCE_MINUTES: '5',
  BOUNCE_BRAKE_PERCENT: '25',
};

it('right ones are taken, and shown without their secrets', async () => {
  const loaded = await loadConfig(undefined, { DATA_DIR: await temporaryFolder(), ...RIGHT });
  expect(loaded.settings).toMatchObject({
    bounceMinutes: 5,
    bounceBrakePercent: 25,
    sesTopic: RIGHT.SES_TOPIC_ARN,
  });
  const shown = shownSettings(loaded)
    .map(({ key, value }) => `${key}=${value}`)
    .join('\n');
  expect(shown).not.toContain('geheim');
  expect(shown).toContain('bounceMailbox=imaps://•••@imap.example.org/INBOX?•••');
});

it.each([
  ['SES_TOPIC_ARN', 'bounces', 'the ARN of an SNS topic'],
  ['SES_TOPIC_ARN', 'arn:aws:sns:evil.example/:123456789012:bounces', 'the ARN of an SNS topic'],
  ['POSTMARK_WEBHOOK_SECRET', 'short', 'at least 16 characters'],
  ['SENDGRID_WEBHOOK_KEY', 'no key', 'the verification key that SendGrid shows'],
  ['SENDGRID_WEBHOOK_KEY', spki('P-384').toString('base64'), 'of the curve P-256'],
  ['MAILGUN_WEBHOOK_KEY', 'short', 'at least 16 characters'],
  ['BOUNCE_MAILBOX', 'imap.example.org', 'imaps://user:password@host/INBOX'],
  ['BOUNCE_LISTEN', '2424', 'lmtp://127.0.0.1:2424'],
  ['BOUNCE_MINUTES', '0', 'a whole number from 1 to 1440'],
  ['BOUNCE_BRAKE_PERCENT', '0', 'a whole number from 1 to 100'],
])('%s=%s is refused, with what is allowed', async (name, value, allowed) => {
  const environment = { DATA_DIR: await temporaryFolder(), [name]: value };
  await expect(loadConfig(undefined, environment)).rejects.toMatchObject({
    code: 'config',
    details: [expect.stringContaining(allowed)],
  });
});
