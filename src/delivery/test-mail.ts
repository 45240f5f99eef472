// A test mail: outside the ledger, to whom it is asked for, as often as it is asked for; never to somebody who left.
import { createHash } from 'node:crypto';
import type { Digest } from '../digests/digest.ts';
import { messageIdOf } from '../digests/message.ts';
import { PaperroundError } from '../errors.ts';
import { type Day, type Db, instantText } from '../store/schema.ts';
import { readAddress } from '../subscribers/address.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import { digestSpan } from './plan.ts';
import { ANYBODY, type Desk, type Written, writeMessage } from './write.ts';

/** Who gets a test: a subscriber with their own preferences, or anybody with none and with links that do nothing. */
export interface TestRecipient {
  id: string;
  address: string;
  preferences: Preferences;
  editions: Day[];
}

/** @throws PaperroundError `usage` where the address is none, or is that of somebody who left */
export async function testRecipient(db: Db, text: string, edition: Day): Promise<TestRecipient> {
  const known = await findSubscriber(db, text);
  if (known?.status === 'unsubscribed' || known?.status === 'suppressed')
    throw new PaperroundError(
      'usage',
      `${known.address} is ${known.status}: no mail goes there, not even a test`,
    );
  if (known !== undefined) return { ...known, editions: await digestSpan(db, known, edition) };
  const address = readAddress(text);
  if ('problem' in address) throw new PaperroundError('usage', address.problem);
  return { ...ANYBODY, address: address.address, editions: [edition] };
}

/** A digest as a test, marked as one; another message each time. */
export async function writeTest(
  desk: Desk,
  digest: Digest,
  { id, address }: Pick<TestRecipient, 'id' | 'address'>,
  at: Temporal.Instant,
): Promise<Written> {
  const mark = createHash('sha256')
    .update(`test ${digest.date} ${address} ${instantText(at)}`)
    .digest('hex');
  return writeMessage(
    desk,
    { ...digest, subject: `[Test] ${digest.subject}` },
    {
      subscriberId: id,
      address,
      messageId: messageIdOf(desk.secret, mark, desk.sender),
      date: new Date(at.epochMilliseconds),
    },
  );
}
