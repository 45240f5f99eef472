// Connections share commits, and none of them waits for one that has no answer yet.
import { describe, expect, it } from 'vitest';
import type { Mailer } from '../../src/delivery/mailer/mailer.ts';
import { mailroom } from './mailroom.ts';

const DAY = '2026-08-20';
const READERS = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`reader${n}`, {}]));

/** A mailer of several connections, and when it answers: `answer` gets how many mails were handed over before. */
function mailerOf(connections: number, answer: (before: number) => Promise<void>) {
  const taken: string[] = [];
  let handed = 0;
  const mailer: Mailer = {
    name: 'test',
    connections,
    check: async () => {},
    close: async () => {},
    async send(message) {
      await answer(handed++);
      taken.push(message.envelope.to);
      return { outcome: 'sent', answer: '250 taken' };
    },
  };
  return { mailer, taken };
}

describe('a connection', () => {
  it('does not wait for others whose servers have not answered', async () => {
    const room = await mailroom(READERS);
    await room.day(DAY);
    let open: (() => void) | undefined;
    const allOthers = new Promise<void>(resolve => {
      open = resolve;
    });
    // The first two are answered when the third connection has handed over all the rest.
    const { mailer, taken } = mailerOf(3, async before => {
      if (before < 2) await allOthers;
      else if (before === 11) open?.();
    });
    const { sent } = await room.send(DAY, { mailer });
    expect(sent).toBe(12);
    expect(new Set(taken).size).toBe(12);
  });

  it('has its receipt in the ledger before it takes the next delivery', async () => {
    const room = await mailroom(READERS);
    await room.day(DAY);
    const open: number[] = [];
    const { mailer } = mailerOf(4, async () => {
      const rows = room.app.db.selectFrom('delivery').select('id').where('state', '=', 'sending');
      open.push((await rows.execute()).length);
    });
    await room.send(DAY, { mailer });
    expect(open).toHaveLength(12);
    expect(Math.max(...open)).toBeLessThanOrEqual(4);
  });
});
