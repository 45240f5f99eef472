// A digest of yesterday is not sent tomorrow, and none of its papers is lost; what may have arrived is never given to another.
import { describe, expect, it } from 'vitest';
import { readAttempts } from '../../src/delivery/story.ts';
import { openTemplates } from '../../src/digests/template.ts';
import { sendStatus } from '../../src/report.ts';
import { temporaryFolder } from '../support/installation.ts';
import { ownTemplates } from '../support/templates.ts';
import { mailroom } from './mailroom.ts';

const THURSDAY = '2026-08-20';
const FRIDAY = '2026-08-21';
const MONDAY = '2026-08-24';

describe('a mail that the server does not take in time', () => {
  it('is tried after 5, 15, 45 and 135 minutes, then every 4 hours, and not after a day', async () => {
    const { clock, day, send, answers, row } = await mailroom();
    const tried: string[] = [];
    answers(() => {
      tried.push(clock().toString().slice(5, 16));
      return 'deferred';
    });
    await day(THURSDAY);
    for (let minutes = 0; minutes < 30 * 60; minutes += 5) {
      await send(THURSDAY);
      clock.set(clock().add({ minutes: 5 }).toString());
    }
    expect(tried).toEqual([
      ...['07:00', '07:05', '07:20', '08:05', '10:20', '14:20', '18:20', '22:20'].map(t => `08-20T${t}`),
      '08-21T02:20',
      '08-21T06:20',
    ]);
    expect(await row('ada', THURSDAY)).toMatchObject({
      state: 'skipped',
      reason:
        'too late: not handed over by 2026-08-21T07:00:00.000Z; the last answer was: deferred by the test',
    });
  });

  it.each([
    ['a daily reader gets its papers with the next digest', {}, [THURSDAY, FRIDAY, MONDAY]],
    [
      'a weekly reader gets the week on the next day with an edition',
      { cadence: 'weekly', weekday: 'friday' },
      [THURSDAY, FRIDAY, MONDAY],
    ],
  ])('%s', async (_what, preferences, days) => {
    const { mails, day, send, answers, row } = await mailroom({ ada: preferences });
    answers(() => 'deferred');
    await day(THURSDAY);
    await send(THURSDAY);
    await day(FRIDAY);
    await send(FRIDAY);
    answers(() => 'sent');
    await day(MONDAY);
    expect(await send(MONDAY)).toMatchObject({ sent: 1 });
    expect(mails.map(mail => mail.days)).toEqual([days]);
    expect((await row('ada', FRIDAY)).reason).toMatch(/^too late: /);
    await day('2026-08-25');
    await send('2026-08-25', { dueOnly: false });
    expect(mails.map(mail => mail.days)).toEqual([days, ['2026-08-25']]);
  });

  it('loses no paper although the days before it lie further back than a digest looks', async () => {
    const { mails, day, send, answers } = await mailroom({ ada: { cadence: 'weekly', weekday: 'friday' } });
    await day('2026-08-17');
    answers(() => 'deferred');
    await send(FRIDAY, { dueOnly: false });
    await day('2026-08-31');
    await send('2026-08-31', { dueOnly: false });
    answers(() => 'sent');
    await day('2026-09-04');
    await send('2026-09-04', { dueOnly: false });
    expect(mails.map(mail => mail.days)).toEqual([['2026-08-17', '2026-08-31', '2026-09-04']]);
  });

  it('has no end where none is asked for', async () => {
    const { clock, day, send, answers, row } = await mailroom();
    answers(() => 'deferred');
    await day(THURSDAY);
    await send(THURSDAY, { deliverHours: undefined } as object);
    clock.set('2026-08-23T07:00:00Z');
    answers(() => 'sent');
    await send(THURSDAY);
    expect((await row('ada', THURSDAY)).state).toBe('sent');
  });
});

describe('a mail that may have arrived', () => {
  it.each(['deferred', 'unavailable'] as const)(
    'and is %s the next time stays unknown, and no other digest takes it over',
    async outcome => {
      const { clock, mails, day, send, answers, row } = await mailroom();
      answers(() => 'unknown');
      await day(THURSDAY);
      await send(THURSDAY);
      answers(() => outcome);
      clock.set('2026-08-20T07:06:00Z');
      await send(THURSDAY);
      expect(await row('ada', THURSDAY)).toMatchObject({ state: 'unknown', in_doubt: 1 });
      answers(() => 'sent');
      await day(FRIDAY);
      await send(FRIDAY);
      expect(mails.map(mail => mail.days)).toEqual([[THURSDAY], [THURSDAY], [FRIDAY]]);
      expect(mails[1]?.messageId).toBe(mails[0]?.messageId);
    },
  );

  it('and is held back by preflight the next time stays unknown', async () => {
    const own = await ownTemplates();
    const { app, clock, mails, day, send, answers, row } = await mailroom();
    answers(() => 'unknown');
    await day(THURSDAY);
    await send(THURSDAY);
    answers(() => 'sent');
    await own.change('digest.mjml', '{{summary}}', '{{summary}} \\{{name}}');
    const desk = {
      ...(await app.desk()),
      templates: await openTemplates(own.folder, await temporaryFolder()),
    };
    clock.set('2026-08-20T07:06:00Z');
    expect(await send(THURSDAY, { desk })).toMatchObject({ held: 1, sent: 0 });
    expect(await row('ada', THURSDAY)).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(/^preflight: /),
    });
    await day(FRIDAY);
    await send(FRIDAY);
    expect(mails.map(mail => mail.days)).toEqual([[THURSDAY], [THURSDAY], [FRIDAY]]);
  });
});

describe('every attempt', () => {
  it('is kept, with what the server answered', async () => {
    const { app, clock, day, send, answers, row } = await mailroom();
    answers((_to, tried) => (['deferred', 'unknown', 'sent'] as const)[tried - 1] ?? 'sent');
    await day(THURSDAY);
    for (const time of ['07:00', '07:06', '07:20']) {
      clock.set(`${THURSDAY}T${time}:00Z`);
      expect(sendStatus(await send(THURSDAY))).toBe(time === '07:20' ? 0 : 3);
    }
    const kept = await readAttempts(app.db, await row('ada', THURSDAY));
    expect(kept.map(({ number, at, outcome }) => `${number} ${at.slice(11, 16)} ${outcome}`)).toEqual([
      '1 07:00 deferred',
      '2 07:06 unknown',
      '3 07:20 sent',
    ]);
  });

  it('of which only an operator knows that it arrived is not told as the mail server’s word', async () => {
    const { app, day, send, row } = await mailroom();
    await day(THURSDAY);
    await send(THURSDAY);
    const told = 'the operator said at 08:00 that it arrived';
    const restored = { ...(await row('ada', THURSDAY)), reason: told, receipt: told };
    expect(await readAttempts(app.db, restored)).toEqual([]);
  });
});
