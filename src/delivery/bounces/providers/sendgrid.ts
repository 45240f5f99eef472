// Twilio SendGrid's Event Webhook: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
import { z } from 'zod';
import type { BounceKind } from '../kinds.ts';
import type { Report } from '../report.ts';
import { instantOf, type ProviderEvent, reportOf } from './event.ts';

const text = z.string().optional().catch(undefined);

const Event = z.object({
  event: z.string(),
  email: z.string(),
  timestamp: z.number().optional().catch(undefined),
  'smtp-id': text,
  sg_event_id: text,
  sg_message_id: text,
  reason: text,
  status: text,
  type: text,
  bounce_classification: text,
});
type Event = z.infer<typeof Event>;

/** The reports of one call: SendGrid sends its events in lists. What is no event of ours is left out. */
export function reportsOfSendgrid(json: unknown): Report[] {
  if (!Array.isArray(json)) return [];
  return json.flatMap(item => {
    const parsed = Event.safeParse(item);
    const event = parsed.success ? eventOf(parsed.data) : null;
    return event === null ? [] : [reportOf(event)];
  });
}

function eventOf(event: Event): ProviderEvent | null {
  const said = saidBy(event);
  if (said === null) return null;
  const { email, timestamp, reason, status, sg_event_id, sg_message_id = '' } = event;
  return {
    provider: 'sendgrid',
    id: sg_event_id ?? `${event.event}\0${email}\0${timestamp ?? ''}\0${sg_message_id}`,
    ...said,
    recipients: [email],
    status,
    diagnostic: said.diagnostic ?? reason ?? '',
    quoted: [event['smtp-id'] ?? ''],
    // "ID.recvd-….0": it took the mail as ID.
    receipts: [sg_message_id.split('.')[0] ?? ''],
    at: instantOf(timestamp),
  };
}

/** `bounce_classification`: https://www.twilio.com/docs/sendgrid/ui/analytics-and-reporting/bounce-and-block-classifications */
const CLASSES: Readonly<Record<string, BounceKind>> = {
  'Invalid Address': 'hard',
  'Mailbox Unavailable': 'soft',
  Technical: 'soft',
  Content: 'block',
  Reputation: 'block',
  'Frequency or Volume Too High': 'block',
};

type Said = Pick<ProviderEvent, 'what' | 'kind' | 'diagnostic'>;

function saidBy({ event, type, bounce_classification: named = '', reason = '' }: Event): Said | null {
  switch (event) {
    case 'bounce':
      // "blocked": the server refused this mail; the address may be well.
      return { what: 'failed', kind: CLASSES[named] ?? (type === 'blocked' ? 'block' : 'hard') };
    case 'dropped':
      return droppedFor(reason.toLowerCase());
    case 'deferred':
      return { what: 'delayed' };
    case 'spamreport':
      return { what: 'complaint', diagnostic: 'Feedback-Type: abuse' };
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { what: 'opt-out', diagnostic: `SendGrid’s ${event}` };
    default:
      return null;
  }
}

/** SendGrid does not even try an address of which it knows something. */
function droppedFor(reason: string): Said {
  if (reason.startsWith('bounced address')) return { what: 'failed', kind: 'hard' };
  if (reason.startsWith('spam reporting address'))
    return { what: 'complaint', diagnostic: 'Feedback-Type: abuse (earlier)' };
  if (reason.startsWith('unsubscribed address'))
    return { what: 'opt-out', diagnostic: 'SendGrid’s list of those who left' };
  return { what: 'failed', kind: 'block' };
}
