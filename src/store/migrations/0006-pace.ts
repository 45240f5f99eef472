// What the pace of sending is kept by: whose turn is when, who is left alone for a while, and how much went out today.
import { type Kysely, sql } from 'kysely';

/** Keeps the domain of each delivery and the pace that all processes share; finds what is being sent without a search. */
export async function pace(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('delivery')
    .addColumn('domain', 'text', c => c.notNull().defaultTo(''))
    .execute();
  // What stands after the last @; only what may still be sent needs it.
  const domain = sql`lower(substr(address, length(rtrim(address, replace(address, '@', ''))) + 1))`;
  await sql`update delivery set domain = ${domain} where state in ('queued', 'deferred', 'unknown', 'sending')`.execute(
    db,
  );
  await sql`create index delivery_sending on delivery (domain) where state = 'sending'`.execute(db);
  await db.schema
    .createTable('pace')
    .addColumn('key', 'text', c => c.primaryKey())
    .addColumn('free_at', 'text', c => c.notNull())
    .addColumn('quiet_until', 'text', c => c.notNull())
    .addColumn('quiet_count', 'integer', c => c.notNull())
    .addColumn('answer', 'text')
    .addColumn('since', 'text')
    .addColumn('day', 'text')
    .addColumn('used', 'integer', c => c.notNull())
    .execute();
}
