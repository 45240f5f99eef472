// What is asked of an address before it gets mail: a row first, then a mail, and its link's button makes it so.
import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type ConfirmationTable,
  type Db,
  instantText,
  type Tx,
  transact,
} from '../store/schema.ts';
import type { Address } from './address.ts';
import { erasedKeys } from './erased.ts';
import type { Keys } from './links.ts';
import type { Preferences } from './preferences.ts';
import type { Subscriber } from './subscriber.ts';

/** How long the link in a mail confirms, and how long an address that did not is known. */
const DAYS = 7;
/** One mail to an address in so many hours, whoever asks, and how often. */
const HOURS_BETWEEN = 24;

interface Asking extends Keys {
  clock: Clock;
}

/** Statements that decide and write at once, so that hundreds at the same moment need not be tried again. */
const AT_ONCE = { isolation: 'read committed', repeatable: true } as const;

/**
 * Somebody typed an address and what they would like to get there. Whatever is known of it, the same is done: a row for a
 * mail, unless there was one in the last 24 hours. A stranger's address becomes a `pending` reader; one that has the papers
 * already is told so; one that is suppressed gets no mail.
 */
export async function askToSubscribe(
  db: Db,
  address: Address,
  wants: Preferences,
  asking: Asking,
  kind: 'subscribe' | 'invite' = 'subscribe',
): Promise<void> {
  await transact(
    db,
    async tx => {
      const known = (await knownBy(tx, address, asking)) ?? (await addPending(tx, address, wants, asking));
      if (known.erased_at !== null) return;
      const reads = known.status === 'active' || known.status === 'paused';
      await addConfirmation(tx, asking.clock, {
        kind: reads ? 'known' : kind,
        state: known.status === 'suppressed' ? 'skipped' : 'queued',
        subscriber_id: known.id,
        address,
        preferences: reads ? null : JSON.stringify(wants),
      });
    },
    AT_ONCE,
  );
}

/**
 * A reader wants their papers at another address: that one is asked. If it has a reader of its own, it is asked, or told,
 * as if it had been typed on the front page; who asks sees no difference.
 */
export async function askToMove(db: Db, reader: Subscriber, to: Address, asking: Asking): Promise<void> {
  await transact(
    db,
    async tx => {
      const known = await knownBy(tx, to, asking);
      if (known !== undefined) return askToSubscribe(tx, to, reader.preferences, asking);
      await addConfirmation(tx, asking.clock, {
        kind: 'move',
        state: 'queued',
        subscriber_id: reader.id,
        address: to,
        preferences: null,
      });
    },
    AT_ONCE,
  );
}

/** The reader of an address, also one who was erased and is to stay suppressed: of them only a keyed hash is kept. */
async function knownBy(tx: Tx, address: Address, keys: Keys) {
  return tx
    .selectFrom('subscriber')
    .select(['id', 'status', 'erased_at'])
    .where('address_key', 'in', [address.key, ...erasedKeys(keys, address.key)])
    .executeTakeFirst();
}

async function addPending(tx: Tx, address: Address, wants: Preferences, asking: Asking) {
  const now = instantText(asking.clock());
  await tx
    .insertInto('subscriber')
    .values({
      id: randomUUID(),
      address: address.address,
      address_key: address.key,
      name: null,
      status: 'pending',
      preferences: JSON.stringify(wants),
      created_at: now,
      status_at: now,
    })
    .onConflict(on => on.column('address_key').doNothing())
    .execute();
  return tx
    .selectFrom('subscriber')
    .select(['id', 'status', 'erased_at'])
    .where('address_key', '=', address.key)
    .executeTakeFirstOrThrow();
}

/**
 * One row a slot. Within 24 hours no second mail is asked for; but what was chosen last counts, as long as nobody has confirmed.
 * Later the link that is still good is mailed again, and one that is spent is replaced.
 */
export async function addConfirmation(
  tx: Tx,
  clock: Clock,
  row: Pick<ConfirmationTable, 'kind' | 'state' | 'subscriber_id' | 'preferences'> & { address: Address },
): Promise<void> {
  const at = clock();
  const [now, before] = [instantText(at), instantText(at.subtract({ hours: HOURS_BETWEEN }))];
  const { key, address } = row.address;
  const slot = row.kind === 'moved' ? 'notice' : 'confirm';
  const fresh = {
    ...row,
    address,
    requested_at: now,
    expires_at: instantText(at.add({ hours: 24 * DAYS })),
    confirmed_at: null,
    message_id: null,
    attempts: 0,
    next_attempt_at: now,
    lease_until: null,
    receipt: null,
  };
  const added = await tx
    .insertInto('confirmation')
    .values({ id: randomUUID(), address_key: key, slot, ...fresh })
    .onConflict(on =>
      on
        .columns(['address_key', 'slot'])
        .doUpdateSet(eb => ({
          ...fresh,
          id: eb
            .case()
            .when(
              eb.and([
                eb('confirmation.confirmed_at', 'is', null),
                eb('confirmation.expires_at', '>', now),
                eb('confirmation.kind', '=', row.kind),
                eb('confirmation.subscriber_id', '=', row.subscriber_id),
              ]),
            )
            .then(eb.ref('confirmation.id'))
            .else(eb.ref('excluded.id'))
            .end(),
        }))
        // Who confirmed, or has the papers and leaves, reads that mailbox; they need not wait for a day.
        .where(eb =>
          eb.or([
            eb('confirmation.requested_at', '<=', before),
            eb('confirmation.confirmed_at', 'is not', null),
            eb('confirmation.state', '=', 'skipped'),
            eb.and([eb('confirmation.kind', '=', 'known'), eb.val(row.kind === 'subscribe')]),
          ]),
        ),
    )
    .returning('id')
    .executeTakeFirst();
  if (added !== undefined || row.preferences === null) return;
  await tx
    .updateTable('confirmation')
    .set({ preferences: row.preferences })
    .where('address_key', '=', key)
    .where('slot', '=', slot)
    .where('kind', '=', row.kind)
    .where('confirmed_at', 'is', null)
    .execute();
}
