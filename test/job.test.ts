// The morning's job when papers are late: it asks again, publishes once they are there, and gives up aloud.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { papersOf, readEdition } from '../src/editions/edition.ts';
import { runJob } from '../src/job.ts';
import { exitStatusOf } from '../src/report.ts';
import { announcementFeed, works } from './support/arxiv.ts';
import { reply, serve } from './support/http.ts';
import { handClock, installation, temporaryFolder } from './support/installation.ts';

const DAY = '2026-05-12';
const MORNING = `${DAY}T06:00:00Z`;

const lines = (...titles: string[]) =>
  titles.map(title => JSON.stringify({ title, abstract: 'We do.', date: DAY })).join('\n');

/** A morning that begins at six: waiting moves the clock, and `at` says what happens when it stands there. */
async function morning(
  sources: (folder: string) => string[],
  settings: { giveUpAt?: string; askAgainMinutes?: number; timeZone?: string } = {},
) {
  const dataDir = await temporaryFolder();
  const clock = handClock(MORNING);
  const app = await installation({ dataDir, sources: sources(dataDir), ...settings }, clock);
  const said: string[] = [];
  const aloud: string[] = [];
  const waits: string[] = [];
  const happenings = new Map<string, () => unknown>();
  async function wait(ms: number) {
    clock.set(clock().add({ milliseconds: ms }).toString());
    const time = clock().toString().slice(11, 16);
    waits.push(time);
    await happenings.get(time)?.();
  }
  return {
    app,
    said,
    aloud,
    waits,
    at: (time: string, happens: () => unknown) => happenings.set(time, happens),
    writesList: () => writeFile(join(dataDir, `${DAY}.jsonl`), lines('From a file')),
    /** `isReal`: it waits as it does in the morning, by the clock on the wall. */
    async run(options: Partial<Parameters<typeof runJob>[2]> = {}, isReal = false) {
      const report = await runJob(app, DAY, {
        patient: true,
        onStep(line, failed) {
          said.push(`${clock().toString().slice(11, 16)} ${line}`);
          if (failed) aloud.push(line);
        },
        ...(isReal ? {} : { wait }),
        ...options,
      });
      return { ...report, status: exitStatusOf(app, report) };
    },
    async edition() {
      const row = await app.db.selectFrom('edition').selectAll().where('date', '=', DAY).executeTakeFirst();
      const edition = await readEdition(app.db, DAY);
      const titles = edition === undefined ? [] : papersOf(edition).map(({ title }) => title);
      return { at: row?.published_at.slice(11, 16), titles };
    },
  };
}

const daily = (folder: string) => `file:${folder}/{date}.jsonl`;

/** A feed on a host whose answers a test changes. */
async function host(answer: (number: number) => [number, string]) {
  const { url, requests } = await serve((response, _, number) => reply(response, ...answer(number)));
  return { source: `feed:${url}/`, requests, url };
}

const GOOD = lines('From a feed', 'Another from a feed');

describe('papers that are not out at six', () => {
  it('are asked for every quarter of an hour, and published as soon as they are there', async () => {
    const { app, at, writesList, run, said, aloud, waits, edition } = await morning(folder => [
      daily(folder),
    ]);
    at('06:45', writesList);
    const { status, collections, publication, failures } = await run();
    expect(waits).toEqual(['06:15', '06:30', '06:45']);
    expect(await edition()).toEqual({ at: '06:45', titles: ['From a file'] });
    expect(collections).toMatchObject([{ outcome: 'ok', new: 1 }]);
    expect(publication?.outcome).toBe('published');
    expect([status, failures, aloud]).toEqual([0, [], []]);
    const name = daily(app.folder);
    expect(said.slice(0, 3)).toEqual([
      `06:00 collect: ${name}: not-yet: there is no ${app.folder}/${DAY}.jsonl yet`,
      `06:00 collect: asking ${name} again in 15 minutes, until 11:00`,
      `06:15 collect: ${name}: not-yet: there is no ${app.folder}/${DAY}.jsonl yet`,
    ]);
    expect(said.at(-2)).toBe('06:45 publish: edition 2026-05-12: 1 paper in 1 theme');
  });

  it('are asked for as often as the operator says, and at the hour to give up for the last time', async () => {
    const { at, writesList, run, waits, edition } = await morning(folder => [daily(folder)], {
      askAgainMinutes: 25,
      giveUpAt: '07:00',
    });
    at('07:00', writesList);
    expect((await run()).status).toBe(0);
    expect(waits).toEqual(['06:25', '06:50', '07:00']);
    expect((await edition()).at).toBe('07:00');
  });

  it('and never come: the job gives up aloud at the hour in the operator’s zone, and sends what others had', async () => {
    const other = await host(() => [200, GOOD]);
    const { app, run, aloud, waits, edition } = await morning(folder => [daily(folder), other.source], {
      timeZone: 'Europe/Paris',
      giveUpAt: '09:00',
    });
    const { status, collections, publication } = await run();
    expect(waits).toEqual(['06:15', '06:30', '06:45', '07:00']);
    expect(aloud).toEqual([`collect: gave up on ${daily(app.folder)} at 09:00`]);
    expect(collections?.map(({ outcome }) => outcome)).toEqual(['not-yet', 'ok']);
    expect(publication?.outcome).toBe('published');
    expect(await edition()).toEqual({ at: '07:00', titles: ['From a feed', 'Another from a feed'] });
    expect(status).toBe(3);
    expect(other.requests).toHaveLength(1);
  });

  it('with no other source: there is no edition, and the job says what is missing', async () => {
    const { app, run, said, edition } = await morning(folder => [daily(folder)]);
    const { status, publication, sending } = await run();
    expect(publication).toMatchObject({
      outcome: 'not-yet',
      because: expect.stringContaining('there is no'),
    });
    expect([status, sending]).toEqual([3, null]);
    expect(await edition()).toEqual({ at: undefined, titles: [] });
    expect(said.at(-2)).toMatch(/^11:00 publish: no edition of 2026-05-12 yet: /);
    // What comes in the afternoon is published by the next run.
    await writeFile(join(app.folder, `${DAY}.jsonl`), lines('From a file'));
    expect((await run()).status).toBe(0);
    expect((await edition()).titles).toEqual(['From a file']);
  });

  it('are asked for once by somebody who is not patient', async () => {
    const { run, waits } = await morning(folder => [daily(folder)]);
    const { status, publication } = await run({ patient: false });
    expect(waits).toEqual([]);
    expect([status, publication?.outcome]).toEqual([0, 'not-yet']);
  });
});

