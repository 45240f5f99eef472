// What is forgotten of deliveries and bounces after a time: only what has come to its end, and never why a reader is suppressed.
import { type Day, type Db, type Instant, transact } from '../store/schema.ts';
import { FLAG } from './bounces/brake.ts';
import type { State } from './ledger.ts';

/** Rows in one transaction: nobody waits long for the lock. */
const CHUNK = 500;

/** What has come to its end. What is `unknown` waits for somebody's word, however old it is. */
const OVER: State[] = ['sent', 'refused', 'skipped'];

/** How many deliveries of editions before `before` could be forgotten. */
export async function countForgettable(db: Db, before: Day): Promise<number> {
  const row = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('edition_date', '<', before)
    .where('state', 'in', OVER)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Forgets the deliveries of editions before `before`, with their attempts. @returns how many */
export function forgetDeliveries(db: Db, before: Day): Promise<number> {
  return inChunks(db, async tx => {
    const rows = await tx
      .selectFrom('delivery')
      .select('id')
      .where('edition_date', '<', before)
      .where('state', 'in', OVER)
      .limit(CHUNK)
      .execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return 0;
    await tx.deleteFrom('attempt').where('delivery_id', 'in', ids).execute();
    await tx.updateTable('bounce').set({ delivery_id: null }).where('delivery_id', 'in', ids).execute();
    await tx.deleteFrom('delivery').where('id', 'in', ids).execute();
    return ids.length;
  });
}

/** Of the bounces stored before an instant, those that neither suppressed a reader nor are held. */
const plainBounces = (db: Db, before: Instant) =>
  db.selectFrom('bounce').where('stored_at', '<', before).where('suppressed', '=', FLAG.stored);

/** How many bounces could be forgotten. */
export async function countForgettableBounces(db: Db, before: Instant): Promise<number> {
  const row = await plainBounces(db, before)
    .select(({ fn }) => fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Forgets bounces that were stored before an instant and led to nothing. @returns how many */
export function forgetBounces(db: Db, before: Instant): Promise<number> {
  return inChunks(db, async tx => {
    const rows = await plainBounces(tx, before).select('id').limit(CHUNK).execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await tx.deleteFrom('bounce').where('id', 'in', ids).execute();
    return ids.length;
  });
}

async function inChunks(db: Db, work: (tx: Db) => Promise<number>): Promise<number> {
  for (let all = 0; ; ) {
    const done = await transact(db, work, { isolation: 'read committed', repeatable: true });
    all += done;
    if (done === 0) return all;
  }
}
