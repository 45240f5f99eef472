// Readers who are written to only when at least so many papers match: what is too little waits, and nothing is lost.
import { describe, expect, it } from 'vitest';
import { mailroom } from './mailroom.ts';

const [MON, TUE, WED, THU, FRI] = [17, 18, 19, 20, 21].map(day => `2026-08-${day}`) as [
  string,
  string,
  string,
  string,
  string,
];

/** Each day has one paper. */
async function days(wishes: object, dates: readonly string[]) {
  const room = await mailroom({ ada: wishes });
  for (const date of dates) {
    await room.day(date);
    await room.send(date);
  }
  return { ...room, digests: room.mails.map(mail => mail.days) };
}

describe('a reader who wants at least so many papers', () => {
  it('gets those of three days at once when three are asked for', async () => {
    const { digests } = await days({ atLeast: 3 }, [MON, TUE, WED, THU, FRI]);
    expect(digests).toEqual([[MON, TUE, WED]]);
  });

  it('is told of what waits, with the reason, in their delivery', async () => {
    const { row } = await days({ atLeast: 3 }, [MON, TUE]);
    expect(await row('ada', MON)).toMatchObject({
      state: 'skipped',
      reason: 'kept for a later digest: 1 paper, and the reader asks for at least 3',
    });
    expect((await row('ada', TUE)).reason).toContain('2 papers');
  });

  it('gets what waited for longer than a digest looks back', async () => {
    const dates = Array.from({ length: 20 }, (_, n) => `2026-09-${String(n + 1).padStart(2, '0')}`);
    const rare = { keywords: ['2026-09-01', '2026-09-20'], atLeast: 2 };
    const { digests, row } = await days(rare, dates);
    expect(digests).toEqual([['2026-09-01', '2026-09-20']]);
    expect(JSON.parse((await row('ada', '2026-09-19')).editions)).toEqual(['2026-09-01', '2026-09-19']);
  });

  it('gets on the next day what waited, once they ask for one paper only', async () => {
    const { app, day, mails, send } = await days({ atLeast: 50 }, [MON, TUE]);
    await app.db.updateTable('subscriber').set({ preferences: '{}' }).execute();
    await day(WED);
    await send(WED);
    expect(mails.map(mail => mail.days)).toEqual([[MON, TUE, WED]]);
  });

  it('has their week when it is weekly: what is too little waits for the next, not for the next day', async () => {
    const friday = { cadence: 'weekly', weekday: 'friday', keywords: [FRI, '2026-08-22', '2026-08-28'] };
    const dates = [THU, FRI, '2026-08-22', '2026-08-28'];
    const { digests } = await days({ ...friday, atLeast: 2 }, dates);
    expect(digests).toEqual([[FRI, '2026-08-22', '2026-08-28']]);
  });

  it('gets nothing, and keeps nothing, on days without a paper for them', async () => {
    const { row } = await days({ keywords: ['zebra'], atLeast: 2 }, [MON]);
    expect((await row('ada', MON)).reason).toBe('nothing in this edition matches their preferences');
  });
});
