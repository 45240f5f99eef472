// An installation learns themes from its own papers: when there is a reason, in a thread of its own, one at a time.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runJob } from '../../src/job.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { instantText } from '../../src/store/schema.ts';
import { correct } from '../../src/themes/corrections.ts';
import { newestLessons, openModelInUse, whoAnswers } from '../../src/themes/model-in-use.ts';
import { refit } from '../../src/themes/refit.ts';
import type { Figures } from '../../src/themes/self-check.ts';
import { inTurn, readInUse, readModels, storeModel, takeIntoUse } from '../../src/themes/stored-models.ts';
import { defaultTaxonomy } from '../../src/themes/taxonomy.ts';
import { installation, temporaryFolder } from '../support/installation.ts';
import { madeUpPapers, THEMES } from './model/papers.ts';

const DAY = '2026-08-20';
const WHALES = { title: 'Plankton and sonar of the harbour', abstract: 'Ocean, tide, wave, shark and salt.' };

/** An installation whose themes are the sea, the sky and stone, with so many papers on them. */
async function observatory(papers = 320) {
  const dataDir = await temporaryFolder();
  const taxonomy = join(dataDir, 'themes.json');
  await writeFile(taxonomy, JSON.stringify(THEMES));
  const app = await installation({ dataDir, taxonomy });
  const announcements = madeUpPapers(papers).map(({ title, abstract }, at) => ({
    paper: { id: `doi:10.1/${at}`, title, abstract, authors: [], url: null, links: {}, facts: {} },
    keys: [`doi:10.1/${at}`],
    format: 'json' as const,
    announcedOn: DAY,
    vote: null,
  }));
  await app.db
    .transaction()
    .execute(tx =>
      storeAnnouncements(tx, announcements, { source: 'x', at: instantText(app.clock()), day: DAY }),
    );
  const { db, clock } = app;
  const warned: string[] = [];
  return {
    ...app,
    warned,
    learns: (options: Partial<Parameters<typeof refit>[2]> = {}) => refit(db, THEMES, { clock, ...options }),
    later: (days: number) =>
      clock.set(
        clock()
          .add({ hours: Math.round(days * 24) })
          .toString(),
      ),
    async correct(count: number, theme: string) {
      clock.set(clock().add({ seconds: 1 }).toString());
      for (let at = 0; at < count; at++)
        await correct(db, { paperId: `doi:10.1/${at * 3}`, theme, curator: null, at: instantText(clock()) });
    },
    open: () => openModelInUse(db, THEMES, line => warned.push(line)),
    inUse: async () => (await readInUse(db))?.version,
  };
}

describe('an installation of its own field', () => {
  it('learns from its papers, and its editions are laid out by what it learnt', async () => {
    const { learns, inUse, open, press } = await observatory();
    expect((await open()).classify(WHALES).theme).toBeNull();
    expect(await learns()).toMatchObject({
      outcome: 'taken',
      why: 'the first one',
      model: { version: 1, state: 'in-use', figures: { corrections: { papers: 0 } } },
    });
    expect(await inUse()).toBe(1);
    expect((await open()).classify(WHALES).theme).toBe('sea');
    expect((await press.model()).classify(WHALES).theme).toBe('sea');
  });

  it('does so at the end of the job, and says it once', async () => {
    const app = await observatory();
    const said: string[] = [];
    const job = () => runJob(app, DAY, { onStep: line => said.push(line) });
    expect(await job()).toMatchObject({ failures: [], themes: { outcome: 'taken' } });
    expect(await job()).toMatchObject({ failures: [], themes: { outcome: 'not-due' } });
    expect(said.filter(line => line.startsWith('themes: '))).toEqual([
      'themes: version 1, learnt from 280 papers, is in use from now on (fitted: the first one)',
    ]);
  });

  it('does nothing while it has few papers, whoever asks', async () => {
    const { learns, db } = await observatory(60);
    expect(await learns({ force: true })).toMatchObject({ outcome: 'too-few', model: null });
    expect(await readModels(db)).toEqual([]);
  });
});

