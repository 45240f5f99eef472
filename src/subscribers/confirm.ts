// The button of a confirmation's page: what was asked for by whom is so from now on, once.
import {
  type Clock,
  type ConfirmationTable,
  type Db,
  type Instant,
  instantText,
  type Tx,
  transact,
} from '../store/schema.ts';
import { readAddress } from './address.ts';
import { addConfirmation } from './confirmations.ts';
import { Preferences, storedPreferences } from './preferences.ts';
import { readSubscriber, type Subscriber, setPreferences, setStatus } from './subscriber.ts';

type ConfirmationKind = ConfirmationTable['kind'];

/** A confirmation whose link can still be used, or was. */
export interface Confirmation {
  id: string;
  kind: ConfirmationKind;
  address: string;
  wants: Preferences | null;
  isConfirmed: boolean;
}

/** Undefined when it is over: after a week, or when a newer mail took its place. */
export async function readConfirmation(db: Db, id: string, clock: Clock): Promise<Confirmation | undefined> {
  const row = await usable(db, id, instantText(clock()));
  return (
    row && {
      id,
      kind: row.kind,
      address: row.address,
      wants: row.preferences === null ? null : storedPreferences(row.preferences),
      isConfirmed: row.confirmed_at !== null,
    }
  );
}

const usable = (db: Db, id: string, now: Instant) =>
  db
    .selectFrom('confirmation')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .where('kind', 'in', ['subscribe', 'invite', 'move'])
    .executeTakeFirst();

/** What came of the button: `taken`: the new address has a reader of its own by now. */
export type Confirmed =
  | { outcome: 'confirmed'; reader: Subscriber; kind: ConfirmationKind }
  | { outcome: 'over' }
  | { outcome: 'taken' };

/** Does what was asked, once. Again is no harm, and brings nobody back who has left since. */
export function confirm(db: Db, id: string, clock: Clock): Promise<Confirmed> {
  return transact(db, async tx => {
    const now = instantText(clock());
    const row = await usable(tx, id, now);
    const reader = row && (await readSubscriber(tx, row.subscriber_id));
    if (row === undefined || reader === undefined || reader.status === 'suppressed')
      return { outcome: 'over' };
    if (row.confirmed_at === null) {
      if (row.kind !== 'move') await begin(tx, reader, row.preferences, clock);
      else if (!(await move(tx, reader, row, clock))) return { outcome: 'taken' };
      await tx.updateTable('confirmation').set({ confirmed_at: now }).where('id', '=', id).execute();
    }
    const changed = (await readSubscriber(tx, reader.id)) ?? reader;
    return { outcome: 'confirmed', reader: changed, kind: row.kind };
  });
}

async function begin(tx: Tx, { id }: Subscriber, wants: string | null, clock: Clock): Promise<void> {
  if (wants !== null) await setPreferences(tx, id, Preferences.parse(JSON.parse(wants)), clock);
  await setStatus(tx, id, 'active', clock, ['pending', 'unsubscribed']);
}

/** The address of a reader becomes the one that was confirmed, and the old one is told, once a day. */
async function move(
  tx: Tx,
  reader: Subscriber,
  { address, address_key }: ConfirmationTable,
  clock: Clock,
): Promise<boolean> {
  const other = await tx
    .selectFrom('subscriber')
    .select('id')
    .where('address_key', '=', address_key)
    .executeTakeFirst();
  if (other !== undefined || (reader.status !== 'active' && reader.status !== 'paused')) return false;
  await tx.updateTable('subscriber').set({ address, address_key }).where('id', '=', reader.id).execute();
  const old = readAddress(reader.address);
  if (!('problem' in old))
    await addConfirmation(tx, clock, {
      kind: 'moved',
      state: 'queued',
      subscriber_id: reader.id,
      address: old,
      preferences: null,
    });
  return true;
}
