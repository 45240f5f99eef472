// Hosts are asked by one at a time and with a gap between requests, whoever asks and however many processes there are.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ARXIV_LANE, laneOf } from '../../../src/papers/client/lane.ts';
import { databaseLanes } from '../../../src/papers/client/lanes.ts';
import { realWait, type Wait } from '../../../src/papers/client/wait.ts';
import { memoryDatabase, quickClient, reply, serve } from '../../support/http.ts';
import { type HandClock, handClock } from '../../support/installation.ts';

const LANE = { name: 'papers.example', gapMs: 3_000 };

/** A wait that moves the clock and lasts a moment, so that others come to their end. */
function movingWait(clock: HandClock, waits: number[] = []): Wait {
  return async (ms, signal) => {
    waits.push(ms);
    await realWait(2, signal);
    clock.set(clock().add({ milliseconds: ms }).toString());
  };
}

const millisecondsOf = (times: Temporal.Instant[]) => times.map(t => t.epochMilliseconds);
const gapsOf = (times: number[]) => times.slice(1).map((t, i) => t - (times[i] as number));

describe('the lane of an address', () => {
  it.each([
    ['https://export.arxiv.org/api/query?x', 'arxiv', 3_200],
    ['https://rss.arxiv.org/rss/cs.CL', 'arxiv', 3_200],
    ['http://ARXIV.org', 'arxiv', 3_200],
    ['https://notarxiv.org/', 'notarxiv.org', 1_000],
    ['https://arxiv.org.example.com/', 'arxiv.org.example.com', 1_000],
    ['https://huggingface.co/api/daily_papers', 'huggingface.co', 1_000],
    ['http://127.0.0.1:8080/x', '127.0.0.1:8080', 1_000],
    ['no address', 'nowhere', 1_000],
  ])('%s is %s', (url, name, gapMs) => {
    expect(laneOf(url)).toEqual({ name, gapMs });
  });
});

