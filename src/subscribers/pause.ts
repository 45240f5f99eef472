// A pause that ends by itself: from the start of a day where the reader is, mail comes again.
import { type Clock, type Day, type Db, instantText } from '../store/schema.ts';
import { setStatus } from './subscriber.ts';

/**
 * Pauses a reader who is active or paused already; until a day, or until they say so.
 * @param until the first day on which mail comes again, as it is in `zone`
 * @returns whether they are paused now
 */
export async function pause(
  db: Db,
  id: string,
  { until, zone, clock }: { until: Day | null; zone: string; clock: Clock },
): Promise<boolean> {
  await setStatus(db, id, 'paused', clock, ['active']);
  const end = until === null ? null : Temporal.PlainDate.from(until).toZonedDateTime(zone).toInstant();
  const paused = await db
    .updateTable('subscriber')
    .set({ paused_until: end === null ? null : instantText(end) })
    .where('id', '=', id)
    .where('status', '=', 'paused')
    .returning('id')
    .executeTakeFirst();
  return paused !== undefined;
}

/**
 * Makes those readers active whose pause is over. Before each planning, and every minute while pages are served; again is
 * no harm.
 * @returns how many
 */
export async function resumePaused(db: Db, clock: Clock): Promise<number> {
  const over = await db
    .selectFrom('subscriber')
    .select('id')
    .where('status', '=', 'paused')
    .where('paused_until', 'is not', null)
    .where('paused_until', '<=', instantText(clock()))
    .execute();
  let resumed = 0;
  for (const { id } of over) if (await setStatus(db, id, 'active', clock, ['paused'])) resumed++;
  return resumed;
}
