// What is stored of bounces: all of them or one reader's, and why a reader is suppressed.
import type { BounceTable, Day, Db, Instant } from '../../store/schema.ts';
import { FLAG } from './brake.ts';

/** A stored bounce with the reader's address and the edition whose digest it is about. */
export interface StoredBounce {
  email: string;
  edition: Day | null;
  kind: BounceTable['kind'];
  status: string | null;
  diagnostic: string;
  source: string;
  proof: BounceTable['proof'];
  suppressed: boolean;
  /** Whether the brake holds it: the operator decides. */
  held: boolean;
  reportedAt: Instant;
}

/** Bounces, newest first: of one reader, or of all. */
export async function listBounces(db: Db, subscriberId?: string): Promise<StoredBounce[]> {
  let query = db
    .selectFrom('bounce')
    .innerJoin('subscriber', 'subscriber.id', 'bounce.subscriber_id')
    .leftJoin('delivery', 'delivery.id', 'bounce.delivery_id')
    .select([
      'subscriber.address as email',
      'delivery.edition_date as edition',
      'bounce.kind',
      'bounce.status',
      'bounce.diagnostic',
      'bounce.source',
      'bounce.proof',
      'bounce.suppressed',
      'bounce.reported_at as reportedAt',
    ])
    .orderBy('bounce.reported_at', 'desc')
    .orderBy('bounce.id');
  if (subscriberId !== undefined) query = query.where('bounce.subscriber_id', '=', subscriberId);
  const rows = await query.execute();
  return rows.map(row => ({
    ...row,
    suppressed: row.suppressed === FLAG.suppressed,
    held: row.suppressed === FLAG.held,
  }));
}

/** How the opt-out of a feedback loop begins (and of a provider's own link): the reader left, and did not call it spam. */
export const OPT_OUT = 'Feedback-Type: opt-out';

/** In words, why the newest of a reader's bounces that did so made us stop mailing them; null where none did. */
export function whySuppressed(bounces: readonly StoredBounce[]): string | null {
  const last = bounces.find(({ suppressed }) => suppressed);
  if (last === undefined) return null;
  const digest = last.edition === null ? 'a digest' : `the digest of ${last.edition}`;
  const said = [last.status, last.diagnostic].filter(text => text !== null && text !== '').join(': ');
  if (last.kind === 'complaint' && last.diagnostic.startsWith(OPT_OUT))
    return `they asked for no more, by ${digest}`;
  if (last.kind === 'complaint') return `they reported ${digest} as spam`;
  if (last.kind === 'hard') return `the address is dead, by ${digest}: ${said}`;
  return `mail did not arrive for days, last ${digest}: ${said}`;
}

/** How many bounces of each kind were stored since an instant. */
export async function countBounces(db: Db, since: Instant): Promise<Record<BounceTable['kind'], number>> {
  const counts = { hard: 0, soft: 0, block: 0, complaint: 0 };
  const rows = await db
    .selectFrom('bounce')
    .select(({ fn }) => ['kind', fn.countAll().as('n')])
    .where('stored_at', '>=', since)
    .groupBy('kind')
    .execute();
  for (const { kind, n } of rows) counts[kind] = Number(n);
  return counts;
}
