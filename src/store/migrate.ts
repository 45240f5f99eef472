// Brings a database to the schema of this program, and refuses one that a newer program has changed.
import { sql } from 'kysely';
import { PaperroundError, reasonOf } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Db } from './schema.ts';

/**
 * Runs the migrations that the database lacks, in order, under Kysely's migration lock.
 * @returns the names of those that ran now (none: the schema was already right)
 * @throws PaperroundError `storage` when one fails, or the database is newer than this program
 */
export async function migrate(db: Db): Promise<string[]> {
  const known = Object.keys(MIGRATIONS).sort();
  if ((await migrationsDone(db)).join() === known.join()) return [];
  // Loaded only when there is something to do: every command opens the database, few migrate it.
  const { Migrator } = await import('kysely/migration');
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const said = reasonOf(error);
    const newer = /previously executed migration (\S+) is missing/.exec(said)?.[1];
    throw newer
      ? new PaperroundError('storage', `This database was made by a newer Paperround (it has ${newer})`, {
          hint: 'Install that version or newer; an older program must not write to it.',
        })
      : new PaperroundError('storage', `The database cannot be brought up to date: ${said}`, {
          cause: error,
        });
  }
  return (results ?? []).filter(r => r.status === 'Success').map(r => r.migrationName);
}

/** The names of all migrations that have run on this database, oldest first. */
export async function migrationsDone(db: Db): Promise<string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
    return rows.map(row => row.name);
  } catch (error) {
    // A new database has no such table yet: SQLite's words, and PostgreSQL's.
    if (/no such table|does not exist/.test(reasonOf(error))) return [];
    throw error;
  }
}
