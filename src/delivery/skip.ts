// What is not worth sending any more: its reader left, it is too late, or the operator cancelled its edition.
import { sql } from 'kysely';
import { type Clock, type Db, instantText } from '../store/schema.ts';
import { CANCELLED, LATE, type Span } from './ledger.ts';
import { dueSoon } from './reader-pages.ts';

/**
 * Skips, with the reason, what is owed of a span and must not be sent any more; returns how many deliveries that were.
 * The next digest covers what was late or cancelled. One that may have arrived is skipped only when its reader left.
 */
export async function skipDead(db: Db, span: Span, clock: Clock): Promise<number> {
  const withdrawn = await skipWithdrawn(db, span, clock);
  const stopped = await skipCancelled(db, span, clock);
  return withdrawn + stopped + (await skipLate(db, span, clock));
}

async function skipWithdrawn(db: Db, span: Span, clock: Clock): Promise<number> {
  const rows = await db
    .updateTable('delivery')
    .set(({ selectFrom }) => ({
      state: 'skipped' as const,
      reason: selectFrom('subscriber')
        .select('status')
        .whereRef('subscriber.id', '=', 'delivery.subscriber_id'),
      settled_at: instantText(clock()),
    }))
    .where('edition_date', '>=', span.from)
    .where('edition_date', '<=', span.through)
    .where('state', 'in', ['queued', 'deferred', 'unknown'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('subscriber')
          .select('id')
          .whereRef('subscriber.id', '=', 'delivery.subscriber_id')
          .where('status', '!=', 'active'),
      ),
    )
    .returning('id')
    .execute();
  return rows.length;
}

/** What is owed and can be skipped without losing or doubling a paper. */
const owed = (db: Db, { from, through }: Span) =>
  db
    .updateTable('delivery')
    .where('edition_date', '>=', from)
    .where('edition_date', '<=', through)
    .where('delivery.state', 'in', ['queued', 'deferred'])
    .where('in_doubt', '=', 0);

async function skipLate(db: Db, span: Span, clock: Clock): Promise<number> {
  const now = instantText(clock());
  const reason = sql<string>`${LATE} || 'not handed over by ' || deliver_by || coalesce('; the last answer was: ' || receipt, '; it was never tried')`;
  const rows = await owed(db, span)
    .set({ state: 'skipped', reason, settled_at: now })
    .where('deliver_by', '<=', now)
    .returning('subscriber_id')
    .execute();
  await dueSoon(
    db,
    rows.map(({ subscriber_id }) => subscriber_id),
    clock(),
  );
  return rows.length;
}

/** Skips what is owed of editions that were cancelled. */
export async function skipCancelled(db: Db, span: Span, clock: Clock): Promise<number> {
  const rows = await owed(db, span)
    .set(({ selectFrom }) => ({
      state: 'skipped' as const,
      reason: sql<string>`${CANCELLED} || ${selectFrom('sending').select('sending.reason').whereRef('sending.edition_date', '=', 'delivery.edition_date')}`,
      settled_at: instantText(clock()),
    }))
    .where('edition_date', 'in', eb =>
      eb
        .selectFrom('sending')
        .select('sending.edition_date')
        .where('sending.state', 'in', ['cancelled', 'dropped']),
    )
    .returning('subscriber_id')
    .execute();
  await dueSoon(
    db,
    rows.map(({ subscriber_id }) => subscriber_id),
    clock(),
  );
  return rows.length;
}
