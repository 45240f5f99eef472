// No reader gets a paper twice, and none misses one, whatever happens to a delivery and in whichever order days are sent.
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { claim } from '../../src/delivery/claim.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import type { Mailer, Receipt } from '../../src/delivery/mailer/mailer.ts';
import { settle } from '../../src/delivery/settle.ts';
import { publish } from '../../src/editions/publish.ts';
import { announce } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { instantText } from '../../src/store/schema.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { findSubscriber, setStatus, storeSubscriber } from '../../src/subscribers/subscriber.ts';
import { type HandClock, installation } from '../support/installation.ts';

/** An installation with one reader, a mailer that answers as told, and the titles of papers that arrived. */
async function mailroom(preferences: object = {}) {
  const app = await installation({ mailFrom: 'papers@example.org' });
  const clock = app.clock as HandClock;
  clock.set('2026-08-16T12:00:00Z');
  const address = readAddress('ada@example.org');
  if ('problem' in address) throw new Error(address.problem);
  const reader = { address, name: null, status: undefined, initialStatus: 'active' as const, preferences };
  await app.db.transaction().execute(tx => storeSubscriber(tx, reader, app.clock));
  const answers: Receipt['outcome'][] = [];
  const mails: string[][] = [];
  const mailer: Mailer = {
    name: 'test',
    connections: 1,
    check: async () => {
      if (answers[0] === 'unavailable') throw new Error('away');
    },
    close: async () => {},
    async send(message) {
      const outcome = answers.shift() ?? 'sent';
      const text = message.bytes.toString();
      if (outcome === 'sent' || outcome === 'unknown')
        mails.push([...new Set(text.match(/Paper of \d{4}-\d{2}-\d{2}/g))].sort());
      return { outcome, answer: outcome };
    },
  };
  const day = async (date: string) => {
    clock.set(`${date}T07:00:00Z`);
    const paper = announce({
      where: '',
      title: `Paper of ${date}`,
      abstract: 'We propose it.',
      announcedOn: date,
    });
    if (!('paper' in paper)) throw new Error(paper.detail);
    const from = { source: 'test', at: instantText(app.clock()), day: date };
    await app.db.transaction().execute(tx => storeAnnouncements(tx, [paper], from));
    await publish(app.press, date);
  };
  const send = async (edition: string, dueOnly = false, owedOnly = false) => {
    const desk = await app.desk();
    return deliver({
      db: app.db,
      edition,
      desk,
      mailer,
      clock: app.clock,
      dueOnly,
      owedOnly,
      resendUnknown: true,
      bounces: app.settings,
    });
  };
  return { app, clock, answers, mails, day, send };
}

const paper = (...days: number[]) => days.map(day => `Paper of 2026-08-${day}`);
const reader = async (app: App) => (await findSubscriber(app.db, 'ada@example.org'))?.id as string;

