// The curator's desk: what is picked leads, what is hidden never comes, what is noted stands with its paper.
import { describe, expect, it } from 'vitest';
import { type CuratorsWord, curate, readCurations } from '../../src/editions/curation.ts';
import { papersOf } from '../../src/editions/edition.ts';
import { draftEdition, publish } from '../../src/editions/publish.ts';
import { instantText } from '../../src/store/schema.ts';
import { type HandClock, installation } from '../support/installation.ts';
import { tell, told } from './announcements.ts';

const DAY = '2026-08-20';
type App = Awaited<ReturnType<typeof installation>>;

/** A curator speaks, a second later than the last time. */
async function say(app: App, id: string, word: CuratorsWord) {
  tick(app.clock);
  return curate(app.db, id, word, instantText(app.clock()));
}

const tick = (clock: HandClock) => clock.set(clock().add({ seconds: 1 }).toString());

async function threePapers() {
  const app = await installation();
  const votes = (upvotes: number) => ({ vote: { upvotes } });
  await tell(app, [
    told('2608.00001', DAY, votes(1)),
    told('2608.00002', DAY, votes(9)),
    told('2608.00003', DAY, votes(5)),
  ]);
  return app;
}

const inOrder = (edition: Parameters<typeof papersOf>[0]) =>
  papersOf(edition).map(({ id, rank, pick, note }) => [rank, id.replace('arxiv:2608.0000', ''), pick, note]);
const published = async (app: App, day = DAY) => inOrder((await publish(app.press, day)).edition);

