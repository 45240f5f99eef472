// Two senders at once, begun in the same instant or one in the middle of the other's work: each reader belongs to one of them.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CONNECTIONS, house } from './house.ts';
import { readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(60);
const many = roundsOf(2, 0.02);
const few = roundsOf(1, 0.02);

it('two senders at once send each message once', { timeout: many.timeout }, async () => {
  const lines = await rounds('two senders at once', many.rounds, async ({ store, random }) => {
    const home = await house(store, READERS, { seed: 1, faults: [], thinkMs: 2 });
    const first = home.startSend();
    if (random() < 0.5) await wait(random() * 1500);
    const second = home.startSend();
    expect([await first.ended, await second.ended], first.output() + second.output()).toEqual([0, 0]);
    return { house: home, connections: 2 * CONNECTIONS };
  });
  expect(lines.map(({ times, doubled }) => times + doubled)).toEqual(lines.map(() => 0));
});

it(
  'one of two senders is killed: the other goes on, and what was in flight is sent again',
  {
    timeout: few.timeout,
  },
  () =>
    rounds('one of two senders is killed', few.rounds, async ({ store, random }) => {
      const home = await house(store, READERS, { seed: 1, faults: [], thinkMs: 5 });
      const [first, second] = [home.startSend(), home.startSend()];
      const mark = Math.floor(random() * READERS * 0.7) + 1;
      while (home.mail.kept() < mark) await wait(2);
      first.kill('SIGKILL');
      await first.ended;
      expect(await second.ended, second.output()).toBe(0);
      await home.clock.move({ minutes: 16 });
      await home.untilSettled();
      return { house: home, kills: 1, connections: CONNECTIONS };
    }).then(() => {}),
);