describe('a reader gets every paper once', () => {
  it('when their first mail was deferred: the next digest holds it', async () => {
    const { answers, mails, day, send } = await mailroom();
    await day('2026-08-17');
    answers.push('deferred');
    await send('2026-08-17');
    await day('2026-08-18');
    await send('2026-08-18');
    expect(mails).toEqual([paper(17, 18)]);
  });

  it('when they came after the edition was published, and their first mail was deferred', async () => {
    const { app, clock, answers, mails, day, send } = await mailroom();
    await day('2026-08-17');
    clock.set('2026-08-17T09:00:00Z');
    await app.db
      .updateTable('subscriber')
      .set({ status_at: instantText(app.clock()) })
      .execute();
    answers.push('deferred');
    await send('2026-08-17');
    await day('2026-08-18');
    await send('2026-08-18');
    expect(mails).toEqual([paper(17, 18)]);
  });

  it('when a mail is owed for longer than a digest looks back: it goes out by itself', async () => {
    const { app, answers, mails, day, send } = await mailroom();
    await day('2026-08-17');
    await day('2026-08-20');
    answers.push('deferred');
    await send('2026-08-20');
    await day('2026-09-03');
    await send('2026-09-03');
    expect(mails.flat().sort()).toEqual([...paper(17, 20), 'Paper of 2026-09-03']);
    const owed = await app.db.selectFrom('delivery').select('id').where('state', '=', 'deferred').execute();
    expect(owed).toEqual([]);
  });

  it('when the mail server was away on their first day', async () => {
    const { answers, mails, day, send } = await mailroom();
    await day('2026-08-17');
    answers.push('unavailable');
    await expect(send('2026-08-17')).rejects.toThrow('away');
    answers.length = 0;
    await day('2026-08-18');
    await send('2026-08-18');
    expect(mails).toEqual([paper(17, 18)]);
  });

  it('when an older day is sent after a newer one that covered it', async () => {
    const { mails, day, send } = await mailroom({ cadence: 'weekly', weekday: 'friday' });
    for (const date of ['2026-08-17', '2026-08-19', '2026-08-21']) {
      await day(date);
      await send(date, true);
    }
    expect(mails).toEqual([paper(17, 19, 21)]);
    await send('2026-08-17');
    expect(mails).toHaveLength(1);
  });

  it('when an older day is published only after a newer one was sent', async () => {
    const { clock, mails, day, send } = await mailroom();
    await day('2026-08-19');
    await send('2026-08-19');
    await day('2026-08-18');
    clock.set('2026-08-19T09:00:00Z');
    await send('2026-08-18');
    expect(mails).toEqual([paper(19), paper(18)]);
  });

  it('when another process was sending while this one planned, and its mail was deferred after all', async () => {
    const { app, clock, mails, day, send } = await mailroom();
    await day('2026-08-17');
    await send('2026-08-17');
    mails.length = 0;
    await app.db.updateTable('delivery').set({ state: 'queued', settled_at: null }).execute();
    const span = { from: '2026-08-17', through: '2026-08-17', resend: true };
    expect(await claim(app.db, span, app.clock)).toBeDefined();
    await app.db.updateTable('delivery').set({ lease_until: '2026-08-18T07:10:00.000Z' }).execute();
    await day('2026-08-18');
    await send('2026-08-18');
    expect(mails).toEqual([paper(18)]);
    await app.db.updateTable('delivery').set({ state: 'deferred' }).where('state', '=', 'sending').execute();
    clock.set('2026-08-18T08:00:00Z');
    await send('2026-08-18');
    expect(mails).toEqual([paper(18), paper(17)]);
  });

  it('when nobody knows whether yesterday’s mail arrived: it is sent again today, with what it had', async () => {
    const { answers, mails, day, send } = await mailroom();
    await day('2026-08-17');
    answers.push('unknown');
    await send('2026-08-17');
    await day('2026-08-18');
    await send('2026-08-18');
    expect(mails).toEqual([paper(17), paper(17), paper(18)]);
  });

  it('when their mail was deferred before a quiet day: it is tried again, and nothing new is planned', async () => {
    const { clock, answers, mails, day, send } = await mailroom();
    await day('2026-08-21');
    answers.push('deferred');
    await send('2026-08-21');
    clock.set('2026-08-22T07:00:00Z');
    expect((await send('2026-08-21', true, true)).sent).toBe(1);
    expect((await send('2026-08-21', true, true)).planned).toBe(0);
    expect(mails).toEqual([paper(21)]);
  });

  it('when they were paused for a while: what came out meanwhile is not piled up', async () => {
    const { app, clock, mails, day, send } = await mailroom();
    await day('2026-08-17');
    await send('2026-08-17');
    await setStatus(app.db, await reader(app), 'paused', app.clock);
    await day('2026-08-18');
    await send('2026-08-18');
    clock.set('2026-08-18T20:00:00Z');
    await setStatus(app.db, await reader(app), 'active', app.clock);
    await day('2026-08-19');
    await send('2026-08-19');
    expect(mails).toEqual([paper(17), paper(19)]);
  });

  it('when the weekly day slipped by a week', async () => {
    const { mails, day, send } = await mailroom({ cadence: 'weekly', weekday: 'friday' });
    await day('2026-08-21');
    await send('2026-08-21', true);
    for (const date of ['2026-08-24', '2026-08-25']) await day(date);
    await day('2026-09-01');
    await send('2026-09-01', true);
    expect(mails).toEqual([paper(21), ['Paper of 2026-08-24', 'Paper of 2026-08-25', 'Paper of 2026-09-01']]);
  });
});

describe('a delivery that is tried again', () => {
  it('is the same mail, although its reader has changed their mind meanwhile', async () => {
    const { app, clock, answers, mails, day, send } = await mailroom();
    await day('2026-08-17');
    answers.push('deferred');
    await send('2026-08-17');
    const muted = JSON.stringify({ mutedWords: ['paper'] });
    await app.db.updateTable('subscriber').set({ preferences: muted }).execute();
    clock.set('2026-08-17T08:00:00Z');
    await send('2026-08-17');
    expect(mails).toEqual([paper(17)]);
  });

  it('is left to whoever claimed it last: a late answer of an earlier attempt changes nothing', async () => {
    const { app, clock, answers, day, send } = await mailroom();
    await day('2026-08-17');
    answers.push('deferred');
    await send('2026-08-17');
    clock.set('2026-08-17T08:00:00Z');
    const span = { from: '2026-08-17', through: '2026-08-17', resend: true };
    const first = await claim(app.db, span, app.clock);
    clock.set('2026-08-17T09:00:00Z');
    await app.db.updateTable('delivery').set({ state: 'unknown' }).execute();
    const second = await claim(app.db, span, app.clock);
    await settle(
      app.db,
      first as NonNullable<typeof first>,
      { outcome: 'unavailable', answer: 'late' },
      app.clock,
    );
    const row = await app.db.selectFrom('delivery').selectAll().executeTakeFirstOrThrow();
    expect([row.state, row.attempts]).toEqual(['sending', second?.attempts]);
  });
});
