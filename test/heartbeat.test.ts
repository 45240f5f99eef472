// The heartbeat: what each reader gets at their hour, whatever the zone, the sources and the machines do.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cancel, pause, resume } from '../src/delivery/stop.ts';
import { endMorning, expectEdition, isEditionAwaited, takeMorning } from '../src/editions/timetable.ts';
import { makeDueEdition, planDue } from '../src/heartbeat.ts';
import { sendEdition } from '../src/job.ts';
import { setPreferences, setStatus } from '../src/subscribers/subscriber.ts';
import { mailroom } from './delivery/mailroom.ts';
import { handClock, installation, temporaryFolder } from './support/installation.ts';

const [WED, THU, FRI, SAT] = ['2026-08-19', '2026-08-20', '2026-08-21', '2026-08-22'] as const;
const at = (text: string) => Temporal.Instant.from(text);

/** Readers, and beats that hand over what is due; `mails` has them in order. */
async function newsroom(readers: Record<string, object>) {
  const room = await mailroom(readers);
  const { app, clock, ids, mails, send } = room;
  return {
    ...room,
    /** A beat at each of these times. @returns who got what, in order */
    async beats(...times: string[]) {
      const before = mails.length;
      for (const time of times) {
        clock.set(time);
        const due = await planDue(app);
        if (due !== null) await send(due.edition, { owedOnly: true });
      }
      return mails.slice(before).map(({ to, days }) => [to, ...days]);
    },
    async next(name: string) {
      const query = app.db
        .selectFrom('subscriber')
        .select('next_digest_at')
        .where('id', '=', ids[name] as string);
      return (await query.executeTakeFirstOrThrow()).next_digest_at;
    },
  };
}

describe('at their hour', () => {
  it('a reader in Tokyo and one in San Francisco get the newest edition that they have not had', async () => {
    const { day, beats } = await newsroom({
      chen: { timeZone: 'Asia/Tokyo' },
      sam: { timeZone: 'America/Los_Angeles' },
    });
    await day('2026-08-18');
    await beats('2026-08-18T07:01:00Z', '2026-08-18T14:00:00Z', '2026-08-18T22:00:00Z');
    await day(WED);
    expect(await beats(`${WED}T07:01:00Z`)).toEqual([]);
    // In San Francisco it is seven in the morning of Wednesday; then in Tokyo of Thursday.
    expect(await beats(`${WED}T13:59:00Z`, `${WED}T14:00:00Z`)).toEqual([['sam', WED]]);
    expect(await beats(`${WED}T21:59:00Z`, `${WED}T22:00:00Z`, `${WED}T22:01:00Z`)).toEqual([['chen', WED]]);
    await day(THU);
    expect(await beats(`${THU}T07:01:00Z`, `${THU}T14:00:00Z`)).toEqual([['sam', THU]]);
    expect(await beats(`${THU}T22:00:00Z`)).toEqual([['chen', THU]]);
  });

  it('on a quiet day nobody gets anything, and all are due on the next', async () => {
    const { day, beats, next } = await newsroom({ ada: {} });
    await day(FRI);
    expect(await beats(`${FRI}T07:01:00Z`, `${SAT}T07:00:00Z`, `${SAT}T07:01:00Z`)).toEqual([['ada', FRI]]);
    expect(await next('ada')).toBe('2026-08-23T07:00:00.000Z');
  });

  it('who was sent it by hand before their hour does not get it again', async () => {
    const { app, clock, day, send, beats, mails } = await newsroom({ ada: { hour: 18 } });
    await day(THU);
    clock.set(`${THU}T09:00:00Z`);
    await send(THU, { dueOnly: false });
    expect(mails).toHaveLength(1);
    expect(await beats(`${THU}T18:00:00Z`)).toEqual([]);
    expect(app.today()).toBe(THU);
  });

  it('a weekly reader gets the week on their day', async () => {
    const { day, beats } = await newsroom({ wim: { cadence: 'weekly', weekday: 'friday', hour: 9 } });
    for (const date of [WED, THU, FRI]) {
      await day(date);
      await beats(`${date}T08:00:00Z`);
    }
    expect(await beats(`${FRI}T09:00:00Z`, `${SAT}T09:00:00Z`)).toEqual([['wim', WED, THU, FRI]]);
  });
});