describe('the next fit', () => {
  it('is due after a week, not before', async () => {
    const { learns, later } = await observatory();
    await learns();
    later(6.5);
    expect(await learns()).toMatchObject({
      outcome: 'not-due',
      why: expect.stringContaining('2026-08-27T07:00'),
    });
    later(0.5);
    expect(await learns()).toMatchObject({ outcome: 'taken', why: 'the last fit was 7 days ago' });
  });

  it('is due when the themes have changed, and not when they only stand in another order', async () => {
    const { learns, db, clock } = await observatory();
    await learns();
    expect(await refit(db, THEMES.toReversed(), { clock })).toMatchObject({ outcome: 'not-due' });
    const [first, ...others] = THEMES as [(typeof THEMES)[0], ...typeof THEMES];
    const changed = [{ ...first, keywords: [...first.keywords, 'plankton'] }, ...others];
    expect(await refit(db, changed, { clock })).toMatchObject({ why: 'the themes have changed' });
  });

  it('is due with twenty new corrections, and the model is asked about a third of them', async () => {
    const { learns, correct } = await observatory();
    await learns();
    await correct(19, 'sea');
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
    await correct(20, 'sea');
    const done = await learns();
    expect(done.why).toMatch(/20 new corrections|corrected papers/);
    expect(done.model?.figures?.corrections.papers).toBeGreaterThan(0);
    expect(done.model?.figures?.corrections.papers).toBeLessThan(15);
  });

  it('is due at once when the model in use cannot be read, as after an upgrade, and is tried once', async () => {
    const { learns, db, open, warned, inUse } = await observatory();
    await learns();
    await db
      .updateTable('theme_model')
      .set({ bytes: Uint8Array.of(1, 2, 3) })
      .execute();
    expect((await open()).classify({ title: 'Coral reef whales', abstract: '' }).theme).toBe('sea');
    expect(warned).toEqual([
      expect.stringMatching(/^themes: version 1 is not used but the model that ships: .* cannot be read/),
    ]);
    expect(await learns()).toMatchObject({
      outcome: 'taken',
      why: 'version 1, then in use, could not be read',
    });
    expect(await inUse()).toBe(2);
  });

  it('is due at once when that model cannot be read, whatever came of the attempts after it; then as ever', async () => {
    const { learns, db, clock, later } = await observatory();
    const { model } = await learns();
    const made = { bytes: Uint8Array.of(1), figures: model?.figures as Figures };
    const attempt = { themes: THEMES, papers: 280, made, reason: 'worse', isTaken: false, comparedWith: 1 };
    await storeModel(db, attempt, clock);
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
    await db
      .updateTable('theme_model')
      .set({ bytes: Uint8Array.of(1, 2, 3) })
      .where('version', '=', 1)
      .execute();
    expect(await whoAnswers(db, THEMES)).toEqual({ version: 1, standing: 'unreadable' });
    const stop = new AbortController();
    stop.abort();
    expect(await learns({ signal: stop.signal })).toMatchObject({ outcome: 'stopped' });
    // As if that attempt was refused: its reason says with which version it was made.
    const reason = 'worse; version 1, then in use, could not be read';
    await storeModel(db, { ...attempt, reason }, clock);
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
    later(7);
    expect(await learns()).toMatchObject({ outcome: 'taken', why: 'the last fit was 7 days ago' });
  });

  it('that fails while the model in use cannot be read says so, and is not repeated by the next job', async () => {
    const { learns, db, clock } = await observatory();
    await learns();
    await db
      .updateTable('theme_model')
      .set({ bytes: Uint8Array.of(1, 2, 3) })
      .execute();
    const broken = THEMES.map(theme => Object.assign({}, theme, { toLearn: () => {} }));
    expect(await refit(db, broken, { clock })).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(/could not be cloned.*; version 1, then in use, could not be read$/),
    });
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
  });

  it('is never due for one theme alone', async () => {
    const { db, clock } = await observatory();
    expect(await refit(db, THEMES.slice(0, 1), { clock, force: true })).toMatchObject({
      outcome: 'not-due',
      why: 'one theme alone leaves nothing to tell apart',
    });
    expect(await readModels(db)).toEqual([]);
  });

  it('is made when somebody insists, due or not', async () => {
    const { learns } = await observatory();
    await learns();
    expect(await learns({ force: true })).toMatchObject({
      outcome: 'taken',
      why: 'asked for',
      model: { version: 2 },
    });
  });
});

