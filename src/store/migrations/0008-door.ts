// The readers' door: mails that ask for a confirmation, until when a reader pauses, what they were before they left, rates.
import { type Kysely, sql } from 'kysely';

/** Keeps confirmation mails as a ledger, one a day and address; and the counters of the door's limits. */
export async function door(db: Kysely<unknown>): Promise<void> {
  for (const column of ['paused_until', 'left_from', 'erased_at'])
    await db.schema.alterTable('subscriber').addColumn(column, 'text').execute();
  await sql`create index subscriber_pause on subscriber (paused_until) where paused_until is not null`.execute(
    db,
  );
  await db.schema
    .createTable('confirmation')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('address_key', 'text', c => c.notNull())
    .addColumn('slot', 'text', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('subscriber_id', 'text', c => c.notNull().references('subscriber.id'))
    .addColumn('address', 'text', c => c.notNull())
    .addColumn('preferences', 'text')
    .addColumn('requested_at', 'text', c => c.notNull())
    .addColumn('expires_at', 'text', c => c.notNull())
    .addColumn('confirmed_at', 'text')
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('message_id', 'text', c => c.unique())
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('next_attempt_at', 'text', c => c.notNull())
    .addColumn('lease_until', 'text')
    .addColumn('receipt', 'text')
    .addUniqueConstraint('confirmation_once', ['address_key', 'slot'])
    .addCheckConstraint('confirmation_kind', sql`kind in ('subscribe', 'invite', 'known', 'move', 'moved')`)
    .addCheckConstraint(
      'confirmation_state',
      sql`state in ('queued', 'sending', 'sent', 'deferred', 'refused', 'unknown', 'skipped')`,
    )
    .execute();
  await sql`
    create index confirmation_turn on confirmation (next_attempt_at)
    where state in ('queued', 'deferred', 'unknown', 'sending')`.execute(db);
  await db.schema
    .createIndex('confirmation_of')
    .on('confirmation')
    .columns(['subscriber_id', 'kind'])
    .execute();
  // The table of rate-limiter-flexible's RateLimiterPostgres; its statements take the columns in this order.
  await db.schema
    .createTable('rate')
    .addColumn('key', 'varchar(255)', c => c.primaryKey())
    .addColumn('points', 'integer', c => c.notNull().defaultTo(0))
    .addColumn('expire', 'bigint')
    .execute();
}
