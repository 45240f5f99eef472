// What may be set: one table of every setting, with its name in the environment, what is allowed, and what it is when nobody sets it.
import { isIP } from 'node:net';
import { z } from 'zod';
import { readListenUrl } from './delivery/bounces/listen-url.ts';
import { MAILBOX_URL, readMailboxUrl } from './delivery/bounces/mailbox-url.ts';
import { unreadable } from './digests/palette.ts';
import { SourceSetting } from './papers/sources/spec.ts';
import {
  type About,
  about,
  BETWEEN_SOURCES,
  check,
  colour,
  DATABASE_URL,
  isAddress,
  isCron,
  isDatabaseUrl,
  isMailbox,
  isPath,
  isPublicBase,
  isUrl,
  namedOnce,
  PUBLIC_URL_ALLOWED,
  publicBase,
  rate,
  readListen,
  relays,
  set,
  whole,
} from './setting.ts';
import { isTimeZone } from './subscribers/preferences.ts';
import { readSendgridKey } from './web/webhooks-signatures.ts';
import { TOPIC_ARN } from './web/webhooks-sns.ts';

const Fields = z.strictObject({
  dataDir: set('DATA_DIR', z.string().trim().min(1).default('./data')),
  databaseUrl: set('DATABASE_URL', check(isDatabaseUrl, DATABASE_URL).optional(), { secret: 'in its URL' }),
  smtpUrl: set('SMTP_URL', relays().optional(), { secret: 'in its URLs' }),
  smtpCa: set(
    'SMTP_CA',
    check(isPath, 'the path of a PEM file with certificates, such as /etc/ssl/relay-ca.pem').optional(),
  ),
  mailFrom: set(
    'MAIL_FROM',
    check(isMailbox, 'papers@example.org or "Daily Papers <papers@example.org>"').optional(),
  ),
  bounceAddress: set(
    'BOUNCE_ADDRESS',
    check(text => text === 'off' || isAddress(text), 'an address, or off').optional(),
  ),
  publicUrl: set(
    'PUBLIC_URL',
    z
      .string(PUBLIC_URL_ALLOWED)
      .trim()
      .transform(publicBase)
      .refine(isPublicBase, { error: PUBLIC_URL_ALLOWED })
      .optional(),
  ),
  secret: set('PAPERROUND_SECRET', z.string().min(16, 'allowed: at least 16 characters').optional(), {
    secret: 'whole',
  }),
  oldSecrets: set(
    'PAPERROUND_OLD_SECRETS',
    z.array(z.string().min(16, 'allowed: at least 16 characters each')).default([]),
    { secret: 'whole' },
  ),
  sources: set('SOURCES', z.array(SourceSetting).superRefine(namedOnce).default([]), {
    between: BETWEEN_SOURCES,
  }),
  contact: set(
    'CONTACT',
    check(
      text => isAddress(text) || isUrl(text, 'https:', 'http:'),
      'a mail address or https://…, by which those who are asked can reach you',
    ).optional(),
  ),
  arxivHolidays: set('ARXIV_HOLIDAYS', z.array(z.iso.date('allowed: days as YYYY-MM-DD')).default([])),
  giveUpAt: set(
    'GIVE_UP_AT',
    z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'allowed: a time such as 11:00')
      .default('11:00'),
  ),
  askAgainMinutes: set('ASK_AGAIN_MINUTES', whole(1, 720).default(15)),
  curator: set('CURATOR', z.string().trim().min(1).max(100).optional()),
  cron: set(
    'CRON',
    check(isCron, 'cron fields such as "0 7 * * 1-5" (a sixth, in front, for seconds)').default(
      '0 7 * * 1-5',
    ),
  ),
  timeZone: set('TZ_DEFAULT', check(isTimeZone, 'IANA names such as Europe/Paris or UTC').default('UTC')),
  port: set('PORT', whole(0, 65_535).optional()),
  listenHost: set(
    'LISTEN_HOST',
    check(text => isIP(text) !== 0, 'an address of this machine, such as 127.0.0.1 or 0.0.0.0').default(
      '127.0.0.1',
    ),
  ),
  logLevel: set('LOG_LEVEL', z.enum(['error', 'info', 'debug']).default('info')),
  logFormat: set('LOG_FORMAT', z.enum(['text', 'json']).default('text')),
  metricsListen: set(
    'METRICS_LISTEN',
    check(text => readListen(text) !== undefined, 'HOST:PORT such as 127.0.0.1:9464, or a port').optional(),
  ),
  pingUrl: set('PING_URL', check(text => isUrl(text, 'https:', 'http:'), 'https://…').optional(), {
    secret: 'whole',
  }),
  reportTo: set('REPORT_TO', check(isAddress, 'an address').optional()),
  askAbove: set('ASK_ABOVE', whole(2, 1_000_000).default(3)),
  keepDeliveries: set('KEEP_DELIVERIES_DAYS', whole(100, 36_500).optional()),
  keepVotes: set('KEEP_VOTES_DAYS', whole(30, 36_500).optional()),
  keepPending: set('KEEP_PENDING_DAYS', whole(1, 36_500).optional()),
  keepBounces: set('KEEP_BOUNCES_DAYS', whole(100, 36_500).optional()),
  dnsServer: set(
    'DNS_SERVER',
    check(
      text => isIP(text) !== 0 || isIP(readListen(text)?.host ?? '') !== 0,
      '1.1.1.1 or 127.0.0.1:5353',
    ).optional(),
  ),
  name: set(
    'DIGEST_NAME',
    z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^[^\r\n"<>]+$/, 'allowed: one line without quotes')
      .default('Daily Papers'),
  ),
  postalAddress: set('POSTAL_ADDRESS', z.string().trim().max(300).optional()),
  footerText: set('FOOTER_TEXT', z.string().trim().max(300).optional()),
  accentColor: set('ACCENT_COLOR', colour()),
  paperColor: set('PAPER_COLOR', colour()),
  inkColor: set('INK_COLOR', colour()),
  darkAccentColor: set('DARK_ACCENT_COLOR', colour()),
  darkPaperColor: set('DARK_PAPER_COLOR', colour()),
  darkInkColor: set('DARK_INK_COLOR', colour()),
  taxonomy: set('TAXONOMY', z.string().trim().min(1).optional()),
  templates: set('TEMPLATES', z.string().trim().min(1).optional()),
  embedder: set('EMBEDDER', check(isPath, 'the path of a file of yours, such as ./embedder.mjs').optional()),
  embedderSeconds: set('EMBEDDER_SECONDS', whole(1, 3600).default(120)),
  browser: set(
    'BROWSER_PATH',
    check(isPath, 'the path of Chromium, Chrome or Edge, such as /usr/bin/chromium').optional(),
  ),
  logo: set(
    'LOGO',
    check(isPath, 'the path of a PNG, JPEG or GIF file of yours, such as ./logo.png').optional(),
  ),
  onUnknown: set('ON_UNKNOWN', z.enum(['resend', 'hold']).default('resend')),
  connections: set('SMTP_CONNECTIONS', whole(1, 100).default(5)),
  messagesPerConnection: set('SMTP_MESSAGES_PER_CONNECTION', whole(1, 100_000).optional()),
  dkimKey: set('DKIM_KEY', z.string().trim().min(1).optional(), { secret: 'whole' }),
  dkimSelector: set('DKIM_SELECTOR', z.string().trim().min(1).optional()),
  dkimDomain: set('DKIM_DOMAIN', z.string().trim().min(1).optional()),
  messagesPerSecond: set('MESSAGES_PER_SECOND', rate.optional()),
  domainMessagesPerSecond: set('DOMAIN_MESSAGES_PER_SECOND', rate.optional()),
  domainConnections: set('DOMAIN_CONNECTIONS', whole(1, 100).optional()),
  warmUp: set('WARM_UP', whole(1, 1_000_000).optional()),
  warmUpGrowth: set('WARM_UP_GROWTH', whole(0, 1000).default(50)),
  softBounces: set('SOFT_BOUNCES', whole(0, 100).default(5)),
  softBounceDays: set('SOFT_BOUNCE_DAYS', whole(0, 90).default(3)),
  bounceBrakePercent: set('BOUNCE_BRAKE_PERCENT', whole(1, 100).default(10)),
  bounceMailbox: set(
    'BOUNCE_MAILBOX',
    check(text => readMailboxUrl(text) !== undefined, MAILBOX_URL).optional(),
    { secret: 'in its URL' },
  ),
  bounceMinutes: set('BOUNCE_MINUTES', whole(1, 1440).default(15)),
  bounceListen: set(
    'BOUNCE_LISTEN',
    check(
      text => readListenUrl(text) !== undefined,
      'lmtp://127.0.0.1:2424 or smtp://127.0.0.1:2525',
    ).optional(),
  ),
  sesTopic: set(
    'SES_TOPIC_ARN',
    check(text => TOPIC_ARN.test(text), 'the ARN of an SNS topic, arn:aws:sns:eu-west-1:…').optional(),
  ),
  postmarkSecret: set(
    'POSTMARK_WEBHOOK_SECRET',
    z.string().min(16, 'allowed: at least 16 characters').optional(),
    { secret: 'whole' },
  ),
  sendgridKey: set(
    'SENDGRID_WEBHOOK_KEY',
    check(
      text => readSendgridKey(text) !== undefined,
      'the verification key that SendGrid shows (base64, of the curve P-256)',
    ).optional(),
  ),
  mailgunKey: set(
    'MAILGUN_WEBHOOK_KEY',
    z.string().min(16, 'allowed: the webhook signing key, at least 16 characters').optional(),
    { secret: 'whole' },
  ),
  signUpsPerHour: set('SIGN_UPS_PER_HOUR', whole(1, 1_000_000).default(1000)),
  mostUnconfirmed: set('MOST_UNCONFIRMED', whole(1, 10_000_000).default(10_000)),
  trustedProxies: set('TRUSTED_PROXIES', whole(0, 10).default(0)),
  deliverHours: set('DELIVER_HOURS', whole(1, 336).default(24)),
  drainSeconds: set('DRAIN_SECONDS', whole(1, 150).default(30)),
  stopRefusedPercent: set('STOP_REFUSED_PERCENT', whole(1, 100).default(20)),
});

/** Colours that nobody could read together are refused here, before a mail has them. */
export const Settings = Fields.superRefine((settings, context) => {
  for (const { key, problem } of unreadable(settings))
    context.addIssue({ code: 'custom', path: [key], message: problem });
});

/** A setting as the environment knows it. */
export interface Setting extends About {
  key: keyof z.infer<typeof Fields>;
  kind: 'text' | 'number' | 'list';
}

/** Every setting, in the order in which they are shown. */
export const SETTINGS: readonly Setting[] = Object.entries(Fields.shape).map(([key, schema]) => ({
  ...(about.get(schema) as About),
  key: key as Setting['key'],
  kind: kindOf(schema),
}));

function kindOf(schema: z.ZodType): Setting['kind'] {
  const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  if (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) return kindOf(inner as z.ZodType);
  return inner instanceof z.ZodNumber ? 'number' : inner instanceof z.ZodArray ? 'list' : 'text';
}
