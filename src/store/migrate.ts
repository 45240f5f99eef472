// Brings a database to the schema of this program, and refuses one that a newer program has changed.
import { type Kysely, sql } from 'kysely';
import { PaperroundError, reasonOf } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { codeOf } from './postgres-trouble.ts';
import { type Clock, type Db, instantText, isPostgres, type Tx, transact } from './schema.ts';

/** The lock under which PostgreSQL lets one process after the other migrate: "paper" in letters of a telephone. */
const LOCK = 72_737;

/**
 * Runs the migrations that the database lacks, in order: all of them or none, in one transaction that other processes
 * wait for.
 * @returns the names of those that ran now (none: the schema was already right)
 * @throws PaperroundError `storage` when one fails, or the database is newer than this program
 */
export async function migrate(db: Db, clock: Clock): Promise<string[]> {
  const known = Object.keys(MIGRATIONS).sort();
  if ((await migrationsDone(db)).join() === known.join()) return [];
  // On PostgreSQL each statement must see what others did before the lock was ours.
  return transact(db, tx => migrateIn(tx, known, clock), { isolation: 'read committed', repeatable: true });
}

async function migrateIn(tx: Tx, known: readonly string[], clock: Clock): Promise<string[]> {
  if (isPostgres(tx)) await waitForTurn(tx);
  const text = isPostgres(tx) ? sql`text collate "C"` : sql`text`;
  await sql`create table if not exists migration (name ${text} primary key, applied_at ${text} not null)`.execute(
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

/** Whoever waits here waits for as long as another process migrates; `create table if not exists` alone would race. */
async function waitForTurn(tx: Tx): Promise<void> {
  await sql`set local lock_timeout = 0`.execute(tx);
  await sql`set local statement_timeout = 0`.execute(tx);
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
}

/** The names of all migrations that have run on this database, oldest first. */
export async function migrationsDone(db: Db): Promise<string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(db);
    return rows.map(row => row.name);
  } catch (error) {
    // A new database has no such table yet: SQLite's words, and PostgreSQL's code (undefined_table).
    if (/no such table/.test(reasonOf(error)) || codeOf(error) === '42P01') return [];
    throw new PaperroundError('storage', `The database cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** The names of the migrations that this program has and the database lacks. */
export async function migrationsPending(db: Db): Promise<string[]> {
  const done = await migrationsDone(db);
  return Object.keys(MIGRATIONS).filter(name => !done.includes(name));
}
