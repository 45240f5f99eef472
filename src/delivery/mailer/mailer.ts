// What the way out is to this room: a Mailer takes a message and returns a receipt, whatever it is.
import type { Message } from '../../digests/message.ts';

/**
 * What the mail server answered to one attempt: `sent` it took the message · `deferred` not now (4xx) · `refused` never
 * (5xx) · `unknown` the connection was lost after the message was handed over · `unavailable` it was never handed over,
 * because the server could not be reached or did not let us in: nothing is wrong with this message.
 */
export interface Receipt {
  outcome: 'sent' | 'deferred' | 'refused' | 'unknown' | 'unavailable';
  answer: string;
  /** Which relay answered, where there are several. */
  relay?: string;
  /** What the answer asks to leave alone for a while (421, 454 and the like): the recipient's domain, or the relay. */
  quiet?: 'domain' | 'relay';
}

/** Takes messages, one at a time or several at once; `connections` says how many at once. */
export interface Mailer {
  name: string;
  connections: number;
  /** Makes sure that messages can be handed over at all; throws PaperroundError `mailer` that says why not. */
  check(): Promise<void>;
  /** Hands over one message. Never throws: every failure is a receipt. */
  send(message: Message): Promise<Receipt>;
  /** Closes at once: what is being handed over fails, as `unknown` if the server may have it. */
  close(): Promise<void>;
}
