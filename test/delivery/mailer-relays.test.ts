// Several mail servers as one: they share by weight, stand in for one another, and a message goes to one of them only.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Mailer, Receipt } from '../../src/delivery/mailer/mailer.ts';
import { openRelays, relaysMailer } from '../../src/delivery/mailer/relays.ts';
import { smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import { PaperroundError } from '../../src/errors.ts';
import { handClock } from '../support/installation.ts';
import { freePort } from '../support/postfix.ts';
import { type Behaviour, droppingServer, smtpServer } from '../support/smtp.ts';
import { mailroom } from './mailroom.ts';
import { message } from './messages.ts';

/** Several real servers behind one mailer. */
async function town(behaviours: readonly (Behaviour & { weight?: number })[]) {
  const servers = await Promise.all(behaviours.map(behaviour => smtpServer(behaviour)));
  const urls = servers.map(({ url }, n) => `${url}?weight=${behaviours[n]?.weight ?? 1}`);
  return { servers, ...(await opened(urls)) };
}

async function opened(urls: readonly string[], connections = 2) {
  const clock = handClock();
  const told: string[] = [];
  const byName = new Map(urls.map(url => [smtpMailer(url, connections).name, url]));
  const mailer = await openRelays(
    urls.join(' '),
    async relay => smtpMailer(byName.get(relay.name) as string, connections),
    { connections, clock, warn: line => told.push(line) },
  );
  onTestFinished(() => mailer.close());
  return { mailer, clock, told, later: (minutes: number) => clock.set(clock().add({ minutes }).toString()) };
}

async function send(mailer: Mailer, ids: readonly string[]): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const id of ids) receipts.push(await mailer.send(message(id)));
  return receipts;
}
const many = (n: number, mark = 'm') => Array.from({ length: n }, (_, i) => `${mark}${i}`);
const GONE = 'smtp://127.0.0.1:1';

describe('relays that work', () => {
  it('share the messages by their weights, one after the other', async () => {
    const { servers, mailer } = await town([{ weight: 3 }, {}]);
    await mailer.check();
    await send(mailer, many(8));
    expect(servers.map(({ accepted }) => accepted.length)).toEqual([6, 2]);
    await send(mailer, many(4, 'n'));
    expect(servers.map(({ accepted }) => accepted.length)).toEqual([9, 3]);
  });

  it('are named in the receipt, without a password', async () => {
    const { servers, mailer } = await town([{ login: { user: 'ada', password: 'horse' } }]);
    const [only] = await send(mailer, ['x']);
    expect(only?.relay).toBeUndefined();
    const two = await town([{ login: { user: 'ada', password: 'horse' } }, {}]);
    const receipts = await send(two.mailer, ['x', 'y']);
    const names = two.servers.map(({ url }) => url.replace('ada:horse@', ''));
    expect(receipts.map(({ relay }) => relay)).toEqual(names);
    expect(receipts[0]?.answer).toMatch(new RegExp(`^250 .*\\[${names[0]}\\]$`));
    expect(JSON.stringify(receipts) + two.mailer.name).not.toContain('horse');
    expect(servers[0]?.accepted).toHaveLength(1);
  });
});

describe('a relay that does not take messages up', () => {
  it.each<[string, Behaviour, RegExp]>([
    ['says 421 to the sender', { onFrom: () => 421 }, /421/],
    ['says 451 to the sender', { onFrom: () => 451 }, /451/],
    ['refuses the login', { login: { user: 'ada', password: 'x' }, onLogin: () => 535 }, /535/],
    ['says 454 to the login', { login: { user: 'ada', password: 'x' }, onLogin: () => 454 }, /454/],
  ])('is left alone, and the other takes all: it %s', async (_how, behaviour, said) => {
    const { servers, mailer, told, later } = await town([behaviour, {}]);
    const receipts = await send(mailer, many(6));
    expect(receipts.map(({ outcome }) => outcome)).toEqual(many(6).map(() => 'sent'));
    expect(servers.map(({ accepted }) => accepted.length)).toEqual([0, 6]);
    expect(told).toEqual([expect.stringMatching(/is left alone for 1 minute, others take its share/)]);
    expect(told[0]).toMatch(said);
    const asked = servers[0]?.sessions();
    await send(mailer, many(3, 'n'));
    expect(servers[0]?.sessions()).toBe(asked);
    later(1);
    await send(mailer, many(2, 'o'));
    expect(told[1]).toMatch(/is left alone for 2 minutes/);
    expect(servers[1]?.accepted).toHaveLength(11);
  });

  it('has its share again when it is back, and that is told', async () => {
    let busy = true;
    const { servers, mailer, told, later } = await town([{ onFrom: () => (busy ? 421 : undefined) }, {}]);
    await send(mailer, many(2));
    busy = false;
    later(1);
    await send(mailer, many(4, 'n'));
    expect(servers.map(({ accepted }) => accepted.length)).toEqual([2, 4]);
    expect(told[1]).toMatch(/takes mail again/);
  });

  it('that is away at the start does not keep the others from sending', async () => {
    const server = await smtpServer();
    const { mailer, told } = await opened([GONE, server.url]);
    await mailer.check();
    expect(told).toEqual([expect.stringMatching(/127\.0\.0\.1:1 is left alone .*cannot be used/)]);
    const receipts = await send(mailer, many(3));
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['sent', 'sent', 'sent']);
    expect(server.accepted).toHaveLength(3);
  });

  it('because it asked for time is not asked when the others are tried out', async () => {
    const { servers, mailer } = await town([{ onFrom: () => 421 }, {}]);
    await send(mailer, ['x']);
    const asked = servers.map(({ sessions }) => sessions());
    await mailer.check();
    expect(servers.map(({ sessions }) => sessions())).toEqual([asked[0], (asked[1] ?? 0) + 1]);
  });

  it('is asked again by the next run when no other is left, and is used if it is back', async () => {
    const port = await freePort();
    const { mailer } = await opened([GONE, `smtp://127.0.0.1:${port}`]);
    expect((await send(mailer, ['x']))[0]?.outcome).toBe('unavailable');
    const server = await smtpServer({ port });
    await mailer.check();
    expect((await send(mailer, ['y']))[0]?.outcome).toBe('sent');
    await mailer.close();
    expect(server.accepted).toHaveLength(1);
  });

  it('and no other that does: the message was never handed over, and that is said of each', async () => {
    const { mailer } = await opened([GONE, 'smtp://127.0.0.1:2']);
    const error = await mailer.check().catch(e => e);
    expect(error).toBeInstanceOf(PaperroundError);
    expect(error.message).toBe('None of the mail servers can be used');
    expect(error.details).toEqual([
      expect.stringMatching(/127\.0\.0\.1:1 cannot be used/),
      expect.stringMatching(/127\.0\.0\.1:2 cannot be used/),
    ]);
    const [first, second] = await send(mailer, ['x', 'y']);
    expect(first).toMatchObject({ outcome: 'unavailable' });
    expect(first).not.toHaveProperty('quiet');
    expect(second?.answer).toMatch(/127\.0\.0\.1:1: .* · smtp:\/\/127\.0\.0\.1:2: /);
  });

  it('makes all mail wait when each of them asks for time', async () => {
    const { mailer } = await town([{ onFrom: () => 421 }, { onFrom: () => 451 }]);
    const [first, second] = await send(mailer, ['x', 'y']);
    expect(first).toMatchObject({ outcome: 'unavailable', quiet: 'relay' });
    expect(first).not.toHaveProperty('relay');
    // Nobody is asked again, and it is known why.
    expect(second).toMatchObject({ outcome: 'unavailable', quiet: 'relay' });
  });
});

