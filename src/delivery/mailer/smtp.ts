// SMTP through nodemailer's pool: connections are kept, and finished bytes go past its composer.
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import nodemailer from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { Message } from '../../digests/message.ts';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { receiptOf, type SmtpError, type Way } from './answers.ts';
import type { Mailer } from './mailer.ts';
import { type Login, readRelay, type SmtpRelay } from './relay-url.ts';
import { cannotSend } from './trouble.ts';
import { feedOf } from './wire.ts';

/** What holds for every server of an installation. */
export interface SmtpOptions {
  /** After so many messages a connection is closed, and another opened; absent: never. */
  messagesPerConnection?: number | undefined;
  /** A file of certificates (PEM) that are trusted beside the public ones. */
  caFile?: string | undefined;
}

/**
 * A mailer for one server.
 * @param url as SMTP_URL has it (relay-url.ts)
 * @param connections how many messages are handed over at once
 * @throws PaperroundError `config` where it is no such URL, or the certificates cannot be read
 */
export function smtpMailer(url: string, connections: number, options: SmtpOptions = {}): Mailer {
  const relay = readRelay(url);
  if ('problem' in relay) throw new PaperroundError('config', `SMTP_URL: ${relay.problem}`);
  if (relay.kind !== 'smtp') throw new PaperroundError('config', `SMTP_URL: ${relay.name} is no SMTP server`);
  return openSmtp(relay, connections, options);
}

export function openSmtp(relay: SmtpRelay, connections: number, options: SmtpOptions): Mailer {
  const transport = nodemailer.createTransport({
    ...securityOf(relay, options.caFile),
    ...(relay.login !== null && { auth: authOf(relay.login) }),
    ...(relay.ehlo !== null && { name: relay.ehlo }),
    host: relay.host,
    port: relay.port,
    pool: true,
    maxConnections: connections,
    maxMessages: options.messagesPerConnection ?? Number.POSITIVE_INFINITY,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    // Of silence, at any point: all of a message's answers together stay within the lease of its delivery.
    socketTimeout: 150_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const pool = transport.transporter as SMTPPool;
  return {
    name: relay.name,
    connections,
    async check() {
      try {
        await transport.verify();
      } catch (error) {
        throw cannotSend(relay, error as SmtpError);
      }
    },
    async send(message) {
      const way = { begun: false, handedOver: false, lacksUtf8: false };
      try {
        return { outcome: 'sent', answer: await handOver(pool, message, way, relay.dsn) };
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

/** RFC 7435: where encryption is taken as it comes, a certificate that nobody can check is better than none. */
function securityOf({ tls, servername, login }: SmtpRelay, caFile: string | undefined) {
  const isChecked = tls === 'required' || tls === 'implicit';
  return {
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    opportunisticTLS: tls === 'opportunistic',
    ignoreTLS: tls === 'off',
    // A server that hides its login from us is not given mail without one; and is shown no password in the clear.
    forceAuth: isChecked && login !== null,
    tls: {
      rejectUnauthorized: isChecked,
      ...(isChecked && caFile !== undefined && { ca: [...rootCertificates, readCertificates(caFile)] }),
      ...(servername !== null && { servername }),
    },
  };
}

function readCertificates(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new PaperroundError('config', `SMTP_CA: ${file} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new PaperroundError('config', `SMTP_CA: there is no certificate in ${file}`, {
      hint: 'allowed: certificates in PEM, each between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----',
    });
  return text;
}

function authOf(login: Login) {
  const { user, method } = login;
  if (login.method !== 'XOAUTH2') return { user, pass: login.password, ...(method !== null && { method }) };
  if (typeof login.token === 'string') return { type: 'OAuth2' as const, user, accessToken: login.token };
  const { tokenUrl, ...grant } = login.token;
  // One token for all connections; each would ask for its own.
  const shared = new XOAuth2({ user, accessUrl: tokenUrl, ...grant, requestTimeout: 20_000 });
  return {
    type: 'OAuth2' as const,
    user,
    provisionCallback(
      _user: string,
      renew: boolean,
      done: (error: Error | null, token?: string, expires?: number) => void,
    ) {
      shared.getToken(renew, (error, token) => done(error, token, Number(shared.expires)));
    },
  };
}

/** RFC 6531 §3.1: such an address may only be given to a server that offers SMTPUTF8. */
const LACKS_UTF8 =
  'The mail server does not take addresses with letters beyond ASCII before the @ (it offers no SMTPUTF8)';

/**
 * Hands a finished message to nodemailer's pool, past its composer: there is nothing left to compose.
 * @returns the server's answer
 */
function handOver(
  pool: SMTPPool,
  message: Message,
  way: Way & { lacksUtf8: boolean },
  dsn: boolean,
): Promise<string> {
  const { from, to } = message.envelope;
  const beyondAscii = !isAscii(from + to);
  // Of both, nodemailer says nothing to a server that does not offer them.
  const params = { size: message.bytes.length, ...(dsn && { dsn: dsnOf(message) }) };
  const mail = {
    data: {},
    message: {
      // Asked for when the message gets its connection.
      getEnvelope() {
        way.begun = true;
        if (!beyondAscii) return { from, to: [to], ...params };
        way.lacksUtf8 = extensionsFor(pool, mail)?.includes('SMTPUTF8') === false;
        // Without a recipient nodemailer ends it before a word is said to the server.
        return { from, to: way.lacksUtf8 ? [] : [to], use8BitMime: true, ...params };
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

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);

/**
 * What is asked of the servers behind this one (RFC 3461 §4): tell of failures and delays, with the header alone, and name
 * the message and the reader as we know them. §4.4: an ENVID has at most 100 characters; an address beyond ASCII has a form
 * of its own as ORCPT (RFC 6533 §3), and goes without.
 */
function dsnOf({ messageId, envelope: { to } }: Message) {
  const envid = messageId.slice(1, -1);
  return {
    ret: 'HDRS',
    notify: ['FAILURE', 'DELAY'],
    ...(envid.length <= 100 && isAscii(envid) && { envid }),
    ...(isAscii(to) && { orcpt: `rfc822;${to}` }),
  };
}

/** What the server of a message's connection offers; undefined where nodemailer does not show it. */
function extensionsFor(pool: SMTPPool, mail: object): readonly string[] | undefined {
  const { _connections } = pool as unknown as {
    _connections?: { queueEntry?: { mail: object }; connection?: { _supportedExtensions?: string[] } }[];
  };
  return _connections?.find(one => one.queueEntry?.mail === mail)?.connection?._supportedExtensions;
}