describe('a fit', () => {
  it('that fails changes nothing, is kept in mind, and is not tried again until the next reason', async () => {
    const { db, clock, later } = await observatory();
    // Keywords that no thread can be handed, as a stand-in for whatever may go wrong there.
    const broken = THEMES.map(theme => Object.assign({}, theme, { toLearn: () => {} }));
    expect(await refit(db, broken, { clock })).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('could not be cloned'),
      model: { version: 1, state: 'refused', figures: null, stored: false },
    });
    expect(await readInUse(db)).toBeUndefined();
    expect(await refit(db, THEMES, { clock })).toMatchObject({ outcome: 'not-due' });
    later(7);
    expect(await refit(db, THEMES, { clock })).toMatchObject({ outcome: 'taken', model: { version: 2 } });
  });

  it('is left to the other process that is at it; one that died lets go after a while', async () => {
    const { learns, db, clock } = await observatory();
    const inside = await inTurn(db, clock, () => learns());
    expect(inside).toMatchObject({ outcome: 'busy', model: null });
    expect(await readModels(db)).toEqual([]);
    const died = instantText(clock().add({ minutes: 20 }));
    await db.updateTable('lane').set({ held_until: died }).execute();
    expect(await learns()).toMatchObject({
      outcome: 'busy',
      why: 'another process is at it, or was killed while it was; its turn ends at 2026-08-20T07:20:00.000Z at the latest',
    });
    clock.set(clock().add({ minutes: 21 }).toString());
    expect(await learns()).toMatchObject({ outcome: 'taken' });
  });

  it('ends when it is asked to stop, and leaves no trace', async () => {
    const { learns, db } = await observatory();
    const stop = new AbortController();
    const running = learns({ signal: stop.signal });
    stop.abort();
    expect(await running).toMatchObject({ outcome: 'stopped' });
    expect(await readModels(db)).toEqual([]);
    expect(await learns()).toMatchObject({ outcome: 'taken' });
  });
});

describe('the versions', () => {
  /** One fit, and four more that came out the same. */
  async function five() {
    const app = await observatory();
    const { db, clock } = app;
    const { model } = await app.learns();
    const figures = model?.figures as Figures;
    for (let version = 1; version < 5; version++) {
      const { bytes } = (await readInUse(db)) as { bytes: Uint8Array };
      const made = { bytes, figures };
      await storeModel(
        db,
        { themes: THEMES, papers: 280, made, reason: 'again', isTaken: true, comparedWith: version },
        clock,
      );
    }
    return { ...app, figures };
  }

  it('are all remembered; the bytes of the last three are kept, of which one is in use', async () => {
    const { db } = await five();
    expect((await readModels(db)).map(({ version, state, stored }) => [version, state, stored])).toEqual([
      [5, 'in-use', true],
      [4, 'kept', true],
      [3, 'kept', true],
      [2, 'kept', false],
      [1, 'kept', false],
    ]);
  });

  it('can be gone back to by hand, and to the one that ships', async () => {
    const { db, inUse, learns, later } = await five();
    await takeIntoUse(db, 3, THEMES);
    expect(await inUse()).toBe(3);
    await takeIntoUse(db, null, THEMES);
    expect(await inUse()).toBeUndefined();
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
    later(7);
    expect(await learns()).toMatchObject({ outcome: 'taken' });
  });

  it.each([
    [2, /Version 2 of the themes is kept no longer/],
    [9, /There is no version 9 of the themes/],
  ])('of which %i cannot be used: the answer names those that can', async (version, words) => {
    const { db, inUse } = await five();
    const going = takeIntoUse(db, version, THEMES);
    await expect(going).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(words),
      hint: 'There are: 5, 4, 3, shipped.',
    });
    expect(await inUse()).toBe(5);
  });

  it('that were refused leave room for those that were not: the bytes of the last one are kept', async () => {
    const { db, clock, figures } = await five();
    const made = { bytes: Uint8Array.of(1), figures };
    for (let time = 0; time < 4; time++)
      await storeModel(
        db,
        { themes: THEMES, papers: 280, made, reason: 'worse', isTaken: false, comparedWith: 5 },
        clock,
      );
    const kept = (await readModels(db)).filter(({ stored }) => stored);
    expect(kept.map(({ version, state }) => [version, state])).toEqual([
      [9, 'refused'],
      [5, 'in-use'],
      [4, 'kept'],
      [3, 'kept'],
    ]);
  });

  it('for other themes than those that ship are not taken into use with these', async () => {
    const { db, inUse } = await five();
    const shipped = defaultTaxonomy();
    expect(await whoAnswers(db, shipped)).toEqual({ version: 5, standing: 'other-themes' });
    await expect(takeIntoUse(db, 4, shipped)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^Version 4 of the themes was fitted for other themes/),
    });
    expect(await inUse()).toBe(5);
  });

  it.each(['{', '7', '{"papers":"many"}'])('are listed although their figures are %s', async figures => {
    const { db, learns } = await five();
    await db.updateTable('theme_model').set({ figures }).where('version', '=', 5).execute();
    const [newest] = await readModels(db);
    expect(newest).toMatchObject({ version: 5, figures: null, figuresUnreadable: true, state: 'in-use' });
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
  });

  it('that are damaged are not taken into use', async () => {
    const { db, inUse } = await five();
    await db
      .updateTable('theme_model')
      .set({ bytes: Uint8Array.of(7) })
      .where('version', '=', 4)
      .execute();
    await expect(takeIntoUse(db, 4, THEMES)).rejects.toMatchObject({ code: 'storage' });
    expect(await inUse()).toBe(5);
  });

  it('give way to what was taken into use while the next was being fitted', async () => {
    const { db, clock, inUse, figures } = await five();
    const made = { bytes: Uint8Array.of(1), figures };
    const late = { themes: THEMES, papers: 1, made, reason: 'the first one', isTaken: true, comparedWith: 4 };
    expect(await storeModel(db, late, clock)).toMatchObject({
      state: 'refused',
      reason: 'another model was taken into use while it was being fitted',
    });
    expect(await inUse()).toBe(5);
  });
});

