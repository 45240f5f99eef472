// The doctor looks at the mail server: whether it is reached, encrypts, and lets us in; and whether the readers' pages are reached.

import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { App } from '../app.ts';
import { readRelays, type SmtpRelay } from '../delivery/mailer/relay-url.ts';
import { reasonOf } from '../errors.ts';
import { type Finding, failure, good, warning } from './finding.ts';
import { failureOf } from './machine.ts';

const ANSWER_MS = 10_000;

/** The mail server takes us: the login is tried by the mailer itself, encryption by a connection of its own. */
export async function lookAtMailServer(app: App): Promise<Finding[]> {
  const { smtpUrl, smtpCa } = app.settings;
  if (smtpUrl === undefined)
    return [
      warning(
        'mail server',
        'none is set: mails are written to the outbox',
        'Set SMTP_URL and MAIL_FROM to send mail.',
      ),
    ];
  const relays = smtpRelaysIn(smtpUrl);
  try {
    const mailer = await app.mailer();
    await mailer.check();
    const login = relays.some(relay => relay.login !== null) ? 'the login is right' : 'it takes us';
    const ca = smtpCa === undefined ? undefined : readFileSync(smtpCa, 'utf8');
    return [
      good('mail server', `${mailer.name}: ${login}`),
      ...(await Promise.all(relays.map(relay => lookAtEncryption(relay, ca)))),
    ];
  } catch (error) {
    return [failureOf('mail server', error)];
  }
}

/** The relays that are spoken to by SMTP; others (a program, an API) encrypt by themselves. */
export function smtpRelaysIn(smtpUrl: string): SmtpRelay[] {
  const relays = readRelays(smtpUrl);
  return 'problem' in relays ? [] : relays.filter(relay => relay.kind === 'smtp');
}

/** STARTTLS (RFC 3207), or TLS from the start (RFC 8314 §3.3), with a certificate that is good for the name. */
async function lookAtEncryption(relay: SmtpRelay, ca: string | undefined): Promise<Finding> {
  const { host, tls } = relay;
  try {
    if (await isEncrypted(relay, ca))
      return good(
        'encryption',
        `${host}: ${tls === 'implicit' ? 'TLS from the start' : 'STARTTLS'}, with a good certificate`,
      );
    return (await isThisMachine(host))
      ? good('encryption', `none, and ${host} is this machine`)
      : failure(
          'encryption',
          `${host} offers no STARTTLS: mails and the password go over the network in the clear`,
          'Use smtps://…:465 or the port 587 of a server that offers STARTTLS; Gmail asks for TLS of all who send to it.',
        );
  } catch (error) {
    if (tls === 'opportunistic' && (await isThisMachine(host)))
      return good('encryption', `STARTTLS, and ${host} is this machine`);
    const fix = 'Name the server in SMTP_URL as its certificate does, or name who signed it by SMTP_CA.';
    return tls === 'opportunistic'
      ? warning('encryption', `${host} may be anybody: ${reasonOf(error)}`, fix)
      : failure('encryption', `no encrypted connection to ${host}: ${reasonOf(error)}`, fix);
  }
}

/** Connects, strictly: a certificate that is not good is an error. @returns whether what follows is encrypted */
async function isEncrypted(
  { host, port, tls, servername }: SmtpRelay,
  ca: string | undefined,
): Promise<boolean> {
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls === 'implicit',
    tls: { ...(servername === null ? {} : { servername }), ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: ANSWER_MS,
    greetingTimeout: ANSWER_MS,
    socketTimeout: ANSWER_MS,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.connect(error => (error ? reject(error) : resolve()));
    });
    return connection.secure;
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
