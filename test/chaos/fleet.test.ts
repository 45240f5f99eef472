// Two daemons share the work of one edition; one is killed in the middle, and the other does the rest.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { start } from '../support/cli.ts';
import { CONNECTIONS, type House, house } from './house.ts';
import { readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(60);
const many = roundsOf(1, 0.02);

const daemon = (home: House) => start(['serve'], { env: { ...home.env, CRON: '* * * * * *' } });

it('a daemon that is killed in the middle of its work: what it held is sent by the other, and the rest', {
  timeout: many.timeout,
}, async () => {
  await rounds(
    'one of two daemons is killed',
    many.rounds,
    async ({ store, random }) => {
      const holdAfter = Math.ceil(random() * READERS * 0.7);
      const home = await house(store, READERS, { seed: 1, faults: [], holdAfter });
      const first = daemon(home);
      while (home.mail.kept() < holdAfter) await wait(5);
      const second = daemon(home);
      await second.says(/next run/);
      first.kill('SIGKILL');
      await first.ended;
      await home.mail.release();
      const sent = async () =>
        (await home.db.selectFrom('delivery').select('id').where('state', '=', 'sent').execute()).length;
      await home.clock.move({ minutes: 16 });
      while ((await sent()) < READERS) await wait(100);
      second.kill('SIGTERM');
      expect(await second.ended, second.output()).toBe(0);
      return { house: home, kills: 1, connections: CONNECTIONS };
    },
    ['PostgreSQL'],
  );
});
