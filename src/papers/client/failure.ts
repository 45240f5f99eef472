// What went wrong when a host was asked, in plain words, and whether it is worth asking again.
import { STATUS_CODES } from 'node:http';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { excerpt } from '../../text-file.ts';

/** Why there is no answer, or no whole one. `words` follow the address: "cannot be reached: …". */
export interface Failure {
  words: string;
  /** Whether the same request may do better in a moment. */
  again: boolean;
  hint?: string;
  cause?: unknown;
  /** When the host wants to be asked again, as it said itself. */
  retryAt?: Temporal.Instant | null;
}

const SECRET =
  /(?:key|token|secret|password|passwd|pwd|signature)$|^(?:auth|authorization|sig|pass|sid|session|credentials?)$/i;

/** An address for messages: no credentials, no secrets of its query, at most 120 characters. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return excerpt(url.slice(0, 500).replace(/\/\/[^/@]*@/, '//***@'), 120);
  const query = parsed.search.slice(1).split('&').map(hideSecret).join('&');
  const login = parsed.username === '' && parsed.password === '' ? '' : '***@';
  const shown = `${parsed.protocol}//${login}${parsed.host}${parsed.pathname}${query === '' ? '' : `?${query}`}`;
  return excerpt(shown, 120);
}

function hideSecret(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  return SECRET.test(name.slice(-60)) ? `${name}=***` : pair;
}

/** The error that a person sees, for a failure of `url` after it was asked `times` times. */
export function sourceError(url: string, failure: Failure, times: number): PaperroundError {
  const often = times > 1 ? ` (asked ${times} times)` : '';
  return new PaperroundError('source', `${shownUrl(url)} ${failure.words}${often}`, {
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  });
}

const AGAIN = [408, 425, 429, 500, 502, 503, 504];
const REFUSED =
  'The host refuses this client: set CONTACT to an address of yours, so that the host knows who asks.';
const HINTS: Record<number, string> = {
  400: 'The host does not understand the request: check the address and its query.',
  401: 'The host wants a login or a key: check the one that is set for this source.',
  403: REFUSED,
  404: 'Check the address of this source.',
  406: REFUSED,
  410: 'The host has given this address up: look for its new one.',
  429: 'The host wants to be asked less often: ask it fewer times a day.',
};

/** A status that is no answer to the question. */
export function statusFailure(status: number, retryAt: Temporal.Instant | null): Failure {
  const name = STATUS_CODES[status];
  const hint = HINTS[status] ?? (status >= 500 ? 'The fault is with the host: ask again later.' : undefined);
  return {
    words: `answered ${status}${name === undefined ? '' : ` (${name})`}`,
    again: AGAIN.includes(status),
    retryAt,
    ...(hint === undefined ? {} : { hint }),
  };
}

const REASONS: Record<string, string> = {
  ENOTFOUND: 'no host of this name was found',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed too early',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no network',
};

/** The system's reason of a failed request, in plain words. */
export function networkReason(thrown: unknown): { words: string; again: boolean } {
  const cause = rootOf(thrown);
  const code = String((cause as { code?: unknown } | null)?.code ?? '');
  const known = REASONS[code];
  if (known !== undefined) return { words: known, again: true };
  const reason = excerpt(reasonOf(cause), 100);
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|EPROTO/.test(code)) {
    return { words: `no secure connection (TLS): ${reason}`, again: /EPROTO|DISCONNECTED/.test(code) };
  }
  if (code.startsWith('HPE_')) return { words: `its answer is not HTTP (${reason})`, again: true };
  if (/^(?:Z_|ERR_BROTLI|ERR__ERROR|ZSTD)/.test(code))
    return { words: `its answer cannot be unpacked (${reason})`, again: true };
  return { words: reason, again: code !== '' };
}

/** fetch says "fetch failed" or "terminated"; what happened is its cause. */
function rootOf(thrown: unknown): unknown {
  let at = thrown;
  for (let depth = 0; depth < 5 && at instanceof Error && at.cause instanceof Error; depth++) at = at.cause;
  return at;
}
