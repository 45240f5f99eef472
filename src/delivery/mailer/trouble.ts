// Why a mail server cannot be used, in words: a login, a certificate, a server that is away are mended in different ways.
import { PaperroundError, reasonOf } from '../../errors.ts';
import type { SmtpError } from './answers.ts';
import type { SmtpRelay } from './relay-url.ts';

/** `originalCode`: that of the system, under nodemailer's own. */
type Failed = SmtpError & { originalCode?: string };

/** How node:tls names a certificate that is not accepted. */
const CERTIFICATE = /CERT|SIGNATURE|ISSUER/;

/** What nodemailer says of a server that is tried out, as an error that says what to do. */
export function cannotSend(relay: SmtpRelay, error: Failed): PaperroundError {
  const why = error.response ?? reasonOf(error);
  const failed = (what: string, hint: string) =>
    new PaperroundError('mailer', `The mail server ${relay.name} ${what}: ${why}`, { hint, cause: error });
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return noLogin(error, failed);
  if (CERTIFICATE.test(error.originalCode ?? ''))
    return failed(
      'shows a certificate that is not accepted',
      'If it is your own, name the file of its authority by SMTP_CA; if it is for another name, give that by ?servername=NAME in SMTP_URL.',
    );
  if (isUnencrypted(relay, error)) return failed('does not encrypt the connection', ENCRYPT[relay.tls]);
  if (error.responseCode !== undefined && error.responseCode < 500)
    return failed(
      'asks us to come back later',
      'Nothing is wrong with the settings; run the command again later.',
    );
  return failed(
    'cannot be used',
    'Check host, port and scheme (smtp:// or smtps://) of SMTP_URL, and that the server runs.',
  );
}

/** What to do about it, by what was asked for. */
const ENCRYPT: Record<SmtpRelay['tls'], string> = {
  implicit:
    'Its port does not speak TLS from the first byte: write smtp:// (STARTTLS), or use its other port, often 465.',
  required:
    'Use smtps:// if that is what its port speaks. If you can do without (the password and the mails can be read on the way), write ?tls=opportunistic in SMTP_URL.',
  opportunistic:
    'It offers STARTTLS, and that fails. Ask who runs it; or do without (the mails can be read on the way) by ?tls=off in SMTP_URL.',
  off: 'Leave tls=off out of SMTP_URL.',
};

function isUnencrypted({ tls }: SmtpRelay, { code, command, originalCode = '' }: Failed): boolean {
  const isOnTheWay = code === 'ETLS' || command === 'STARTTLS' || /SSL/.test(originalCode);
  return isOnTheWay || (tls === 'required' && command === 'EHLO');
}

function noLogin(
  { responseCode = 0, command = '', response }: SmtpError,
  failed: (what: string, hint: string) => PaperroundError,
): PaperroundError {
  if (command === 'AUTH XOAUTH2' && response === undefined)
    return failed(
      'cannot be logged in to, for there is no access token',
      'Check clientId, clientSecret, refreshToken and tokenUrl in SMTP_URL; a refresh token may have been withdrawn.',
    );
  if (responseCode >= 400 && responseCode < 500)
    return failed(
      'does not let us log in now',
      'Run the command again later; if it stays, ask who runs the server.',
    );
  // RFC 4954 §6: the mechanism is not offered, or the command is not known.
  if ([500, 502, 503, 504].includes(responseCode))
    return failed('does not log in this way', 'Try ?auth=plain or ?auth=login in SMTP_URL, or another port.');
  return failed(
    'refuses the login',
    'Check the user and the password in SMTP_URL; characters such as @ and : must be percent-encoded.',
  );
}
