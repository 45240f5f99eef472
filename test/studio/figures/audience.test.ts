// Who gets an edition: told before anything is planned, and the same as what is then sent.
import { describe, expect, it } from 'vitest';
import { NOTHING } from '../../../src/delivery/ledger.ts';
import { planEdition } from '../../../src/delivery/planning.ts';
import type { Edition } from '../../../src/editions/edition.ts';
import { draftEdition, publish } from '../../../src/editions/publish.ts';
import { announce } from '../../../src/papers/announce.ts';
import { storeAnnouncements } from '../../../src/papers/store-papers.ts';
import { instantText } from '../../../src/store/schema.ts';
import { audienceOf } from '../../../src/studio/figures/audience.ts';
import { preferencesInWords } from '../../../src/studio/figures/preferences-in-words.ts';
import { readAddress } from '../../../src/subscribers/address.ts';
import type { Preferences } from '../../../src/subscribers/preferences.ts';
import { type Status, storeSubscriber } from '../../../src/subscribers/subscriber.ts';
import { wants } from '../../digests/editions.ts';
import { handClock, installation } from '../../support/installation.ts';

/** Monday. */
const DAY = '2026-08-17';

async function office() {
  const app = await installation({ mailFrom: 'papers@example.org' }, handClock('2026-08-16T12:00:00Z'));
  const desk = await app.desk();
  const subscribe = async (name: string, preferences: Partial<Preferences> = {}, status?: Status) => {
    const address = readAddress(`${name}@example.org`);
    if ('problem' in address) throw new Error(address.problem);
    const reader = { address, name: null, status, initialStatus: 'active' as const, preferences };
    await app.db.transaction().execute(tx => storeSubscriber(tx, reader, app.clock));
  };
  const collect = async (date: string) => {
    app.clock.set(`${date}T06:00:00Z`);
    const paper = announce({
      where: '',
      title: `Ferries of ${date}`,
      abstract: 'We propose it.',
      announcedOn: date,
    });
    if (!('paper' in paper)) throw new Error(paper.detail);
    const from = { source: 'test', at: instantText(app.clock()), day: date };
    await app.db.transaction().execute(tx => storeAnnouncements(tx, [paper], from));
  };
  const of = (edition: Edition) =>
    audienceOf({
      db: app.db,
      clock: app.clock,
      edition,
      secret: desk.secret,
      sender: desk.sender,
      themes: app.themes,
    });
  const plan = async (day: string) =>
    planEdition({
      db: app.db,
      clock: app.clock,
      edition: day,
      secret: desk.secret,
      sender: desk.sender,
      dueOnly: true,
    });
  return { app, subscribe, collect, of, plan };
}

async function withReaders() {
  const all = await office();
  const { subscribe } = all;
  await subscribe('ada');
  await subscribe('bo');
  await subscribe('cy', { cadence: 'weekdays' });
  await subscribe('di', { keywords: ['ferries'], length: 'brief' });
  await subscribe('ed', { keywords: ['zebrafish'] });
  await subscribe('flo', { cadence: 'weekly', weekday: 'wednesday' });
  await subscribe('gus', {}, 'paused');
  await subscribe('hal', {}, 'pending');
  return all;
}

const sameForBoth = {
  day: DAY,
  readers: { active: 6, paused: 1, pending: 1, unsubscribed: 0, suppressed: 0 },
  notDue: 1,
  rest: { cuts: 0, readers: 0 },
  next: [
    { day: '2026-08-17', cadence: 'daily', readers: 4 },
    { day: '2026-08-17', cadence: 'weekdays', readers: 1 },
    { day: '2026-08-19', cadence: 'weekly', readers: 1 },
  ],
};
const shownCuts = [
  {
    wants: 'Everything',
    readers: 3,
    addresses: ['ada@example.org', 'bo@example.org', 'cy@example.org'],
    papers: 1,
    editions: [DAY],
    next: [{ day: '2026-08-18', readers: 3 }],
  },
  { wants: 'with “ferries”; titles only', readers: 1, papers: 1 },
  { wants: 'with “zebrafish”', readers: 1, papers: 0 },
];

