// The doctor looks at the mail server: whether it is reached, encrypts, and lets us in; and whether the readers' pages are reached.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { App } from '../app.ts';
import { reasonOf } from '../errors.ts';
import { type Finding, failure, good, warning } from './finding.ts';
import { failureOf } from './machine.ts';

const ANSWER_MS = 10_000;

/** The mail server takes us: the login is tried by the mailer itself, encryption by a connection of its own. */
export async function lookAtMailServer(app: App): Promise<Finding[]> {
  const { smtpUrl } = app.settings;
  if (smtpUrl === undefined)
    return [
      warning(
        'mail server',
        'none is set: mails are written to the outbox',
        'Set SMTP_URL and MAIL_FROM to send mail.',
      ),
    ];
  try {
    const mailer = await app.mailer();
    await mailer.check();
    const login = new URL(smtpUrl).username === '' ? 'it takes us without a login' : 'the login is right';
    return [good('mail server', `${mailer.name}: ${login}`), await lookAtEncryption(smtpUrl)];
  } catch (error) {
    return [failureOf('mail server', error)];
  }
}

/** STARTTLS (RFC 3207), or TLS from the start (RFC 8314 §3.3), with a certificate that is good for the name. */
async function lookAtEncryption(smtpUrl: string): Promise<Finding> {
  const { protocol, hostname, port } = new URL(smtpUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'smtps:';
  const connection = new SMTPConnection({
    host,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    connectionTimeout: ANSWER_MS,
    greetingTimeout: ANSWER_MS,
    socketTimeout: ANSWER_MS,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.connect(error => (error ? reject(error) : resolve()));
    });
    if (connection.secure)
      return good('encryption', secure ? 'TLS from the start' : 'STARTTLS, with a good certificate');
    return (await isThisMachine(host))
      ? good('encryption', `none, and ${host} is this machine`)
      : failure(
          'encryption',
          `${host} offers no STARTTLS: mails and the password go over the network in the clear`,
          'Use smtps://…:465 or the port 587 of a server that offers STARTTLS; Gmail asks for TLS of all who send to it.',
        );
  } catch (error) {
    return failure(
      'encryption',
      `no encrypted connection to ${host}: ${reasonOf(error)}`,
      'Name the server in SMTP_URL as its certificate does, and let that be one that this machine trusts.',
    );
  } finally {
    connection.close();
  }
}

/** Whether a host is this machine. */
export async function isThisMachine(host: string): Promise<boolean> {
  const address = isIP(host) ? host : (await lookup(host).catch(() => ({ address: '' }))).address;
  return address.startsWith('127.') || address === '::1';
}

/** The pages behind the links are reached from here; one-click unsubscribing needs them. */
export async function lookAtPages({ settings: { publicUrl, smtpUrl }, clock }: App): Promise<Finding[]> {
  if (publicUrl === undefined)
    return smtpUrl === undefined
      ? []
      : [
          warning(
            'pages',
            'PUBLIC_URL is not set: readers leave by mail, and no mail has a one-click way out',
            'Set PUBLIC_URL and run serve: Gmail and Yahoo ask for one-click unsubscribing (RFC 8058) from 5,000 mails a day on.',
          ),
        ];
  try {
    // A link that is forged on purpose: only our own pages know what to say of it.
    const answer = await fetch(`${publicUrl}/unsubscribe/doctor`, { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.body?.cancel();
    if (answer.status >= 500 || answer.status === 421) throw new Error(`it answered ${answer.status}`);
    const date = Date.parse(answer.headers.get('date') ?? '');
    const seconds = Math.abs(date - clock().epochMilliseconds) / 1000;
    if (seconds > 60)
      return [
        failure(
          'pages',
          `the clock of ${publicUrl} is ${Math.round(seconds)} seconds apart from this one`,
          'Let both be set by NTP.',
        ),
      ];
    return [good('pages', `${publicUrl} answers`)];
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return [
      failure(
        'pages',
        `${publicUrl} is not reached from here: ${reasonOf(why)}`,
        'Run serve, and let your web server pass PUBLIC_URL to it: every mail has links that lead there.',
      ),
    ];
  }
}
