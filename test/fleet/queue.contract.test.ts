// What every queue promises: each task is done, one of a kind at a time here, and none is begun after the end.
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bossQueue } from '../../src/fleet/boss.ts';
import { ownQueue, type Queue } from '../../src/fleet/queue.ts';
import type { Task } from '../../src/fleet/task.ts';
import { postgres } from '../support/postgres.ts';

const share = (n: number): Task => ({ kind: 'deliver', edition: '2026-08-20', share: n });
const plan: Task = { kind: 'plan', day: '2026-08-20' };

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(10);
}

/** Queues of one installation, as several processes have them. */
type Opener = () => Promise<() => Promise<Queue>>;

const QUEUES: Record<string, Opener> = {
  'of one process': async () => async () => closed(ownQueue()),
  'of a fleet': async () => {
    const url = await (await postgres()).database();
    return async () =>
      closed(
        await bossQueue(url, line => {
          throw new Error(line);
        }),
      );
  },
};

function closed(queue: Queue): Queue {
  onTestFinished(() => queue.close(5_000));
  return queue;
}

describe.each(Object.entries(QUEUES))('a queue %s', (_, open) => {
  it('hands over all tasks, each once, one of a kind at a time', async () => {
    const queue = await (await open())();
    const done: string[] = [];
    let atOnce = 0;
    let most = 0;
    await queue.work(async task => {
      most = Math.max(most, ++atOnce);
      await wait(5);
      atOnce--;
      done.push(JSON.stringify(task));
    });
    const tasks = [0, 1, 2, 3].map(share);
    expect(await queue.add(tasks)).toBe(4);
    await until(() => done.length === 4);
    expect(done.toSorted()).toEqual(tasks.map(task => JSON.stringify(task)));
    expect(most).toBe(1);
  });

  it('keeps one of a task that waits, and takes it again once it is being done', async () => {
    const queue = await (await open())();
    expect(await queue.add([plan, plan])).toBe(1);
    expect(await queue.add([plan])).toBe(0);
    const begun: Task[] = [];
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    await queue.work(async task => {
      begun.push(task);
      await held;
    });
    await until(() => begun.length === 1);
    expect(await queue.add([plan])).toBe(1);
    letGo();
    await until(() => begun.length === 2);
  });

  it('does shares while a day’s job is being done, which may take hours', async () => {
    const queue = await (await open())();
    const done: string[] = [];
    const { promise: late, resolve: letGo } = Promise.withResolvers<void>();
    await queue.work(async task => {
      if (task.kind === 'morning') await late;
      done.push(task.kind);
    });
    await queue.add([{ kind: 'morning', day: '2026-08-20' }, share(0)]);
    await until(() => done.length === 1);
    expect(done).toEqual(['deliver']);
    letGo();
    await until(() => done.length === 2);
  });

  it('begins nothing when it is closed, waits for what is at hand, and no longer than it is told', async () => {
    const queue = await (await open())();
    const begun: Task[] = [];
    const ended: Task[] = [];
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    await queue.work(async task => {
      begun.push(task);
      await held;
      ended.push(task);
    });
    await queue.add([share(0), share(1)]);
    await until(() => begun.length === 1);
    await queue.close(300);
    expect(ended).toEqual([]);
    letGo();
    await until(() => ended.length === 1);
    expect(begun).toHaveLength(1);
  });
});

describe('a queue of a fleet', () => {
  it('hands each task to one of all processes', async () => {
    const open = await (QUEUES['of a fleet'] as Opener)();
    const queues = await Promise.all([open(), open(), open()]);
    const done: number[] = [];
    for (const queue of queues)
      await queue.work(async task => {
        await wait(5);
        if (task.kind === 'deliver') done.push(task.share);
      });
    const shares = Array.from({ length: 20 }, (_, n) => n);
    await queues[0]?.add(shares.map(share));
    await until(() => done.length >= 20);
    expect(done.toSorted((a, b) => a - b)).toEqual(shares);
  });
});
