// What is stored of a reader, and erasing it: the row stays without them, so that their old links still answer and counts hold.
import { type Clock, type Db, instantText, transact } from '../store/schema.ts';
import { readAddress } from '../subscribers/address.ts';
import { erasedKeys } from '../subscribers/erased.ts';
import type { Keys } from '../subscribers/links.ts';
import { Preferences } from '../subscribers/preferences.ts';
import { type Subscriber, setStatus } from '../subscribers/subscriber.ts';

/** Everything that is stored of a reader, as they may read and take it with them. */
export interface Stored {
  address: string;
  name: string | null;
  status: string;
  since: string;
  statusSince: string;
  pausedUntil: string | null;
  preferences: Preferences;
  /** Every mail, newest first. `at`: when the mail server took or refused it. */
  digests: {
    edition: string;
    address: string;
    state: string;
    plannedAt: string;
    at: string | null;
    answer: string | null;
  }[];
  /** Mails that asked this address for a confirmation, or told it of a change. */
  confirmations: {
    kind: string;
    address: string;
    state: string;
    requestedAt: string;
    confirmedAt: string | null;
  }[];
  /** What mail servers reported of mails that did not arrive. */
  bounces: { kind: string; status: string | null; said: string; at: string }[];
}

/** All that is stored of a reader. */
export async function storedOf(db: Db, reader: Subscriber): Promise<Stored> {
  const digests = await db
    .selectFrom('delivery')
    .select(['edition_date as edition', 'address', 'state', 'planned_at as plannedAt', 'settled_at as at'])
    .select('receipt as answer')
    .where('subscriber_id', '=', reader.id)
    .orderBy('edition_date', 'desc')
    .execute();
  const confirmations = await db
    .selectFrom('confirmation')
    .select(['kind', 'address', 'state', 'requested_at as requestedAt', 'confirmed_at as confirmedAt'])
    .where('subscriber_id', '=', reader.id)
    // One that asks a new address exists only where that is nobody's: it would tell whose it is.
    .where(eb => eb.or([eb('kind', '!=', 'move'), eb('confirmed_at', 'is not', null)]))
    .orderBy('requested_at', 'desc')
    .execute();
  const bounces = await db
    .selectFrom('bounce')
    .select(['kind', 'status', 'diagnostic as said', 'reported_at as at'])
    .where('subscriber_id', '=', reader.id)
    .orderBy('reported_at', 'desc')
    .execute();
  return {
    address: reader.address,
    name: reader.name,
    status: reader.status,
    since: reader.createdAt,
    statusSince: reader.statusAt,
    pausedUntil: reader.pausedUntil,
    preferences: reader.preferences,
    digests,
    confirmations,
    bounces,
  };
}

/**
 * Erases a reader: address, name, preferences, and what servers said of them. Left are rows without them, by which editions
 * keep their counts and old links answer that they have left. Of a suppressed address a keyed hash stays (decision 0035):
 * who complained is not mailed again because somebody types their address anew.
 */
export async function eraseSubscriber(db: Db, reader: Subscriber, keys: Keys, clock: Clock): Promise<void> {
  await transact(db, async tx => {
    await setStatus(tx, reader.id, 'unsubscribed', clock);
    const address = readAddress(reader.address);
    const isKept = reader.status === 'suppressed' && !('problem' in address);
    await tx
      .updateTable('subscriber')
      .set({
        address: '',
        address_key: isKept ? erasedKeys(keys, address.key)[0] : `erased:${reader.id}`,
        name: null,
        preferences: JSON.stringify(Preferences.parse({})),
        paused_until: null,
        left_from: null,
        erased_at: instantText(clock()),
      })
      .where('id', '=', reader.id)
      .execute();
    await tx.deleteFrom('confirmation').where('subscriber_id', '=', reader.id).execute();
    await tx.deleteFrom('bounce').where('subscriber_id', '=', reader.id).execute();
    await tx
      .updateTable('attempt')
      .set({ answer: '' })
      .where('delivery_id', 'in', eb =>
        eb.selectFrom('delivery').select('id').where('subscriber_id', '=', reader.id),
      )
      .execute();
    await tx
      .updateTable('delivery')
      .set({
        address: '',
        preferences: JSON.stringify(Preferences.parse({})),
        receipt: null,
        reason: null,
        domain: '',
      })
      .where('subscriber_id', '=', reader.id)
      .execute();
  });
}
