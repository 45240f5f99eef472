// What is kept of each day's morning: its trace, how many readers there were, and whether the operator was told; bounces by age.
import type { Kysely } from 'kysely';

/** Keeps one row for each day on which something was done, and finds the bounces of a time. */
export async function desk(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('morning')
    .addColumn('date', 'text', c => c.primaryKey())
    .addColumn('trace', 'text', c => c.notNull())
    .addColumn('readers', 'integer')
    .addColumn('pinged_at', 'text')
    .addColumn('reported_at', 'text')
    .execute();
  // Those of the last day are counted, and old ones are forgotten.
  await db.schema.createIndex('bounce_stored').on('bounce').column('stored_at').execute();
}