describe('a list that is stale', () => {
  it('is asked for until eleven; then the job gives up aloud, and publishes what the other source had', async () => {
    const arxiv = await serve(response =>
      reply(response, 200, announcementFeed('2026-05-11', works(8)), { 'content-type': 'application/xml' }),
    );
    let news = lines('On Monday');
    const other = await host(() => [200, news]);
    const { app, run, aloud, waits, edition } = await morning(() => [
      `arxiv-rss:cs.CL@${arxiv.url}`,
      other.source,
    ]);
    app.clock.set('2026-05-11T09:00:00Z');
    await runJob(app, '2026-05-11', { onStep() {} });
    app.clock.set(MORNING);
    news = lines('On Tuesday');
    const { status, collections } = await run();
    expect([waits[0], waits.at(-1)]).toEqual(['06:15', '11:00']);
    expect(arxiv.requests).toHaveLength(1 + 1 + waits.length);
    expect(other.requests).toHaveLength(1 + 1);
    expect(collections?.map(({ outcome }) => outcome)).toEqual(['stale', 'ok']);
    // Four hours after it was due it is no longer late.
    expect(aloud).toHaveLength(waits.filter(time => time >= '08:00').length + 1);
    expect(aloud[0]).toBe(
      'collect: arxiv-rss:cs.CL: stale: the same 8 papers as on 2026-05-11; 8 papers: 8 known',
    );
    expect(aloud.at(-1)).toBe('collect: gave up on arxiv-rss:cs.CL at 11:00');
    expect(status).toBe(3);
    expect(await edition()).toEqual({ at: '11:00', titles: ['On Tuesday'] });
  });
});

describe('a source that fails', () => {
  it('is asked four times at most, and does not hold up the edition until eleven', async () => {
    const dead = await host(() => [404, 'gone']);
    const other = await host(() => [200, GOOD]);
    const { run, aloud, waits, edition } = await morning(() => [dead.source, other.source]);
    const { status, collections } = await run();
    expect([dead.requests.length, other.requests.length]).toEqual([4, 1]);
    expect(waits).toEqual(['06:15', '06:30', '06:45']);
    expect((await edition()).at).toBe('06:45');
    expect(collections?.map(({ outcome }) => outcome)).toEqual(['failed', 'ok']);
    expect(aloud.filter(line => /: failed: .*answered 404 \(Not Found\)$/.test(line))).toHaveLength(4);
    expect(status).toBe(1);
  });

  it('and is well again is forgiven, and its papers are in the edition', async () => {
    const shaky = await host(number => (number < 3 ? [404, 'gone'] : [200, GOOD]));
    const { run, waits, edition } = await morning(() => [shaky.source]);
    const { status, collections } = await run();
    expect(waits).toEqual(['06:15', '06:30']);
    expect(collections).toMatchObject([{ outcome: 'ok', new: 2 }]);
    expect(status).toBe(0);
    expect(await edition()).toEqual({ at: '06:30', titles: ['From a feed', 'Another from a feed'] });
  });

  it('beside one that is late: each has its own patience', async () => {
    const dead = await host(() => [404, 'gone']);
    const { at, writesList, run, edition } = await morning(folder => [daily(folder), dead.source]);
    at('08:00', writesList);
    const { status, collections } = await run();
    expect(dead.requests).toHaveLength(4);
    expect(collections?.map(({ outcome }) => outcome)).toEqual(['ok', 'failed']);
    expect([status, (await edition()).at]).toEqual([1, '08:00']);
  });
});

describe('somebody who stops the job while it waits', () => {
  it('is obeyed at once: nothing is published, and what was told is kept', async () => {
    const other = await host(() => [200, GOOD]);
    const { app, run, edition } = await morning(folder => [daily(folder), other.source]);
    const stop = new AbortController();
    const said: string[] = [];
    const onStep = (line: string) => {
      said.push(line);
      if (/again in 15 minutes/.test(line)) setTimeout(() => stop.abort('SIGTERM'), 10);
    };
    const report = await run({ signal: stop.signal, onStep }, true);
    expect(report.collections?.map(({ outcome }) => outcome)).toEqual(['not-yet', 'ok']);
    expect([report.publication, report.sending, report.failures]).toEqual([null, null, []]);
    expect(said.at(-1)).toMatch(/again in 15 minutes/);
    expect(await edition()).toEqual({ at: undefined, titles: [] });
    expect(await app.db.selectFrom('paper').selectAll().execute()).toHaveLength(2);
  });

  it('before it began: nobody is asked', async () => {
    const other = await host(() => [200, GOOD]);
    const { run } = await morning(() => [other.source]);
    const report = await run({ signal: AbortSignal.abort('SIGTERM') });
    expect([report.collections, report.publication, report.sending]).toEqual([null, null, null]);
    expect(other.requests).toEqual([]);
  });
});
