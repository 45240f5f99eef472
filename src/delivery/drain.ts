// Asked to stop (SIGTERM): nothing new is begun, and what is being handed over is waited for so long and no longer.
import { once } from 'node:events';
import type { Mailer } from './mailer/mailer.ts';

/** Who is waited for, and the signal by which we are asked to stop. */
interface Drain {
  mailer: Mailer;
  signal?: AbortSignal;
  drainMs?: number;
}

const DRAIN_MS = 30_000;

/** What a report says after SIGTERM. */
export const ASKED_TO_STOP = 'asked to stop';

/**
 * Makes sure that messages can be handed over. Asked to stop, nobody waits for the answer: nothing will be handed over.
 * @throws PaperroundError `mailer` when they cannot
 */
export async function checkUnlessStopped({ mailer, signal }: Drain): Promise<void> {
  if (signal?.aborted) return;
  const heard = new AbortController();
  const stop = signal === undefined ? [] : [once(signal, 'abort', { signal: heard.signal }).catch(() => {})];
  try {
    await Promise.race([mailer.check(), ...stop]);
  } finally {
    heard.abort();
  }
}

/** Waits for the lanes; once asked to stop, no longer than the drain time: then open connections are closed. */
export async function withDrain<T>(
  { signal, mailer, drainMs = DRAIN_MS }: Drain,
  lanes: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const drain = () => {
    timer = setTimeout(() => void mailer.close(), drainMs);
  };
  signal?.addEventListener('abort', drain, { once: true });
  try {
    return await lanes;
  } finally {
    signal?.removeEventListener('abort', drain);
    clearTimeout(timer);
  }
}
