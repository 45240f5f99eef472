// Postmark: https://postmarkapp.com/developer/webhooks/bounce-webhook, …/spam-complaint-webhook, …/subscription-change-webhook.
import { z } from 'zod';
import { untyped } from '../fields.ts';
import type { BounceKind } from '../kinds.ts';
import type { Report } from '../report.ts';
import { instantOf, reportOf } from './event.ts';

const text = z.string().optional().catch(undefined);

const Bounce = z.object({
  RecordType: z.enum(['Bounce', 'SpamComplaint']),
  ID: z.union([z.number(), z.string()]),
  Type: z.string(),
  Email: z.string(),
  MessageID: text,
  Description: text,
  Details: text,
  BouncedAt: text,
  /** The mail that came back, where the webhook is set to send it along. */
  Content: text,
});
const Change = z.object({
  RecordType: z.literal('SubscriptionChange'),
  Recipient: z.string(),
  MessageID: text,
  ChangedAt: text,
  Origin: text,
  SuppressSending: z.boolean(),
  SuppressionReason: text.nullable(),
});

/** Postmark's types (https://postmarkapp.com/developer/api/bounce-api#bounce-types) that tell of a failure. */
const KINDS: Readonly<Record<string, BounceKind>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  // Nobody can be reached by a name that the DNS does not know; it may know it tomorrow.
  DnsError: 'soft',
  SoftBounce: 'soft',
  Unknown: 'soft',
  // What Postmark holds back at the account holder's own wish says nothing new of the address.
  ManuallyDeactivated: 'block',
  Blocked: 'block',
  SpamNotification: 'block',
  VirusNotification: 'block',
  DMARCPolicy: 'block',
  OpenRelayTest: 'block',
  SMTPApiError: 'block',
};

/** The reports of one Postmark webhook, as parsed JSON; of any other record, none. */
export function reportsOfPostmark(json: unknown): Report[] {
  const change = Change.safeParse(json);
  if (change.success) return leftBy(change.data);
  const parsed = Bounce.safeParse(json);
  if (!parsed.success) return [];
  const { ID, Type, Email, MessageID, Description, Details, BouncedAt, Content } = parsed.data;
  const complaint = Type === 'SpamComplaint';
  const kind = KINDS[Type];
  if (!complaint && kind === undefined && Type !== 'Transient') return [];
  return [
    reportOf({
      provider: 'postmark',
      // Not the ID alone: Postmark's may have more digits than a number of JavaScript.
      id: [ID, MessageID, Email, Type].join('\0'),
      what: complaint ? 'complaint' : Type === 'Transient' ? 'delayed' : 'failed',
      recipients: [Email],
      // The words of Postmark itself are the same for each type, and tell less than its type.
      diagnostic: complaint ? 'Feedback-Type: abuse' : untyped(Details ?? '') || (Description ?? Type),
      kind,
      quoted: [Content ?? ''],
      receipts: [MessageID ?? ''],
      at: instantOf(BouncedAt),
    }),
  ];
}

/** A reader who used Postmark's own way out. Bounces and complaints that change a subscription are told of by themselves. */
function leftBy(change: z.infer<typeof Change>): Report[] {
  const { Recipient, MessageID, ChangedAt, Origin, SuppressSending, SuppressionReason } = change;
  if (!SuppressSending || SuppressionReason !== 'ManualSuppression' || Origin !== 'Recipient') return [];
  return [
    reportOf({
      provider: 'postmark',
      id: `left\0${Recipient}\0${ChangedAt ?? ''}`,
      what: 'opt-out',
      recipients: [Recipient],
      diagnostic: 'Postmark’s unsubscribe link',
      receipts: [MessageID ?? ''],
      at: instantOf(ChangedAt),
    }),
  ];
}