describe('an edition that is not there yet', () => {
  it('is waited for by those whose hour comes while it is made, although an older one is new to them', async () => {
    const { app, day, beats } = await newsroom({ ada: {} });
    await day(WED);
    await expectEdition(app.db, at(`${THU}T07:00:00Z`));
    expect(await beats(`${THU}T07:00:00Z`)).toEqual([]);
    await day(THU);
    await endMorning(app.db, at(`${FRI}T07:00:00Z`));
    expect(await beats(`${THU}T07:01:00Z`)).toEqual([['ada', WED, THU]]);
  });

  it('and is late comes when it is out, and the next day has the usual hour again', async () => {
    const { app, clock, day, beats, next } = await newsroom({ ada: {} });
    await day(WED);
    await beats(`${WED}T07:01:00Z`);
    await expectEdition(app.db, at(`${THU}T07:00:00Z`));
    expect(await beats(`${THU}T07:00:00Z`, `${THU}T09:00:00Z`, `${THU}T12:59:00Z`)).toEqual([]);
    await day(THU);
    clock.set(`${THU}T13:00:00Z`);
    await endMorning(app.db, at(`${FRI}T07:00:00Z`));
    expect(await beats(`${THU}T13:00:00Z`)).toEqual([['ada', THU]]);
    expect(await next('ada')).toBe(`${FRI}T07:00:00.000Z`);
  });

  it('and does not come within twelve hours is for the next day', async () => {
    const { app, day, beats, next } = await newsroom({ ada: {} });
    await day(WED);
    await beats(`${WED}T07:01:00Z`);
    await expectEdition(app.db, at(`${THU}T07:00:00Z`));
    expect(await beats(`${THU}T07:00:00Z`, `${THU}T18:59:00Z`)).toEqual([]);
    expect(await next('ada')).toBe(`${THU}T07:00:00.000Z`);
    await beats(`${THU}T19:00:01Z`);
    expect(await next('ada')).toBe(`${FRI}T07:00:00.000Z`);
  });

  it('keeps nobody from an older one for longer than an hour', async () => {
    const { app, day, beats } = await newsroom({ ada: {} });
    await day(WED);
    await expectEdition(app.db, at(`${THU}T07:00:00Z`));
    expect(await beats(`${THU}T07:59:00Z`)).toEqual([]);
    expect(await beats(`${THU}T08:00:01Z`)).toEqual([['ada', WED]]);
  });

  it('because the operator paused it comes when it goes on', async () => {
    const { app, clock, day, beats } = await newsroom({ ada: {} });
    await day(THU);
    await pause(app.db, THU, 'a wrong title', clock);
    expect(await beats(`${THU}T07:01:00Z`, `${THU}T09:00:00Z`)).toEqual([]);
    await resume(app.db, THU, clock);
    expect(await beats(`${THU}T09:01:00Z`)).toEqual([['ada', THU]]);
  });
});

describe('after a time away', () => {
  it('there is one digest with what was missed, and not a second one on that day', async () => {
    const { day, beats } = await newsroom({ ada: { hour: 8 } });
    await day('2026-08-18');
    await beats('2026-08-18T08:00:00Z');
    for (const date of [WED, THU, FRI]) await day(date);
    expect(await beats(`${FRI}T07:30:00Z`)).toEqual([['ada', WED, THU, FRI]]);
    expect(await beats(`${FRI}T08:00:00Z`, `${FRI}T20:00:00Z`)).toEqual([]);
  });

  it('the editions of the days between are made, and today’s after them', async () => {
    const folder = await temporaryFolder();
    const clock = handClock(`${WED}T06:00:00Z`);
    const dataDir = join(folder, 'data');
    const app = await installation(
      { dataDir, sources: [`file:${folder}/{date}.jsonl`], mailFrom: 'papers@example.org' },
      clock,
    );
    for (const date of [WED, THU, FRI]) {
      const paper = { title: `Paper of ${date}`, abstract: 'We do.', date };
      await writeFile(join(folder, `${date}.jsonl`), JSON.stringify(paper));
    }
    const tomorrow = () => clock().add({ hours: 24 });
    await expectEdition(app.db, at(`${WED}T07:00:00Z`));
    clock.set(`${FRI}T09:00:00Z`);
    const job = { onStep() {}, nextEdition: tomorrow };
    expect((await makeDueEdition(app, job))?.publication?.outcome).toBe('published');
    const editions = await app.db.selectFrom('edition').select('date').orderBy('date').execute();
    expect(editions.map(({ date }) => date)).toEqual([WED, THU, FRI]);
    expect(await makeDueEdition(app, job)).toBeNull();
    expect(await readdir(dataDir)).not.toContain('outbox');
  });

  it('a weekly reader whose digest was cancelled gets it at their hour of the next day', async () => {
    const { app, clock, day, answers, beats, next } = await newsroom({
      wim: { cadence: 'weekly', weekday: 'thursday' },
    });
    await day(THU);
    answers(() => 'deferred');
    await beats(`${THU}T07:00:00Z`);
    expect(await next('wim')).toBe('2026-08-27T07:00:00.000Z');
    await cancel(app.db, THU, false, clock);
    expect(await next('wim')).toBe(`${FRI}T07:00:00.000Z`);
    answers(() => 'sent');
    await day(FRI);
    expect(await beats(`${FRI}T07:00:00Z`)).toEqual([['wim', THU, FRI]]);
  });
});

