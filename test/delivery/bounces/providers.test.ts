// What providers tell by webhook means the same for a reader as what a mail tells; what they do not tell is not made up.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listBounces, whySuppressed } from '../../../src/delivery/bounces/list.ts';
import { reportsOfMailgun } from '../../../src/delivery/bounces/providers/mailgun.ts';
import { reportsOfPostmark } from '../../../src/delivery/bounces/providers/postmark.ts';
import { reportsOfSendgrid } from '../../../src/delivery/bounces/providers/sendgrid.ts';
import { reportsOfSes } from '../../../src/delivery/bounces/providers/ses.ts';
import { recordReport } from '../../../src/delivery/bounces/record.ts';
import type { Report } from '../../../src/delivery/bounces/report.ts';
import {
  mailgun,
  POSTMARK_ANSWER,
  postmark,
  postmarkLeft,
  SES_ID,
  type Sent,
  sendgrid,
  ses,
  sesBounce,
  sesComplaint,
} from './events.ts';
import { opened } from './opened.ts';

const bySes = (json: unknown) => reportsOfSes(JSON.stringify(json));
const bySendgrid = (json: unknown) => reportsOfSendgrid([json]);

type Case = [what: string, reports: (sent: Sent) => Report[], expected: object];

const BOUNCES: Case[] = [
  [
    'SES: nobody there',
    s => bySes(sesBounce(s, {})),
    { kind: 'hard', suppressed: true, proof: 'return address' },
  ],
  [
    'SES: nobody there, and the header of our mail',
    s => bySes(sesBounce(s, {}, {}, true)),
    { kind: 'hard', suppressed: true, proof: 'message' },
  ],
  [
    'SES: an address on its own list, of which no server said anything',
    s =>
      bySes(sesBounce(s, { bounceSubType: 'Suppressed' }, { status: undefined, diagnosticCode: undefined })),
    { kind: 'hard', suppressed: true },
  ],
  [
    'SES: permanent, though the code speaks of us',
    s => bySes(sesBounce(s, {}, { status: '5.7.1', diagnosticCode: 'smtp; 550 5.7.1 blocked using dnsbl' })),
    { kind: 'block', suppressed: false },
  ],
  [
    'SES: a full mailbox, though it is called permanent',
    s => bySes(sesBounce(s, {}, { status: '5.2.2', diagnosticCode: 'smtp; 552 5.2.2 mailbox full' })),
    { kind: 'soft', suppressed: false },
  ],
  [
    'SES: transient, though the code is of a dead address',
    s => bySes(sesBounce(s, { bounceType: 'Transient', bounceSubType: 'General' })),
    { kind: 'soft' },
  ],
  [
    'SES: the message was too large',
    s => bySes(sesBounce(s, { bounceType: 'Transient', bounceSubType: 'MessageTooLarge' })),
    { kind: 'block' },
  ],
  [
    'SES: undetermined',
    s => bySes(sesBounce(s, { bounceType: 'Undetermined' }, { status: '5.0.0' })),
    { kind: 'soft' },
  ],
  [
    'SES: an address with a name',
    s => bySes(sesBounce(s, {}, { emailAddress: `Ada <${s.to}>` })),
    { kind: 'hard', email: 'ada@example.org' },
  ],
  ['SES: a complaint', s => bySes(sesComplaint(s)), { kind: 'complaint', suppressed: true }],
  [
    'SES: a complaint without a type',
    s => bySes(sesComplaint(s, { complaintFeedbackType: undefined })),
    { kind: 'complaint', suppressed: true },
  ],
  [
    'SES: not spam',
    s => bySes(sesComplaint(s, { complaintFeedbackType: 'not-spam' })),
    { outcome: 'feedback' },
  ],
  [
    'SES: a delay',
    s =>
      bySes(
        ses(s, {
          eventType: 'DeliveryDelay',
          deliveryDelay: {
            delayType: 'MailboxFull',
            timestamp: '2026-08-20T08:00:00Z',
            delayedRecipients: [{ emailAddress: s.to }],
          },
        }),
      ),
    { outcome: 'delayed' },
  ],
  [
    'Postmark: a hard bounce of a mail that it took by the id of its answer',
    s => reportsOfPostmark(postmark(s)),
    { kind: 'hard', suppressed: true, proof: 'message' },
  ],
  [
    'Postmark: a hard bounce of a mail that we never gave it',
    s => reportsOfPostmark(postmark(s, { MessageID: '00000000-0000-0000-0000-000000000000' })),
    { kind: 'soft', suppressed: false, proof: 'address' },
  ],
  [
    'Postmark: one that returns our header, of a mail that it took by another id',
    s => reportsOfPostmark(postmark(s, { MessageID: 'x', Content: `Message-ID: <${s.mark}@example.org>` })),
    { kind: 'hard', suppressed: true, proof: 'message' },
  ],
  [
    'Postmark: a soft bounce with the code of a dead address',
    s => reportsOfPostmark(postmark(s, { Type: 'SoftBounce', TypeCode: 4096 })),
    { kind: 'soft' },
  ],
  [
    'Postmark: spam, say others',
    s => reportsOfPostmark(postmark(s, { Type: 'SpamNotification', TypeCode: 512 })),
    { kind: 'block' },
  ],
  ['Postmark: a delay', s => reportsOfPostmark(postmark(s, { Type: 'Transient' })), { outcome: 'delayed' }],
  [
    'Postmark: a complaint',
    s =>
      reportsOfPostmark(
        postmark(s, { RecordType: 'SpamComplaint', Type: 'SpamComplaint', TypeCode: 100001 }),
      ),
    { kind: 'complaint', suppressed: true },
  ],
  [
    'Postmark: its own way out',
    s => reportsOfPostmark(postmarkLeft(s)),
    { kind: 'complaint', suppressed: true },
  ],
  [
    'SendGrid: nobody there',
    s => bySendgrid(sendgrid(s)),
    { kind: 'hard', suppressed: true, proof: 'message' },
  ],
  [
    'SendGrid: blocked',
    s =>
      bySendgrid(
        sendgrid(s, {
          type: 'blocked',
          bounce_classification: 'Unclassified',
          status: '5.0.0',
          reason: '550 go away',
        }),
      ),
    { kind: 'block' },
  ],
  [
    'SendGrid: a domain that is not there today, without a status',
    s =>
      bySendgrid(
        sendgrid(s, {
          type: 'blocked',
          bounce_classification: 'Technical',
          status: undefined,
          reason: 'unable to get mx info',
        }),
      ),
    { kind: 'soft' },
  ],
  [
    'SendGrid: dropped for an earlier bounce',
    s =>
      bySendgrid(
        sendgrid(s, {
          event: 'dropped',
          reason: 'Bounced Address',
          status: undefined,
          type: undefined,
          bounce_classification: undefined,
        }),
      ),
    { kind: 'hard', suppressed: true },
  ],
  [
    'SendGrid: dropped for an earlier complaint',
    s => bySendgrid(sendgrid(s, { event: 'dropped', reason: 'Spam Reporting Address' })),
    { kind: 'complaint', suppressed: true },
  ],
  [
    'SendGrid: dropped for what we sent',
    s => bySendgrid(sendgrid(s, { event: 'dropped', reason: 'Invalid SMTPAPI header', status: undefined })),
    { kind: 'block' },
  ],
  ['SendGrid: deferred', s => bySendgrid(sendgrid(s, { event: 'deferred' })), { outcome: 'delayed' }],
  [
    'SendGrid: a complaint',
    s => bySendgrid(sendgrid(s, { event: 'spamreport' })),
    { kind: 'complaint', suppressed: true },
  ],
  [
    'Mailgun: nobody there',
    s => reportsOfMailgun(mailgun(s)),
    { kind: 'hard', suppressed: true, proof: 'message' },
  ],
  [
    'Mailgun: a full mailbox',
    s => reportsOfMailgun(mailgun(s, {}, { 'enhanced-code': '5.2.2', code: 552, message: 'mailbox full' })),
    { kind: 'soft' },
  ],
  [
    'Mailgun: tried for hours',
    s =>
      reportsOfMailgun(mailgun(s, { reason: 'old' }, { code: 602, 'enhanced-code': '', message: 'Too old' })),
    { kind: 'soft' },
  ],
  [
    'Mailgun: an address on its list',
    s =>
      reportsOfMailgun(
        mailgun(
          s,
          { reason: 'suppress-bounce' },
          {
            code: 605,
            'enhanced-code': '',
            message: '',
            description: 'Not delivering to previously bounced address',
          },
        ),
      ),
    { kind: 'hard', suppressed: true },
  ],
  [
    'Mailgun: on its list for a complaint',
    s => reportsOfMailgun(mailgun(s, { reason: 'suppress-complaint' })),
    { kind: 'complaint', suppressed: true },
  ],
  [
    'Mailgun: a temporary failure',
    s => reportsOfMailgun(mailgun(s, { severity: 'temporary' })),
    { outcome: 'delayed' },
  ],
  [
    'Mailgun: a complaint',
    s => reportsOfMailgun(mailgun(s, { event: 'complained' })),
    { kind: 'complaint', suppressed: true },
  ],
];

