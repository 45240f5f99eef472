// What may be set: every setting with what is allowed, and what it is when nobody sets it.
import { createRequire } from 'node:module';
import { z } from 'zod';
import { readListenUrl } from './delivery/bounces/listen-url.ts';
import { MAILBOX_URL, readMailboxUrl } from './delivery/bounces/mailbox-url.ts';
import { unreadable } from './digests/palette.ts';
import { SourceSetting, type SourceSpec, sourceName } from './papers/sources/spec.ts';
import { readAddress } from './subscribers/address.ts';
import { isTimeZone } from './subscribers/preferences.ts';
import { readSendgridKey } from './web/webhooks-signatures.ts';
import { TOPIC_ARN } from './web/webhooks-sns.ts';

const check = (test: (text: string) => boolean, allowed: string) =>
  z
    .string(`allowed: ${allowed}`)
    .trim()
    .refine(test, { error: `allowed: ${allowed}` });

function whole(least: number, most: number) {
  const allowed = `allowed: a whole number from ${least} to ${most}`;
  return z.int(allowed).min(least, allowed).max(most, allowed);
}

function isUrl(text: string, ...schemes: string[]): boolean {
  const url = URL.parse(text);
  return url !== null && schemes.includes(url.protocol) && url.hostname !== '';
}

/** A PostgreSQL server and a database there; its host may be a folder with a socket, in `?host=`. */
function isServer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !['postgres:', 'postgresql:'].includes(url.protocol) || url.pathname.length < 2)
    return false;
  try {
    // The parts are decoded before they are used: a bare % is found here and not then.
    for (const part of [url.username, url.password, url.hostname, url.pathname]) decodeURIComponent(part);
  } catch {
    return false;
  }
  return url.hostname !== '' || url.searchParams.has('host');
}

/** Messages a second; less than one: one in so many seconds. */
const rate = z.number({ error: 'allowed: 0.01 to 10000' }).min(0.01).max(10_000);

const isLoopback = (text: string) => /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(text);

