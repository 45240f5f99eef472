// The digest before: what a designer compares a mail with has nothing of that mail in it, whatever days it covers.
import { expect, it } from 'vitest';
import { publish } from '../../src/editions/publish.ts';
import { announce } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { instantText } from '../../src/store/schema.ts';
import { readAsk } from '../../src/studio/ask.ts';
import { difference } from '../../src/studio/figures/difference.ts';
import { makeScene, sceneBefore } from '../../src/studio/scene.ts';
import type { Bench } from '../../src/studio/workbench.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { storeSubscriber } from '../../src/subscribers/subscriber.ts';
import { installation } from '../support/installation.ts';

/** An edition on each of these days, with one paper that is named after it; nothing is sent. */
async function published(...days: string[]) {
  const app = await installation({ mailFrom: 'papers@example.org' });
  const on = async (day: string) => {
    app.clock.set(`${day}T06:00:00Z`);
    const paper = announce({ where: '', title: `Ferries of ${day}`, abstract: '', announcedOn: day });
    if (!('paper' in paper)) throw new Error(paper.detail);
    const from = { source: 'test', at: instantText(app.clock()), day };
    await app.db.transaction().execute(tx => storeAnnouncements(tx, [paper], from));
    await publish(app.press, day);
  };
  for (const day of days) await on(day);
  const bench: Bench = { app, desk: await app.desk(), check: () => ({ ok: true, checks: [] }) };
  const compared = async (fields: Record<string, string>) => {
    const asked = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]]));
    const scene = await makeScene(bench, readAsk(asked));
    const before = await sceneBefore(bench, scene);
    const titles = (papers: readonly { title: string }[] = []) =>
      papers.map(({ title }) => title.replace('Ferries of 2026-08-', '')).sort();
    return {
      now: titles(scene.digest.papers),
      before: titles(before?.papers),
      twice: difference(before, scene.digest).twice,
    };
  };
  return { app, on, compared };
}

const WEEKLY = { reader: 'made-up', cadence: 'weekly' };

it('is the day before for a reader of one day, however long ago that was', async () => {
  const { compared } = await published('2026-08-10', '2026-08-14', '2026-08-17');
  expect(await compared({ day: '2026-08-17' })).toEqual({ now: ['17'], before: ['14'], twice: [] });
});

it('is the week before for a weekly reader: as many days as the week has, and none that is in it', async () => {
  const days = ['03', '04', '05', '06', '07', '10', '11', '12', '13', '14'].map(day => `2026-08-${day}`);
  const { compared } = await published(...days);
  expect(await compared({ ...WEEKLY, day: '2026-08-14' })).toEqual({
    now: ['10', '11', '12', '13', '14'],
    before: ['03', '04', '05', '06', '07'],
    twice: [],
  });
});

it('is what there is where the first weeks were shorter', async () => {
  const { compared } = await published('2026-08-05', '2026-08-10', '2026-08-13', '2026-08-14');
  expect(await compared({ ...WEEKLY, day: '2026-08-14' })).toEqual({
    now: ['10', '13', '14'],
    before: ['05'],
    twice: [],
  });
});

it('is nothing where all the days that there are, are in the mail', async () => {
  const { compared } = await published('2026-08-12', '2026-08-13', '2026-08-14');
  expect(await compared({ ...WEEKLY, day: '2026-08-14' })).toEqual({
    now: ['12', '13', '14'],
    before: [],
    twice: [],
  });
});

it('is before the first day that a reader is still owed', async () => {
  const { app, on, compared } = await published('2026-08-11', '2026-08-12');
  app.clock.set('2026-08-12T12:00:00Z');
  const address = readAddress('ada@example.org');
  if ('problem' in address) throw new Error(address.problem);
  const reader = {
    address,
    name: null,
    status: undefined,
    initialStatus: 'active' as const,
    preferences: {},
  };
  await app.db.transaction().execute(tx => storeSubscriber(tx, reader, app.clock));
  await on('2026-08-13');
  await on('2026-08-14');
  expect(await compared({ day: '2026-08-14', reader: 'ada@example.org' })).toEqual({
    now: ['13', '14'],
    before: ['11', '12'],
    twice: [],
  });
});
