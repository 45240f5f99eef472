// SIGTERM: nothing new is begun, what is open is finished, and the process leaves although the mail server never answers.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { start } from '../support/cli.ts';
import type { Point } from '../support/faulty-mail-server.ts';
import { CONNECTIONS, type House, house, STORES, type Store } from './house.ts';
import { readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(60);
const many = roundsOf(2, 0.02);
const few = roundsOf(1, 0.01);
const DRAIN = { DRAIN_SECONDS: '1' };

async function silent(home: House, connections: number): Promise<void> {
  const hung = async () => Object.values((await home.mail.seen()).struck).reduce((all, n) => all + n, 0);
  while ((await hung()) < connections) await wait(5);
}

it('a sender that is asked to stop finishes what is open, and leaves the rest to the next', {
  timeout: many.timeout,
}, async () => {
  const lines = await rounds('SIGTERM', many.rounds, async ({ store, random }) => {
    const holdAfter = Math.ceil(random() * READERS * 0.7);
    const home = await house(store, READERS, { seed: 1, faults: [], holdAfter });
    const sender = home.startSend();
    while (home.mail.kept() < holdAfter) await wait(2);
    sender.kill('SIGTERM');
    await home.mail.release();
    expect(await sender.ended, sender.output()).toBe(1);
    expect(sender.output()).toMatch(/stopped after \d+ of \d+: asked to stop; \d+ waiting/);
    const left = await home.db.selectFrom('delivery').select('id').where('state', '=', 'sending').execute();
    expect(left).toEqual([]);
    await home.untilSettled();
    return { house: home, connections: CONNECTIONS };
  });
  expect(lines.map(({ times, doubled }) => times + doubled)).toEqual(lines.map(() => 0));
});

// The first is heard by the check before anything is handed over, by one connection.
it.for<[string, Point, { open: number; unknown: number; first: Store }]>([
  ['greets', 'connect', { open: 1, unknown: 0, first: 'SQLite' }],
  ['answers to MAIL', 'mail', { open: CONNECTIONS, unknown: 0, first: 'SQLite' }],
  ['answers to the final dot', 'dot', { open: CONNECTIONS, unknown: CONNECTIONS, first: 'PostgreSQL' }],
])(
  'a sender that is asked to stop leaves although the mail server never %s',
  { timeout: few.timeout },
  async ([what, at, { open, unknown, first }]) => {
    const lines = await rounds(
      `SIGTERM where the mail server never ${what}`,
      few.rounds,
      async ({ store }) => {
        const home = await house(store, READERS, { seed: 1, faults: [{ at, odds: 1, act: 'hang' }] }, DRAIN);
        const sender = home.startSend();
        await silent(home, open);
        sender.kill('SIGTERM');
        expect(await sender.ended, sender.output()).toBe(1);
        // Asked to stop while the mail server does not even greet, nobody is planned for.
        expect(sender.output()).toMatch(/stopped after 0 of \d+: asked to stop; \d+ waiting/);
        const listed = await home.run('deliveries', 'list', '--state', 'unknown');
        expect(listed.stdout.match(/reader\d+@/g) ?? []).toHaveLength(unknown);
        await home.mail.behave({ seed: 1, faults: [] });
        await home.clock.move({ minutes: 16 });
        await home.untilSettled();
        return { house: home, connections: CONNECTIONS, more: unknown };
      },
      first === 'SQLite' ? STORES : STORES.toReversed(),
    );
    expect(lines.map(({ doubled }) => doubled)).toEqual(lines.map(() => 0));
  },
);

it('the daemon leaves too, in the middle of its job', { timeout: many.timeout }, async () => {
  await rounds('SIGTERM of serve where the mail server never answers', 1, async ({ store }) => {
    const home = await house(
      store,
      READERS,
      { seed: 1, faults: [{ at: 'dot', odds: 1, act: 'hang' }] },
      DRAIN,
    );
    const daemon = start(['serve'], { env: { ...home.env, CRON: '* * * * * *' } });
    await silent(home, CONNECTIONS);
    daemon.kill('SIGTERM');
    expect(await daemon.ended, daemon.output()).toBe(0);
    expect(daemon.output()).toMatch(/serve: stopping[\s\S]*asked to stop[\s\S]*serve: stopped/);
    await home.mail.behave({ seed: 1, faults: [] });
    await home.clock.move({ minutes: 16 });
    await home.untilSettled();
    return { house: home, connections: CONNECTIONS, more: CONNECTIONS };
  });
});
