// After a restore: whatever may have been sent since the backup was made is not sent again unless the operator says so.
import type { Clock, Day, Db } from '../store/schema.ts';
import { instantText } from '../store/schema.ts';

/**
 * Declares `unknown` every delivery that was open when the backup was made, and pauses its edition and the latest one,
 * whose other readers may have been planned since. Mails that ask for a confirmation are not repeated either. To be done in one transaction, before anything else runs.
 */
export async function holdRestored(
  tx: Db,
  reason: string,
  clock: Clock,
): Promise<{ paused: Day[]; uncertain: number }> {
  const at = instantText(clock());
  const open = await tx
    .updateTable('delivery')
    .set({ state: 'unknown', in_doubt: 1, reason, lease_until: null, deliver_by: null })
    .where('state', 'in', ['queued', 'sending', 'deferred', 'unknown'])
    .returning('edition_date')
    .execute();
  // Whoever asked to subscribe has the mail by now, or asks again.
  await tx
    .updateTable('confirmation')
    .set({ state: 'skipped', lease_until: null })
    .where('state', 'in', ['queued', 'sending', 'deferred', 'unknown'])
    .execute();
  const latest = await tx.selectFrom('edition').select('date').orderBy('date', 'desc').limit(1).execute();
  const dates = [...latest.map(({ date }) => date), ...open.map(row => row.edition_date)];
  const paused: Day[] = [];
  for (const edition_date of [...new Set(dates)].sort()) {
    const word = { state: 'paused' as const, reason, at };
    // What was cancelled stays cancelled.
    const row = await tx
      .insertInto('sending')
      .values({ edition_date, ...word })
      .onConflict(c =>
        c.column('edition_date').doUpdateSet(word).where('sending.state', 'in', ['resumed', 'paused']),
      )
      .returning('edition_date')
      .executeTakeFirst();
    if (row !== undefined) paused.push(edition_date);
  }
  return { paused, uncertain: open.length };
}
