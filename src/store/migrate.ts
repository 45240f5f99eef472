// Brings a database to the schema of this program, and refuses one that a newer program has changed.
import { type Kysely, sql } from 'kysely';
import { PaperroundError, reasonOf } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { type Clock, type Db, instantText, type Tx } from './schema.ts';

/**
 * Runs the migrations that the database lacks, in order: all of them or none, in one transaction that other processes
 * wait for.
 * @returns the names of those that ran now (none: the schema was already right)
 * @throws PaperroundError `storage` when one fails, or the database is newer than this program
 */
export async function migrate(db: Db, clock: Clock): Promise<string[]> {
  const known = Object.keys(MIGRATIONS).sort();
  if ((await migrationsDone(db)).join() === known.join()) return [];
  return db.transaction().execute(tx => migrateIn(tx, known, clock));
}

async function migrateIn(tx: Tx, known: readonly string[], clock: Clock): Promise<string[]> {
  await sql`create table if not exists migration (name text primary key, applied_at text not null)`.execute(
    tx,
  );
  const done = await migrationsDone(tx);
  const newer = done.find(name => !known.includes(name));
  if (newer !== undefined) {
    throw new PaperroundError('storage', `This database was made by a newer Paperround (it has ${newer})`, {
      hint: 'Install that version or newer; an older program must not write to it.',
    });
  }
  const pending = known.filter(name => !done.includes(name));
  for (const name of pending) {
    try {
      await MIGRATIONS[name]?.(tx as unknown as Kysely<unknown>);
    } catch (error) {
      throw new PaperroundError('storage', `The migration ${name} failed: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    await sql`insert into migration (name, applied_at) values (${name}, ${instantText(clock())})`.execute(tx);
  }
  return pending;
}

/** The names of all migrations that have run on this database, oldest first. */
export async function migrationsDone(db: Db): Promise<string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(db);
    return rows.map(row => row.name);
  } catch (error) {
    // A new database has no such table yet: SQLite's words, and PostgreSQL's.
    if (/no such table|does not exist/.test(reasonOf(error))) return [];
    throw new PaperroundError('storage', `The database cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
