// Reads one mail: is it a report on a delivery, a complaint, an auto-reply, or none of them; and of whom does it speak.
import { createHash } from 'node:crypto';
import { readDeliveryStatus } from './delivery-status.ts';
import { partedNotice, readDialect } from './dialects.ts';
import { addressIn, fieldGroups, first } from './fields.ts';
import { type Trace, tokensOf, tracesOf } from './marks.ts';
import { type Parts, partsOf } from './parts.ts';
import type { Dialect, Told } from './told.ts';

/**
 * A report: `delivery` did not arrive, or not yet · `complaint` the reader called it spam · `feedback` another word of a
 * feedback loop, such as not-spam · `auto-reply` a vacation and the like.
 */
export interface Report {
  type: 'delivery' | 'complaint' | 'feedback' | 'auto-reply';
  dialect: Dialect | null;
  told: Told[];
  traces: Trace[];
  /** What may be the token of a reader's way out, from the mail that it quotes. */
  tokens: string[];
  /** By which ids the relay took the mail, where the relay itself reports: they stand in its answer. */
  receipts: string[];
  /** When it says that it was written. */
  date: Temporal.Instant | null;
  /** The same for the same report, however often and by whatever way it arrives. */
  print: string;
}

/**
 * Reads a mail. Never throws, whatever the bytes are; looks at its first megabyte.
 * @returns the report, or null where the mail is none
 */
export async function readReport(bytes: Uint8Array): Promise<Report | null> {
  const parts = await partsOf(bytes);
  if (parts === null) return null;
  const said = readFeedback(parts) ?? readStatus(parts) ?? readWords(parts) ?? readAutoReply(parts);
  if (said === null) return null;
  return { ...said, ...marksOf(parts), receipts: [], date: dateOf(parts), print: printOf(parts) };
}

type Said = Pick<Report, 'type' | 'dialect' | 'told'>;

/**
 * RFC 5965 §7.3: abuse and fraud are complaints, and opt-out of its drafts asks for the same. Not-spam (RFC 6430) is the
 * opposite; virus and other say nothing of what the reader wants.
 */
function readFeedback({ feedback }: Parts): Said | null {
  if (feedback === null) return null;
  const fields = fieldGroups(feedback)[0];
  if (fields === undefined) return null;
  const type = first(fields, 'feedback-type').toLowerCase();
  const names = ['original-rcpt-to', 'removal-recipient'].flatMap(name => fields.get(name) ?? []);
  const recipients = names.map(addressIn).filter(address => address !== null);
  const complaint = /^(?:abuse|fraud|opt-out)\b/.test(type);
  const told: Told = { recipients, action: 'failed', status: null, diagnostic: `Feedback-Type: ${type}` };
  return { type: complaint ? 'complaint' : 'feedback', dialect: 'arf', told: [told] };
}

function readStatus({ deliveryStatus, notice }: Parts): Said | null {
  if (deliveryStatus === null) return null;
  const told = readDeliveryStatus(deliveryStatus);
  if (told.length === 0) return null;
  // Where the fields say only that it failed, the words beside them may say why.
  const only = told.length === 1 ? told[0] : undefined;
  if (only !== undefined && only.diagnostic === '' && (only.status ?? '5.0.0') === '5.0.0')
    only.diagnostic = partedNotice(notice).words.replace(/\s+/g, ' ').trim().slice(0, 500);
  return { type: 'delivery', dialect: 'dsn', told };
}

function readWords(parts: Parts): Said | null {
  const said = readDialect(parts);
  return said && { type: 'delivery', ...said };
}

const OUT_OF_OFFICE =
  /^(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|out of (?:the )?office|vacation|abwesen|automatische antwort|réponse automatique|respuesta automática)/i;

/** RFC 3834 §5, and the fields that were used before it. */
function readAutoReply({ headers }: Parts): Said | null {
  const value = (name: string) => headers.find(header => header.key === name)?.value.toLowerCase() ?? '';
  const automatic =
    value('auto-submitted').startsWith('auto-replied') ||
    /auto[-_]reply/.test(value('precedence')) ||
    ['x-autoreply', 'x-autorespond', 'x-auto-reply'].some(name => value(name) !== '') ||
    OUT_OF_OFFICE.test(value('subject').replace(/^(?:re|aw): */, ''));
  return automatic ? { type: 'auto-reply', dialect: null, told: [] } : null;
}

/** In which fields a mail says to which address it came. Received (RFC 5321 §4.4) may have it too: "for <…>". */
const CAME_TO = [
  'delivered-to',
  'x-original-to',
  'x-delivered-to',
  'envelope-to',
  'x-envelope-to',
  'x-rcpt-to',
  'to',
  'cc',
  'received',
];
const QUOTES = ['in-reply-to', 'references', 'original-message-id', 'x-original-message-id'];

function marksOf({ headers, notice, deliveryStatus, feedback, returned }: Parts) {
  const valuesOf = (names: string[]) =>
    headers.filter(header => names.includes(header.key)).map(header => header.value);
  const quoted = [returned, ...valuesOf(QUOTES), deliveryStatus ?? '', feedback ?? '', notice];
  return {
    traces: tracesOf(valuesOf(CAME_TO), quoted),
    tokens: tokensOf([returned, feedback ?? '', notice]),
  };
}

function dateOf({ headers }: Parts): Temporal.Instant | null {
  const time = Date.parse(headers.find(header => header.key === 'date')?.value ?? '');
  return Number.isNaN(time) ? null : Temporal.Instant.fromEpochMilliseconds(time);
}

/** Of what the reporting system wrote: not of the fields that each further server adds on the way. */
function printOf({ headers, notice, deliveryStatus, feedback, returned }: Parts): string {
  const own = ['message-id', 'date', 'from', 'subject'].map(
    name => headers.find(header => header.key === name)?.value ?? '',
  );
  const texts = [...own, notice, deliveryStatus ?? '', feedback ?? '', returned];
  const hash = createHash('sha256');
  // Line ends, and blanks at the ends, change between a mailbox file and a server.
  for (const text of texts) hash.update(`${text.replaceAll('\r', '').trim()}\0`);
  return hash.digest('base64url');
}
