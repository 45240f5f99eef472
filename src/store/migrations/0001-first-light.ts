// The first release's tables: papers, votes, collections, editions, subscribers, deliveries.
import { type Kysely, sql } from 'kysely';

/** The tables of the first release. */
export async function firstLight(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('paper')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('title', 'text', c => c.notNull())
    .addColumn('abstract', 'text', c => c.notNull())
    .addColumn('authors', 'text', c => c.notNull())
    .addColumn('url', 'text')
    .addColumn('links', 'text', c => c.notNull())
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('announced_on', 'text')
    .addColumn('collected_at', 'text', c => c.notNull())
    .addColumn('collected_on', 'text', c => c.notNull())
    .addColumn('position', 'integer', c => c.notNull())
    .addColumn('updated_at', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('vote')
    .addColumn('paper_id', 'text', c => c.notNull().references('paper.id'))
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('upvotes', 'integer', c => c.notNull())
    .addColumn('comments', 'integer', c => c.notNull())
    .addColumn('stars', 'integer')
    .addPrimaryKeyConstraint('vote_key', ['paper_id', 'source', 'at'])
    .execute();
  await db.schema
    .createTable('collection')
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('at', 'text', c => c.notNull())
    .addColumn('outcome', 'text', c => c.notNull())
    .addColumn('content', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('collection_key', ['source', 'at'])
    .execute();
  await db.schema
    .createTable('edition')
    .addColumn('date', 'text', c => c.primaryKey())
    .addColumn('through', 'text')
    .addColumn('published_at', 'text', c => c.notNull())
    .addColumn('content', 'text', c => c.notNull())
    .execute();
  // paper_id alone is the key: no paper stands in two editions.
  await db.schema
    .createTable('edition_paper')
    .addColumn('paper_id', 'text', c => c.primaryKey().references('paper.id'))
    .addColumn('edition_date', 'text', c => c.notNull().references('edition.date'))
    .execute();
  await createReaderTables(db);
}

async function createReaderTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('subscriber')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('address', 'text', c => c.notNull())
    .addColumn('address_key', 'text', c => c.notNull().unique())
    .addColumn('name', 'text')
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('preferences', 'text', c => c.notNull())
    .addColumn('created_at', 'text', c => c.notNull())
    .addColumn('status_at', 'text', c => c.notNull())
    .addCheckConstraint(
      'subscriber_status',
      oneOf('status', ['pending', 'active', 'paused', 'unsubscribed', 'suppressed']),
    )
    .execute();
  await db.schema
    .createTable('delivery')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('subscriber_id', 'text', c => c.notNull().references('subscriber.id'))
    .addColumn('edition_date', 'text', c => c.notNull().references('edition.date'))
    .addColumn('editions', 'text', c => c.notNull())
    .addColumn('address', 'text', c => c.notNull())
    .addColumn('preferences', 'text', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('message_id', 'text', c => c.notNull().unique())
    .addColumn('planned_at', 'text', c => c.notNull())
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('next_attempt_at', 'text', c => c.notNull())
    .addColumn('lease_until', 'text')
    .addColumn('receipt', 'text')
    .addColumn('settled_at', 'text')
    .addUniqueConstraint('delivery_once', ['subscriber_id', 'edition_date'])
    .addCheckConstraint(
      'delivery_state',
      oneOf('state', ['queued', 'sending', 'sent', 'deferred', 'refused', 'unknown', 'skipped']),
    )
    .execute();
  await db.schema
    .createIndex('delivery_due')
    .on('delivery')
    .columns(['edition_date', 'state', 'next_attempt_at'])
    .execute();
}

function oneOf(column: string, values: readonly string[]) {
  return sql<boolean>`${sql.ref(column)} in (${sql.join(values.map(v => sql.lit(v)))})`;
}
