// Amazon SES, by SNS: https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html and event-publishing.
import { z } from 'zod';
import { untyped } from '../fields.ts';
import type { BounceKind } from '../kinds.ts';
import type { Report } from '../report.ts';
import { instantOf, type ProviderEvent, reportOf } from './event.ts';

const text = z.string().optional().catch(undefined);

const Bounced = z.object({ emailAddress: z.string(), status: text, diagnosticCode: text });
const Message = z.object({
  /** Of the notifications of an identity; event publishing calls it eventType. */
  notificationType: text,
  eventType: text,
  mail: z.object({
    messageId: z.string(),
    source: text,
    headers: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .optional()
      .catch(undefined),
    commonHeaders: z.object({ messageId: text }).optional().catch(undefined),
  }),
  bounce: z
    .object({
      bounceType: z.string(),
      bounceSubType: text,
      bouncedRecipients: z.array(Bounced),
      timestamp: text,
      feedbackId: text,
    })
    .optional(),
  complaint: z
    .object({
      complainedRecipients: z.array(z.object({ emailAddress: z.string() })),
      complaintFeedbackType: text,
      timestamp: text,
      feedbackId: text,
    })
    .optional(),
  deliveryDelay: z.object({ timestamp: text, delayedRecipients: z.array(Bounced) }).optional(),
});
type Message = z.infer<typeof Message>;

/** The reports of one SES notification: the `Message` of an SNS notification, as text. Of anything else, none. */
export function reportsOfSes(message: string): Report[] {
  let json: unknown;
  try {
    json = JSON.parse(message);
  } catch {
    // SES says in plain words that the topic was set up.
    return [];
  }
  const parsed = Message.safeParse(json);
  return parsed.success ? eventsOf(parsed.data).map(reportOf) : [];
}

function eventsOf({ notificationType, eventType, mail, bounce, complaint, deliveryDelay }: Message) {
  const type = notificationType ?? eventType;
  const common = {
    provider: 'ses' as const,
    addresses: [`<${mail.source ?? ''}>`],
    quoted: [
      mail.commonHeaders?.messageId ?? '',
      ...(mail.headers ?? []).map(({ name, value }) => `${name}: ${value}`),
    ],
    receipts: [mail.messageId],
  };
  const events: ProviderEvent[] = [];
  if (type === 'Bounce' && bounce !== undefined)
    for (const { emailAddress, status, diagnosticCode } of bounce.bouncedRecipients)
      events.push({
        ...common,
        id: `${bounce.feedbackId ?? mail.messageId}\0${emailAddress}`,
        what: 'failed',
        recipients: [emailAddress],
        status,
        diagnostic: untyped(diagnosticCode ?? '') || `${bounce.bounceType} ${bounce.bounceSubType ?? ''}`,
        kind: kindOf(bounce.bounceType, bounce.bounceSubType),
        at: instantOf(bounce.timestamp),
      });
  if (type === 'Complaint' && complaint !== undefined)
    events.push({
      ...common,
      id: complaint.feedbackId ?? `${mail.messageId}\0complaint`,
      what: isComplaint(complaint.complaintFeedbackType) ? 'complaint' : 'feedback',
      recipients: complaint.complainedRecipients.map(({ emailAddress }) => emailAddress),
      diagnostic: `Feedback-Type: ${complaint.complaintFeedbackType ?? 'abuse'}`,
      at: instantOf(complaint.timestamp),
    });
  if (type === 'DeliveryDelay' && deliveryDelay !== undefined)
    events.push({
      ...common,
      id: `${mail.messageId}\0${deliveryDelay.timestamp ?? ''}`,
      what: 'delayed',
      recipients: deliveryDelay.delayedRecipients.map(({ emailAddress }) => emailAddress),
      at: instantOf(deliveryDelay.timestamp),
    });
  return events;
}

/** As in a feedback report (RFC 5965 §7.3): virus, auth-failure, not-spam and other say nothing of what the reader wants. */
const isComplaint = (type: string | undefined) => type === undefined || type === 'abuse' || type === 'fraud';

/** https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html#bounce-types */
function kindOf(type: string, subType = ''): BounceKind {
  if (/^(?:ContentRejected|AttachmentRejected|MessageTooLarge)$/.test(subType)) return 'block';
  return type === 'Permanent' ? 'hard' : 'soft';
}
