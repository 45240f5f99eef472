// When each reader is due next, as a column: the heartbeat asks for those whose time has come.
import { type Kysely, sql } from 'kysely';

interface Tables {
  subscriber: { id: string; preferences: string; status_at: string; next_digest_at: string };
  delivery: { subscriber_id: string; planned_at: string; state: string };
}

/** Readers in one statement. */
const PAGE = 1000;

/** Gives every reader the time of their next digest: their hour of the first day that they ask for after their last one. */
export async function heartbeat(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('subscriber')
    // A reader without one is due at once.
    .addColumn('next_digest_at', 'text', c => c.notNull().defaultTo('1970-01-01T00:00:00.000Z'))
    .execute();
  await fill(db as Kysely<Tables>);
  await sql`create index subscriber_due on subscriber (next_digest_at, id) where status = 'active'`.execute(
    db,
  );
}

async function fill(db: Kysely<Tables>): Promise<void> {
  for (let after = ''; ; ) {
    const readers = await db
      .selectFrom('subscriber')
      .select(['id', 'preferences', 'status_at'])
      .select(({ selectFrom }) =>
        selectFrom('delivery')
          .select(({ fn }) => fn.max('planned_at').as('at'))
          .whereRef('subscriber_id', '=', 'subscriber.id')
          .where('state', '!=', 'skipped')
          .as('last'),
      )
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    const byDue = new Map<string, string[]>();
    for (const { id, preferences, status_at, last } of readers) {
      const due = dueAfter(JSON.parse(preferences), last ?? status_at, last !== null);
      byDue.set(due, [...(byDue.get(due) ?? []), id]);
    }
    for (const [due, ids] of byDue)
      await db.updateTable('subscriber').set({ next_digest_at: due }).where('id', 'in', ids).execute();
    const end = readers.at(-1);
    if (end === undefined) return;
    after = end.id;
  }
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The reader's hour on the first day of their cadence from the day of `at` on, or after that day if they had a digest. */
function dueAfter(
  wants: { cadence?: string; weekday?: string; hour?: number; timeZone?: string },
  at: string,
  hadOne: boolean,
): string {
  const { cadence = 'daily', weekday = 'friday', hour = 7 } = wants;
  const isDay = (n: number) =>
    cadence === 'daily' || (cadence === 'weekdays' ? n <= 5 : n === DAYS.indexOf(weekday) + 1);
  const { zone, date: last } = dateIn(wants.timeZone ?? 'UTC', at);
  let date = hadOne ? last.add({ days: 1 }) : last;
  while (!isDay(date.dayOfWeek)) date = date.add({ days: 1 });
  const due = date.toZonedDateTime({ timeZone: zone, plainTime: { hour } });
  return due.toInstant().toString({ fractionalSecondDigits: 3 });
}

/** A zone that this runtime does not know any more is read as UTC. */
function dateIn(zone: string, at: string): { zone: string; date: Temporal.PlainDate } {
  try {
    return { zone, date: Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate() };
  } catch {
    return dateIn('UTC', at);
  }
}
