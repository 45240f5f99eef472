// The operator stops a send from another shell while it runs, readers leave, and a send that goes very wrong stops and asks.
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { documentOf } from '../support/cli.ts';
import { CONNECTIONS, type House, house, STORES, takeDown } from './house.ts';
import { readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(80);
const many = roundsOf(1, 0.02);

afterEach(takeDown);

/** Starts a sender; resolves when some of its mails were kept, and the mail server takes no other until it is released. */
async function begun(home: House, holdAfter: number) {
  await home.mail.behave({ seed: 1, faults: [], holdAfter });
  const sender = home.startSend();
  // Until each connection holds a message that the mail server does not take yet.
  for (;;) {
    const rows = await home.db.selectFrom('delivery').select('state').execute();
    const count = (state: string) => rows.filter(row => row.state === state).length;
    const kept = home.mail.kept();
    if (kept >= holdAfter && count('sent') === kept && count('sending') === CONNECTIONS) return sender;
    await wait(10);
  }
}

it('paused in the middle, it ends when what is open is finished; let go on, the rest is sent', {
  timeout: many.timeout,
}, async () => {
  const lines = await rounds('paused in the middle', many.rounds, async ({ store, random }) => {
    const home = await house(store, READERS, { seed: 1, faults: [] });
    const sender = await begun(home, Math.ceil(random() * READERS * 0.9));
    const paused = await home.run('deliveries', 'pause');
    expect(paused.stdout).toMatch(/is paused: \d+ are waiting, \d are being handed over and are finished/);
    await home.mail.release();
    expect(await sender.ended, sender.output()).toBe(3);
    const said = /is paused since .*: (\d+) sent now; (\d+) waiting/.exec(sender.output());
    expect(Number(said?.[1])).toBe((await home.mail.seen()).kept.length);
    expect(Number(said?.[1]) + Number(said?.[2])).toBe(READERS);
    expect((await home.send()).status).toBe(3);
    expect((await home.run('deliveries', 'resume')).status).toBe(0);
    expect((await home.send()).stdout).toContain(`${said?.[2]} sent, ${said?.[1]} had it before`);
    return { house: home, connections: CONNECTIONS };
  });
  expect(lines.map(({ times, doubled }) => times + doubled)).toEqual(lines.map(() => 0));
});

it('cancelled in the middle, what was open is finished, and whoever was waiting gets nothing of it', async () => {
  const home = await house('PostgreSQL', READERS, { seed: 1, faults: [] });
  const sender = await begun(home, READERS / 2);
  const { stdout } = await home.run('status');
  expect(stdout).toMatch(
    /^waiting +\d+ mails, \d+ a (second|minute), \d+ (s|min) left, as in the last minute$/m,
  );
  const { skipped, sending, sent } = documentOf<Record<'skipped' | 'sending' | 'sent', number>>(
    await home.run('deliveries', 'cancel', '--json'),
  );
  expect(skipped + sending + sent).toBe(READERS);
  await home.mail.release();
  expect(await sender.ended, sender.output()).toBe(0);
  expect(sender.output()).toMatch(/was cancelled at .*: \d+ sent now; 0 waiting/);
  const { kept } = await home.mail.seen();
  expect(new Set(kept.map(({ to }) => to)).size).toBe(READERS - skipped);
  expect(kept).toHaveLength(READERS - skipped);
  expect((await home.send()).stdout).toContain('0 sent now; 0 waiting');
});

it.for(STORES)(
  'whoever leaves while it is sent gets nothing any more, and all others do (%s)',
  async store => {
    const home = await house(store, READERS, { seed: 1, faults: [] });
    const sender = await begun(home, READERS / 2);
    const waiting = await home.db
      .selectFrom('delivery')
      .select(['address', 'subscriber_id'])
      .where('state', '=', 'queued')
      .execute();
    const leaving = waiting.filter((_, at) => at % 3 === 0);
    const [one] = leaving;
    expect((await home.run('subscribers', 'remove', one?.address ?? '')).status).toBe(0);
    await home.db
      .updateTable('subscriber')
      .set({ status: 'unsubscribed' })
      .where(
        'id',
        'in',
        leaving.map(({ subscriber_id }) => subscriber_id),
      )
      .execute();
    await home.mail.release();
    expect(await sender.ended, sender.output()).toBe(0);
    const { kept } = await home.mail.seen();
    const left = new Set(leaving.map(({ address }) => address));
    expect(kept.filter(({ to }) => left.has(to))).toEqual([]);
    expect(kept).toHaveLength(READERS - left.size);
    expect(sender.output()).toContain(`${READERS - left.size} sent, ${left.size} skipped`);
  },
);

it('where many of the first are refused, it pauses, says what to look at, and goes on when it is told to', {
  timeout: many.timeout,
}, async () => {
  await rounds('many are refused', many.rounds, async ({ store, random }) => {
    const faults = [{ at: 'rcpt', odds: 0.4, act: '550 5.1.1 nobody here' }] as const;
    const home = await house(store, READERS, { seed: random() * 2 ** 31, faults });
    const stopped = await home.send();
    expect(stopped.status).toBe(3);
    expect(stopped.stdout).toMatch(
      /paused since .*\d+ of the first \d+ messages were refused, more than 20 %/,
    );
    expect(stopped.stderr).toContain('deliveries list --date 2026-08-20 --state refused');
    expect(stopped.stderr).toContain('deliveries resume --date 2026-08-20');
    expect((await home.run('deliveries', 'resume')).status).toBe(0);
    expect((await home.untilSettled()).stderr).toBe('');
    return { house: home, connections: CONNECTIONS };
  });
});
