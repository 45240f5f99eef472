// Mailgun: https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads
import { z } from 'zod';
import type { BounceKind } from '../kinds.ts';
import type { Report } from '../report.ts';
import { instantOf, type ProviderEvent, reportOf } from './event.ts';

const text = z.string().optional().catch(undefined);

const Data = z.object({
  event: z.string(),
  id: text,
  timestamp: z.number().optional().catch(undefined),
  recipient: z.string(),
  severity: text,
  reason: text,
  'delivery-status': z
    .object({
      code: z.number().optional().catch(undefined),
      'enhanced-code': text,
      message: text,
      description: text,
    })
    .optional()
    .catch(undefined),
  envelope: z.object({ sender: text }).optional().catch(undefined),
  message: z
    .object({ headers: z.object({ 'message-id': text }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
type Data = z.infer<typeof Data>;

/** The report of one webhook's `event-data`, as parsed JSON; of any other event, none. */
export function reportsOfMailgun(json: unknown): Report[] {
  const parsed = Data.safeParse(json);
  const said = parsed.success ? saidBy(parsed.data) : null;
  if (!parsed.success || said === null) return [];
  const { id, timestamp, recipient, envelope, message, event, 'delivery-status': status } = parsed.data;
  const messageId = message?.headers?.['message-id'] ?? '';
  const words = [status?.code, status?.message || status?.description];
  return [
    reportOf({
      provider: 'mailgun',
      id: id ?? `${event}\0${recipient}\0${timestamp ?? ''}\0${messageId}`,
      recipients: [recipient],
      status: status?.['enhanced-code'],
      diagnostic: words.filter(word => word !== undefined && word !== '').join(' '),
      addresses: [`<${envelope?.sender ?? ''}>`],
      // Mailgun gives it without its angle brackets.
      quoted: [`<${messageId.replace(/^<|>$/g, '')}>`],
      at: instantOf(timestamp),
      ...said,
    }),
  ];
}

type Said = Pick<ProviderEvent, 'what' | 'kind' | 'diagnostic'>;

function saidBy({ event, severity, reason = '' }: Data): Said | null {
  if (event === 'complained') return { what: 'complaint', diagnostic: 'Feedback-Type: abuse' };
  if (event === 'unsubscribed') return { what: 'opt-out', diagnostic: 'Mailgun’s unsubscribe link' };
  // "rejected" is Mailgun's own refusal of the mail, and names no fault of the address.
  if (event === 'rejected') return { what: 'failed', kind: 'block' };
  if (event !== 'failed') return null;
  if (severity === 'temporary') return { what: 'delayed' };
  if (reason === 'suppress-complaint')
    return { what: 'complaint', diagnostic: 'Feedback-Type: abuse (earlier)' };
  if (reason === 'suppress-unsubscribe')
    return { what: 'opt-out', diagnostic: 'Mailgun’s list of those who left' };
  return { what: 'failed', kind: KINDS[reason] };
}

/** `reason` of a permanent failure; any other tells nothing that the answer does not. */
const KINDS: Readonly<Record<string, BounceKind>> = {
  bounce: 'hard',
  'suppress-bounce': 'hard',
  // Tried for hours, and no server took it.
  old: 'soft',
  espblock: 'block',
};
