// What curators say of papers' themes, and the theme models that this installation has learnt.
import { type Kysely, sql } from 'kysely';

/** Keeps corrections of themes, and every model that was fitted to the store's own papers. */
export async function themes(db: Kysely<unknown>): Promise<void> {
  // As with picks, the paper may be one that no source knows yet.
  await db.schema
    .createTable('theme_correction')
    .addColumn('paper_id', 'text', c => c.primaryKey())
    .addColumn('theme', 'text')
    .addColumn('curator', 'text')
    .addColumn('at', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('theme_model')
    .addColumn('version', 'integer', c => c.primaryKey())
    .addColumn('made_at', 'text', c => c.notNull())
    .addColumn('taxonomy', 'text', c => c.notNull())
    .addColumn('papers', 'integer', c => c.notNull())
    .addColumn('figures', 'text')
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('bytes', 'blob')
    .addCheckConstraint('theme_model_state', sql`state in ('in-use', 'kept', 'refused')`)
    .execute();
  await sql`create unique index theme_model_in_use on theme_model (state) where state = 'in-use'`.execute(db);
}