describe('requests of one lane', () => {
  it('of several processes start at least the gap apart, and never two at once', async () => {
    const db = await memoryDatabase();
    const clock = handClock();
    const processes = [1, 2, 3].map(() => databaseLanes(db, clock, movingWait(clock)));
    const starts: Temporal.Instant[] = [];
    let open = 0;
    let most = 0;
    const work = async () => {
      starts.push(clock());
      most = Math.max(most, ++open);
      await sleep(5);
      open--;
    };
    await Promise.all(processes.flatMap(lanes => [1, 2, 3].map(() => lanes.take(LANE, work))));
    expect(starts).toHaveLength(9);
    expect(most).toBe(1);
    for (const gap of gapsOf(millisecondsOf(starts))) expect(gap).toBeGreaterThanOrEqual(LANE.gapMs);
  });

  it('over two clients of one database reach arXiv three seconds apart', async () => {
    const clock = handClock();
    const starts: Temporal.Instant[] = [];
    const { url } = await serve(r => {
      starts.push(clock());
      reply(r, 200, 'ok');
    });
    const one = await quickClient({ clock });
    const two = await quickClient({ clock, db: one.db });
    for (const client of [one, two, one, two]) await client.get(url, { lane: ARXIV_LANE });
    for (const gap of gapsOf(millisecondsOf(starts))) expect(gap).toBeGreaterThanOrEqual(3_000);
    expect(starts).toHaveLength(4);
  });

  it('keep the order in which they came', async () => {
    const clock = handClock();
    const lanes = databaseLanes(await memoryDatabase(), clock, movingWait(clock));
    const order: number[] = [];
    await Promise.all([1, 2, 3, 4].map(number => lanes.take(LANE, async () => order.push(number))));
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('wait the gap once each under a clock that stands still', async () => {
    const waits: number[] = [];
    const still: Wait = async ms => void waits.push(ms);
    const lanes = databaseLanes(await memoryDatabase(), handClock(), still);
    for (let number = 0; number < 4; number++) await lanes.take(LANE, async () => {});
    expect(waits).toEqual([3_000, 3_000, 3_000]);
  });

  it('do not wait when the gap is over, nor for another lane', async () => {
    const clock = handClock();
    const waits: number[] = [];
    const lanes = databaseLanes(await memoryDatabase(), clock, movingWait(clock, waits));
    await lanes.take(LANE, async () => {});
    await lanes.take({ ...LANE, name: 'another' }, async () => {});
    clock.set('2026-08-20T07:00:03Z');
    await lanes.take(LANE, async () => {});
    expect(waits).toEqual([]);
  });

  it('go on after one that failed', async () => {
    const clock = handClock();
    const lanes = databaseLanes(await memoryDatabase(), clock, movingWait(clock));
    await expect(lanes.take(LANE, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await lanes.take(LANE, async () => 'next')).toBe('next');
  });

  it('wait 90 seconds at most for a process that died in the middle of one', async () => {
    const db = await memoryDatabase();
    const clock = handClock();
    const dead = databaseLanes(db, clock);
    const entered = Promise.withResolvers<void>();
    void dead.take(LANE, () => {
      entered.resolve();
      return new Promise(() => {});
    });
    await entered.promise;
    const before = clock().epochMilliseconds;
    await databaseLanes(db, clock, movingWait(clock)).take(LANE, async () => {});
    const seconds = (clock().epochMilliseconds - before) / 1_000;
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThan(91);
  });

  it('that give up in the queue leave the others in order', async () => {
    const lanes = databaseLanes(await memoryDatabase(), handClock(), realWait);
    const lane = { name: 'quick', gapMs: 1 };
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const first = lanes.take(lane, async () => {
      await gate.promise;
      order.push('first');
    });
    const stop = new AbortController();
    const second = lanes.take(lane, async () => order.push('second'), { signal: stop.signal });
    const third = lanes.take(lane, async () => order.push('third'));
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    expect(order).toEqual([]);
    gate.resolve();
    await Promise.all([first, third]);
    expect(order).toEqual(['first', 'third']);
  });
});

describe('a lane that is closed', () => {
  it('is closed for every process, until its time has come', async () => {
    const db = await memoryDatabase();
    const clock = handClock();
    const lanes = databaseLanes(db, clock, movingWait(clock));
    const other = databaseLanes(db, clock, movingWait(clock));
    const until = Temporal.Instant.from('2026-08-20T09:00:00Z');
    await lanes.close(LANE, until);
    await lanes.close(LANE, Temporal.Instant.from('2026-08-20T08:00:00Z'));
    expect((await other.closedUntil(LANE))?.toString()).toBe(until.toString());
    await expect(other.take(LANE, async () => {}, { patienceMs: 60_000 })).rejects.toThrow(
      'papers.example is not asked before 2026-08-20T09:00:00.000Z, as it said earlier',
    );
    expect(clock().toString()).toBe('2026-08-20T07:00:00Z');
    await other.take(LANE, async () => {});
    expect(clock().toString()).toBe(until.toString());
    expect(await lanes.closedUntil(LANE)).toBeNull();
  });

  it('is not what the gap makes of it', async () => {
    const lanes = databaseLanes(await memoryDatabase(), handClock());
    expect(await lanes.closedUntil(LANE)).toBeNull();
    await lanes.take(LANE, async () => {});
    expect(await lanes.closedUntil(LANE)).toBeNull();
  });

  it('by a host that names the year 9999 opens after a week', async () => {
    const lanes = databaseLanes(await memoryDatabase(), handClock());
    await lanes.close(LANE, Temporal.Instant.from('9999-01-01T00:00:00Z'));
    expect((await lanes.closedUntil(LANE))?.toString()).toBe('2026-08-27T07:00:00Z');
  });

  it('by a clock that was years ahead is open', async () => {
    const db = await memoryDatabase();
    await databaseLanes(db, handClock('2040-01-01T00:00:00Z')).take(LANE, async () => {});
    const clock = handClock();
    const waits: number[] = [];
    await databaseLanes(db, clock, movingWait(clock, waits)).take(LANE, async () => {});
    expect(waits).toEqual([]);
  });
});
