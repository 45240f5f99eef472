// What a mail server's answer means: for this message, for the others to the same domain, and for the server itself.
import { reasonOf } from '../../errors.ts';
import type { Receipt } from './mailer.ts';

/** The fields that nodemailer puts on an error of its own. */
export interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/** How far one message has come. */
export interface Way {
  /** Its connection is there, and the dialogue about it has begun. */
  begun: boolean;
  /** Its first byte was handed over: without an answer, nobody knows what became of it. */
  handedOver: boolean;
}

/** The commands whose refusal speaks of this message; one of any other speaks of us, and of every message alike. */
const ABOUT_THE_MESSAGE = new Set(['RCPT TO', 'DATA']);

/**
 * Said to RCPT TO, and still about us: this server carries no mail of ours to anybody (RFC 4954 §6: 530). Whoever counted it
 * against readers would lose a whole list to one missing password.
 */
const ABOUT_US =
  /^530|relay(?:ing)? (?:access )?(?:is )?(?:denied|prohibited|not (?:permitted|allowed))|unable to relay|authentication (?:is )?required|must authenticate/i;

/** RFC 5321 §4.2.1: 4yz may work later, 5yz will not. Without an answer it depends on how far the dialogue had come. */
export function receiptOf(error: SmtpError, { begun, handedOver }: Way): Receipt {
  const answer = error.response ?? reasonOf(error);
  const status = error.responseCode ?? 0;
  // With pipelining a 421 to RCPT TO or DATA ends the connection, and is reported as the connection's.
  const endedByIt = status === 421 && begun && error.command === 'CONN';
  if (!handedOver && status >= 400 && ABOUT_US.test(answer)) return { outcome: 'unavailable', answer };
  const aboutIt = handedOver || endedByIt || ABOUT_THE_MESSAGE.has(error.command ?? '');
  if (status >= 400 && status < 500)
    return aboutIt
      ? { outcome: 'deferred', answer, ...(asksForQuiet(answer) && { quiet: 'domain' as const }) }
      : { outcome: 'unavailable', answer, quiet: 'relay' };
  if (status >= 500 && aboutIt) return { outcome: 'refused', answer };
  // Without an answer at all, nodemailer found the envelope or the message itself to be impossible.
  if (status === 0 && (error.code === 'EENVELOPE' || error.code === 'EMESSAGE'))
    return { outcome: 'refused', answer };
  return { outcome: handedOver ? 'unknown' : 'unavailable', answer };
}

/** RFC 5321 §4.2.3, RFC 3207 §4: the service is closing or in trouble; 450 to 452 may be about one mailbox as well. */
const BUSY = new Set(['421', '454']);
/**
 * RFC 6647: greylisting wants this very message again, later; to leave the domain alone would only add to its delay. Some say
 * so with no more words than 4.7.1 and "try again later".
 */
const GREYLISTED = /gr[ae]y-?list|^45[01][ -]4\.7\.1\b.*\btry again/i;

/**
 * Whether a "not now" to one message asks for the same of all messages to its domain. An enhanced code says whom it is
 * about (RFC 3463 §3): X.1 and X.2 are one reader's address and mailbox, X.3 to X.7 the system, the network, the policy.
 */
export function asksForQuiet(answer: string): boolean {
  const [, reply = '', subject] = /^(4\d\d)(?:[ -]4\.(\d)\.\d{1,3}\b)?/.exec(answer) ?? [];
  if (GREYLISTED.test(answer)) return false;
  return subject === undefined
    ? BUSY.has(reply)
    : Number(subject) >= 3 || (reply === '421' && subject === '0');
}
