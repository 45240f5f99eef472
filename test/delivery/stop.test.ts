// The operator stops a send that goes wrong, at any moment and from anywhere; and a send that goes very wrong stops itself.
import { describe, expect, it } from 'vitest';
import { countDeliveries } from '../../src/delivery/ledger.ts';
import { cancel, pause, resume } from '../../src/delivery/stop.ts';
import { sendingLine, sendStatus } from '../../src/report.ts';
import { mailroom } from './mailroom.ts';

const DAY = '2026-08-20';
const NEXT = '2026-08-21';

const readers = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`reader${at}`, {}]));

describe('pausing an edition', () => {
  it('while it is sent is obeyed before the next message, and resume sends the rest, each once', async () => {
    const { app, mails, day, send, answers } = await mailroom(readers(10));
    answers(async (_to, tried) => {
      if (tried === 4) await pause(app.db, DAY, 'the operator paused it', app.clock);
      return 'sent' as const;
    });
    await day(DAY);
    const report = await send(DAY);
    expect(mails).toHaveLength(4);
    expect(report).toMatchObject({ planned: 10, sent: 4, waiting: 6, stop: { state: 'paused' } });
    expect(sendStatus(report)).toBe(3);
    expect(sendingLine(report)).toMatch(/^edition 2026-08-20 is paused since .*: 4 sent now; 6 waiting/);
    expect(await send(DAY)).toMatchObject({ sent: 0, waiting: 6 });
    await resume(app.db, DAY, app.clock);
    expect(await send(DAY)).toMatchObject({ sent: 6, waiting: 0, stop: null });
    expect(new Set(mails.map(({ to }) => to)).size).toBe(10);
  });

  it('before it is sent plans nothing', async () => {
    const { app, mails, day, send } = await mailroom();
    await day(DAY);
    await pause(app.db, DAY, 'the operator paused it', app.clock);
    expect(await send(DAY)).toMatchObject({ planned: 0, stop: { state: 'paused' } });
    await resume(app.db, DAY, app.clock);
    await send(DAY);
    expect(mails).toHaveLength(1);
  });

  it('twice keeps the first reason; resuming what is not paused is refused', async () => {
    const { app, day } = await mailroom();
    await day(DAY);
    expect(await pause(app.db, DAY, 'first', app.clock)).toBe(true);
    expect(await pause(app.db, DAY, 'second', app.clock)).toBe(false);
    await resume(app.db, DAY, app.clock);
    await expect(resume(app.db, DAY, app.clock)).rejects.toThrow('Edition 2026-08-20 is not paused');
  });
});

describe('cancelling an edition', () => {
  it.each([
    ['its papers come with the next digest of those who did not have it', false, [DAY, NEXT]],
    ['and dropping it: its papers never come', true, [NEXT]],
  ])('%s', async (_what, drop, days) => {
    const { app, mails, day, send, answers } = await mailroom(readers(3));
    answers(async (_to, tried) => {
      if (tried === 1) await cancel(app.db, DAY, drop, app.clock);
      return 'sent' as const;
    });
    await day(DAY);
    const report = await send(DAY);
    expect(report).toMatchObject({ sent: 1, waiting: 0, stop: { state: drop ? 'dropped' : 'cancelled' } });
    expect(await countDeliveries(app.db, DAY)).toMatchObject({ sent: 1, skipped: 2, queued: 0 });
    expect(sendStatus(report)).toBe(0);
    await expect(resume(app.db, DAY, app.clock)).rejects.toThrow(/was cancelled at/);
    await day(NEXT);
    await send(NEXT);
    expect(mails.slice(1).map(mail => mail.days.join())).toEqual(
      expect.arrayContaining([NEXT, days.join(), days.join()]),
    );
    expect(await countDeliveries(app.db, NEXT)).toMatchObject({ sent: 3 });
  });

  it('leaves what may have arrived to the operator', async () => {
    const { app, day, send, answers, row } = await mailroom();
    answers(() => 'unknown');
    await day(DAY);
    await send(DAY);
    expect(await cancel(app.db, DAY, false, app.clock)).toBe(0);
    app.clock.set(`${DAY}T08:00:00Z`);
    expect(await send(DAY)).toMatchObject({ sent: 0, stop: { state: 'cancelled' } });
    expect((await row('ada', DAY)).state).toBe('unknown');
  });
});

describe('too many refusals among the first messages', () => {
  it('pause the edition at the fiftieth, until the operator lets it go on; then they stop it no more', async () => {
    const { app, day, send, answers } = await mailroom(readers(80));
    answers((_to, tried) => (tried % 4 === 0 ? 'refused' : 'sent'));
    await day(DAY);
    const report = await send(DAY);
    expect(report).toMatchObject({ planned: 80, sent: 38, refused: 12, waiting: 30 });
    expect(report.stop).toMatchObject({
      state: 'paused',
      reason: '12 of the first 50 messages were refused, more than 20 %',
    });
    expect(sendStatus(report)).toBe(3);
    await resume(app.db, DAY, app.clock);
    answers(() => 'refused');
    expect(await send(DAY)).toMatchObject({ refused: 30, waiting: 0, stop: null });
  });

  it.each([
    ['are as many as the operator allows', 80, 20, (tried: number) => tried % 5 === 0],
    ['are fewer than fifty tries', 49, 20, () => true],
    ['stop nothing where all may be refused', 60, 100, () => true],
  ])('that %s do not stop it', async (_what, count, stopRefusedPercent, isBad) => {
    const { day, send, answers } = await mailroom(readers(count));
    answers((_to, tried) => (isBad(tried) ? 'refused' : 'sent'));
    await day(DAY);
    expect(await send(DAY, { stopRefusedPercent })).toMatchObject({ waiting: 0, stop: null });
  });
});
