// The address of a mailbox of bounces: imaps://user:password@host/Folder?then=seen|move:Folder|delete
import { isIPv4 } from 'node:net';

/** A mailbox, and what is done with the reports in it when they are processed. */
export interface MailboxUrl {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS, which only a server on this machine may do without. */
  secure: boolean;
  loopback: boolean;
  user: string;
  password: string;
  folder: string;
  after: { do: 'seen' } | { do: 'delete' } | { do: 'move'; to: string };
}

export const MAILBOX_URL =
  'imaps://user:password@host/INBOX (or imap:// for STARTTLS; percent-encode @ : / ? in user, password and folder), with ?then=seen, ?then=move:Folder or ?then=delete';

/** Reads the address of a mailbox; undefined where it is none. */
export function readMailboxUrl(text: string): MailboxUrl | undefined {
  const url = URL.parse(text.trim());
  if (url === null || !/^imaps?:$/.test(url.protocol) || url.hostname === '' || url.hash !== '')
    return undefined;
  const after = afterOf(url.searchParams);
  const [user, password, path] = [url.username, url.password, url.pathname.replace(/^\//, '')].map(decoded);
  if (!user || !password || path === undefined || after === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'imaps:';
  return {
    host,
    port: url.port === '' ? (secure ? 993 : 143) : Number(url.port),
    secure,
    loopback: host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.')),
    user,
    password,
    folder: path === '' ? 'INBOX' : path,
    after,
  };
}

function afterOf(parameters: URLSearchParams): MailboxUrl['after'] | undefined {
  const then = parameters.get('then') ?? 'seen';
  if ([...parameters.keys()].some(key => key !== 'then')) return undefined;
  if (then === 'seen' || then === 'delete') return { do: then };
  const to = /^move:(.{1,200})$/.exec(then)?.[1]?.trim();
  return to ? { do: 'move', to } : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
