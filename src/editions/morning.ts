// A morning: what is kept of each day on which something was done, so that its lines are found and it is told of once.
import { randomBytes } from 'node:crypto';
import { type Clock, type Day, type Db, type Instant, instantText } from '../store/schema.ts';

/**
 * The trace of a day: 16 hexadecimal digits, made when somebody first asks, the same for all processes from then on. Of
 * what a source said, what was published and what was delivered, each line in the logs has that of its day.
 */
export async function traceOf(db: Db, date: Day): Promise<string> {
  const find = () => db.selectFrom('morning').select('trace').where('date', '=', date).executeTakeFirst();
  const known = await find();
  if (known !== undefined) return known.trace;
  const row = {
    date,
    trace: randomBytes(8).toString('hex'),
    readers: null,
    pinged_at: null,
    reported_at: null,
  };
  await db
    .insertInto('morning')
    .values(row)
    .onConflict(c => c.column('date').doNothing())
    .execute();
  return (await find())?.trace ?? row.trace;
}

/** What the operator is told of a morning: that it went well (`pinged`), and how (`reported`). */
type Telling = 'pinged_at' | 'reported_at';

/** Takes it upon this process to tell; false where another has, or is about to. */
export async function takeTelling(db: Db, date: Day, telling: Telling, clock: Clock): Promise<boolean> {
  await traceOf(db, date);
  const taken = await db
    .updateTable('morning')
    .set({ [telling]: instantText(clock()) })
    .where('date', '=', date)
    .where(telling, 'is', null)
    .returning('date')
    .executeTakeFirst();
  return taken !== undefined;
}

/** It could not be told: the next run may try again. */
export async function leaveTelling(db: Db, date: Day, telling: Telling): Promise<void> {
  await db
    .updateTable('morning')
    .set({ [telling]: null })
    .where('date', '=', date)
    .execute();
}

/** How many readers an edition was sent to, by the latest day up to `through` on which one was; undefined: none was. */
export async function readersBefore(
  db: Db,
  through: Day,
): Promise<{ date: Day; readers: number } | undefined> {
  const row = await db
    .selectFrom('morning')
    .select(['date', 'readers'])
    .where('date', '<=', through)
    .where('readers', '>', 0)
    .orderBy('date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { date: row.date, readers: Number(row.readers) };
}

/** Remembers how many readers are active while an edition is sent. */
export async function noteReaders(db: Db, date: Day, readers: number): Promise<void> {
  await traceOf(db, date);
  await db
    .updateTable('morning')
    .set({ readers })
    .where('date', '=', date)
    .where(({ or, eb }) => or([eb('readers', 'is', null), eb('readers', '!=', readers)]))
    .execute();
}

/** What is kept of a day's morning; all of it null where nothing is. */
export async function readMorning(
  db: Db,
  date: Day,
): Promise<{ trace: string | null; pingedAt: Instant | null; reportedAt: Instant | null }> {
  const row = await db.selectFrom('morning').selectAll().where('date', '=', date).executeTakeFirst();
  return {
    trace: row?.trace ?? null,
    pingedAt: row?.pinged_at ?? null,
    reportedAt: row?.reported_at ?? null,
  };
}
