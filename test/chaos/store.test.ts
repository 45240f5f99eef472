// The database fails while mail is sent: locked by another process, its disk full, its server restarted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { postgres } from '../support/postgres.ts';
import { CONNECTIONS, type House, house } from './house.ts';
import { readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(60);
const many = roundsOf(1, 0.02);

/** A process of its own that holds the write lock of a database file until it is told to let go. */
async function lock(file: string) {
  const script = `const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1], { timeout: 10_000 });
    db.exec('begin immediate');
    process.stdout.write('locked');
    process.stdin.once('data', () => { db.exec('commit'); process.exit(); });`;
  const child = spawn(process.execPath, ['--eval', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end('let go');
    await once(child, 'exit');
  };
}

/** Starts a sender; resolves when some of its mails were kept. */
async function begun(home: House, random: () => number) {
  const sender = home.startSend();
  const mark = Math.floor(random() * READERS * 0.7) + 1;
  while (home.mail.kept() < mark && !sender.isOver()) await wait(2);
  return sender;
}

it('another process that locks the database, even for longer than SQLite waits, costs nobody their mail, and nobody has it twice', {
  timeout: many.timeout,
}, async () => {
  const lines = await rounds(
    'the database is locked for 1 to 15 s',
    many.rounds,
    async ({ store, random }) => {
      const home = await house(store, READERS, { seed: 1, faults: [], thinkMs: 2 });
      const sender = await begun(home, random);
      const letGo = await lock(home.file);
      await wait(15_000 - 14_000 * random() ** 2);
      await letGo();
      expect(await sender.ended, sender.output()).toBe(0);
      return { house: home, connections: CONNECTIONS };
    },
    ['SQLite'],
  );
  expect(lines.map(({ times, doubled }) => times + doubled)).toEqual(lines.map(() => 0));
});

it('a full disk stops the sender with a word about it, and the next run goes on where there is room', {
  timeout: many.timeout,
}, async () => {
  await rounds(
    'the disk is full',
    many.rounds,
    async ({ store, random }) => {
      const home = await house(store, READERS, { seed: 1, faults: [], thinkMs: 2 });
      // No file may grow beyond this, as on a disk with so much room: it is enough to plan, and the log of the database soon
      // needs more.
      const room = 200_000 + READERS * 1000 + Math.floor(random() * 200_000);
      const full = await home.send({ most: room });
      expect(full.status, full.stdout + full.stderr).toBe(1);
      expect(full.stderr).toMatch(/The database .* (cannot be read or written|has no room left)/);
      await home.clock.move({ minutes: 16 });
      await home.untilSettled();
      return { house: home, connections: CONNECTIONS, kills: 1 };
    },
    ['SQLite'],
  );
});

it('a PostgreSQL that is restarted while mail is sent is waited for', { timeout: many.timeout }, async () => {
  await rounds(
    'PostgreSQL is restarted',
    many.rounds,
    async ({ store, random }) => {
      const home = await house(store, READERS, { seed: 1, faults: [], thinkMs: 5 });
      const server = await postgres();
      const sender = await begun(home, random);
      await server.stop();
      await server.start();
      expect(await sender.ended, sender.output()).toBe(0);
      await home.untilSettled();
      return { house: home, connections: CONNECTIONS, more: CONNECTIONS };
    },
    ['PostgreSQL'],
  );
});