/** A base to which paths are added, in the ASCII form that may stand in a mail header. */
const publicBase = (text: string) => (URL.parse(text)?.href ?? text).replace(/\/+$/, '');
const isPublicBase = (text: string) =>
  (isUrl(text, 'https:') && !/[?#@]/.test(text) && text.length <= 200) || isLoopback(text);

const PUBLIC_URL_ALLOWED = 'allowed: https://papers.example.org (http:// only for 127.0.0.1)';
const isAddress = (text: string) => !('problem' in readAddress(text));
/** Loaded only where a schedule is set, so that no other command waits for it. */
const isCron = (text: string) =>
  (createRequire(import.meta.url)('node-cron') as typeof import('node-cron')).validate(text);
const isMailbox = (text: string) => readMailbox(text) !== undefined;

/** Code is loaded from a file only: "https:", "data:" and the like are no paths. */
const isPath = (text: string) => text !== '' && !/^[a-z][a-z\d+.-]+:/i.test(text);

/** Rows in the store are kept by the name of their source. */
function namedOnce(specs: readonly SourceSpec[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, spec] of specs.entries()) {
    const name = sourceName(spec);
    if (seen.has(name))
      context.addIssue({
        code: 'custom',
        path: [index],
        message: `"${name}" is named twice; give one of them a name`,
      });
    seen.add(name);
  }
}

const colour = check(text => /^#[\da-f]{6}$/i.test(text), 'a colour as #rrggbb, such as #0b5394').optional();

const Fields = z.strictObject({
  dataDir: z.string().trim().min(1).default('./data'),
  databaseUrl: check(
    text => /^sqlite:.+/.test(text) || isServer(text),
    'sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE (percent-encode @ : / in user and password)',
  ).optional(),
  smtpUrl: check(
    text => isUrl(text, 'smtp:', 'smtps:'),
    'smtp://user:password@host:port or smtps://… (percent-encode @ : / in user and password)',
  ).optional(),
  mailFrom: check(isMailbox, 'papers@example.org or "Daily Papers <papers@example.org>"').optional(),
  bounceAddress: check(text => text === 'off' || isAddress(text), 'an address, or off').optional(),
  publicUrl: z
    .string(PUBLIC_URL_ALLOWED)
    .trim()
    .transform(publicBase)
    .refine(isPublicBase, { error: PUBLIC_URL_ALLOWED })
    .optional(),
  secret: z.string().min(16, 'allowed: at least 16 characters').optional(),
  sources: z.array(SourceSetting).superRefine(namedOnce).default([]),
  contact: check(
    text => isAddress(text) || isUrl(text, 'https:', 'http:'),
    'a mail address or https://…, by which those who are asked can reach you',
  ).optional(),
  arxivHolidays: z.array(z.iso.date('allowed: days as YYYY-MM-DD')).default([]),
  giveUpAt: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'allowed: a time such as 11:00')
    .default('11:00'),
  askAgainMinutes: whole(1, 720).default(15),
  curator: z.string().trim().min(1).max(100).optional(),
  cron: check(isCron, 'cron fields such as "0 7 * * 1-5" (a sixth, in front, for seconds)').default(
    '0 7 * * 1-5',
  ),
  timeZone: check(isTimeZone, 'IANA names such as Europe/Paris or UTC').default('UTC'),
  port: whole(0, 65_535).optional(),
  logLevel: z.enum(['error', 'info']).default('info'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\r\n"<>]+$/, 'allowed: one line without quotes')
    .default('Daily Papers'),
  postalAddress: z.string().trim().max(300).optional(),
  footerText: z.string().trim().max(300).optional(),
  accentColor: colour,
  paperColor: colour,
  inkColor: colour,
  darkAccentColor: colour,
  darkPaperColor: colour,
  darkInkColor: colour,
  taxonomy: z.string().trim().min(1).optional(),
  templates: z.string().trim().min(1).optional(),
  embedder: check(isPath, 'the path of a file of yours, such as ./embedder.mjs').optional(),
  embedderSeconds: whole(1, 3600).default(120),
  browser: check(isPath, 'the path of Chromium, Chrome or Edge, such as /usr/bin/chromium').optional(),
  logo: check(isPath, 'the path of a PNG, JPEG or GIF file of yours, such as ./logo.png').optional(),
  onUnknown: z.enum(['resend', 'hold']).default('resend'),
  connections: whole(1, 100).default(5),
  dkimKey: z.string().trim().min(1).optional(),
  dkimSelector: z.string().trim().min(1).optional(),
  dkimDomain: z.string().trim().min(1).optional(),
  messagesPerSecond: rate.optional(),
  domainMessagesPerSecond: rate.optional(),
  domainConnections: whole(1, 100).optional(),
  warmUp: whole(1, 1_000_000).optional(),
  warmUpGrowth: whole(0, 1000).default(50),
  softBounces: whole(0, 100).default(5),
  softBounceDays: whole(0, 90).default(3),
  bounceBrakePercent: whole(1, 100).default(10),
  bounceMailbox: check(text => readMailboxUrl(text) !== undefined, MAILBOX_URL).optional(),
  bounceMinutes: whole(1, 1440).default(15),
  bounceListen: check(
    text => readListenUrl(text) !== undefined,
    'lmtp://127.0.0.1:2424 or smtp://127.0.0.1:2525',
  ).optional(),
  sesTopic: check(
    text => TOPIC_ARN.test(text),
    'the ARN of an SNS topic, arn:aws:sns:eu-west-1:…',
  ).optional(),
  postmarkSecret: z.string().min(16, 'allowed: at least 16 characters').optional(),
  sendgridKey: check(
    text => readSendgridKey(text) !== undefined,
    'the verification key that SendGrid shows (base64, of the curve P-256)',
  ).optional(),
  mailgunKey: z.string().min(16, 'allowed: the webhook signing key, at least 16 characters').optional(),
  deliverHours: whole(1, 336).default(24),
  stopRefusedPercent: whole(1, 100).default(20),
});

/** Colours that nobody could read together are refused here, before a mail has them. */
export const Settings = Fields.superRefine((settings, context) => {
  for (const { key, problem } of unreadable(settings))
    context.addIssue({ code: 'custom', path: [key], message: problem });
});

/** A mailbox as `address` or `Name <address>`; undefined when it is neither. */
export function readMailbox(text: string): { name: string | null; address: string } | undefined {
  const named = /^\s*"?([^"<>\r\n]*?)"?\s*<([^<>\s]+)>\s*$/.exec(text);
  const address = readAddress(named?.[2] ?? text);
  return 'problem' in address ? undefined : { name: named?.[1]?.trim() || null, address: address.address };
}
