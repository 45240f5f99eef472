// Waiting, as an argument: tests pass their own, everything else waits for real.
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits `ms`; rejects with the signal's reason as soon as it is aborted. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

export const realWait: Wait = async (ms, signal) => {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};
