// The signed links of a reader: they work without an account, for ever, and for nothing but their purpose.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link lets its holder do. Those that confirm are signed for a confirmation, the others for a subscriber. */
export type Purpose = 'unsubscribe' | 'preferences' | 'confirm';

/** The secret that signs, and those that signed before it was changed: what they signed is still good. */
export interface Keys {
  secret: string;
  oldSecrets?: readonly string[] | undefined;
}

const VERSION = '1';
const MAC_BYTES = 16;

/**
 * The token that lets whoever holds it act for one subscriber (or one confirmation), for one purpose: a version, the UUID
 * and 128 bits of HMAC-SHA-256, 44 characters of base64url in all. It does not expire (RFC 8058: old mails must still work);
 * a confirmation does, by its row.
 */
export function linkToken(secret: string, purpose: Purpose, id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  return VERSION + Buffer.concat([bytes, mac(secret, purpose, bytes)]).toString('base64url');
}

/** The id that a token was made for, or undefined when it is forged, damaged or for another purpose. */
export function readLinkToken(keys: Keys, purpose: Purpose, token: string): string | undefined {
  if (!new RegExp(`^${VERSION}[\\w-]{43}$`).test(token)) return undefined;
  const bytes = Buffer.from(token.slice(1), 'base64url');
  const id = bytes.subarray(0, 16);
  const given = bytes.subarray(16);
  if (given.length !== MAC_BYTES) return undefined;
  // Each is compared, whichever it was: how long it takes tells nothing.
  const right = [keys.secret, ...(keys.oldSecrets ?? [])].filter(secret =>
    timingSafeEqual(given, mac(secret, purpose, id)),
  );
  if (right.length === 0) return undefined;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function mac(secret: string, purpose: Purpose, id: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\0`).update(id).digest().subarray(0, MAC_BYTES);
}