describe('the audience of a draft', () => {
  it('is what would be, and nothing is stored', async () => {
    const { app, collect, of } = await withReaders();
    await collect(DAY);
    const audience = await of(await draftEdition(app.press, DAY));
    expect(audience).toMatchObject({ ...sameForBoth, draft: true, cuts: shownCuts });
    expect(audience.standing).toEqual({ 'to plan': 4, nothing: 1 });
    expect(audience.cuts[2]?.standing).toEqual({ nothing: 1 });
    expect(await app.db.selectFrom('edition').selectAll().execute()).toEqual([]);
    expect(await app.db.selectFrom('delivery').selectAll().execute()).toEqual([]);
  });

  it('counts papers of the days that a weekly reader waited for', async () => {
    const { app, collect, of, plan } = await withReaders();
    for (const day of [DAY, '2026-08-18']) {
      await collect(day);
      await publish(app.press, day);
      await plan(day);
      await app.db.updateTable('delivery').set({ state: 'sent' }).execute();
    }
    await collect('2026-08-19');
    const { cuts } = await of(await draftEdition(app.press, '2026-08-19'));
    const everything = cuts.filter(({ wants }) => wants === 'Everything');
    expect(everything.map(({ addresses, papers }) => [addresses, papers])).toEqual([
      [['ada@example.org', 'bo@example.org', 'cy@example.org'], 1],
      [['flo@example.org'], 3],
    ]);
    expect(everything[1]?.editions).toEqual([DAY, '2026-08-18', '2026-08-19']);
  });
});

describe('the audience of a published edition', () => {
  it('is what is planned next', async () => {
    const { app, collect, of } = await withReaders();
    await collect(DAY);
    const { edition } = await publish(app.press, DAY);
    const audience = await of(edition);
    expect(audience).toMatchObject({
      ...sameForBoth,
      draft: false,
      standing: { 'to plan': 4, nothing: 1 },
      cuts: shownCuts,
    });
  });

  it('tells who has had it, who is owed, and of whom nobody knows', async () => {
    const { app, collect, of, plan } = await withReaders();
    await collect(DAY);
    const { edition } = await publish(app.press, DAY);
    await plan(DAY);
    const set = (address: string, state: 'sent' | 'unknown') =>
      app.db.updateTable('delivery').set({ state }).where('address', '=', address).execute();
    await set('ada@example.org', 'sent');
    await set('bo@example.org', 'unknown');
    await app.db.updateTable('delivery').set({ reason: NOTHING }).where('state', '=', 'skipped').execute();
    const audience = await of(edition);
    expect(audience.standing).toEqual({ had: 1, unknown: 1, owed: 2, nothing: 1 });
    expect(audience).toMatchObject({ ...sameForBoth, cuts: shownCuts });
    expect(audience.cuts[0]?.standing).toEqual({ had: 1, unknown: 1, owed: 1 });
  });

  it('shows fifty cuts, those with the most readers, and counts the others', async () => {
    const { app, subscribe, collect, of } = await office();
    for (let n = 0; n < 60; n++) await subscribe(`reader${n}`, { keywords: [`word${n}`] });
    for (let n = 0; n < 4; n++) await subscribe(`same${n}`);
    await collect(DAY);
    const { edition } = await publish(app.press, DAY);
    const { cuts, rest } = await of(edition);
    expect(cuts).toHaveLength(50);
    expect(cuts[0]).toMatchObject({ wants: 'Everything', readers: 4 });
    expect(cuts[0]?.addresses).toHaveLength(3);
    expect(rest).toEqual({ cuts: 11, readers: 11 });
    await collect('2026-08-18');
    const draft = await of(await draftEdition(app.press, '2026-08-18'));
    expect(draft.standing).toEqual({ 'to plan': 4, nothing: 60 });
    expect(draft.rest).toEqual(rest);
  });
});

describe('preferences in words', () => {
  const names = new Map([['robots', 'Robotics']]);
  it.each<[Partial<Preferences>, string]>([
    [{}, 'Everything'],
    [{ themes: ['robots', 'other'] }, 'Robotics, other'],
    [{ keywords: ['a b'], authors: ['Ada'], mutedWords: ['x'] }, 'with “a b”; by Ada; not “x”'],
    [{ length: 'full', locale: 'de' }, 'Everything; whole abstracts; in de'],
    [{ keywords: [...'abcdefgh'] }, 'with “a”, “b”, “c”, “d”, “e”, “f” and 2 more'],
    [{ cadence: 'weekly', hour: 9 }, 'Everything'],
  ])('%o are “%s”', (preferences, words) => {
    expect(preferencesInWords(wants(preferences), names)).toBe(words);
  });
});