describe('papers that teach no more than what ships', () => {
  /** So many papers in the language that the shipped model speaks. */
  async function archive(count: number) {
    const app = await installation();
    const { db, clock } = app;
    const words = defaultTaxonomy().flatMap(({ name, description, keywords }) => [
      name,
      description,
      ...keywords,
    ]);
    const text = (at: number) =>
      `We train a neural network model. ${words[at % words.length]}: our results show.`;
    const add = (from: number, to: number) => {
      const announcements = Array.from({ length: to - from }, (_, i) => from + i).map(at => ({
        paper: {
          id: `doi:10.2/${at}`,
          title: `Paper ${at}`,
          abstract: text(at),
          authors: [],
          url: null,
          links: {},
          facts: {},
        },
        keys: [`doi:10.2/${at}`],
        format: 'json' as const,
        announcedOn: DAY,
        vote: null,
      }));
      const at = instantText(clock());
      return db
        .transaction()
        .execute(tx => storeAnnouncements(tx, announcements, { source: 'x', at, day: DAY }));
    };
    await add(0, count);
    return { db, clock, add, learns: () => refit(db, app.themes, { clock }) };
  }

  it('are looked at once a week, or when they are half as many again, and not after every job', async () => {
    const { db, clock, add, learns } = await archive(240);
    const few = { outcome: 'too-few', why: '240 papers with abstracts teach no more than what ships' };
    expect(await learns()).toMatchObject(few);
    expect(await readModels(db)).toMatchObject([
      { version: 1, state: 'refused', reason: few.why, papers: 240 },
    ]);
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
    await add(240, 359);
    expect(await learns()).toMatchObject({ outcome: 'not-due' });
    await add(359, 360);
    expect(await learns()).toMatchObject({ outcome: 'too-few' });
    clock.set(
      clock()
        .add({ hours: 7 * 24 })
        .toString(),
    );
    expect(await learns()).toMatchObject({ outcome: 'too-few' });
    expect(await readModels(db)).toHaveLength(3);
  });
});

describe('the model in use', () => {
  it('is taught by the newest thousand corrections', async () => {
    const { db, clock } = await observatory(1_100);
    await db.transaction().execute(async tx => {
      for (let at = 0; at < 1_003; at++)
        await tx
          .insertInto('theme_correction')
          .values({
            paper_id: `doi:10.1/${at}`,
            theme: at < 3 ? 'sky' : 'sea',
            curator: null,
            at: instantText(clock().add({ seconds: at })),
          })
          .execute();
    });
    const { labelled } = await newestLessons(db, THEMES);
    expect(labelled).toHaveLength(1_000);
    expect(new Set(labelled.map(({ theme }) => theme))).toEqual(new Set(['sea']));
  });

  it('learns from corrections at once, before the next fit', async () => {
    const { learns, open, correct, db } = await observatory();
    await learns();
    const before = (await open()).classify(WHALES);
    await correct(12, 'stone');
    const after = (await open()).classify(WHALES);
    const scoreOf = ({ ranking = [] }: typeof before, slug: string) =>
      ranking.find(({ theme }) => theme === slug)?.score ?? 0;
    expect(scoreOf(after, 'stone')).toBeGreaterThan(scoreOf(before, 'stone'));
    expect(await readModels(db)).toHaveLength(1);
  });

  it('leaves out corrections to themes that are gone, and says so', async () => {
    const { open, correct, warned } = await observatory();
    await correct(2, 'cats');
    expect((await open()).classify({ title: 'Coral reef whales', abstract: '' }).theme).toBe('sea');
    expect(warned).toEqual(['themes: corrections to cats are ignored: the taxonomy has no such theme']);
  });
});
