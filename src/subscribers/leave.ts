// Leaving, many at once: what is asked for while one commit is under way is in the next, so that a disk's syncs do not add up.
import type { Clock, Db } from '../store/schema.ts';
import { setStatusOf } from './subscriber.ts';

/** A statement has some thousand parameters at most. */
const MOST_AT_ONCE = 500;

interface Waiting {
  id: string;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * A function that lets a reader leave, and resolves when that is on disk; again is no harm.
 * @throws what the database throws, to each whose commit it was
 */
export function leaver(db: Db, clock: Clock): (id: string) => Promise<void> {
  const waiting: Waiting[] = [];
  let isBusy = false;
  const work = async () => {
    isBusy = true;
    while (waiting.length > 0) {
      const some = waiting.splice(0, MOST_AT_ONCE);
      try {
        await setStatusOf(
          db,
          some.map(({ id }) => id),
          'unsubscribed',
          clock,
        );
        for (const { done } of some) done();
      } catch (error) {
        for (const { failed } of some) failed(error);
      }
    }
    isBusy = false;
  };
  return id =>
    new Promise((done, failed) => {
      waiting.push({ id, done, failed });
      if (!isBusy) void work();
    });
}