describe('a pick', () => {
  it('leads the edition, in the order of picking, with the curator’s name and words', async () => {
    const app = await threePapers();
    await say(app, '2608.00003', { picked: true, curator: 'Ada' });
    await say(app, 'https://arxiv.org/abs/2608.00001v2', { picked: true, curator: 'Bo', note: 'Read this.' });
    expect(await published(app)).toEqual([
      [1, '3', { by: 'Ada', note: null }, null],
      [2, '1', { by: 'Bo', note: 'Read this.' }, null],
      [3, '2', null, null],
    ]);
  });

  it('is in the preview before it is in the edition', async () => {
    const app = await threePapers();
    await say(app, '2608.00001', { picked: true });
    const draft = await draftEdition(app.press, DAY);
    expect(inOrder(draft)[0]).toEqual([1, '1', { by: null, note: null }, null]);
    expect((await publish(app.press, DAY)).edition).toEqual(draft);
  });

  it('stays under its theme, and its theme does not push ahead of others for it', async () => {
    const app = await installation();
    await tell(app, [
      told('2608.00001', DAY, { title: 'Speech recognition for speech', vote: { upvotes: 1 } }),
      told('2608.00002', DAY, { title: 'Robot manipulation with robots', vote: { upvotes: 9 } }),
      told('2608.00003', DAY, { title: 'Speech synthesis for speech', vote: { upvotes: 5 } }),
    ]);
    await say(app, '2608.00001', { picked: true });
    const { themes } = (await publish(app.press, DAY)).edition;
    expect(themes.map(({ papers }) => papers.map(({ id }) => id.slice(-1)))).toEqual([['2'], ['1', '3']]);
  });

  it('brings in a paper however old it is, and makes a quiet day an edition', async () => {
    const app = await threePapers();
    await publish(app.press, DAY);
    await tell(app, [told('2608.00004', '2024-01-01')]);
    expect((await publish(app.press, '2026-08-21')).outcome).toBe('quiet');
    await say(app, '2608.00004', { picked: true });
    expect(await published(app, '2026-08-21')).toEqual([[1, '4', { by: null, note: null }, null]]);
  });

  it('of a paper that came late makes an edition too, which takes the others that waited', async () => {
    const app = await threePapers();
    await publish(app.press, DAY);
    await tell(app, [told('2608.00004', DAY), told('2608.00005', DAY)]);
    expect(await publish(app.press, '2026-08-21')).toMatchObject({ outcome: 'quiet', waiting: 2 });
    await say(app, '2608.00005', { picked: true });
    expect((await published(app, '2026-08-21')).map(([, id]) => id)).toEqual(['5', '4']);
  });

  it('of a paper that no source knows yet waits for it', async () => {
    const app = await threePapers();
    const { paperId, known } = await say(app, '2608.00004', { picked: true, curator: 'Ada' });
    expect([paperId, known]).toEqual(['arxiv:2608.00004', false]);
    expect((await published(app)).map(([, id]) => id)).toEqual(['2', '3', '1']);
    await tell(app, [
      told('2608.00004', '2026-08-21'),
      told('2608.00005', '2026-08-21', { vote: { upvotes: 99 } }),
    ]);
    expect(await published(app, '2026-08-21')).toEqual([
      [1, '4', { by: 'Ada', note: null }, null],
      [2, '5', null, null],
    ]);
  });

  it('by DOI finds the arXiv paper that has the DOI, when it comes', async () => {
    const app = await threePapers();
    const { paperId, known } = await say(app, 'https://doi.org/10.1000/XYZ', {
      picked: true,
      note: 'At last.',
    });
    expect([paperId, known]).toEqual(['doi:10.1000/xyz', false]);
    await tell(app, [told('2608.00004', DAY, { doi: '10.1000/xyz' })]);
    expect((await published(app))[0]).toEqual([1, '4', { by: null, note: 'At last.' }, null]);
  });

  it('can be taken back under any of the paper’s ids', async () => {
    const app = await threePapers();
    await say(app, '10.1000/xyz', { picked: true });
    await tell(app, [told('2608.00004', DAY, { doi: '10.1000/xyz' })]);
    const { before, now } = await say(app, '2608.00004', { picked: false });
    expect(before).toMatchObject({ paperId: 'arxiv:2608.00004', picked: true, known: true });
    expect(now).toBeNull();
    expect(await app.db.selectFrom('curation').selectAll().execute()).toEqual([]);
    expect((await published(app)).map(([, , pick]) => pick)).toEqual([null, null, null, null]);
  });

  it('is one pick, when it was made under two ids before the paper came', async () => {
    const app = await threePapers();
    await say(app, '10.1000/xyz', { picked: true, curator: 'Ada' });
    await say(app, '2608.00003', { picked: true });
    await say(app, '2608.00004', { note: 'And by its other name.' });
    await tell(app, [told('2608.00004', DAY, { doi: '10.1000/xyz' })]);
    expect((await published(app)).slice(0, 2)).toEqual([
      [1, '4', { by: 'Ada', note: 'And by its other name.' }, null],
      [2, '3', { by: null, note: null }, null],
    ]);
  });

  it('made twice keeps its place and takes the new words; taken back and made again it goes last', async () => {
    const app = await threePapers();
    await say(app, '2608.00001', { picked: true, note: 'First words.' });
    await say(app, '2608.00003', { picked: true });
    await say(app, '2608.00001', { picked: true, note: 'Second words.' });
    const first = inOrder(await draftEdition(app.press, DAY));
    expect(first.map(([, id]) => id)).toEqual(['1', '3', '2']);
    expect(first[0]?.[2]).toEqual({ by: null, note: 'Second words.' });
    await say(app, '2608.00001', { picked: false });
    await say(app, '2608.00001', { picked: true });
    expect(inOrder(await draftEdition(app.press, DAY)).map(([, id]) => id)).toEqual(['3', '1', '2']);
  });

  it('of a paper that stood in an edition already changes nothing', async () => {
    const app = await threePapers();
    const before = await publish(app.press, DAY);
    await say(app, '2608.00001', { picked: true });
    expect(await publish(app.press, DAY)).toEqual({ ...before, outcome: 'already-published' });
    expect(await publish(app.press, '2026-08-21')).toMatchObject({ outcome: 'quiet', waiting: 0 });
  });

  it('that comes after the edition waits for the next one, and the wait is said', async () => {
    const app = await threePapers();
    await publish(app.press, DAY);
    await tell(app, [told('2608.00004', '2020-01-01')]);
    await say(app, '2608.00004', { picked: true });
    expect(await publish(app.press, DAY)).toMatchObject({ outcome: 'already-published', waiting: 1 });
  });
});

describe('a hidden paper', () => {
  it('is in no edition, however it is asked for, and does not wait', async () => {
    const app = await threePapers();
    await say(app, '2608.00002', { hidden: true });
    expect((await published(app)).map(([, id]) => id)).toEqual(['3', '1']);
    const again = await publish(app.press, DAY, ['arxiv:2608.00002']);
    expect(again).toMatchObject({ outcome: 'already-published', waiting: 0 });
    expect(await publish(app.press, '2026-08-21', ['arxiv:2608.00002'])).toMatchObject({
      outcome: 'quiet',
      waiting: 0,
    });
  });

  it('that was hidden before it came stays away', async () => {
    const app = await threePapers();
    await say(app, '10.1000/xyz', { hidden: true });
    await tell(app, [told('2608.00004', DAY, { doi: '10.1000/xyz' })]);
    expect((await published(app)).map(([, id]) => id)).toEqual(['2', '3', '1']);
  });

  it('comes when it is no longer hidden', async () => {
    const app = await threePapers();
    await say(app, '2608.00002', { hidden: true });
    await say(app, '2608.00002', { hidden: false });
    expect((await published(app)).map(([, id]) => id)).toEqual(['2', '3', '1']);
  });

  it('cannot be picked too: the last word counts', async () => {
    const app = await threePapers();
    await say(app, '2608.00002', { hidden: true });
    expect((await say(app, '2608.00002', { picked: true })).now).toMatchObject({
      picked: true,
      hidden: false,
    });
    expect((await say(app, '2608.00002', { hidden: true })).now).toMatchObject({
      picked: false,
      hidden: true,
    });
    expect((await published(app)).map(([, id]) => id)).toEqual(['3', '1']);
  });
});

