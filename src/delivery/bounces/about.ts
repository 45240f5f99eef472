// Of which delivery a report speaks: by a mark that only our message had, else by an address, which proves nothing.
import { type Db, type DeliveryTable, instantText } from '../../store/schema.ts';
import { readAddress } from '../../subscribers/address.ts';
import { type Keys, readLinkToken } from '../../subscribers/links.ts';
import { findSubscriber } from '../../subscribers/subscriber.ts';
import type { Report } from './report.ts';
import type { Told } from './told.ts';

/** What a bounce needs to know of its delivery. */
export type BouncedDelivery = Pick<
  DeliveryTable,
  'subscriber_id' | 'address' | 'planned_at' | 'settled_at'
> & {
  /** Null: it was no digest, but a mail that asked for a confirmation. */
  id: string | null;
};

/** A delivery that a report speaks of, and how that is known. */
export interface About {
  delivery: BouncedDelivery;
  proof: 'return address' | 'message' | 'address';
}

const COLUMNS = ['id', 'subscriber_id', 'address', 'planned_at', 'settled_at'] as const;

/** Servers try for five days at most, as a rule (RFC 5321 §4.5.4.1: "4-5 days"); a report that is later is a stray. */
const LATELY_DAYS = 14;
/** Of a report that names many recipients and none of our marks: our messages have one recipient each. */
const ADDRESSES = 20;

/** The delivery whose mark the report shows, or undefined. A mark is 162 bits of HMAC: nobody guesses it. */
export async function provenDelivery(db: Db, report: Report): Promise<About | undefined> {
  for (const { mark, proof } of report.traces) {
    const delivery = await db
      .selectFrom('delivery')
      .select(COLUMNS)
      // All that begins with "<MARK@": "A" follows "@", and the index on message_id is used.
      .where('message_id', '>=', `<${mark}@`)
      .where('message_id', '<', `<${mark}A`)
      .executeTakeFirst();
    if (delivery !== undefined) return { delivery, proof };
  }
  return undefined;
}

/** A mail that asked an address to confirm, or told it that it reads already. One to another address than the reader's says nothing of them. */
export async function provenConfirmation(
  db: Db,
  report: Report,
): Promise<(About & { confirmation: string }) | undefined> {
  for (const { mark, proof } of report.traces) {
    const row = await db
      .selectFrom('confirmation')
      .select(['id', 'subscriber_id', 'address', 'requested_at as planned_at'])
      .where('message_id', '>=', `<${mark}@`)
      .where('message_id', '<', `<${mark}A`)
      .where('kind', 'in', ['subscribe', 'invite', 'known'])
      .executeTakeFirst();
    if (row !== undefined)
      return { confirmation: row.id, delivery: { ...row, id: null, settled_at: null }, proof };
  }
  return undefined;
}

/**
 * The last delivery of the reader whose way out the report quotes: providers take addresses and Message-IDs out of
 * complaints, and leave List-Unsubscribe. A token has 128 bits of HMAC. It names a reader and no mail; so of a bounce the
 * mail must be of the last days, while a complaint about an old mail is a complaint all the same.
 */
export async function deliveryByToken(
  db: Db,
  report: Report,
  keys: Keys,
  now: Temporal.Instant,
): Promise<About | undefined> {
  for (const token of report.tokens) {
    const reader = readLinkToken(keys, 'unsubscribe', token);
    if (reader === undefined) continue;
    const [delivery] = await sentTo(db, reader, report.type === 'complaint' ? undefined : now);
    if (delivery !== undefined) return { delivery, proof: 'message' };
  }
  return undefined;
}

/** What was sent to a reader, newest first; with `now`, lately. */
async function sentTo(db: Db, reader: string, now: Temporal.Instant | undefined) {
  let query = db
    .selectFrom('delivery')
    .select([...COLUMNS, 'message_id', 'receipt'])
    .where('subscriber_id', '=', reader)
    .where('state', 'in', ['sent', 'unknown']);
  if (now !== undefined)
    query = query.where('planned_at', '>=', instantText(now.subtract({ hours: 24 * LATELY_DAYS })));
  return query.orderBy('edition_date', 'desc').execute();
}

/**
 * The delivery of a recipient that the report names by address: the last one that was sent to them, if that is not long
 * ago. It is proven all the same where the report shows its mark in small letters, as some servers write addresses, or
 * where the relay that reports it names the id by which it took it.
 */
export async function deliveryByAddress(
  db: Db,
  report: Report,
  told: Told,
  now: Temporal.Instant,
): Promise<About | undefined> {
  for (const recipient of told.recipients.slice(0, 2)) {
    const reader = await findSubscriber(db, recipient);
    if (reader === undefined) continue;
    const sent = await sentTo(db, reader.id, now);
    const small = new Map(sent.map(row => [markOf(row.message_id).toLowerCase(), row]));
    for (const { mark, proof } of report.traces) {
      const delivery = small.get(mark.toLowerCase());
      if (delivery !== undefined) return { delivery, proof };
    }
    const taken = sent.find(({ receipt }) => report.receipts.some(id => receipt?.includes(id)));
    if (taken !== undefined) return { delivery: taken, proof: 'message' };
    if (sent[0] !== undefined) return { delivery: sent[0], proof: 'address' };
  }
  return undefined;
}

const markOf = (messageId: string) => messageId.slice(1, messageId.indexOf('@'));

/** The recipients to look for by address. */
export const addressed = (told: readonly Told[]): readonly Told[] =>
  told.filter(({ recipients }) => recipients.length > 0).slice(0, ADDRESSES);

/** Whether a report names this address among the recipients of one of its entries. */
export function names(told: Told, address: string): boolean {
  const key = keyOf(address);
  return told.recipients.some(recipient => keyOf(recipient) === key);
}

function keyOf(text: string): string {
  const address = readAddress(text);
  return 'problem' in address ? text.toLowerCase() : address.key;
}
