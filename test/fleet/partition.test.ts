// A worker that is cut off from the database, or from the mail server, stops sending what it cannot record.
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CONNECTIONS, house } from '../chaos/house.ts';
import { judge } from '../chaos/judge.ts';
import { start } from '../support/cli.ts';
import { postgres } from '../support/postgres.ts';
import { wireTo } from '../support/wire.ts';

const READERS = 80;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(5);
}

/** A sender whose way to the database, or to the mail server, can be cut, after it has sent some. */
async function sendingOver(what: 'database' | 'mail server') {
  const home = await house('PostgreSQL', READERS, { seed: 1, faults: [], thinkMs: 10 });
  const { port } = what === 'database' ? await postgres() : { port: Number(new URL(home.mail.url).port) };
  const wire = await wireTo(port);
  const through = (url: string) => url.replace(`:${port}`, `:${wire.port}`);
  const name = what === 'database' ? 'DATABASE_URL' : 'SMTP_URL';
  const env = { ...home.env, [name]: through(home.env[name] as string) };
  const sender = start(['send', '--yes', '--date', '2026-08-20', '--wait', '0'], { env });
  await until(() => home.mail.kept() >= 10);
  return { home, wire, sender };
}

describe('a worker that is cut off from the database', () => {
  it.each(['cut', 'freeze'] as const)('(%s) hands over no more than it has in hand', async how => {
    const { home, wire, sender } = await sendingOver('database');
    wire[how]();
    const before = home.mail.kept();
    await wait(1500);
    const after = home.mail.kept();
    expect(after - before).toBeLessThanOrEqual(CONNECTIONS);
    await wait(500);
    expect(home.mail.kept()).toBe(after);
    sender.kill('SIGKILL');
    await sender.ended;
    // Its server notices, and lets go of what it had locked: after five minutes, or as here at once.
    wire.mend();
    await home.clock.move({ minutes: 16 });
    await home.untilSettled();
    const { broken } = await judge(home, { kills: 1, connections: CONNECTIONS });
    expect(broken).toEqual([]);
  });

  it('for a moment goes on when it is back, and nobody has a mail twice', async () => {
    const { home, wire, sender } = await sendingOver('database');
    wire.cut();
    await wait(700);
    wire.mend();
    expect(await sender.ended, sender.output()).toBe(0);
    const { broken, counts } = await judge(home, { connections: CONNECTIONS });
    expect(broken).toEqual([]);
    expect(counts).toMatchObject({ sent: READERS, doubled: 0 });
  });
});

describe('a worker that is cut off from the mail server', () => {
  it('keeps in doubt what it had in hand, and everything else is still owed', async () => {
    const { home, wire, sender } = await sendingOver('mail server');
    wire.cut();
    await sender.ended;
    wire.mend();
    await home.clock.move({ minutes: 16 });
    await home.untilSettled();
    const { broken, counts } = await judge(home, { connections: CONNECTIONS, more: CONNECTIONS });
    expect(broken).toEqual([]);
    expect(counts).toMatchObject({ sent: READERS, lost: 0 });
  });
});
