// A mail by which a reader leaves: "unsubscribe TOKEN", sent to the sender's address, which is often that of bounces too.
import { readLinkToken } from '../../subscribers/links.ts';
import { readSubscriber, setStatus } from '../../subscribers/subscriber.ts';
import { partsOf } from './parts.ts';
import type { Recording } from './record.ts';

/** RFC 2369 §3.2: a mail program sends it as the mailto says; people may add blanks. */
const SUBJECT = /^\s*unsubscribe\s+(1[\w-]{43})\s*$/i;

/**
 * Lets the reader leave whose token stands in the subject: whoever has it could leave by the link as well.
 * @returns the reader's address, or null where the mail asks for nothing of the kind
 */
export async function leaveByMail(
  { db, clock, ...keys }: Recording,
  bytes: Uint8Array,
): Promise<string | null> {
  const parts = await partsOf(bytes);
  const subject = parts?.headers.find(header => header.key === 'subject')?.value ?? '';
  const id = readLinkToken(keys, 'unsubscribe', SUBJECT.exec(subject)?.[1] ?? '');
  const reader = id === undefined ? undefined : await readSubscriber(db, id);
  if (reader === undefined) return null;
  await setStatus(db, reader.id, 'unsubscribed', clock);
  return reader.address;
}
