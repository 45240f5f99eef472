// kill -9 at any instant: every reader has the message exactly once, but for what was in flight, which is listed and has one Message-ID.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { documentOf } from '../support/cli.ts';
import { CONNECTIONS, DAY, type House, house } from './house.ts';
import { type Round, readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(60);

/** Kills a sender: now and then at any instant of its life, mostly after some of the mails and at any point of the next. */
async function kill(home: House, random: () => number): Promise<void> {
  const sender = home.startSend();
  if (random() < 0.25) await wait(random() * 1500);
  else {
    const mark = home.mail.kept() + Math.floor(random() * (READERS / 3));
    while (home.mail.kept() < mark && !sender.isOver()) await wait(2);
    await wait(random() * 60);
  }
  sender.kill('SIGKILL');
  await sender.ended;
  await home.clock.move({ minutes: 16 });
}

async function life({ store, random }: Round, policy: Record<string, string> = {}) {
  const thinkMs = [0, 1, 5][Math.floor(random() * 3)] as number;
  const home = await house(store, READERS, { seed: random() * 2 ** 31, faults: [], thinkMs }, policy);
  const kills = 1 + Math.floor(random() * 3);
  for (let n = 0; n < kills; n++) await kill(home, random);
  const last = await home.untilSettled();
  expect(last.status, last.stderr).toBe(0);
  return { house: home, kills, connections: CONNECTIONS };
}

const many = roundsOf(3);
it(
  'a sender that is killed at any instant reaches every reader exactly once, but for what was in flight',
  async () => {
    await rounds('kill -9', many.rounds, round => life(round));
  },
  many.timeout,
);

const held = roundsOf(1, 0.05);
it(
  'where unknown deliveries are held, nobody has it twice, each is listed, and the operator settles them',
  async () => {
    const lines = await rounds('kill -9, ON_UNKNOWN=hold', held.rounds, async round => {
      const told = await life(round, { ON_UNKNOWN: 'hold' });
      const home = told.house;
      const listed = documentOf<{ deliveries: { email: string }[] }>(
        await home.run('deliveries', 'list', '--state', 'unknown', '--json'),
      ).deliveries;
      const { kept } = await home.mail.seen();
      const have = new Set(kept.map(({ to }) => to));
      const sent = await home.db.selectFrom('delivery').select('id').where('state', '=', 'sent').execute();
      expect(sent.length + listed.length).toBe(READERS);
      for (const { email } of listed) {
        const word = have.has(email) ? '--sent' : '--not-sent';
        const { status, stderr } = await home.run('deliveries', 'resolve', email, '--date', DAY, word);
        expect(status, stderr).toBe(0);
      }
      await home.untilSettled();
      return told;
    });
    expect(lines.map(({ doubled }) => doubled)).toEqual(lines.map(() => 0));
  },
  held.timeout,
);
