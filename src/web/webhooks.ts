// Where providers tell of bounces and complaints: POST /webhooks/ses, /postmark, /sendgrid and /mailgun, each only if it is set.
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { reportsOfMailgun } from '../delivery/bounces/providers/mailgun.ts';
import { reportsOfPostmark } from '../delivery/bounces/providers/postmark.ts';
import { reportsOfSendgrid } from '../delivery/bounces/providers/sendgrid.ts';
import { reportsOfSes } from '../delivery/bounces/providers/ses.ts';
import { type Recording, recordReport } from '../delivery/bounces/record.ts';
import type { Report } from '../delivery/bounces/report.ts';
import { reasonOf } from '../errors.ts';
import {
  isFromMailgun,
  isFromPostmark,
  isFromSendgrid,
  OLDEST_HOURS,
  readSendgridKey,
} from './webhooks-signatures.ts';
import { confirmationUrl, type ReadUrl, SnsMessage, snsVerifier } from './webhooks-sns.ts';
import { takeToken } from './webhooks-tokens.ts';

/** What the providers' doors need; a provider without its key has none. */
export interface WebhookParts {
  recording: Recording;
  /** The ARN of the SNS topic to which SES reports. */
  sesTopic?: string | undefined;
  postmarkSecret?: string | undefined;
  /** SendGrid's verification key. */
  sendgridKey?: string | undefined;
  mailgunKey?: string | undefined;
  /** Gets Amazon's certificates, and confirms the subscription. */
  read: ReadUrl;
  log: (line: string, failed?: boolean) => void;
}

/** What a door makes of a call: reports to write down, or why it is refused, and with which status. */
type Opened =
  | { reports: Report[]; done?: () => Promise<void>; failed?: () => Promise<void> }
  | { refused: string; status: 400 | 401 | 403 };

interface Door {
  name: 'ses' | 'postmark' | 'sendgrid' | 'mailgun';
  types: readonly string[];
  open(c: Context, body: Buffer): Promise<Opened>;
}

/** SNS sends at most 256 KB, SendGrid 768 KB; Postmark may send the mail that came back along. */
const MOST_BYTES = 1024 * 1024;

/**
 * Adds a door for each provider whose key is set. 200: all of it is written down, and again changes nothing. 400, 401, 403,
 * 413 or 415: nothing is. 503: the store failed, and the provider tries again.
 */
export function addWebhooks(app: Hono, parts: WebhookParts): void {
  const warn = hourly(parts);
  for (const door of doorsOf(parts)) {
    const tooLarge = (c: Context) => c.text('Too large\n', 413);
    app.post(`/webhooks/${door.name}`, bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }), c =>
      answer(c, door, parts, warn),
    );
  }
}

/** Tells a line once an hour: a wrong key is to be noticed, and a stranger who tries keys is not to fill the log. */
function hourly({ recording, log }: WebhookParts): (name: string, line: string) => void {
  const told = new Map<string, Temporal.Instant>();
  return (name, line) => {
    const now = recording.clock();
    const last = told.get(name);
    if (last !== undefined && Temporal.Instant.compare(now, last.add({ hours: 1 })) < 0) return;
    told.set(name, now);
    log(`bounces: ${name}: ${line}`, true);
  };
}

async function answer(
  c: Context,
  door: Door,
  { recording, log }: WebhookParts,
  warn: ReturnType<typeof hourly>,
): Promise<Response> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!door.types.includes(type)) return c.text(`Send ${door.types[0]}\n`, 415);
  try {
    const opened = await door.open(c, Buffer.from(await c.req.arrayBuffer()));
    if ('refused' in opened) {
      warn(door.name, `a call was refused: ${opened.refused}`);
      return c.text(`Refused: ${opened.refused}\n`, opened.status);
    }
    try {
      for (const report of opened.reports)
        for (const recorded of await recordReport(recording, report))
          if (recorded.suppressed || recorded.held)
            log(`bounces: ${door.name}: ${recorded.email} is ${recorded.held ? 'held' : 'suppressed'}`);
    } catch (error) {
      await opened.failed?.();
      throw error;
    }
    await opened.done?.();
    return c.text('Thank you\n');
  } catch (error) {
    log(`bounces: ${door.name}: failed, it will try again: ${reasonOf(error)}`, true);
    return c.text('Try again later\n', 503);
  }
}

