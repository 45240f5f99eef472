// Reports as mail systems write them, made up about readers at example.org. Forms: RFC 3464, 5965, 3834, QSBMF, and what each
// system's own texts look like; addresses, hosts and names are invented.

/** What stands in a report of the message that came back. */
export interface About {
  to: string;
  /** The local part of the Message-ID, which is the mark in the return address too. */
  mark: string;
}

const FROM_DAEMON = 'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>';
const crlf = (lines: readonly string[]) => Buffer.from(lines.join('\r\n'));

const head = ({ mark }: About, subject: string, from = FROM_DAEMON) => [
  'Return-Path: <>',
  `Delivered-To: papers+${mark}@example.org`,
  from,
  `To: papers+${mark}@example.org`,
  `Subject: ${subject}`,
  'Date: Thu, 20 Aug 2026 07:05:00 +0000',
  'Message-ID: <report-1@mx.example.net>',
  'Auto-Submitted: auto-replied',
  'MIME-Version: 1.0',
];

const original = ({ to, mark }: About) => [
  'From: Daily Papers <papers@example.org>',
  `To: ${to}`,
  `Message-ID: <${mark}@example.org>`,
  'Subject: MiniMax Sparse Attention and 29 more',
];

interface Fields {
  action?: string;
  status: string;
  diagnostic?: string;
  words?: string;
}

/** A delivery report by RFC 3464, as Postfix and most others write it. */
export function dsn(about: About, { action = 'failed', status, diagnostic, words = '' }: Fields): Buffer {
  return crlf([
    ...head(about, 'Undelivered Mail Returned to Sender'),
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain',
    '',
    `This is the mail system at host mx.example.net. ${words}`,
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    `Final-Recipient: rfc822; ${about.to}`,
    `Original-Recipient: rfc822;${about.to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    ...(diagnostic === undefined
      ? []
      : ['Remote-MTA: dns; mx.example.com', `Diagnostic-Code: smtp; ${diagnostic}`]),
    '',
    '--b1',
    'Content-Type: message/rfc822',
    '',
    ...original(about),
    '',
    'Hello',
    '--b1--',
    '',
  ]);
}

/** A report in words only. */
function words(about: About, subject: string, lines: readonly string[], from?: string): Buffer {
  return crlf([...head(about, subject, from), 'Content-Type: text/plain; charset=utf-8', '', ...lines, '']);
}

export const qmail = (about: About, reason: string) =>
  words(about, 'failure notice', [
    'Hi. This is the qmail-send program at mx.example.net.',
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up. Sorry it didn't work out.",
    '',
    `<${about.to}>:`,
    reason,
    '',
    '--- Below this line is a copy of the message.',
    '',
    ...original(about),
  ]);

export const exim = (about: About, reason: string) =>
  crlf([
    ...head(about, 'Mail delivery failed: returning message to sender'),
    `X-Failed-Recipients: ${about.to}`,
    'Content-Type: text/plain',
    '',
    'This message was created automatically by mail delivery software.',
    '',
    'A message that you sent could not be delivered to one or more of its',
    'recipients. This is a permanent error. The following address(es) failed:',
    '',
    `  ${about.to}`,
    `    ${reason}`,
    '',
    '------ This is a copy of the message, including all the headers. ------',
    '',
    ...original(about),
  ]);

export const exchange = (about: About) =>
  crlf([
    ...head(about, 'Undeliverable: MiniMax Sparse Attention', 'From: postmaster@example.com'),
    'Content-Type: text/html; charset=utf-8',
    '',
    '<html><body><p>Delivery has failed to these recipients or groups:</p>',
    `<p><a href="mailto:${about.to}">${about.to}</a></p>`,
    '<p>The email address you entered couldn&#39;t be found.</p>',
    '<p>Remote Server returned &#39;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup&#39;</p>',
    '<p>Original message headers:</p><pre>',
    ...original(about),
    '</pre></body></html>',
  ]);

export const gmail = (about: About) =>
  words(
    about,
    'Delivery Status Notification (Failure)',
    [
      'Delivery to the following recipient failed permanently:',
      '',
      `     ${about.to}`,
      '',
      'Technical details of permanent failure:',
      'The error that the other server returned was:',
      '550 5.1.1 The email account that you tried to reach does not exist.',
      '',
      '----- Original message -----',
      ...original(about),
    ],
    'From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
  );

export const sendmail = (about: About) =>
  words(about, 'Returned mail: see transcript for details', [
    '   ----- The following addresses had permanent fatal errors -----',
    `<${about.to}>`,
    '    (reason: 550 5.1.1 User unknown)',
    '',
    '   ----- Transcript of session follows -----',
    '... while talking to mx.example.com.:',
    '>>> RCPT To:<x@example.com>',
    '<<< 550 5.1.1 User unknown',
    '',
    ...original(about),
  ]);

/** A complaint of a feedback loop (RFC 5965); the reader's address is redacted, as providers do. */
export function arf(about: About, type = 'abuse', more: readonly string[] = []): Buffer {
  return crlf([
    'Return-Path: <>',
    'From: <feedback@provider.example>',
    'To: abuse@example.org',
    'Subject: Complaint about a message',
    'Date: Thu, 20 Aug 2026 09:00:00 +0000',
    'Message-ID: <complaint-1@provider.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '--b1',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${type}`,
    'User-Agent: Loop/1.0',
    'Version: 1',
    'Original-Rcpt-To: redacted@provider.example',
    '',
    '--b1',
    'Content-Type: message/rfc822',
    '',
    ...original({ ...about, to: 'redacted@provider.example' }),
    ...more,
    '',
    'Hello',
    '--b1--',
    '',
  ]);
}

export const vacation = (about: About) =>
  crlf([
    `Delivered-To: papers+${about.mark}@example.org`,
    `From: <${about.to}>`,
    `To: papers+${about.mark}@example.org`,
    'Subject: Out of office: MiniMax Sparse Attention',
    'Auto-Submitted: auto-replied (vacation)',
    `In-Reply-To: <${about.mark}@example.org>`,
    'Date: Thu, 20 Aug 2026 07:06:00 +0000',
    'Content-Type: text/plain',
    '',
    'I am away until 1 September. User unknown to nobody but the sea.',
    '',
  ]);

export const letter = (about: About) =>
  crlf([
    `Delivered-To: papers+${about.mark}@example.org`,
    'From: Ada <ada@example.org>',
    'To: papers@example.org',
    'Subject: Thank you',
    'Date: Thu, 20 Aug 2026 07:06:00 +0000',
    'Content-Type: text/plain',
    '',
    'Lovely. My colleague got "550 5.1.1 user unknown", by the way.',
    '',
  ]);

/** A reader's mail program leaves by the mailto of List-Unsubscribe. */
export const leaving = (token: string) =>
  crlf(['From: <somebody@example.net>', 'To: papers@example.org', `Subject: unsubscribe ${token}`, '', '']);
