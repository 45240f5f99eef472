// One request and what comes of it, within limits of time and size, whatever the other end does.
import { type Failure, networkReason } from './failure.ts';

/** What a request may take. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** The whole request with its body and its redirects. */
  requestMs: number;
  /** Until the headers are there. */
  firstByteMs: number;
  /** The body, after it was unpacked. */
  bytes: number;
  attempts: number;
  /** No new attempt begins later than this after the first. */
  retryForMs: number;
  /** The pause after the first failed attempt; doubled each time, between half and whole. */
  backoffMs: number;
  redirects: number;
}

export const LIMITS: Limits = Object.freeze({
  requestMs: 60_000,
  firstByteMs: 30_000,
  bytes: 32_000_000,
  attempts: 4,
  retryForMs: 60_000,
  backoffMs: 2_000,
  redirects: 5,
});

export interface Exchange {
  status: number;
  headers: Headers;
  /** The unpacked body, or what came of it; empty for a status that is not wanted. */
  bytes: Buffer;
  /** Why the body ended too early. */
  cut?: Failure;
}

export interface Asking {
  url: string;
  headers: Headers;
  limits: Pick<Limits, 'requestMs' | 'firstByteMs' | 'bytes'>;
  /** Whether the body of this status is wanted. */
  wants: (status: number) => boolean;
  signal: AbortSignal | undefined;
}

/**
 * Asks once, without following redirects. Nothing is left running: what is not read to its end is cut off.
 * @returns a failure where not even headers came
 * @throws the reason of `signal` when it is aborted
 */
export async function exchange({ url, headers, limits, wants, signal }: Asking): Promise<Exchange | Failure> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  const late = (ms: number) => setTimeout(() => stop.abort(tooLate(ms)), ms);
  const timers = [late(limits.requestMs), late(Math.min(limits.firstByteMs, limits.requestMs))];
  signal?.addEventListener('abort', abort, { once: true });
  let isWhole = false;
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: stop.signal });
    clearTimeout(timers[1]);
    const { status } = response;
    const body = wants(status) ? response.body : null;
    const { bytes, cut } = await readBody(body, limits.bytes);
    signal?.throwIfAborted();
    isWhole = cut === undefined && (body !== null || response.body === null);
    return { status, headers: response.headers, bytes, ...(cut === undefined ? {} : { cut }) };
  } catch (error) {
    signal?.throwIfAborted();
    return failureOf(error, 'cannot be reached: ');
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    if (!isWhole) stop.abort();
  }
}

async function readBody(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<{ bytes: Buffer; cut?: Failure }> {
  const chunks: Uint8Array[] = [];
  let left = limit;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
      // A small archive may hold an endless text; what counts is the size after it was unpacked.
      if (left < 0)
        return { bytes: Buffer.concat(chunks), cut: { words: `larger than ${size(limit)}`, again: false } };
    }
  } catch (error) {
    return { bytes: Buffer.concat(chunks), cut: failureOf(error, '') };
  }
  return { bytes: Buffer.concat(chunks) };
}

const size = (bytes: number) => (bytes < 1_000_000 ? `${bytes / 1_000} kB` : `${bytes / 1_000_000} MB`);

const LATE = 'PaperroundTooLate';

function tooLate(ms: number): Error {
  return Object.assign(new Error(`timed out after ${ms / 1_000} s`), { name: LATE });
}

function failureOf(error: unknown, before: string): Failure {
  if (error instanceof Error && error.name === LATE) {
    return { words: error.message, again: true, cause: error };
  }
  const { words, again } = networkReason(error);
  return { words: `${before}${words}`, again, cause: error };
}
