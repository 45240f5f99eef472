// The queue of a fleet: pg-boss, in the installation's own PostgreSQL. It says who works on what; what is done is in the ledger.
import type { PgBoss, QueueOptions } from 'pg-boss';
import { reasonOf } from '../errors.ts';
import { withStrictTls } from '../store/postgres.ts';
import type { Queue } from './queue.ts';
import { KINDS, keyOf, Task } from './task.ts';

/** The queue's tables stand apart from ours. */
const SCHEMA = 'paperround_queue';

/** A process that says nothing for so long is dead, and its task is given to another one, or given up. */
const SILENCE = { heartbeatSeconds: 30 };
/** Nobody is called when a task that was given up is free again, so it is looked for; anything else comes at once. */
const POLLING = { notifyPollingIntervalSeconds: 5 };
const DAY = 24 * 60 * 60;

/**
 * `short`: of the same task one waits at most, while any number is being done. A day's job is done once, by one process
 * (`exclusive`), and taken over by another when that one dies; a patient one takes hours. Of the others nothing is tried
 * again: the next beat cuts what is left anew.
 */
const OPTIONS: Record<Task['kind'], QueueOptions & { policy: string }> = {
  morning: { ...SILENCE, policy: 'exclusive', retryLimit: 20, retryDelay: 1, expireInSeconds: DAY },
  plan: { ...SILENCE, policy: 'short', retryLimit: 0, deleteAfterSeconds: 3600, retentionSeconds: 600 },
  deliver: { ...SILENCE, policy: 'short', retryLimit: 0, deleteAfterSeconds: 3600, retentionSeconds: DAY },
};

/**
 * Opens the queue, and makes its tables where there are none.
 * @param onTrouble is told, in a line, of what is wrong; while the database is away nothing else happens
 */
export async function bossQueue(url: string, onTrouble: (line: string) => void): Promise<Queue> {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString: withStrictTls(url),
    application_name: 'paperround queue',
    schema: SCHEMA,
    max: 3,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: 15,
    monitorIntervalSeconds: 15,
  });
  tellOnce(boss, onTrouble);
  await boss.start();
  for (const kind of KINDS) await boss.createQueue(kind, { ...OPTIONS[kind], notify: true });
  return {
    isShared: true,
    async add(tasks) {
      let added = 0;
      for (const task of tasks)
        if ((await boss.send(task.kind, task, { singletonKey: keyOf(task) })) !== null) added++;
      return added;
    },
    async work(perform) {
      for (const kind of KINDS) {
        const id = await boss.work(kind, POLLING, async ([job]) => {
          // A task of a newer release is not ours to do.
          const { data: task } = Task.safeParse(job?.data);
          if (task !== undefined) await perform(task);
          // More may wait: looked for at once, and not at the next poll.
          boss.notifyWorker(id);
        });
      }
    },
    close: ms => boss.stop({ graceful: true, timeout: ms }),
  };
}

/** Where the database is away, every poll fails: that is said once a minute. */
function tellOnce(boss: PgBoss, onTrouble: (line: string) => void): void {
  let last = { line: '', at: -60_000 };
  boss.on('error', error => {
    const line = `queue: ${reasonOf(error)}`;
    const now = performance.now();
    if (line === last.line && now - last.at < 60_000) return;
    last = { line, at: now };
    onTrouble(line);
  });
}
