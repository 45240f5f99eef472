// What the operator needs to steer sending: every attempt, until when one is worth making, and who stopped an edition.
import { type Kysely, sql } from 'kysely';

/** Keeps all attempts of a delivery, its deadline, whether it may have arrived, and the word of who stopped an edition. */
export async function sending(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('delivery').addColumn('deliver_by', 'text').execute();
  await db.schema
    .alterTable('delivery')
    .addColumn('in_doubt', 'integer', c => c.notNull().defaultTo(0))
    .execute();
  await sql`update delivery set in_doubt = 1 where state = 'unknown'`.execute(db);
  // What is open, in the order in which it is claimed: without it every claim sorts all that is open.
  await sql`
    create index delivery_turn on delivery (edition_date, next_attempt_at, id)
    where state in ('queued', 'deferred', 'unknown')`.execute(db);
  await db.schema
    .createTable('attempt')
    .addColumn('delivery_id', 'text', c => c.notNull().references('delivery.id'))
    .addColumn('number', 'integer', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('outcome', 'text', c => c.notNull())
    .addColumn('answer', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('attempt_key', ['delivery_id', 'number'])
    .execute();
  await db.schema
    .createTable('sending')
    .addColumn('edition_date', 'text', c => c.primaryKey().references('edition.date'))
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('reason', 'text', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addCheckConstraint('sending_state', sql`state in ('paused', 'resumed', 'cancelled', 'dropped')`)
    .execute();
}
