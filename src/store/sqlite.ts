// SQLite through Node's own node:sqlite, as a Kysely dialect. One connection a process, write-ahead log, fsync on commit.
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import {
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely';
import { PaperroundError, reasonOf } from '../errors.ts';
import { makePrivateFolder } from '../folder.ts';
import { recent } from '../recent.ts';
import type { Db, Schema } from './schema.ts';
import { isLocked } from './transact.ts';

/**
 * Opens (and makes, with its folder) the database file at `path`; `:memory:` for one that lives in this process only.
 * @param waitMs how long another process that writes is waited for, each time
 * @throws PaperroundError `storage` when the folder or the file cannot be written
 */
export function openSqlite(path: string, waitMs = WAIT_MS): Db {
  try {
    if (path !== ':memory:') makePrivateFolder(dirname(path));
    const database = new DatabaseSync(path, { timeout: waitMs });
    writeAhead(database);
    database.exec('pragma synchronous = full; pragma foreign_keys = on');
    return new Kysely<Schema>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new PatientDriver(database, path, waitMs),
        createIntrospector: on => new SqliteIntrospector(on),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    });
  } catch (error) {
    if (isDamaged(error)) throw inWords(error, path);
    throw new PaperroundError('storage', `The database ${path} cannot be opened: ${reasonOf(error)}`, {
      hint: 'Give a folder that this user may write to, by DATA_DIR or DATABASE_URL=sqlite:PATH.',
      cause: error,
    });
  }
}

/**
 * Preparing a statement takes longer than running a small one: so many are kept. They are few, but for lists of values,
 * which are as many as there are lengths; none with more characters is kept.
 */
const [MOST_KEPT, LONGEST_KEPT] = [200, 20_000];

const WAIT_MS = 10_000;
const RETRY_MS = 20;
const SOON_TRIES = 20;

// SQLite calls no busy handler when two processes switch a new file to the log at once, so `timeout` does not help.
function writeAhead(database: DatabaseSync): void {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      database.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (!isLocked(error) || waited >= WAIT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/**
 * While another process writes, SQLite would put this one to sleep. So a transaction asks for its turn again and again, and
 * sockets and signals are heard meanwhile.
 */
class PatientDriver extends SqliteDriver {
  readonly #database: DatabaseSync;
  readonly #waitMs: number;
  constructor(database: DatabaseSync, path: string, waitMs: number) {
    super({ database: forKysely(database, path) });
    [this.#database, this.#waitMs] = [database, waitMs];
  }
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const until = performance.now() + this.#waitMs;
    for (let tries = 1; ; tries++) {
      try {
        // Not prepared once: SQLite obeys this pragma when it is prepared, not when it is run.
        this.#database.exec('pragma busy_timeout = 0');
        return await super.beginTransaction(connection);
      } catch (error) {
        if (!isLocked(error) || performance.now() >= until) throw error;
      } finally {
        this.#database.exec(`pragma busy_timeout = ${this.#waitMs}`);
      }
      // Most transactions take less than a millisecond.
      await (tries < SOON_TRIES ? turn() : wait(1));
    }
  }
}

const DAMAGED = {
  what: 'is damaged',
  hint: 'Put back a copy of it (see Backup in docs/operating.md), or move it away to begin anew.',
};

const resultCode = (error: unknown) => ((error as { errcode?: number }).errcode ?? 0) & 0xff;

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const isDamaged = (error: unknown) => BY_CODE[resultCode(error)] === DAMAGED;

/** What goes wrong with a database file, in words, by SQLite's result code (https://sqlite.org/rescode.html). */
const BY_CODE: Record<number, { what: string; hint: string }> = {
  5: {
    what: 'is locked by another process',
    hint: 'Nothing that was stored is lost. Close what has it open for so long (a copy, a database browser), and run the command again.',
  },
  8: { what: 'is read-only', hint: 'Let this user write to the file and to its folder.' },
  10: {
    what: 'cannot be read or written',
    hint: 'Nothing that was stored is lost. Is the disk full, or failing? Mend that, and run the command again.',
  },
  11: DAMAGED,
  13: {
    what: 'has no room left on its disk',
    hint: 'Nothing that was stored is lost. Make room, and run the command again.',
  },
  26: DAMAGED,
};

/** An error of SQLite in words for people, or the error itself where it speaks of a statement. */
function inWords(error: unknown, path: string): unknown {
  const known = BY_CODE[resultCode(error)];
  if (known === undefined) return error;
  return new PaperroundError('storage', `The database ${path} ${known.what}: ${reasonOf(error)}`, {
    hint: known.hint,
    cause: error,
  });
}

function forKysely(database: DatabaseSync, path: string): SqliteDatabase {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw inWords(error, path);
    }
  };
  const kept = recent<SqliteStatement>(MOST_KEPT);
  const prepare = (text: string): SqliteStatement => {
    // A transaction that reads first and writes later would fail when another process wrote in between.
    const statement = guarded(() => database.prepare(text === 'begin' ? 'begin immediate' : text));
    const reader = statement.columns().length > 0;
    // The search index has rows of its own, whose numbers are larger than a number holds; the last one is always told.
    if (!reader) statement.setReadBigInts(true);
    return {
      reader,
      all: values => guarded(() => statement.all(...(values as SQLInputValue[]))),
      run(values) {
        // A full disk has undone the transaction already; to say so again would hide why.
        if (text === 'rollback' && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 };
        return guarded(() => statement.run(...(values as SQLInputValue[])));
      },
      // Rows that are read one by one have a statement to themselves: the next to use it would begin it anew.
      iterate: values =>
        database.prepare(text).iterate(...(values as SQLInputValue[])) as IterableIterator<unknown>,
    };
  };
  return {
    close: () => database.close(),
    prepare: text => (text.length > LONGEST_KEPT ? prepare(text) : kept(text, () => prepare(text))),
  };
}
