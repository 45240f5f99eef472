// SMTP through nodemailer's pool: connections are kept, TLS and login come from the URL.
import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import type { Message } from '../../digests/message.ts';
import { PaperroundError, reasonOf } from '../../errors.ts';
import type { Mailer, Receipt } from './mailer.ts';

/** The fields that nodemailer puts on an error of its own. */
interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
}

/**
 * A mailer for `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://…` (TLS from the start); options of
 * nodemailer may stand in the query, for example `?requireTLS=true`.
 * @param connections how many messages are handed over at once
 */
export function smtpMailer(url: string, connections: number): Mailer {
  const { protocol, host } = new URL(url);
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    // Of silence, at any point: all of a message's answers together stay within the lease of its delivery.
    socketTimeout: 150_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Keyed by Message-ID: which of the messages under way have begun to be handed over.
  const handedOver = new Set<string>();
  transport.use('stream', (mail, done) => {
    const { raw, messageId } = mail.data;
    mail.message.createReadStream = () => watched(raw as Buffer, () => handedOver.add(String(messageId)));
    done();
  });
  return {
    name: `${protocol}//${host}`,
    connections,
    async check() {
      try {
        await transport.verify();
      } catch (error) {
        throw cannotSend(`${protocol}//${host}`, error as SmtpError);
      }
    },
    async send(message) {
      try {
        const { response } = await transport.sendMail(outgoing(message));
        return { outcome: 'sent', answer: response };
      } catch (error) {
        return receiptOf(error as SmtpError, handedOver.has(message.messageId));
      } finally {
        handedOver.delete(message.messageId);
      }
    },
    async close() {
      transport.close({ force: true });
    },
  };
}

function cannotSend(server: string, error: SmtpError): PaperroundError {
  const why = error.response ?? reasonOf(error);
  return error.code === 'EAUTH' || error.code === 'ENOAUTH'
    ? new PaperroundError('mailer', `The mail server ${server} refuses the login: ${why}`, {
        hint: 'Check the user and the password in SMTP_URL; characters such as @ and : must be percent-encoded.',
        cause: error,
      })
    : new PaperroundError('mailer', `The mail server ${server} cannot be used: ${why}`, {
        hint: 'Check host, port and scheme (smtp:// or smtps://) of SMTP_URL, and that the server runs.',
        cause: error,
      });
}

function outgoing({ envelope, bytes, messageId }: Message) {
  return { envelope, raw: bytes, messageId };
}

/**
 * The bytes as a stream that tells when it is first read: nodemailer reads it once the server has answered 354 to DATA.
 * From then on a lost connection leaves open whether the server has the message (RFC 1047).
 */
function watched(bytes: Buffer, begun: () => void): Readable {
  return new Readable({
    read() {
      begun();
      this.push(bytes);
      this.push(null);
    },
  });
}

/** The commands whose refusal speaks of this message; one of any other speaks of us, and of every message alike. */
const ABOUT_THE_MESSAGE = new Set(['RCPT TO', 'DATA']);

/** RFC 5321 §4.2.1: 4yz may work later, 5yz will not. Without an answer it depends on how far the dialogue had come. */
function receiptOf(error: SmtpError, handedOver: boolean): Receipt {
  const answer = error.response ?? reasonOf(error);
  const status = error.responseCode ?? 0;
  const aboutIt = handedOver || ABOUT_THE_MESSAGE.has(error.command ?? '');
  if (status >= 400 && status !== 421 && aboutIt)
    return { outcome: status >= 500 ? 'refused' : 'deferred', answer };
  // Without an answer at all, nodemailer found the envelope or the message itself to be impossible.
  if (status === 0 && (error.code === 'EENVELOPE' || error.code === 'EMESSAGE'))
    return { outcome: 'refused', answer };
  if (status === 421 && handedOver) return { outcome: 'deferred', answer };
  return { outcome: handedOver ? 'unknown' : 'unavailable', answer };
}
