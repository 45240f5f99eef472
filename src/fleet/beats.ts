// The beats of a scheduler, by node-cron. Of several schedulers one is elected for each beat, by a row in the database.
import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, parse, type RunCoordinator, type ScheduledTask, schedule } from 'node-cron';
import type { App } from '../app.ts';
import { type Clock, type Db, type Instant, instantText } from '../store/schema.ts';
import type { Queue } from './queue.ts';

/**
 * Elects who runs a beat: the first to write its instant down. Whoever is late, or was away, finds that it has been; so
 * does a process whose clock is behind.
 */
export function electedBy(db: Db): RunCoordinator {
  return {
    async shouldRun(key) {
      // node-cron's key is the beat's name, and its instant in the form of our tables.
      const [name, at] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
      const row = await db
        .insertInto('lane')
        .values({ name, free_at: at, held_until: null })
        .onConflict(c => c.column('name').doUpdateSet({ free_at: at }).where('lane.free_at', '<', at))
        .returning('name')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** The beats under way. */
export interface Beats {
  /** When the day's job is next, by CRON. */
  next(): Date | null;
  /** When the beat of the minute was to come next, as it stood after the last one. */
  pulse(): Date | null;
  stop(): Promise<void>;
}

/** The name of the day's beat, and of the row in which its last instant stands. */
const OF_THE_DAY = 'beat of the day';

/**
 * Starts the beats: the day's job by CRON; every minute, and now, what is due is planned. A day's beat that nobody ran,
 * because all schedulers or the database were away, is made up for on the same day.
 * @param onTrouble is told of beats that were missed, or that nobody could be elected for
 * @param onBeat is told of each beat, whoever runs it, and how many seconds late it was
 */
export async function startBeats(
  { db, clock, settings: { cron, timeZone }, today }: App,
  queue: Queue,
  onTrouble: (line: string) => void,
  onBeat: (lagSeconds: number) => void,
): Promise<Beats> {
  const elected = electedBy(db);
  let due: Date | null = null;
  const how = {
    timezone: timeZone,
    distributed: true,
    runCoordinator: {
      shouldRun(key: string, ms: number) {
        due = minute.getNextRun();
        onBeat(Math.max(0, (clock().epochMilliseconds - Date.parse(key.slice(key.indexOf(':') + 1))) / 1000));
        return elected.shouldRun(key, ms);
      },
    },
    logger: loggerOf(onTrouble),
  };
  const add = (kind: 'morning' | 'plan') => patiently(() => queue.add([{ kind, day: today() }]));
  const morning = schedule(cron, () => add('morning'), { ...how, name: OF_THE_DAY });
  const makeUp = async () => {
    const at = latestBeat(morning, cron, clock().toZonedDateTimeISO(timeZone));
    if (at !== null && (await elected.shouldRun(`${OF_THE_DAY}:${at}`, 0))) await add('morning');
  };
  const minute = schedule(
    '* * * * *',
    async () => {
      await makeUp();
      await add('plan');
    },
    { ...how, name: 'beat of the minute' },
  );
  due = minute.getNextRun();
  await beginNow(db, clock);
  await makeUp();
  await add('plan');
  return {
    pulse: () => due,
    next: () => morning.getNextRun(),
    async stop() {
      await morning.destroy();
      await minute.destroy();
    },
  };
}

/** An installation's first scheduler has missed nothing. */
async function beginNow(db: Db, clock: Clock): Promise<void> {
  const row = { name: OF_THE_DAY, free_at: instantText(clock()), held_until: null };
  await db
    .insertInto('lane')
    .values(row)
    .onConflict(c => c.column('name').doNothing())
    .execute();
}

/** The latest instant of the day at which its job was to run, up to `now`; null: there was none yet. */
export function latestBeat(
  task: Pick<ScheduledTask, 'match'>,
  cron: string,
  now: Temporal.ZonedDateTime,
): Instant | null {
  const [second = 0] = parse(cron).second;
  const start = now.startOfDay();
  let at = now.with({ second, millisecond: 0, microsecond: 0, nanosecond: 0 });
  if (Temporal.ZonedDateTime.compare(at, now) > 0) at = at.subtract({ minutes: 1 });
  for (; Temporal.ZonedDateTime.compare(at, start) >= 0; at = at.subtract({ minutes: 1 }))
    if (task.match(new Date(at.epochMilliseconds))) return instantText(at.toInstant());
  return null;
}

const PATIENCE = { tries: 60, ms: 1000 };

/** A beat that has its runner is not lost because the database is away for a moment. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries >= PATIENCE.tries) throw error;
      await wait(PATIENCE.ms);
    }
  }
}

function loggerOf(onTrouble: (line: string) => void): Logger {
  const tell = (message: string | Error) =>
    onTrouble(`beat: ${message instanceof Error ? message.message : message}`);
  return { info() {}, debug() {}, warn: tell, error: tell };
}
