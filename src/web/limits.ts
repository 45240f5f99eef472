// How often the door may be knocked at: by one network, by one reader, by everybody together.
import { CompiledQuery } from 'kysely';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { type Db, isPostgres } from '../store/schema.ts';

/** Counts, and says whether it is too much. Undefined: go on; else in how many seconds to come again. */
export interface Limits {
  signUp(client: string | null): Promise<number | undefined>;
  move(subscriberId: string): Promise<number | undefined>;
}

const HOUR = 60 * 60;
/** A lecture hall behind one address gets through; a bot does not get far. */
const SIGN_UPS_OF_ONE = 30;
const MOVES_A_DAY = 5;

/**
 * Opens the limits of an installation. On PostgreSQL all web processes count in its table `rate`; on SQLite there is one
 * web process, and it counts for itself (decision 0034).
 * @param signUpsPerHour how many sign-ups an hour are taken from everybody together
 */
export function openLimits(db: Db, signUpsPerHour: number): Limits {
  const limiter = (keyPrefix: string, points: number, duration: number) => {
    const limit = { keyPrefix, points, duration };
    return isPostgres(db)
      ? new RateLimiterPostgres({
          ...limit,
          storeClient: queryable(db),
          storeType: 'client',
          tableName: 'rate',
          tableCreated: true,
        })
      : new RateLimiterMemory(limit);
  };
  const ofOne = limiter('sign-up', SIGN_UPS_OF_ONE, HOUR);
  const ofAll = limiter('sign-ups', signUpsPerHour, HOUR);
  const moves = limiter('move', MOVES_A_DAY, 24 * HOUR);
  return {
    // One's own limit first: who is over it takes nothing from the others.
    signUp: async client =>
      (client === null ? undefined : await consume(ofOne, client)) ?? (await consume(ofAll, 'all')),
    move: id => consume(moves, id),
  };
}

/** What the limiter asks of a client of `pg`, by the pool that we have. */
const queryable = (db: Db) => ({
  query: ({ text, values }: { text: string; values: readonly unknown[] }) =>
    db.executeQuery(CompiledQuery.raw(text, [...values])),
});

async function consume(
  limiter: RateLimiterMemory | RateLimiterPostgres,
  key: string,
): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
  }
}
