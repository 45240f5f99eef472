// Transactions that read and then write, as if no other writer were there: on SQLite by its lock, on PostgreSQL by trying again.
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type Kysely, PostgresAdapter, type Transaction } from 'kysely';
import { PaperroundError } from '../errors.ts';
import { troubleOf } from './postgres-trouble.ts';

/** How a transaction is to be kept apart from others on PostgreSQL. SQLite has one writer at a time, whatever is said. */
export interface Apart {
  /**
   * `serializable` (default): what was read still holds when the transaction ends, or it is tried again. `read committed`:
   * for work that decides and writes in one statement and locks its rows itself; it hardly ever has to be tried again.
   */
  isolation?: 'serializable' | 'read committed';
  /** Doing it twice is the same as doing it once: it is done again even where the connection broke in its commit. */
  repeatable?: boolean;
}

const MOST_TRIES = 40;
const LONGEST_WAIT_MS = 500;
/** So often SQLite's own ten seconds: a lock is waited for as long as on PostgreSQL. */
const LOCKED_TRIES = 6;

/** Whether the database is PostgreSQL; for the few statements that cannot be the same on both. */
export function isPostgres(db: Pick<Kysely<unknown>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * Runs `work` in a transaction, or in the one that `db` is. On PostgreSQL it is run again, from its beginning, where it
 * and another transaction were in each other's way, or the connection broke before the commit. So `work` must change
 * nothing but the database, and take what it returns from this run alone.
 * @throws what `work` throws; PaperroundError `storage` where others were in the way each time, or where the connection
 *   broke while it was committed, so that nobody knows what became of it
 */
export async function transact<S, T>(
  db: Kysely<S>,
  work: (tx: Transaction<S>) => Promise<T>,
  apart: Apart = {},
): Promise<T> {
  if (db.isTransaction) return work(db as Transaction<S>);
  if (!isPostgres(db)) return untilUnlocked(() => db.transaction().execute(work));
  const transaction = db.transaction().setIsolationLevel(apart.isolation ?? 'serializable');
  for (let tries = 1; ; tries++) {
    let isCommitting = false;
    try {
      return await transaction.execute(async tx => {
        const result = await work(tx);
        isCommitting = true;
        return result;
      });
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'lost' && isCommitting && !apart.repeatable) throw nobodyKnows(error);
      if (trouble === null || trouble === 'unreachable') throw error;
      if (tries >= MOST_TRIES) throw tooBusy(error);
      // By chance, so that two which met once do not meet again.
      await wait(randomInt(1, Math.min(2 ** (tries + 2), LONGEST_WAIT_MS)));
    }
  }
}

/** A mail whose receipt cannot be written goes out twice, so a file that another process holds is not given up at once. */
async function untilUnlocked<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isLocked(error) || tries >= LOCKED_TRIES) throw error;
      // Sockets and signals have their turn: nothing was heard while SQLite waited.
      await wait(1);
    }
  }
}

/** SQLITE_BUSY (https://sqlite.org/rescode.html), as it comes from SQLite or in words. */
export function isLocked(error: unknown): boolean {
  const { errcode, cause } = error as { errcode?: number; cause?: { errcode?: number } };
  return ((errcode ?? cause?.errcode ?? 0) & 0xff) === 5;
}

function tooBusy(cause: unknown): PaperroundError {
  return new PaperroundError(
    'storage',
    `The database was in other hands ${MOST_TRIES} times, and this was not done`,
    {
      hint: 'Try again when the other processes of this installation have less to do.',
      cause,
    },
  );
}

function nobodyKnows(cause: unknown): PaperroundError {
  return new PaperroundError(
    'storage',
    'The connection to the database broke while something was written; nobody knows whether it was',
    { hint: 'Run the command again: what was written is not written twice.', cause },
  );
}
