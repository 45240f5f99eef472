// What `serve` keeps open for reports: a look into the mailbox now and then, and the listener.
import { setTimeout as wait } from 'node:timers/promises';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { readListenUrl } from './listen-url.ts';
import { openListener } from './listener.ts';
import { pollMailbox } from './mailbox.ts';
import type { Recording } from './record.ts';

/** What is to be kept open; nothing of what is not set. */
export interface DoorSettings {
  /** As BOUNCE_MAILBOX, and how many minutes lie between two looks. */
  bounceMailbox?: string | undefined;
  bounceMinutes: number;
  /** As BOUNCE_LISTEN. */
  bounceListen?: string | undefined;
}

/**
 * Opens what is set, until `signal` is aborted.
 * @param address the bounce address, or null where there is none
 * @returns resolves when all is closed
 * @throws PaperroundError `config` or `port` when the listener cannot be opened
 */
export async function openDoors(
  recording: Recording,
  { bounceMailbox, bounceMinutes, bounceListen }: DoorSettings,
  address: string | null,
  log: (line: string, failed?: boolean) => void,
  signal: AbortSignal,
): Promise<{ closed: Promise<unknown> }> {
  const listener =
    bounceListen === undefined ? undefined : await listenAt(bounceListen, { recording, address, log });
  if (bounceMailbox !== undefined) log(`bounces: the mailbox is looked at every ${bounceMinutes} minutes`);
  const polling =
    bounceMailbox === undefined ? undefined : pollOften(recording, bounceMailbox, bounceMinutes, log, signal);
  const listening = listener && onAbort(signal, listener.close);
  return { closed: Promise.all([polling, listening]) };
}

async function listenAt(
  text: string,
  { address, ...parts }: { recording: Recording; address: string | null; log: (line: string) => void },
) {
  const url = readListenUrl(text);
  if (url === undefined) throw new PaperroundError('config', 'BOUNCE_LISTEN is no address to listen at');
  if (address === null)
    throw new PaperroundError('config', 'BOUNCE_LISTEN: there is no bounce address to listen for', {
      hint: 'BOUNCE_ADDRESS is off; give it an address, or do not listen.',
    });
  const listener = await openListener(url, { ...parts, address });
  parts.log(`bounces: ${url.lmtp ? 'lmtp' : 'smtp'} on ${url.host}:${listener.port} for ${address}`);
  return listener;
}

function onAbort(signal: AbortSignal, close: () => Promise<void>): Promise<void> {
  if (signal.aborted) return close();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => close().then(resolve, reject), { once: true });
  });
}

async function pollOften(
  recording: Recording,
  url: string,
  minutes: number,
  log: (line: string, failed?: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const letters = new Set<string>();
  while (!signal.aborted) {
    try {
      const { mails, suppressed, held, unreadable, results } = await pollMailbox(
        recording,
        url,
        signal,
        letters,
      );
      if (mails > 0)
        log(
          `bounces: ${mails} read in the mailbox, ${suppressed} suppressed${held > 0 ? `, ${held} held` : ''}`,
        );
      const reason = results.find(({ outcome }) => outcome === 'unreadable')?.reason;
      if (unreadable > 0) log(`bounces: ${unreadable} could not be written down: ${reason ?? ''}`, true);
    } catch (error) {
      log(`bounces: ${reasonOf(error)}`, true);
    }
    await wait(minutes * 60_000, undefined, { signal }).catch(() => {});
  }
}
