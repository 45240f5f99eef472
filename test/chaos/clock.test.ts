// The clock of the machine jumps by a day while mail is sent: the run goes on, nobody is forgotten, nobody has it twice.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CONNECTIONS, house, STORES } from './house.ts';
import { readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(60);
const many = roundsOf(1, 0.02);

it.for([
  ['forward', 24 * 60],
  ['back', -24 * 60],
] as const)('a clock that jumps a day %s', { timeout: many.timeout }, async ([way, minutes]) => {
  const stores = way === 'back' ? STORES : STORES.toReversed();
  const lines = await rounds(
    `the clock jumps a day ${way}`,
    many.rounds,
    async ({ store, random }) => {
      const home = await house(store, READERS, { seed: 1, faults: [], thinkMs: 2 });
      const sender = home.startSend();
      const mark = Math.floor(random() * READERS * 0.7) + 1;
      while (home.mail.kept() < mark) await wait(2);
      await home.clock.move({ minutes });
      expect(await sender.ended, sender.output()).toBe(0);
      expect(sender.output()).toContain(`${READERS} sent`);
      return { house: home, connections: CONNECTIONS };
    },
    stores,
  );
  expect(lines.map(({ times, doubled }) => times + doubled)).toEqual(lines.map(() => 0));
});

it(
  'a sender that is killed while the clock is a day ahead: what it held is not held until that day',
  {
    timeout: many.timeout,
  },
  () =>
    rounds('killed while the clock is a day ahead', many.rounds, async ({ store, random }) => {
      const home = await house(store, READERS, { seed: 1, faults: [], thinkMs: 5 });
      await home.clock.move({ minutes: 24 * 60 });
      const sender = home.startSend();
      const mark = Math.floor(random() * READERS * 0.7) + 1;
      while (home.mail.kept() < mark) await wait(2);
      sender.kill('SIGKILL');
      await sender.ended;
      await home.clock.move({ minutes: -24 * 60 });
      const next = await home.send();
      expect(next.status, next.stdout + next.stderr).toBe(0);
      return { house: home, kills: 1, connections: CONNECTIONS };
    }).then(() => {}),
);
