// A fleet on PostgreSQL of which a process is killed every second, while the database and the mail server go away and come back.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { planEdition } from '../../src/delivery/planning.ts';
import { bossQueue } from '../../src/fleet/boss.ts';
import { start } from '../support/cli.ts';
import { postgres } from '../support/postgres.ts';
import { type Wire, wireTo } from '../support/wire.ts';
import { CONNECTIONS, DAY, type House, house } from './house.ts';
import { type Round, readersOf, rounds, roundsOf } from './rounds.ts';

/** In the long form 20 seeds, each with 20,000 readers and four workers. */
const { rounds: many, timeout } = roundsOf(1, 0.1);
const READERS = readersOf(400, 10);
const WORKERS = READERS > 1000 ? 4 : 2;
/** How long the mail server thinks, twice a message: so that the short form lasts some kills, too. */
const THINK_MS = READERS > 1000 ? 5 : 50;
const AWAY_MS = 1500;
/** However fast the machine is: the mail server keeps the last mails waiting until everything has been away once. */
const HOLD_AFTER = Math.floor(READERS * 0.8);

/** One process of the fleet; whoever is killed is started again. */
function member(home: House, env: Record<string, string>, role: 'worker' | 'scheduler') {
  const begin = () => start(['serve', '--role', role], { env: { ...home.env, ...env } });
  let process_ = begin();
  return {
    role,
    async kill() {
      process_.kill('SIGKILL');
      await process_.ended;
      process_ = begin();
    },
    async stop() {
      process_.kill('SIGTERM');
      expect(await process_.ended, process_.output()).toBe(0);
    },
  };
}

/** Plans the edition for everybody, and hands nothing over: that is for the fleet. */
async function plan(home: House): Promise<void> {
  const { settings } = await loadConfig(undefined, home.env);
  const app = await openApp(settings);
  const { db, clock } = app;
  const { secret, sender } = await app.desk();
  await planEdition({ db, clock, edition: DAY, dueOnly: false, secret, sender, deliverHours: 336 });
  await app.close();
}

/** How many deliveries are in each state. */
async function states({ db }: House): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('delivery')
    .select(({ fn }) => ['state', fn.countAll<number>().as('n')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

/** Switches something off. @returns what switches it on again */
type Off = () => void | Promise<void>;

async function databaseOff(): Promise<Off> {
  const server = await postgres();
  await server.stop();
  return server.start;
}

function mailOff(wire: Wire): Off {
  wire.cut();
  return wire.mend;
}

async function goesAway(on: Off): Promise<void> {
  await wait(AWAY_MS);
  await on();
}

async function life({ random }: Round) {
  const home = await house('PostgreSQL', READERS, {
    seed: random() * 2 ** 31,
    faults: [],
    thinkMs: THINK_MS,
    holdAfter: HOLD_AFTER,
  });
  const mailPort = Number(new URL(home.mail.url).port);
  const wire = await wireTo(mailPort);
  const env = { SMTP_URL: (home.env.SMTP_URL as string).replace(`:${mailPort}`, `:${wire.port}`) };
  await plan(home);
  // Beats as a scheduler has them every minute, and nobody here waits for.
  const beats = await bossQueue(home.env.DATABASE_URL as string, () => {});
  const beat = () => beats.add([{ kind: 'plan', day: DAY }]).catch(() => 0);
  const fleet = [
    ...Array.from({ length: WORKERS }, () => member(home, env, 'worker')),
    member(home, env, 'scheduler'),
  ];
  const away = random() < 0.5 ? ['database', 'mail server'] : ['mail server', 'database'];
  let kills = 0;
  let before = 0;
  for (;;) {
    await beat();
    await wait(1000);
    const { sent = 0, queued = 0 } = await states(home);
    if (queued === 0) break;
    // A slow machine comes to an end, too: nobody is killed while those killed before are still starting.
    if (sent === before && home.mail.kept() < HOLD_AFTER) continue;
    before = sent;
    const one = fleet[Math.floor(random() * fleet.length)] as (typeof fleet)[number];
    if (one.role === 'worker') kills++;
    await one.kill();
    const gone = away.shift();
    if (gone !== undefined) await goesAway(gone === 'database' ? await databaseOff() : mailOff(wire));
    if (away.length === 0) await home.mail.release();
  }
  expect(away, 'both were away while mails waited').toEqual([]);
  // What is in doubt waits for the leases of the dead.
  for (;;) {
    const { sent = 0, refused = 0 } = await states(home);
    if (sent + refused === READERS) break;
    await home.clock.move({ minutes: 16 });
    await beat();
    await wait(1000);
  }
  for (const one of fleet) await one.stop();
  await beats.close(5_000);
  return { house: home, kills, connections: CONNECTIONS, more: WORKERS * CONNECTIONS };
}

it(
  'a fleet of which a process is killed every second reaches every reader exactly once, but for what was in flight',
  async () => {
    await rounds('a fleet, kill -9 every second', many, life, ['PostgreSQL']);
  },
  timeout * 2,
);