describe('a message that may have been handed over', () => {
  it('goes to no other relay by itself', async () => {
    const dropping = await droppingServer('dot');
    const good = await smtpServer();
    const { mailer, told } = await opened([dropping.url, good.url]);
    const [lost, next] = await send(mailer, ['lost', 'next']);
    expect(lost).toMatchObject({ outcome: 'unknown', relay: dropping.url });
    expect(next?.outcome).toBe('sent');
    expect([dropping.taken.length, good.accepted.length]).toEqual([1, 1]);
    expect(good.accepted[0]?.from).toBe('papers+next@example.org');
    expect(told).toEqual([]);
  });

  it.each([450, 550])('neither does one whose reader is answered by %i', async code => {
    const { servers, mailer } = await town([{ onRcpt: () => code }, {}]);
    const [receipt] = await send(mailer, ['x']);
    expect(receipt?.outcome).toBe(code === 450 ? 'deferred' : 'refused');
    expect(servers[1]?.accepted).toEqual([]);
  });
});

describe('an edition', () => {
  it('reaches every reader once while one relay comes and goes', async () => {
    const readers = Object.fromEntries(many(20, 'r').map(name => [name, {}]));
    const room = await mailroom(readers);
    await room.day('2026-08-20');
    let froms = 0;
    const { servers, mailer } = await town([
      { onFrom: () => (++froms % 3 === 0 ? 421 : undefined) },
      { weight: 2 },
    ]);
    const report = await room.send('2026-08-20', { mailer });
    expect(report).toMatchObject({ sent: 20, deferred: 0, waiting: 0, unknown: 0, paced: null });
    const got = servers.flatMap(({ accepted }) => accepted.map(({ to }) => to));
    expect(got).toHaveLength(20);
    expect(new Set(got).size).toBe(20);
    expect(servers[0]?.accepted.length).toBeGreaterThan(0);
    const row = await room.row('r0', '2026-08-20');
    expect(row.receipt).toMatch(/\[smtp:\/\/127\.0\.0\.1:\d+\]$/);
  });

  it('waits when all relays ask for time, and stays owed', async () => {
    const room = await mailroom({ ada: {}, bob: {}, eve: {} });
    await room.day('2026-08-20');
    const { mailer } = await town([{ onFrom: () => 421 }, { onFrom: () => 421 }]);
    const report = await room.send('2026-08-20', { mailer });
    expect(report).toMatchObject({ sent: 0, waiting: 3, stopped: null });
    expect(report.paced?.because).toMatch(/asked to be left alone: 421/);
  });
});

it('closing is no trouble of the relays, and nothing is told of it', async () => {
  const server = await smtpServer({ delayMs: 200 });
  const told: string[] = [];
  const mailers = [smtpMailer(server.url, 1), smtpMailer(server.url, 1)];
  const mailer = relaysMailer(
    mailers.map(one => ({ mailer: one, weight: 1 })),
    { connections: 2, clock: handClock(), warn: line => told.push(line) },
  );
  const sending = [mailer.send(message('x')), mailer.send(message('y')), mailer.send(message('z'))];
  await mailer.close();
  const outcomes = (await Promise.all(sending)).map(({ outcome }) => outcome);
  expect(outcomes.filter(outcome => outcome === 'sent')).toEqual([]);
  expect(told).toEqual([]);
});
