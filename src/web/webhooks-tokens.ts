// Tokens that may be used once, shared by all processes: each is a row of the table `lane`, a turn that comes only once.
import { type Clock, type Db, instantText } from '../store/schema.ts';

const PREFIX = 'webhook ';
/** How long a process may be at it; after that it has died, and the provider's next try may have the token. */
const LEASE_SECONDS = 60;

/** A token that is ours to use: `spend` it when the work is done, or `release` it when it failed. */
interface TakenToken {
  spend(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes a token that was not spent yet.
 * @param hours how long it is remembered: as long as a call with it would be taken for fresh
 * @returns undefined when it was spent, or somebody is at it now
 */
export async function takeToken(
  db: Db,
  token: string,
  hours: number,
  clock: Clock,
): Promise<TakenToken | undefined> {
  const now = instantText(clock());
  const name = `${PREFIX}${token}`;
  await db.deleteFrom('lane').where('name', 'like', `${PREFIX}%`).where('free_at', '<', now).execute();
  const free_at = instantText(clock().add({ hours }));
  const held_until = instantText(clock().add({ seconds: LEASE_SECONDS }));
  const taken = await db
    .insertInto('lane')
    .values({ name, free_at, held_until })
    // One that is held no more and was not spent is left over from a process that died.
    .onConflict(on => on.column('name').doUpdateSet({ held_until }).where('lane.held_until', '<=', now))
    .returning('name')
    .executeTakeFirst();
  if (taken === undefined) return undefined;
  return {
    async spend() {
      await db.updateTable('lane').set({ held_until: null }).where('name', '=', name).execute();
    },
    async release() {
      await db.deleteFrom('lane').where('name', '=', name).execute();
    },
  };
}
