// What came of a round of chaos: who has the message, how often, and whether the ledger says so.
import type { House } from './house.ts';

/** What was counted in one round. */
export interface Counts {
  readers: number;
  /** Sent by the ledger. */
  sent: number;
  refused: number;
  /** Readers without the message who should have it. */
  lost: number;
  /** Deliveries that were unknown at some time. */
  unknown: number;
  /** Readers who have it more than once. */
  doubled: number;
}

/** What `unknown` may have come of: senders that were killed, with so many connections each. */
export interface Excuses {
  kills?: number;
  connections: number;
  /** Answers that were lost in another way than by the mail server's faults, at most. */
  more?: number;
}

/**
 * Looks at what the mail server kept and what the ledger says.
 * @returns the counts, and each promise that was broken, in a sentence
 */
export async function judge(house: House, { kills = 0, connections, more = 0 }: Excuses) {
  const seen = await house.mail.seen();
  const rows = await house.db.selectFrom('delivery').selectAll().execute();
  const tries = await house.db
    .selectFrom('attempt')
    .select(['delivery_id', 'outcome'])
    .where('outcome', '=', 'unknown')
    .execute();
  const doubts = Map.groupBy(tries, ({ delivery_id }) => delivery_id);
  const copies = Map.groupBy(seen.kept, ({ to }) => to);
  const broken: string[] = [];
  const counts: Counts = { readers: house.readers, sent: 0, refused: 0, lost: 0, unknown: 0, doubled: 0 };
  if (rows.length !== house.readers) broken.push(`${house.readers} readers have ${rows.length} deliveries`);
  for (const { id, address, state, message_id } of rows) {
    const own = copies.get(address) ?? [];
    const unsure = doubts.get(id)?.length ?? 0;
    const isTold = state === 'refused' || state === 'unknown';
    if (state === 'sent') counts.sent++;
    else if (state === 'refused') counts.refused++;
    else if (state !== 'unknown') broken.push(`${address} is left ${state}`);
    if (unsure > 0) counts.unknown++;
    if (own.length === 0 && !isTold) counts.lost++;
    if (own.length > 1) counts.doubled++;
    if (own.length === 0 && state === 'sent') broken.push(`${address} is "sent" and has nothing`);
    if (own.length > (state === 'sent' ? 1 : 0) + unsure)
      broken.push(`${address} is ${state}, was unknown ${unsure} times, and has ${own.length} copies`);
    if (new Set(own.map(({ hash }) => hash)).size > 1) broken.push(`the copies of ${address} differ`);
    for (const { messageId } of own)
      if (messageId !== message_id) broken.push(`${address} has ${messageId}, not ${message_id}`);
  }
  for (const to of copies.keys())
    if (!rows.some(({ address }) => address === to)) broken.push(`${to} has a message without a delivery`);
  const most = kills * connections + seen.unanswered + more;
  if (tries.length > most) broken.push(`unknown ${tries.length} times, where ${most} can be explained`);
  return { counts, broken, seen, times: tries.length, most };
}
