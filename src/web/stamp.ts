// The stamp of a form: when it was handed out, signed. People need seconds to fill in a form, and programs do not.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../store/schema.ts';
import type { Keys } from '../subscribers/links.ts';

const LEAST_SECONDS = 2;
const MOST_SECONDS = 24 * 60 * 60;

/** The stamp of a form that is handed out now. */
export function stampOf({ secret }: Keys, clock: Clock): string {
  const at = Math.trunc(clock().epochMilliseconds).toString(36);
  return `${at}.${mac(secret, at).toString('base64url')}`;
}

/** Whether a stamp is ours, and not too young and not too old. */
export function isGoodStamp({ secret, oldSecrets = [] }: Keys, stamp: string, clock: Clock): boolean {
  const [, at = '', signed = ''] = /^([\da-z]{1,10})\.([\w-]{22})$/.exec(stamp) ?? [];
  const given = Buffer.from(signed, 'base64url');
  const isOurs = [secret, ...oldSecrets].some(
    by => given.length === 16 && timingSafeEqual(given, mac(by, at)),
  );
  const age = (clock().epochMilliseconds - Number.parseInt(at, 36)) / 1000;
  return isOurs && age >= LEAST_SECONDS && age <= MOST_SECONDS;
}

const mac = (secret: string, at: string) =>
  createHmac('sha256', secret).update(`form\0${at}`).digest().subarray(0, 16);
