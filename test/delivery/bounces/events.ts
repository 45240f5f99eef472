// Webhooks' bodies in the forms that the providers document; addresses, hosts and ids are made up.

/** What a provider knows of our mail. */
export interface Sent {
  to: string;
  /** The mark in its return address and Message-ID. */
  mark: string;
}

type Json = Record<string, unknown>;

/** By which id SES takes a mail. */
export const SES_ID = '0100017f3f5d2c1a-7a8b9c0d-1111-2222-3333-444455556666-000000';
const messageId = ({ mark }: Sent) => `<${mark}@example.org>`;

/** A notification of SES, with the return address and, as a topic may be set up, the original header. */
export function ses(sent: Sent, more: Json, header = false): Json {
  const headers = [
    { name: 'From', value: 'Daily Papers <papers@example.org>' },
    { name: 'To', value: sent.to },
    { name: 'Message-ID', value: messageId(sent) },
  ];
  return {
    mail: {
      timestamp: '2026-08-20T07:00:01.000Z',
      source: header ? 'papers@example.org' : `papers+${sent.mark}@example.org`,
      sourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/example.org',
      sourceIp: '192.0.2.1',
      sendingAccountId: '123456789012',
      messageId: SES_ID,
      destination: [sent.to],
      ...(header && {
        headersTruncated: false,
        headers,
        commonHeaders: { from: ['papers@example.org'], to: [sent.to], messageId: messageId(sent) },
      }),
    },
    ...more,
  };
}

export const sesBounce = (sent: Sent, bounce: Json, recipient: Json = {}, header = false) =>
  ses(
    sent,
    {
      notificationType: 'Bounce',
      bounce: {
        feedbackId: '0100017f3f5d3000-aaaa-bbbb-000000',
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [
          {
            emailAddress: sent.to,
            action: 'failed',
            status: '5.1.1',
            diagnosticCode: 'smtp; 550 5.1.1 user unknown',
            ...recipient,
          },
        ],
        timestamp: '2026-08-20T07:00:05.000Z',
        remoteMtaIp: '192.0.2.25',
        reportingMTA: 'dsn; a1-2.smtp-out.eu-west-1.amazonses.com',
        ...bounce,
      },
    },
    header,
  );

export const sesComplaint = (sent: Sent, complaint: Json = {}) =>
  ses(sent, {
    eventType: 'Complaint',
    complaint: {
      feedbackId: '0100017f3f5d4000-cccc-dddd-000000',
      complaintSubType: null,
      complainedRecipients: [{ emailAddress: sent.to }],
      timestamp: '2026-08-20T09:00:00.000Z',
      userAgent: 'Yahoo!-Mail-Feedback/2.0',
      complaintFeedbackType: 'abuse',
      arrivalDate: '2026-08-20T09:00:00.000Z',
      ...complaint,
    },
  });

const POSTMARK_ID = '883953f4-6105-42a2-a16a-77a8eac79483';
/** How Postmark's SMTP server takes a mail: by the id that its webhooks name. */
export const POSTMARK_ANSWER = `250 2.0.0 Ok: queued as ${POSTMARK_ID}`;

export const postmark = ({ to }: Sent, more: Json = {}): Json => ({
  RecordType: 'Bounce',
  MessageStream: 'broadcast',
  ID: 692560173,
  Type: 'HardBounce',
  TypeCode: 1,
  Name: 'Hard bounce',
  Tag: '',
  MessageID: POSTMARK_ID,
  Metadata: {},
  ServerID: 23,
  Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
  Details: 'smtp;550 5.1.1 The email account that you tried to reach does not exist.',
  Email: to,
  From: 'papers@example.org',
  BouncedAt: '2026-08-20T07:02:00.0000000Z',
  DumpAvailable: true,
  Inactive: true,
  CanActivate: true,
  Subject: 'MiniMax Sparse Attention and 29 more',
  ...more,
});

export const postmarkLeft = ({ to }: Sent, more: Json = {}): Json => ({
  RecordType: 'SubscriptionChange',
  MessageID: POSTMARK_ID,
  ServerID: 23,
  MessageStream: 'broadcast',
  ChangedAt: '2026-08-20T10:00:00Z',
  Recipient: to,
  Origin: 'Recipient',
  SuppressSending: true,
  SuppressionReason: 'ManualSuppression',
  Tag: '',
  Metadata: {},
  ...more,
});

export const sendgrid = (sent: Sent, more: Json = {}): Json => ({
  email: sent.to,
  timestamp: 1787209260,
  'smtp-id': messageId(sent),
  event: 'bounce',
  category: [],
  sg_event_id: '6g4ZI7SA-xmRDv57GoPIPw==',
  sg_message_id: '14c5d75ce93dfd64b469.filter0001.16648.5515E0B88.0',
  reason: '550 5.1.1 The email account that you tried to reach does not exist.',
  status: '5.1.1',
  type: 'bounce',
  bounce_classification: 'Invalid Address',
  tls: 1,
  ...more,
});

export const mailgun = (sent: Sent, more: Json = {}, status: Json = {}): Json => ({
  id: 'G9Bn5sl1TC6nu79C8C0bwg',
  timestamp: 1787209260.0842,
  'log-level': 'error',
  event: 'failed',
  severity: 'permanent',
  reason: 'bounce',
  'delivery-status': {
    'attempt-no': 1,
    message: '',
    code: 550,
    'enhanced-code': '5.1.1',
    description: 'user unknown',
    'session-seconds': 0.4,
    ...status,
  },
  flags: { 'is-routed': false, 'is-authenticated': true, 'is-system-test': false, 'is-test-mode': false },
  envelope: { sender: 'bounce+1@mg.example.org', transport: 'smtp', targets: sent.to },
  message: {
    headers: {
      to: sent.to,
      'message-id': `${sent.mark}@example.org`,
      from: 'papers@example.org',
      subject: 'MiniMax Sparse Attention',
    },
    attachments: [],
    size: 30123,
  },
  recipient: sent.to,
  'recipient-domain': 'example.org',
  tags: [],
  'user-variables': {},
  ...more,
});
