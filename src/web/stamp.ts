// The stamp of a form: when it was handed out, signed. People need seconds to fill in a form, and programs do not.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../store/schema.ts';
import type { Keys } from '../subscribers/links.ts';

const LEAST_SECONDS = 2;
const MOST_SECONDS = 24 * 60 * 60;

/** The stamp of a form that is handed out now. */
function stampOf({ secret }: Keys, clock: Clock): string {
  const at = Math.trunc(clock().epochMilliseconds).toString(36);
  return `${at}.${mac(secret, at).toString('base64url')}`;
}

/** How old a stamp of ours is, in seconds; undefined where it is not ours. */
function ageOf({ secret, oldSecrets = [] }: Keys, stamp: string, clock: Clock): number | undefined {
  const [, at = '', signed = ''] = /^([\da-z]{1,10})\.([\w-]{22})$/.exec(stamp) ?? [];
  const given = Buffer.from(signed, 'base64url');
  const isOurs = [secret, ...oldSecrets].some(
    by => given.length === 16 && timingSafeEqual(given, mac(by, at)),
  );
  return isOurs ? (clock().epochMilliseconds - Number.parseInt(at, 36)) / 1000 : undefined;
}

/** Whether a stamp is ours, and not too young and not too old. */
export function isGoodStamp(keys: Keys, stamp: string, clock: Clock): boolean {
  const age = ageOf(keys, stamp, clock);
  return age !== undefined && age >= LEAST_SECONDS && age <= MOST_SECONDS;
}

/** The stamp for a form that is shown again: one that is only too young goes on ageing, for people who press at once. */
export function stampAgain(keys: Keys, stamp: string, clock: Clock): string {
  const age = ageOf(keys, stamp, clock);
  return age !== undefined && age < LEAST_SECONDS ? stamp : stampOf(keys, clock);
}

const mac = (secret: string, at: string) =>
  createHmac('sha256', secret).update(`form\0${at}`).digest().subarray(0, 16);
