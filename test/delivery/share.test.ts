// A share of an edition: about so many, and the rest is left to others.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { outboxMailer } from '../../src/delivery/mailer/outbox.ts';
import { deliverShare } from '../../src/delivery/share.ts';
import { mailroom } from './mailroom.ts';

const DAY = '2026-08-20';
const readers = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`reader${at}`, {}]));

/** What a share needs, of an edition that is planned for ten, when the mail server is back that was away. */
async function planned() {
  const { app, day, send, answers } = await mailroom(readers(10));
  await day(DAY);
  answers(() => 'unavailable');
  await send(DAY);
  const { db, clock, settings, folder } = app;
  const share = { db, edition: DAY, clock, desk: await app.desk(), bounces: settings };
  return { share: { ...share, dueOnly: true, resendUnknown: true }, folder };
}

it('ends with so many, and another takes the rest', async () => {
  const { share, folder } = await planned();
  const mailer = outboxMailer(folder);
  expect(await deliverShare({ ...share, mailer }, 4)).toMatchObject({ sent: 4, stopped: null });
  expect(await deliverShare({ ...share, mailer }, 100)).toMatchObject({ sent: 6, stopped: null });
});

it('waits for the answers to its last messages however long they take: others use the same connections', async () => {
  const { share, folder } = await planned();
  const outbox = outboxMailer(folder);
  let closed = 0;
  let asked = 0;
  const mailer = {
    ...outbox,
    connections: 2,
    async send(message: Parameters<typeof outbox.send>[0]) {
      if (++asked === 4) await wait(200);
      return outbox.send(message);
    },
    close: async () => void closed++,
  };
  await deliverShare({ ...share, mailer, drainMs: 1 }, 3);
  expect([asked, closed]).toEqual([4, 0]);
});