describe('the making of an edition', () => {
  it('is taken by one of many, and by another when that one has died', async () => {
    const { app, clock } = await newsroom({});
    await expectEdition(app.db, at(`${THU}T07:00:00Z`));
    clock.set(`${THU}T06:59:59Z`);
    expect(await takeMorning(app.db, clock, 'UTC')).toBeNull();
    clock.set(`${THU}T07:00:00Z`);
    const taken = await Promise.all(Array.from({ length: 4 }, () => takeMorning(app.db, clock, 'UTC')));
    expect(taken.filter(one => one !== null)).toEqual([{ days: [THU] }]);
    clock.set(`${THU}T07:05:00Z`);
    expect(await takeMorning(app.db, clock, 'UTC')).toEqual({ days: [THU] });
    await endMorning(app.db, at(`${FRI}T07:00:00Z`));
    expect(await isEditionAwaited(app.db, clock)).toBe(false);
  });

  it('is due at the new time when the operator moves it forward', async () => {
    const { app, clock } = await newsroom({});
    await expectEdition(app.db, at('2026-08-24T07:00:00Z'));
    await expectEdition(app.db, at(`${THU}T07:00:00Z`));
    await expectEdition(app.db, at(`${FRI}T07:00:00Z`));
    clock.set(`${THU}T07:00:00Z`);
    expect(await isEditionAwaited(app.db, clock)).toBe(true);
  });
});

describe('a reader who', () => {
  it('chooses another hour gets the day’s paper once', async () => {
    const { app, clock, ids, day, beats, next } = await newsroom({ ada: {} });
    await day(THU);
    expect(await beats(`${THU}T07:00:00Z`)).toEqual([['ada', THU]]);
    const wants = JSON.parse(
      (await app.db.selectFrom('subscriber').select('preferences').executeTakeFirstOrThrow()).preferences,
    );
    await setPreferences(app.db, ids.ada as string, { ...wants, hour: 20, timeZone: 'Asia/Tokyo' }, clock);
    expect(await next('ada')).toBe(`${THU}T11:00:00.000Z`);
    expect(await beats(`${THU}T11:00:00Z`)).toEqual([]);
    expect(await next('ada')).toBe(`${FRI}T11:00:00.000Z`);
  });

  it('comes back after a pause gets the day’s paper, and nothing of the time between', async () => {
    const { app, clock, ids, day, beats } = await newsroom({ ada: {} });
    await setStatus(app.db, ids.ada as string, 'paused', clock);
    await day(WED);
    await day(THU);
    clock.set(`${THU}T15:00:00Z`);
    await setStatus(app.db, ids.ada as string, 'active', clock);
    expect(await beats(`${THU}T15:01:00Z`)).toEqual([['ada', THU]]);
  });

  it('was sent nothing by a job of the day is asked at their hour', async () => {
    const { app, clock, day, beats } = await newsroom({ ada: { hour: 18 } });
    await day(WED);
    await beats(`${WED}T18:00:00Z`);
    await day(THU);
    clock.set(`${THU}T07:00:00Z`);
    const report = await sendEdition(app, THU, { dueOnly: true, dueNow: { isAwaited: false } });
    expect(report.planned).toBe(0);
    expect(await beats(`${THU}T18:00:00Z`)).toEqual([['ada', THU]]);
  });
});
