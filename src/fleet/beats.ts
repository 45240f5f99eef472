// The beats of a scheduler, by node-cron. Of several schedulers one is elected for each beat, by a row in the database.
import { createTask, type Logger, type RunCoordinator, schedule } from 'node-cron';
import type { App } from '../app.ts';
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
  /** When the beat of the minute was to come next, as it stood after the last one. */
  pulse(): Date | null;
  stop(): Promise<void>;
}

/**
 * Starts the beats: the day's job by CRON; every minute, and now, what is due is planned.
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
  const morning = schedule(cron, () => queue.add([{ kind: 'morning', day: today() }]), {
    ...how,
    name: 'beat of the day',
  });
  const minute = schedule('* * * * *', () => queue.add([{ kind: 'plan', day: today() }]), {
    ...how,
    name: 'beat of the minute',
  });
  due = minute.getNextRun();
  await queue.add([{ kind: 'plan', day: today() }]);
  return {
    pulse: () => due,
    next: () => morning.getNextRun(),
    async stop() {
      await morning.destroy();
      await minute.destroy();
    },
  };
}

/** When CRON comes next, for processes that have no beats of their own. */
export function nextByCron({ cron, timeZone }: App['settings']): () => Temporal.Instant | undefined {
  const task = createTask(cron, () => {}, { timezone: timeZone });
  return () => task.getNextRuns(1)[0]?.toTemporalInstant();
}

function loggerOf(onTrouble: (line: string) => void): Logger {
  const tell = (message: string | Error) =>
    onTrouble(`beat: ${message instanceof Error ? message.message : message}`);
  return { info() {}, debug() {}, warn: tell, error: tell };
}
