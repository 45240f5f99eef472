// What may stand in a setting: the checks of its value, each with the words that say what is allowed, and its name in the environment.
import { createRequire } from 'node:module';
import { z } from 'zod';
import { readRelays } from './delivery/mailer/relay-url.ts';
import { type SourceSpec, sourceName } from './papers/sources/spec.ts';
import { readAddress } from './subscribers/address.ts';

/** A text that passes a test; the words say what is allowed. */
export const check = (test: (text: string) => boolean, allowed: string) =>
  z
    .string(`allowed: ${allowed}`)
    .trim()
    .refine(test, { error: `allowed: ${allowed}` });

/** A whole number. */
export function whole(least: number, most: number) {
  const allowed = `allowed: a whole number from ${least} to ${most}`;
  return z.int(allowed).min(least, allowed).max(most, allowed);
}

/** Whether it is a URL of one of these schemes (`https:`), with a host. */
export function isUrl(text: string, ...schemes: string[]): boolean {
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

/** What may name a database, in words. */
export const DATABASE_URL =
  'sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE (percent-encode @ : / in user and password)';
export const isDatabaseUrl = (text: string) => /^sqlite:.+/.test(text) || isServer(text);

/** Where to listen, as `HOST:PORT` (`[::1]:PORT`), or a port of this machine alone; undefined when it is neither. */
export function readListen(text: string): { host: string; port: number } | undefined {
  const [, host = '127.0.0.1', port] = /^(?:([a-z\d.-]+|\[[a-f\d:.]+\]):)?(\d{1,5})$/i.exec(text) ?? [];
  return port === undefined || Number(port) > 65_535
    ? undefined
    : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Messages a second; less than one: one in so many seconds. */
export const rate = z.number({ error: 'allowed: 0.01 to 10000' }).min(0.01).max(10_000);

const isLoopback = (text: string) => /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(text);

/** A base to which paths are added, in the ASCII form that may stand in a mail header. */
export const publicBase = (text: string) => (URL.parse(text)?.href ?? text).replace(/\/+$/, '');
export const isPublicBase = (text: string) =>
  (isUrl(text, 'https:') && !/[?#@]/.test(text) && text.length <= 200) || isLoopback(text);

export const PUBLIC_URL_ALLOWED = 'allowed: https://papers.example.org (http:// only for 127.0.0.1)';
export const isAddress = (text: string) => !('problem' in readAddress(text));
/** Loaded only where a schedule is set, so that no other command waits for it. */
export const isCron = (text: string) =>
  (createRequire(import.meta.url)('node-cron') as typeof import('node-cron')).validate(text);
export const isMailbox = (text: string) => readMailbox(text) !== undefined;

/** Code is loaded from a file only: "https:", "data:" and the like are no paths. */
export const isPath = (text: string) => text !== '' && !/^[a-z][a-z\d+.-]+:/i.test(text);

/** Mail servers: one address, several with blanks between them, or a list. */
export const relays = () =>
  z
    .union([z.string(), z.array(z.string())], { error: 'allowed: text, or a list of texts' })
    .transform(urls => [urls].flat().join(' ').trim())
    .superRefine((text, context) => {
      const found = readRelays(text);
      if ('problem' in found) context.addIssue({ code: 'custom', message: found.problem });
    });

/** Rows in the store are kept by the name of their source. */
export function namedOnce(specs: readonly SourceSpec[], context: z.RefinementCtx): void {
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

export const colour = () =>
  check(text => /^#[\da-f]{6}$/i.test(text), 'a colour as #rrggbb, such as #0b5394').optional();

/** What is said of a setting besides what is allowed. */
export interface About {
  /** The variable of the environment that sets it; a secret also by `NAME_FILE`, the path of a file that holds it. */
  env: string;
  /** A secret is never shown: all of it, or the user and the password of a URL. */
  secret?: 'whole' | 'in its URL' | 'in its URLs';
  /** What parts a list in the environment. */
  between?: RegExp;
}

export const about = z.registry<About>();

/** A setting: the variable of the environment that sets it, what is allowed, and what it is when nobody sets it. */
export const set = <S extends z.ZodType>(env: string, schema: S, more: Omit<About, 'env'> = {}): S => {
  about.add(schema, { env, ...more });
  return schema;
};

/** An address or a query may hold commas: only one before the next source's kind, or at the end, parts. */
export const BETWEEN_SOURCES = /\n|,(?=\s*(?:(?:huggingface|arxiv|arxiv-rss|feed|file)(?:[:@,\s]|$)|,|$))/;

/** A mailbox as `address` or `Name <address>`; undefined when it is neither. */
export function readMailbox(text: string): { name: string | null; address: string } | undefined {
  const named = /^\s*"?([^"<>\r\n]*?)"?\s*<([^<>\s]+)>\s*$/.exec(text);
  const address = readAddress(named?.[2] ?? text);
  return 'problem' in address ? undefined : { name: named?.[1]?.trim() || null, address: address.address };
}
