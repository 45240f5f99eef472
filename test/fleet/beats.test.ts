// Several schedulers, one beat: who runs it is written down once.

import { createTask } from 'node-cron';
import { describe, expect, it, onTestFinished } from 'vitest';
import { electedBy, latestBeat, startBeats } from '../../src/fleet/beats.ts';
import { ownQueue } from '../../src/fleet/queue.ts';
import type { Task } from '../../src/fleet/task.ts';
import { handClock, installation } from '../support/installation.ts';

const beat = (name: string, at: string) => `${name}:2026-08-20T${at}.000Z`;

describe('a beat that several schedulers have at once', () => {
  it('is run by one of them', async () => {
    const { db } = await installation();
    for (const at of ['07:00:00', '07:01:00', '07:02:00']) {
      const asked = Array.from({ length: 8 }, () =>
        electedBy(db).shouldRun(beat('beat of the minute', at), 0),
      );
      expect((await Promise.all(asked)).filter(Boolean)).toEqual([true]);
    }
  });

  it('is not run again by one that is late, and another beat has its own runner', async () => {
    const { db } = await installation();
    const { shouldRun } = electedBy(db);
    expect(await shouldRun(beat('beat of the minute', '07:01:00'), 0)).toBe(true);
    expect(await shouldRun(beat('beat of the minute', '07:00:00'), 0)).toBe(false);
    expect(await shouldRun(beat('beat of the day', '07:00:00'), 0)).toBe(true);
    expect(await shouldRun(beat('beat of the minute', '07:02:00'), 0)).toBe(true);
  });
});

describe('a day’s beat that nobody ran', () => {
  /** What a scheduler that starts at an instant asks for, with the job at seven. */
  async function asked(at: string, before?: string): Promise<string[]> {
    const app = await installation({ cron: '0 7 * * 1-5', timeZone: 'Europe/Paris' }, handClock(at));
    const row = { name: 'beat of the day', held_until: null };
    if (before)
      await app.db
        .insertInto('lane')
        .values({ ...row, free_at: before })
        .execute();
    const tasks: Task[] = [];
    const queue = ownQueue();
    await queue.work(async task => void tasks.push(task));
    for (const _ of ['once', 'and again']) {
      const beats = await startBeats(
        app,
        queue,
        () => {},
        () => {},
      );
      onTestFinished(beats.stop);
    }
    await queue.close(1000);
    return tasks.filter(({ kind }) => kind === 'morning').map(task => JSON.stringify(task));
  }
  const morning = '{"kind":"morning","day":"2026-08-20"}';

  it.each([
    [
      'is made up for when a scheduler is back on the same day, once',
      '2026-08-20T10:00:00Z',
      '2026-08-18T05:00:00.000Z',
      [morning],
    ],
    ['is not, where it was run', '2026-08-20T10:00:00Z', '2026-08-20T05:00:00.000Z', []],
    [
      'is not, before its hour in the operator’s zone',
      '2026-08-20T04:59:59Z',
      '2026-08-19T05:00:00.000Z',
      [],
    ],
    ['is not, on a day that has none', '2026-08-22T10:00:00Z', '2026-08-20T05:00:00.000Z', []],
    ['is not what an installation begins with', '2026-08-20T10:00:00Z', undefined, []],
  ])('%s', async (_, at, before, tasks) => {
    expect(await asked(at, before)).toEqual(tasks);
  });

  it.each([
    ['0 7 * * *', '2026-08-20T12:00', '2026-08-20T07:00:00.000Z'],
    ['30 0 7 * * *', '2026-08-20T07:00:29', null],
    ['30 0 7 * * *', '2026-08-20T07:00:30', '2026-08-20T07:00:30.000Z'],
    ['*/10 * * * *', '2026-08-20T12:34:56', '2026-08-20T12:30:00.000Z'],
  ])('by CRON "%s" at %s was due at %s', (cron, at, due) => {
    const task = createTask(cron, () => {}, { timezone: 'UTC' });
    expect(latestBeat(task, cron, Temporal.ZonedDateTime.from(`${at}[UTC]`))).toBe(due);
  });
});
