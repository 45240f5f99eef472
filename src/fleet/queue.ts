// Who works on what: the queue of tasks. Here the one of a process that does everything itself; boss.ts has that of a fleet.
import { keyOf, type Task } from './task.ts';

export interface Queue {
  /** Whether other processes take tasks from it too. */
  isShared: boolean;
  /** Adds tasks; one that waits already is not added again. @returns how many were added */
  add(tasks: readonly Task[]): Promise<number>;
  /** From now on tasks are done here as they come, one of a kind at a time. */
  work(perform: (task: Task) => Promise<void>): Promise<void>;
  /** Begins no more tasks. Resolves when those at hand are done, or after `ms`. */
  close(ms: number): Promise<void>;
}

/** A queue in the memory of one process. What waits is lost with the process: the next beat finds what is due again. */
export function ownQueue(): Queue {
  const lines = new Map<Task['kind'], Task[]>();
  let perform: ((task: Task) => Promise<void>) | undefined;
  const running = new Map<Task['kind'], Promise<void>>();
  let isClosed = false;

  async function work(kind: Task['kind']): Promise<void> {
    const line = lines.get(kind) ?? [];
    for (let task = line.shift(); task !== undefined && !isClosed; task = line.shift()) await perform?.(task);
  }

  function start(kind: Task['kind']): void {
    if (perform === undefined || isClosed || running.has(kind)) return;
    running.set(
      kind,
      work(kind).finally(() => running.delete(kind)),
    );
  }

  return {
    isShared: false,
    async add(tasks) {
      let added = 0;
      for (const task of tasks) {
        const line = lines.get(task.kind) ?? [];
        lines.set(task.kind, line);
        if (line.some(other => keyOf(other) === keyOf(task))) continue;
        line.push(task);
        added++;
        start(task.kind);
      }
      return added;
    },
    async work(how) {
      perform = how;
      for (const kind of lines.keys()) start(kind);
    },
    async close(ms) {
      isClosed = true;
      await within(ms, Promise.all(running.values()));
    },
  };
}

/** Waits for `work`, no longer than `ms`. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
