// The brake: one server that refuses everybody, by mistake, must not empty a domain's part of the list.
import { type Clock, type Db, instantText, type Tx } from '../../store/schema.ts';

/** What the column `bounce.suppressed` says: 1 the reader is suppressed by it, 2 would be, but for the brake. */
export const FLAG = { stored: 0, suppressed: 1, held: 2 } as const;

/** So many readers of a domain may be suppressed in an hour whatever their share is: small domains do close. */
const AT_LEAST = 20;

/** Whose mail can be ended: those who have left, or are suppressed, stay as they are. */
export const LISTED = ['pending', 'active', 'paused'] as const;

/**
 * Whether a hard bounce is one too many of its domain: more than 20 readers, and more than `percent` of those who were
 * active an hour ago, would be suppressed within an hour. Once one is held, all further ones of the domain are, until the
 * operator has decided (held.ts): else the list would be emptied by twenty an hour.
 * @param percent 100: there is no brake
 */
export async function emptiesDomain(
  tx: Tx,
  { subscriberId, plannedAt }: { subscriberId: string; plannedAt: string },
  percent: number,
  clock: Clock,
): Promise<boolean> {
  if (percent >= 100) return false;
  const reader = await tx
    .selectFrom('subscriber')
    .select('address_key')
    .where('id', '=', subscriberId)
    .where('status', 'in', LISTED)
    .where('status_at', '<=', plannedAt)
    .executeTakeFirst();
  if (reader === undefined) return false;
  const domain = domainOf(reader.address_key);
  const { gone, held } = await lately(tx, domain, clock);
  if (held > 0) return true;
  if (gone < AT_LEAST) return false;
  const { n } = await tx
    .selectFrom('subscriber')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('status', '=', 'active')
    .where('address_key', 'like', `%@${domain}`)
    .executeTakeFirstOrThrow();
  return gone + 1 > ((Number(n) + gone) * percent) / 100;
}

/** How many readers of a domain hard bounces have suppressed within the last hour, and of how many they are held. */
async function lately(tx: Tx, domain: string, clock: Clock): Promise<{ gone: number; held: number }> {
  const anHourAgo = instantText(clock().subtract({ hours: 1 }));
  const rows = await tx
    .selectFrom('bounce')
    .innerJoin('subscriber', 'subscriber.id', 'bounce.subscriber_id')
    .select(({ fn }) => ['bounce.suppressed', fn.count('bounce.subscriber_id').distinct().as('n')])
    // One look at the table for both: it has no index for this, and needs none before it has some hundred thousand rows.
    .where(row =>
      row.or([
        row('bounce.suppressed', '=', FLAG.held),
        row.and([
          row('bounce.suppressed', '=', FLAG.suppressed),
          row('bounce.kind', '=', 'hard'),
          row('bounce.stored_at', '>', anHourAgo),
        ]),
      ]),
    )
    .where('subscriber.address_key', 'like', `%@${domain}`)
    .groupBy('bounce.suppressed')
    .execute();
  const of = (flag: number) => Number(rows.find(row => row.suppressed === flag)?.n ?? 0);
  return { gone: of(FLAG.suppressed), held: of(FLAG.held) };
}

/** The bounces that are held, of one domain or of all. */
export async function heldOf(db: Db | Tx, domain?: string) {
  const rows = await db
    .selectFrom('bounce')
    .innerJoin('subscriber', 'subscriber.id', 'bounce.subscriber_id')
    .leftJoin('delivery', 'delivery.id', 'bounce.delivery_id')
    .select([
      'bounce.id',
      'bounce.subscriber_id',
      'bounce.diagnostic',
      'bounce.stored_at',
      'subscriber.address_key',
      'delivery.planned_at',
    ])
    .where('bounce.suppressed', '=', FLAG.held)
    .orderBy('bounce.stored_at')
    .execute();
  return rows
    .map(row => ({ ...row, domain: domainOf(row.address_key) }))
    .filter(row => domain === undefined || row.domain === domain);
}

const domainOf = (key: string) => key.slice(key.lastIndexOf('@') + 1);