describe('a provider tells', () => {
  it.each(BOUNCES)('%s', async (_, reports, expected) => {
    const { recording, send, status } = await opened();
    await send('bo@example.org', '2026-08-20');
    const { about } = await send('ada@example.org', '2026-08-20', POSTMARK_ANSWER);
    const [report, ...more] = reports(about);
    if (report === undefined) throw new Error('no report');
    expect(more).toEqual([]);
    expect(await recordReport(recording, report)).toMatchObject([expected]);
    expect(await status('bo@example.org')).toBe('active');
    const [again] = reports(about);
    if ('kind' in expected && again !== undefined)
      expect(await recordReport(recording, again)).toMatchObject([
        { outcome: 'repeated', suppressed: false },
      ]);
  });

  it.each<[string, Report[]]>([
    [
      'SES: a delivery',
      bySes(ses({ to: 'ada@example.org', mark: '' }, { notificationType: 'Delivery', delivery: {} })),
    ],
    [
      'SES: that the topic works',
      reportsOfSes('Successfully validated SNS topic for Amazon SES event publishing.'),
    ],
    [
      'Postmark: an answer of somebody’s vacation',
      reportsOfPostmark(postmark({ to: 'ada@example.org', mark: '' }, { Type: 'AutoResponder' })),
    ],
    ['Postmark: a delivery', reportsOfPostmark({ RecordType: 'Delivery', Recipient: 'ada@example.org' })],
    [
      'Postmark: a way back',
      reportsOfPostmark(postmarkLeft({ to: 'ada@example.org', mark: '' }, { SuppressSending: false })),
    ],
    [
      'Postmark: what it did after a bounce',
      reportsOfPostmark(
        postmarkLeft({ to: 'ada@example.org', mark: '' }, { SuppressionReason: 'HardBounce' }),
      ),
    ],
    ['SendGrid: an open', bySendgrid(sendgrid({ to: 'ada@example.org', mark: '' }, { event: 'open' }))],
    [
      'SendGrid: one event instead of a list',
      reportsOfSendgrid(sendgrid({ to: 'ada@example.org', mark: '' })),
    ],
    [
      'Mailgun: a click',
      reportsOfMailgun(mailgun({ to: 'ada@example.org', mark: '' }, { event: 'clicked' })),
    ],
  ])('nothing of a failure: %s', (_, reports) => {
    expect(reports).toEqual([]);
  });

  it('that a reader took its own way out; subscribers show says so, and not that they called it spam', async () => {
    const { db, recording, send, reader } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20', POSTMARK_ANSWER);
    const [report] = bySendgrid(sendgrid(about, { event: 'group_unsubscribe' }));
    if (report === undefined) throw new Error('no report');
    expect(await recordReport(recording, report)).toMatchObject([{ kind: 'complaint', suppressed: true }]);
    const bounces = await listBounces(db, (await reader('ada@example.org')).id);
    expect(whySuppressed(bounces)).toBe('they asked for no more, by the digest of 2026-08-20');
  });

  it('by SES of a mail that went out without a mark in its address: the id of its SMTP answer proves it', async () => {
    const { recording, send } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20', `250 Ok ${SES_ID}`);
    const bare = (to: string) => bySes(sesBounce({ to, mark: '' }, {}));
    for (const report of bare('bo@example.org'))
      expect(await recordReport(recording, report)).toEqual([{ outcome: 'nobody' }]);
    for (const report of bare(about.to))
      expect(await recordReport(recording, report)).toMatchObject([
        { kind: 'hard', proof: 'message', suppressed: true },
      ]);
  });

  it('of many mails at once, each about its own reader', async () => {
    const { recording, send, status } = await opened();
    const ada = (await send('ada@example.org', '2026-08-20')).about;
    const bo = (await send('bo@example.org', '2026-08-20')).about;
    const events = [
      sendgrid(ada),
      'not an event',
      sendgrid(bo, { event: 'delivered', sg_event_id: 'b' }),
      { event: 'bounce', email: 7 },
      sendgrid(bo, { event: 'spamreport', sg_event_id: 'c' }),
    ];
    const reports = reportsOfSendgrid(events);
    expect(reports).toHaveLength(2);
    for (const report of reports) await recordReport(recording, report);
    expect([await status('ada@example.org'), await status('bo@example.org')]).toEqual([
      'suppressed',
      'suppressed',
    ]);
  });
});

describe('hostile bodies', () => {
  it('of any JSON whatever make no report that names nobody, and never break', () => {
    fc.assert(
      fc.property(fc.jsonValue(), json => {
        for (const reports of [
          reportsOfMailgun(json),
          reportsOfPostmark(json),
          reportsOfSendgrid(json),
          bySes(json),
        ])
          expect(reports).toEqual([]);
      }),
    );
  });

  it.each([
    ['a mark that is no mark', { 'smtp-id': '<AAAAAAAAAAAAAAAAAAAAAAAAAAA@example.org>' }],
    ['a time beyond all times', { timestamp: 1e300, 'smtp-id': '' }],
    ['an id that would stand in any answer', { 'smtp-id': '', sg_message_id: '250' }],
  ])('about a reader who was sent to, with %s, end nobody’s mail', async (_, more) => {
    const { recording, send, status } = await opened();
    const { about } = await send('ada@example.org', '2026-08-20');
    for (const report of bySendgrid(sendgrid(about, more)))
      expect(await recordReport(recording, report)).toMatchObject([
        { kind: 'soft', proof: 'address', suppressed: false },
      ]);
    expect(await status('ada@example.org')).toBe('active');
  });
});
