// The readers in the database: who comes in, who changes, and who left for good.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { exportSubscribers, importSubscribers, readSubscriberFile } from '../../src/subscribers/import.ts';
import { Preferences, WEEKDAYS } from '../../src/subscribers/preferences.ts';
import {
  countSubscribers,
  findSubscriber,
  listSubscribers,
  readSubscriber,
  STATUSES,
  setStatus,
} from '../../src/subscribers/subscriber.ts';
import { type HandClock, installation } from '../support/installation.ts';
import { fileOf, SLUGS } from './files.ts';

/** Imports entries as a JSON file would bring them. */
async function bring({ db, clock }: App, entries: unknown, status?: 'pending') {
  return importSubscribers(
    db,
    await readSubscriberFile(await fileOf(JSON.stringify(entries)), SLUGS, status),
    clock,
  );
}

async function known(app: App, address: string) {
  const reader = await findSubscriber(app.db, address);
  if (reader === undefined) throw new Error(`${address} is not known`);
  return reader;
}

const NOTHING = { added: 0, updated: 0, unchanged: 0, left: 0, merged: 0 };
const ADA = { email: 'ada@example.org', name: 'Ada', themes: ['agents'], hour: 6 };

describe('a reader who is imported', () => {
  it('is active, since the operator vouches for them', async () => {
    const app = await installation();
    expect(await bring(app, [ADA])).toEqual({ ...NOTHING, added: 1 });
    expect(await known(app, ' ADA@EXAMPLE.ORG ')).toMatchObject({
      address: 'ada@example.org',
      name: 'Ada',
      status: 'active',
      preferences: Preferences.parse({ themes: ['agents'], hour: 6 }),
      createdAt: '2026-08-20T07:00:00.000Z',
      statusAt: '2026-08-20T07:00:00.000Z',
    });
  });

  it('is pending when they are to be asked first, and stays so until they are', async () => {
    const app = await installation();
    await bring(app, [ADA], 'pending');
    expect(await known(app, 'ada@example.org')).toHaveProperty('status', 'pending');
    expect(await bring(app, [ADA])).toEqual({ ...NOTHING, unchanged: 1 });
    expect(await known(app, 'ada@example.org')).toHaveProperty('status', 'pending');
  });

  it('may be paused from the start', async () => {
    const app = await installation();
    await bring(app, [{ ...ADA, status: 'paused' }]);
    expect(await countSubscribers(app.db)).toEqual({
      pending: 0,
      active: 0,
      paused: 1,
      unsubscribed: 0,
      suppressed: 0,
    });
  });

  it('is the same reader however the next file spells their address', async () => {
    const app = await installation();
    await bring(app, [{ email: 'ada@müller.de' }]);
    expect(await bring(app, [{ email: 'Ada@XN--MLLER-KVA.de' }])).toEqual({ ...NOTHING, updated: 1 });
    expect((await listSubscribers(app.db)).map(({ address }) => address)).toEqual(['Ada@xn--mller-kva.de']);
  });

  it('keeps their id, so that the links in their old mails still work', async () => {
    const app = await installation();
    await bring(app, [ADA]);
    const { id } = await known(app, 'ada@example.org');
    await bring(app, [{ ...ADA, hour: 9 }]);
    expect(await readSubscriber(app.db, id)).toMatchObject({ preferences: { hour: 9 } });
  });
});

describe('importing again', () => {
  it('changes nothing when the file is the same', async () => {
    const app = await installation();
    const entries = [ADA, { email: 'bo@example.org', cadence: 'weekly' }, { email: 'chen@example.org' }];
    expect(await bring(app, entries)).toEqual({ ...NOTHING, added: 3 });
    const before = await listSubscribers(app.db);
    (app.clock as HandClock).set('2027-01-01T00:00:00Z');
    expect(await bring(app, entries)).toEqual({ ...NOTHING, unchanged: 3 });
    expect(await listSubscribers(app.db)).toEqual(before);
  });

  it('takes over what is new, and remembers since when a reader has their status', async () => {
    const app = await installation();
    await bring(app, [ADA]);
    (app.clock as HandClock).set('2026-09-01T07:00:00Z');
    expect(await bring(app, [{ ...ADA, length: 'full' }])).toEqual({ ...NOTHING, updated: 1 });
    expect(await known(app, 'ada@example.org')).toMatchObject({
      preferences: { length: 'full' },
      statusAt: '2026-08-20T07:00:00.000Z',
    });
    await bring(app, [{ ...ADA, status: 'paused' }]);
    expect(await known(app, 'ada@example.org')).toHaveProperty('statusAt', '2026-09-01T07:00:00.000Z');
  });

  it('leaves alone what the file does not speak of', async () => {
    const app = await installation();
    await bring(app, [{ email: 'ada@example.org', name: 'Ada', themes: ['agents'], hour: 6 }]);
    expect(await bring(app, [{ email: 'ada@example.org' }])).toEqual({ ...NOTHING, unchanged: 1 });
    expect(await bring(app, [{ email: 'ada@example.org', hour: 9 }])).toEqual({ ...NOTHING, updated: 1 });
    expect(await known(app, 'ada@example.org')).toMatchObject({
      name: 'Ada',
      preferences: { themes: ['agents'], hour: 9 },
    });
  });

  it.each(['unsubscribed', 'suppressed'] as const)('does not bring back a reader who is %s', async status => {
    const app = await installation();
    await bring(app, [ADA]);
    const { id } = await known(app, 'ada@example.org');
    await setStatus(app.db, id, status, app.clock);
    const gone = await readSubscriber(app.db, id);
    for (const entry of [ADA, { ...ADA, status: 'active' }, { ...ADA, status: 'pending', hour: 9 }]) {
      expect(await bring(app, [entry])).toEqual({ ...NOTHING, left: 1 });
    }
    expect(await readSubscriber(app.db, id)).toEqual(gone);
  });

  it('leaves a paused reader paused, unless the file says otherwise', async () => {
    const app = await installation();
    await bring(app, [ADA]);
    const { id } = await known(app, 'ada@example.org');
    await setStatus(app.db, id, 'paused', app.clock);
    expect(await bring(app, [{ ...ADA, hour: 9 }])).toEqual({ ...NOTHING, updated: 1 });
    expect(await readSubscriber(app.db, id)).toMatchObject({ status: 'paused', preferences: { hour: 9 } });
    await bring(app, [{ ...ADA, status: 'active' }]);
    expect(await readSubscriber(app.db, id)).toHaveProperty('status', 'active');
  });

  it('may say that a reader left', async () => {
    const app = await installation();
    await bring(app, [ADA]);
    expect(await bring(app, [{ ...ADA, status: 'unsubscribed' }])).toEqual({ ...NOTHING, updated: 1 });
    expect(await known(app, 'ada@example.org')).toHaveProperty('status', 'unsubscribed');
  });
});

