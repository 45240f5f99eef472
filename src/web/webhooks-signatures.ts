// Whether a call really is from SendGrid, Mailgun or Postmark, by the secret or the key that the operator has from them.
import {
  createHash,
  createHmac,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
  verify,
} from 'node:crypto';

/**
 * How old a signed call may be. Providers try for a day to bring an event to a server that was away, and none says that it
 * signs anew; a call that is brought twice changes nothing, so no event has to be lost to this limit.
 */
export const OLDEST_HOURS = 25;
/** How far their clocks may be before ours. */
const AHEAD_MINUTES = 10;

/** Whether seconds since 1970, as text, are a time at which a call may have been signed. */
function isFresh(seconds: string, now: Temporal.Instant): boolean {
  if (!/^\d{1,12}$/.test(seconds)) return false;
  const age = now.epochMilliseconds / 1000 - Number(seconds);
  return age <= OLDEST_HOURS * 3600 && age >= -AHEAD_MINUTES * 60;
}

/** The key as SendGrid shows it (base64 of an SPKI), or as PEM; undefined when it is no key of the curve P-256. */
export function readSendgridKey(text: string): KeyObject | undefined {
  const base64 = text.replace(/-----[A-Z ]+-----|\s/g, '');
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * SendGrid's Signed Event Webhook: ECDSA (DER) with SHA-256 over the timestamp and the body, byte for byte.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
export function isFromSendgrid(
  key: KeyObject,
  body: Buffer,
  { signature, timestamp }: { signature: string; timestamp: string },
  now: Temporal.Instant,
): boolean {
  if (!isFresh(timestamp, now) || !/^[\w+/]{1,200}={0,2}$/.test(signature)) return false;
  return verify(
    'sha256',
    Buffer.concat([Buffer.from(timestamp), body]),
    key,
    Buffer.from(signature, 'base64'),
  );
}

/** What Mailgun signs, in the body. It signs no event: whoever saw one call could send another event with it. */
interface MailgunSignature {
  timestamp: string;
  token: string;
  signature: string;
}

/**
 * Mailgun: HMAC-SHA-256 of timestamp and token, in hex. Each token must be taken only once (webhooks-tokens.ts).
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export function isFromMailgun(
  key: string,
  { timestamp, token, signature }: MailgunSignature,
  now: Temporal.Instant,
): boolean {
  if (!isFresh(timestamp, now) || !/^[\w-]{20,200}$/.test(token)) return false;
  const right = createHmac('sha256', key).update(`${timestamp}${token}`).digest('hex');
  return equal(right, signature);
}

/**
 * Postmark signs nothing. What it has is the user and password of the address that it is given, so the password is all
 * that tells it from others (RFC 7617; the user may be anything).
 */
export function isFromPostmark(secret: string, authorization: string): boolean {
  const [, encoded = ''] = /^Basic +([\w+/=-]{1,2000})$/i.exec(authorization) ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon >= 0 && equal(secret, text.slice(colon + 1));
}

/** Compares secrets in a time that does not depend on where they differ, or on how long they are. */
function equal(a: string, b: string): boolean {
  const [left, right] = [a, b].map(text => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}