describe('a note', () => {
  it('without a pick stands with the paper, in its place', async () => {
    const app = await threePapers();
    await say(app, '2608.00001', { note: 'A fine table.', curator: 'Ada' });
    await say(app, '2608.00003', { note: 'No name.' });
    expect(await published(app)).toEqual([
      [1, '2', null, null],
      [2, '3', null, { by: null, text: 'No name.' }],
      [3, '1', null, { by: 'Ada', text: 'A fine table.' }],
    ]);
  });

  it('can be taken away, and the pick stays', async () => {
    const app = await threePapers();
    await say(app, '2608.00001', { picked: true, note: 'Words.', curator: 'Ada' });
    await say(app, '2608.00001', { note: null });
    expect((await published(app))[0]).toEqual([1, '1', { by: 'Ada', note: null }, null]);
  });

  it('is cleaned like any text from outside', async () => {
    const app = await threePapers();
    const note = '  <b>Tidy</b>\n\u202eplease\ue000 &amp; \\emph{soon} ';
    const { now } = await say(app, '2608.00001', { note, curator: ' Ada\tL. ' });
    expect(now).toMatchObject({ note: '<b>Tidy</b> please & soon', curator: 'Ada L.' });
  });

  it.each<[string, CuratorsWord, RegExp | null]>([
    ['500 characters', { note: '👩'.repeat(500) }, null],
    ['501 characters', { note: 'x'.repeat(501) }, /note is too long: 501 characters/],
    ['nothing', { note: ' \u200b ' }, /note is empty/],
    ['a name of 100 characters', { picked: true, curator: 'x'.repeat(100) }, null],
    ['a name of 101 characters', { picked: true, curator: 'x'.repeat(101) }, /name is too long: 101/],
    ['a name of nothing', { picked: true, curator: '' }, /name is empty/],
  ])('of %s', async (_what, word, problem) => {
    const app = await threePapers();
    const spoken = say(app, '2608.00001', word);
    if (problem === null) return expect((await spoken).now).not.toBeNull();
    await expect(spoken).rejects.toThrow(problem);
    await expect(spoken).rejects.toMatchObject({ code: 'input', hint: expect.stringMatching(/1 to \d+/) });
    expect((await readCurations(app.db)).size).toBe(0);
  });
});

describe('a curator who names no paper', () => {
  it.each(['', 'ferry', 'https://example.org/paper', '10.1', 'title:unknown', '2026-08-20'])(
    'is told what is allowed: "%s"',
    async id => {
      const app = await threePapers();
      const spoken = say(app, id, { picked: true });
      await expect(spoken).rejects.toMatchObject({ code: 'usage', hint: expect.stringContaining('DOI') });
      expect((await readCurations(app.db)).size).toBe(0);
    },
  );

  it('may name one by its PaperId', async () => {
    const app = await threePapers();
    await tell(app, [told('title:abc', DAY)]);
    expect(await say(app, 'title:abc', { picked: true })).toMatchObject({
      paperId: 'title:abc',
      known: true,
    });
    expect((await published(app))[0]?.[1]).toBe('title:abc');
  });
});

describe('a thousand curations', () => {
  it('are found again, each for its paper', async () => {
    const app = await threePapers();
    const rows = Array.from({ length: 1_000 }, (_, n) => ({
      paper_id: `arxiv:2607.${String(n).padStart(5, '0')}`,
      picked: 1,
      hidden: 0,
      note: null,
      curator: null,
      at: `2026-08-01T00:00:00.${String(n).padStart(3, '0')}Z`,
    }));
    await app.db.insertInto('curation').values(rows).execute();
    await tell(
      app,
      rows.map(({ paper_id }) => told(paper_id, '2026-07-01')),
    );
    const ids = papersOf((await publish(app.press, DAY)).edition).map(({ id }) => id);
    expect(ids.slice(0, 1_000)).toEqual(rows.map(({ paper_id }) => paper_id));
    expect(ids).toHaveLength(1_003);
  });
});
