// Bounces and complaints: what was reported of a delivery after it was sent, or answered while it was.
import { type Kysely, sql } from 'kysely';

/** Keeps what reports said of readers, each report once. */
export async function bounces(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('bounce')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('report_key', 'text', c => c.notNull().unique())
    .addColumn('subscriber_id', 'text', c => c.notNull().references('subscriber.id'))
    .addColumn('delivery_id', 'text', c => c.references('delivery.id'))
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('status', 'text')
    .addColumn('diagnostic', 'text', c => c.notNull())
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('proof', 'text', c => c.notNull())
    .addColumn('suppressed', 'integer', c => c.notNull())
    .addColumn('reported_at', 'text', c => c.notNull())
    .addColumn('stored_at', 'text', c => c.notNull())
    .addCheckConstraint('bounce_kind', sql`kind in ('hard', 'soft', 'block', 'complaint')`)
    .execute();
  await db.schema
    .createIndex('bounce_reader')
    .on('bounce')
    .columns(['subscriber_id', 'reported_at'])
    .execute();
  await db.schema.createIndex('bounce_delivery').on('bounce').column('delivery_id').execute();
}
