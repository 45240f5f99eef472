// Brings a database to the schema of this program, and refuses one that a newer program has changed.
import { Migrator } from 'kysely/migration';
import { PaperroundError, reasonOf } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Db } from './schema.ts';

/**
 * Runs the migrations that the database lacks, in order, under Kysely's migration lock.
 * @returns the names of those that ran now (none: the schema was already right)
 * @throws PaperroundError `storage` when one fails, or the database is newer than this program
 */
export async function migrate(db: Db): Promise<string[]> {
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
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  return (await migrator.getMigrations()).filter(m => m.executedAt !== undefined).map(m => m.name);
}
