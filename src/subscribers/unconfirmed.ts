// Strangers' addresses that nobody has confirmed: there are never too many, and they are forgotten after a week.
import { type Clock, type Db, instantText, transact } from '../store/schema.ts';

/** Whether so many addresses have not confirmed yet that no more are taken. */
export async function areTooManyWaiting(db: Db, most: number): Promise<boolean> {
  const row = await db
    .selectFrom('confirmation')
    .select('id')
    .where('kind', '=', 'subscribe')
    .where('confirmed_at', 'is', null)
    .offset(most - 1)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Forgets confirmations that are over, and with them the strangers who never confirmed. Readers whom the operator
 * imported as pending stay.
 * @returns how many strangers
 */
export function forgetUnconfirmed(db: Db, clock: Clock): Promise<number> {
  return transact(db, async tx => {
    const over = await tx
      .deleteFrom('confirmation')
      .where('expires_at', '<=', instantText(clock()))
      .where('state', '!=', 'sending')
      .returning(['subscriber_id', 'kind', 'confirmed_at'])
      .execute();
    const strangers = over.filter(row => row.kind === 'subscribe' && row.confirmed_at === null);
    let forgotten = 0;
    for (const { subscriber_id } of strangers) {
      const gone = await tx
        .deleteFrom('subscriber')
        .where('id', '=', subscriber_id)
        .where('status', '=', 'pending')
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('confirmation').select('confirmation.id').where('subscriber_id', '=', subscriber_id),
            ),
          ),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(selectFrom('delivery').select('delivery.id').where('subscriber_id', '=', subscriber_id)),
          ),
        )
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('bounce').select('bounce.id').where('subscriber_id', '=', subscriber_id))),
        )
        .returning('id')
        .executeTakeFirst();
      if (gone !== undefined) forgotten++;
    }
    return forgotten;
  });
}
