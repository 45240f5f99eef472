// The beats of a scheduler, by node-cron. Of several schedulers one is elected for each beat, by a row in the database.
import { type Logger, type RunCoordinator, schedule, type TaskContext } from 'node-cron';
import type { App } from '../app.ts';
import { reasonOf } from '../errors.ts';
import type { Db } from '../store/schema.ts';
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
  /** When the next beat of the minute was to come, as was known after the last one. */
  due(): Date | null;
  stop(): Promise<void>;
}

interface Ears {
  /** Is told of beats that were missed, or that nobody could be elected for. */
  onTrouble: (line: string) => void;
  /** Is told how many seconds late a beat of this process was. */
  onBeat: (lagSeconds: number) => void;
}

/** Starts the beats: the day's job by CRON; every minute, and now, what is due is planned. */
export async function startBeats(
  { db, settings: { cron, timeZone }, clock, today }: App,
  queue: Queue,
  { onTrouble, onBeat }: Ears,
): Promise<Beats> {
  const how = {
    timezone: timeZone,
    distributed: true,
    runCoordinator: electedBy(db),
    logger: loggerOf(onTrouble),
  };
  const beat = (kind: 'morning' | 'plan') => {
    return async ({ date }: TaskContext) => {
      onBeat(Math.max(0, (clock().epochMilliseconds - date.getTime()) / 1000));
      await queue.add([{ kind, day: today() }]);
    };
  };
  const morning = schedule(cron, beat('morning'), { ...how, name: 'beat of the day' });
  const minute = schedule('* * * * *', beat('plan'), { ...how, name: 'beat of the minute' });
  let due = minute.getNextRun();
  // Also where another scheduler runs it: this one is alive.
  for (const event of ['execution:started', 'execution:skipped'] as const)
    minute.on(event, () => {
      due = minute.getNextRun();
    });
  await queue.add([{ kind: 'plan', day: today() }]);
  return {
    next: () => morning.getNextRun(),
    due: () => due,
    async stop() {
      await morning.destroy();
      await minute.destroy();
    },
  };
}

function loggerOf(onTrouble: (line: string) => void): Logger {
  const tell = (message: string | Error) => onTrouble(`beat: ${reasonOf(message)}`);
  return { info() {}, debug() {}, warn: tell, error: tell };
}
