// SMTP through nodemailer's pool: connections are kept, TLS and login come from the URL.
import nodemailer from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool';
import type { Message } from '../../digests/message.ts';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { receiptOf, type SmtpError, type Way } from './answers.ts';
import type { Mailer } from './mailer.ts';
import { feedOf } from './wire.ts';

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
      const way = { begun: false, handedOver: false, lacksUtf8: false };
      try {
        return { outcome: 'sent', answer: await handOver(transport.transporter as SMTPPool, message, way) };
      } catch (error) {
        if (way.lacksUtf8) return { outcome: 'refused', answer: LACKS_UTF8 };
        return receiptOf(error as SmtpError, way);
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

/** RFC 6531 §3.1: such an address may only be given to a server that offers SMTPUTF8. */
const LACKS_UTF8 =
  'The mail server does not take addresses with letters beyond ASCII before the @ (it offers no SMTPUTF8)';

/**
 * Hands a finished message to nodemailer's pool, past its composer: there is nothing left to compose.
 * @returns the server's answer
 */
function handOver(pool: SMTPPool, message: Message, way: Way & { lacksUtf8: boolean }): Promise<string> {
  const { from, to } = message.envelope;
  const beyondAscii = [...`${from}${to}`].some(letter => letter > '\x7f');
  const mail = {
    data: {},
    message: {
      // Asked for when the message gets its connection.
      getEnvelope() {
        way.begun = true;
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
