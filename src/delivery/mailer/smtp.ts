// SMTP through nodemailer's pool: connections are kept, TLS and login come from the URL.
import nodemailer from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool';
import type { Message } from '../../digests/message.ts';
import { PaperroundError, reasonOf } from '../../errors.ts';
import type { Mailer, Receipt } from './mailer.ts';
import { feedOf } from './wire.ts';

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
      const way = { handedOver: false, lacksUtf8: false };
      try {
        return { outcome: 'sent', answer: await handOver(transport.transporter as SMTPPool, message, way) };
      } catch (error) {
        if (way.lacksUtf8) return { outcome: 'refused', answer: LACKS_UTF8 };
        return receiptOf(error as SmtpError, way.handedOver);
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

/** How far one message has come. */
interface Way {
  /** Its first byte was handed over: without an answer, nobody knows what became of it. */
  handedOver: boolean;
  lacksUtf8: boolean;
}

/** RFC 6531 §3.1: such an address may only be given to a server that offers SMTPUTF8. */
const LACKS_UTF8 =
  'The mail server does not take addresses with letters beyond ASCII before the @ (it offers no SMTPUTF8)';

/**
 * Hands a finished message to nodemailer's pool, past its composer: there is nothing left to compose.
 * @returns the server's answer
 */
function handOver(pool: SMTPPool, message: Message, way: Way): Promise<string> {
  const { from, to } = message.envelope;
  const beyondAscii = [...`${from}${to}`].some(letter => letter > '\x7f');
  const mail = {
    data: {},
    message: {
      // Asked for when the message gets its connection.
      getEnvelope() {
        if (!beyondAscii) return { from, to: [to] };
        way.lacksUtf8 = extensionsFor(pool, mail)?.includes('SMTPUTF8') === false;
        // Without a recipient nodemailer ends it before a word is said to the server.
        return { from, to: way.lacksUtf8 ? [] : [to], use8BitMime: true };
      },
      messageId: () => message.messageId,
      getHeader: () => message.messageId,
      createReadStream: () =>
        feedOf(message, () => {
          way.handedOver = true;
        }),
    },
  };
  return new Promise((resolve, reject) => {
    pool.send(mail as unknown as Parameters<SMTPPool['send']>[0], (error, info) => {
      if (error) reject(error);
      else resolve(info?.response ?? '');
    });
  });
}

/** What the server of a message's connection offers; undefined where nodemailer does not show it. */
function extensionsFor(pool: SMTPPool, mail: object): readonly string[] | undefined {
  const { _connections } = pool as unknown as {
    _connections?: { queueEntry?: { mail: object }; connection?: { _supportedExtensions?: string[] } }[];
  };
  return _connections?.find(one => one.queueEntry?.mail === mail)?.connection?._supportedExtensions;
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
