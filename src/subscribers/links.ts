// The signed links of a reader: they work without an account, for ever, and for nothing but their purpose.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link lets its holder do. */
export type Purpose = 'unsubscribe' | 'preferences';

const VERSION = '1';
const MAC_BYTES = 16;

/**
 * The token that lets whoever holds it act for one subscriber, for one purpose: a version, the subscriber's UUID and
 * 128 bits of HMAC-SHA-256, 44 characters of base64url in all. It does not expire (RFC 8058: old mails must still work).
 */
export function linkToken(secret: string, purpose: Purpose, subscriberId: string): string {
  const id = Buffer.from(subscriberId.replaceAll('-', ''), 'hex');
  return VERSION + Buffer.concat([id, mac(secret, purpose, id)]).toString('base64url');
}

/** The subscriber's id that a token was made for, or undefined when it is forged, damaged or for another purpose. */
export function readLinkToken(secret: string, purpose: Purpose, token: string): string | undefined {
  if (!new RegExp(`^${VERSION}[\\w-]{43}$`).test(token)) return undefined;
  const bytes = Buffer.from(token.slice(1), 'base64url');
  const id = bytes.subarray(0, 16);
  const given = bytes.subarray(16);
  if (given.length !== MAC_BYTES || !timingSafeEqual(given, mac(secret, purpose, id))) return undefined;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function mac(secret: string, purpose: Purpose, id: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\0`).update(id).digest().subarray(0, MAC_BYTES);
}
