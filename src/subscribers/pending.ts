// Readers who were asked to confirm and never did: after a time they are forgotten.
import type { Db, Instant } from '../store/schema.ts';

/** Where a reader may be named; a mail that asks them to confirm has a time of its own. */
const BOOKS = ['delivery', 'bounce', 'confirmation'] as const;

/** Pending since before an instant, with nothing in the books that names them. */
const waiting = (db: Db, before: Instant) =>
  db
    .selectFrom('subscriber')
    .where('status', '=', 'pending')
    .where('status_at', '<', before)
    .where(({ not, or, exists, selectFrom }) =>
      not(
        or(
          BOOKS.map(book =>
            exists(selectFrom(book).select(`${book}.id`).whereRef('subscriber_id', '=', 'subscriber.id')),
          ),
        ),
      ),
    );

/** How many could be forgotten. */
export async function countOldPending(db: Db, before: Instant): Promise<number> {
  const row = await waiting(db, before)
    .select(({ fn }) => fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Forgets those who have been pending since before an instant. @returns how many */
export async function forgetPending(db: Db, before: Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('subscriber')
    .where('id', 'in', () => waiting(db, before).select('subscriber.id'))
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