describe('a file with one wrong entry', () => {
  it('brings nobody in', async () => {
    const app = await installation();
    await expect(bring(app, [ADA, { email: 'bo@example.org', hour: 99 }])).rejects.toThrow(
      'nobody was imported',
    );
    expect(await listSubscribers(app.db)).toEqual([]);
  });

  it('brings nobody in when the database gives up half way', async () => {
    const app = await installation();
    const { readers } = await readSubscriberFile(
      await fileOf('email\nada@example.org\nbo@example.org\n'),
      SLUGS,
    );
    const broken = readers.map((reader, n) =>
      n === 1 ? { ...reader, status: 'nowhere' as 'active' } : reader,
    );
    await expect(importSubscribers(app.db, { readers: broken, merged: 0 }, app.clock)).rejects.toThrow(
      /check constraint/i,
    );
    expect(await listSubscribers(app.db)).toEqual([]);
  });
});

describe("a reader's status", () => {
  it('changes once, and says so', async () => {
    const app = await installation();
    await bring(app, [ADA]);
    const { id } = await known(app, 'ada@example.org');
    expect(await setStatus(app.db, id, 'unsubscribed', app.clock)).toBe(true);
    expect(await setStatus(app.db, id, 'unsubscribed', app.clock)).toBe(false);
  });

  it('is not taken from suppressed by anything but a hand in the database', async () => {
    const app = await installation();
    await bring(app, [{ ...ADA, status: 'suppressed' }]);
    const { id } = await known(app, 'ada@example.org');
    for (const status of STATUSES) expect(await setStatus(app.db, id, status, app.clock)).toBe(false);
    expect(await readSubscriber(app.db, id)).toHaveProperty('status', 'suppressed');
  });

  it('of nobody cannot be changed', async () => {
    const app = await installation();
    expect(await setStatus(app.db, 'nobody', 'active', app.clock)).toBe(false);
    expect(await findSubscriber(app.db, 'nobody@example.org')).toBeUndefined();
    expect(await findSubscriber(app.db, 'no address')).toBeUndefined();
  });
});

const phrase = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter(text => /\S/.test(text) && text.trim().length <= 100);
const preferences = fc.record(
  {
    themes: fc.subarray(SLUGS),
    keywords: fc.array(phrase, { maxLength: 5 }),
    authors: fc.array(phrase, { maxLength: 5 }),
    mutedWords: fc.array(phrase, { maxLength: 5 }),
    length: fc.constantFrom('brief', 'standard', 'full'),
    atLeast: fc.integer({ min: 1, max: 50 }),
    cadence: fc.constantFrom('daily', 'weekdays', 'weekly'),
    weekday: fc.constantFrom(...WEEKDAYS),
    hour: fc.integer({ min: 0, max: 23 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'Asia/Kathmandu'),
    locale: fc.constantFrom('en', 'de-CH', 'pt-BR', 'ar', 'zh-Hans-CN'),
    status: fc.constantFrom(...STATUSES),
    name: fc.option(phrase),
  },
  { requiredKeys: [] },
);

describe('moving house', () => {
  it('an export brings every reader into another installation as they were', async () => {
    const [here, there] = [await installation(), await installation()];
    await fc.assert(
      fc.asyncProperty(fc.array(preferences, { minLength: 1, maxLength: 8 }), async wishes => {
        for (const { db } of [here, there]) await db.deleteFrom('subscriber').execute();
        await bring(
          here,
          wishes.map((wish, n) => ({ email: `reader${n}@example.org`, ...wish })),
        );
        const exported = exportSubscribers(await listSubscribers(here.db));
        expect(await bring(there, exported)).toEqual({ ...NOTHING, added: wishes.length });
        expect(exportSubscribers(await listSubscribers(there.db))).toEqual(exported);
        const { added, updated } = await bring(there, exported);
        expect({ added, updated }).toEqual({ added: 0, updated: 0 });
      }),
      { numRuns: 40 },
    );
  });
});
