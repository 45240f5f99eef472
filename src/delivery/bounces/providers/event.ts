// What a provider tells by webhook of one delivery, made into the same report that a mail would be read into.
import { addressIn } from '../fields.ts';
import type { BounceKind } from '../kinds.ts';
import { OPT_OUT } from '../list.ts';
import { tokensOf, tracesOf } from '../marks.ts';
import type { Report } from '../report.ts';
import type { Dialect, Told } from '../told.ts';

/** One event. All texts are as the provider gave them, which has them from strangers' servers. */
export interface ProviderEvent {
  provider: Dialect;
  /** The same whenever the provider tells of this event again. */
  id: string;
  what: 'failed' | 'delayed' | 'complaint' | 'opt-out' | 'feedback';
  recipients: readonly string[];
  status?: string | undefined;
  diagnostic?: string | undefined;
  /** What the provider calls the failure, where that tells something. */
  kind?: BounceKind | undefined;
  /** The return address of our mail. */
  addresses?: readonly string[];
  /** What it quotes of our mail: Message-ID, header, content. */
  quoted?: readonly string[];
  /** The ids by which the provider took our mail. */
  receipts?: readonly string[];
  at: Temporal.Instant | null;
}

/** An id that is shorter may stand in an answer by chance. */
const SHORTEST_RECEIPT = 16;

/** The report that an event makes. */
export function reportOf(event: ProviderEvent): Report {
  const { provider, id, what, addresses = [], quoted = [], receipts = [] } = event;
  const recipients = event.recipients.map(addressIn).filter(address => address !== null);
  const complaint = what === 'complaint' || what === 'opt-out';
  const told: Told = {
    recipients,
    action: what === 'delayed' ? 'delayed' : 'failed',
    status: /^[245]\.\d{1,3}\.\d{1,3}$/.exec(event.status ?? '')?.[0] ?? null,
    diagnostic: what === 'opt-out' ? `${OPT_OUT}: ${event.diagnostic ?? ''}` : (event.diagnostic ?? ''),
    ...(event.kind === undefined ? {} : { kind: event.kind }),
  };
  return {
    type: complaint ? 'complaint' : what === 'feedback' ? 'feedback' : 'delivery',
    dialect: provider,
    told: [told],
    traces: tracesOf(addresses, quoted),
    tokens: tokensOf(quoted),
    receipts: receipts.filter(receipt => receipt.length >= SHORTEST_RECEIPT && receipt.length <= 200),
    date: event.at,
    print: `${provider}\0${id}`,
  };
}

/** An instant from ISO text, or from seconds since 1970; null where it is neither. */
export function instantOf(value: string | number | undefined): Temporal.Instant | null {
  const ms = typeof value === 'number' ? value * 1000 : Date.parse(value ?? '');
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15
    ? Temporal.Instant.fromEpochMilliseconds(Math.trunc(ms))
    : null;
}