function doorsOf(parts: WebhookParts): Door[] {
  const { sesTopic, postmarkSecret, sendgridKey, mailgunKey } = parts;
  const doors: Door[] = [];
  if (sesTopic !== undefined) doors.push(sesDoor(sesTopic, parts));
  if (postmarkSecret !== undefined) doors.push(postmarkDoor(postmarkSecret));
  if (sendgridKey !== undefined) doors.push(sendgridDoor(sendgridKey, parts));
  if (mailgunKey !== undefined) doors.push(mailgunDoor(mailgunKey, parts));
  return doors;
}

const JSON_TYPE = 'application/json';
const BROKEN = { refused: 'this is not what the provider sends', status: 400 } as const;
const FORGED = { refused: 'the signature is wrong or too old', status: 403 } as const;

function sesDoor(topic: string, { read, recording, log }: WebhookParts): Door {
  const verifySns = snsVerifier(topic, read, recording.clock);
  return {
    name: 'ses',
    // SNS calls its JSON text.
    types: ['text/plain', JSON_TYPE],
    async open(_c, body) {
      const parsed = SnsMessage.safeParse(jsonOf(body));
      if (!parsed.success) return BROKEN;
      const message = parsed.data;
      const wrong = await verifySns(message);
      if (wrong !== null) return { refused: wrong, status: 403 };
      if (message.Type === 'Notification') return { reports: reportsOfSes(message.Message) };
      if (message.Type === 'UnsubscribeConfirmation') {
        log(`bounces: ses: ${topic} does not report here any more`, true);
        return { reports: [] };
      }
      const url = confirmationUrl(message, topic);
      if (url === undefined) return { refused: 'it confirms something else', status: 403 };
      await read(url);
      log(`bounces: ses: ${topic} reports here from now on`);
      return { reports: [] };
    },
  };
}

function postmarkDoor(secret: string): Door {
  return {
    name: 'postmark',
    types: [JSON_TYPE],
    async open(c, body) {
      if (!isFromPostmark(secret, c.req.header('authorization') ?? '')) {
        c.header('WWW-Authenticate', 'Basic realm="webhooks"');
        return { refused: 'the password is wrong', status: 401 };
      }
      const json = jsonOf(body);
      return json === undefined ? BROKEN : { reports: reportsOfPostmark(json) };
    },
  };
}

function sendgridDoor(text: string, { recording }: WebhookParts): Door {
  const key = readSendgridKey(text);
  return {
    name: 'sendgrid',
    types: [JSON_TYPE],
    async open(c, body) {
      const signature = c.req.header('x-twilio-email-event-webhook-signature') ?? '';
      const timestamp = c.req.header('x-twilio-email-event-webhook-timestamp') ?? '';
      const now = recording.clock();
      if (key === undefined || !isFromSendgrid(key, body, { signature, timestamp }, now)) return FORGED;
      const json = jsonOf(body);
      return json === undefined ? BROKEN : { reports: reportsOfSendgrid(json) };
    },
  };
}

const FromMailgun = z.object({
  signature: z.object({
    timestamp: z.union([z.string(), z.int().transform(String)]),
    token: z.string(),
    signature: z.string(),
  }),
  'event-data': z.unknown(),
});

function mailgunDoor(key: string, { recording: { db, clock } }: WebhookParts): Door {
  return {
    name: 'mailgun',
    types: [JSON_TYPE],
    async open(_c, body) {
      const parsed = FromMailgun.safeParse(jsonOf(body));
      if (!parsed.success) return BROKEN;
      const { signature, 'event-data': data } = parsed.data;
      if (!isFromMailgun(key, signature, clock())) return FORGED;
      const token = await takeToken(db, signature.token, OLDEST_HOURS + 1, clock);
      if (token === undefined) return { refused: 'this token was used before', status: 403 };
      return { reports: reportsOfMailgun(data), done: token.spend, failed: token.release };
    },
  };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
