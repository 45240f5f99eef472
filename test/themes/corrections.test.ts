// What a curator says of a paper's theme: it holds for that paper, under any of its ids, and it teaches the model.
import { describe, expect, it } from 'vitest';
import { papersOf, readEdition } from '../../src/editions/edition.ts';
import { draftEdition, publish } from '../../src/editions/publish.ts';
import { instantText } from '../../src/store/schema.ts';
import { correct, readCorrections, readLessons, takeBack } from '../../src/themes/corrections.ts';
import { tell, told } from '../editions/announcements.ts';
import { installation } from '../support/installation.ts';

const DAY = '2026-08-20';
const SPEECH = 'Speech recognition for speech';
const ROBOTS = 'Robot manipulation with robots';

async function desk(...titles: string[]) {
  const app = await installation();
  await tell(
    app,
    titles.map((title, at) => told(`2608.0000${at + 1}`, DAY, { title, vote: { upvotes: 9 - at } })),
  );
  return {
    ...app,
    /** A curator speaks, a second later than the last time. */
    async say(id: string, theme: string | null, curator: string | null = 'Ada') {
      app.clock.set(app.clock().add({ seconds: 1 }).toString());
      await correct(app.db, { paperId: id, theme, curator, at: instantText(app.clock()) });
    },
    sections: async (day = DAY) =>
      (await draftEdition(app.press, day)).themes.map(({ slug, papers }) => [
        slug,
        ...papers.map(({ title }) => title),
      ]),
  };
}

describe('a corrected paper', () => {
  it('stands under its theme, alone or not, in the draft and in the edition', async () => {
    const { db, press, say, sections } = await desk(SPEECH, ROBOTS, 'Robots that walk');
    expect(await sections()).toEqual([
      ['audio', SPEECH],
      ['robotics', ROBOTS, 'Robots that walk'],
    ]);
    await say('arxiv:2608.00002', '3d');
    const corrected = [
      ['audio', SPEECH],
      ['3d', ROBOTS],
      ['robotics', 'Robots that walk'],
    ];
    expect(await sections()).toEqual(corrected);
    await publish(press, DAY);
    expect(await sections()).toEqual(corrected);
    const edition = await readEdition(db, DAY);
    const [, paper] = papersOf(edition as NonNullable<typeof edition>);
    expect(paper?.evidence).toMatchObject({ theme: '3d', by: 'person', matched: [] });
  });

  it('goes under "Also today" when it has none of the themes', async () => {
    const { say, sections } = await desk(SPEECH, ROBOTS);
    await say('arxiv:2608.00001', null);
    expect(await sections()).toEqual([
      ['robotics', ROBOTS],
      ['also-today', SPEECH],
    ]);
  });

  it('is left to the model again when the correction is taken back, or its theme is gone', async () => {
    const { db, say, sections } = await desk(SPEECH);
    await say('arxiv:2608.00001', 'cats');
    expect(await sections()).toEqual([['audio', SPEECH]]);
    await say('arxiv:2608.00001', '3d');
    expect(await sections()).toEqual([['3d', SPEECH]]);
    expect(await takeBack(db, 'arxiv:2608.00001')).toMatchObject({ theme: '3d', curator: 'Ada' });
    expect(await takeBack(db, 'arxiv:2608.00001')).toBeUndefined();
    expect(await sections()).toEqual([['audio', SPEECH]]);
  });

  it('of a published edition stays where it went out', async () => {
    const { press, say, sections } = await desk(SPEECH);
    await publish(press, DAY);
    await say('arxiv:2608.00001', '3d');
    expect(await sections()).toEqual([['audio', SPEECH]]);
  });

  it('keeps its own theme on a day about one subject, so that readers of the theme get it', async () => {
    const names = ['Whale', 'Polar', 'Reef'].flatMap(word =>
      Array.from({ length: 8 }, (_, at) => `Speech recognition of ${word} songs ${at}`),
    );
    const { press, say } = await desk(...names.slice(0, 9));
    const app = { db: press.db, clock: press.clock, today: () => DAY } as Parameters<typeof tell>[0];
    await tell(
      app,
      names.slice(9).map((title, at) => told(`2608.001${at + 10}`, DAY, { title })),
      'file:b',
    );
    await say('arxiv:2608.00003', 'science');
    const draft = await draftEdition(press, DAY);
    const section = draft.themes.find(({ papers }) => papers.some(({ id }) => id === 'arxiv:2608.00003'));
    const paper = section?.papers.find(({ id }) => id === 'arxiv:2608.00003');
    expect(paper?.theme?.slug ?? section?.slug).toBe('science');
    expect(paper?.evidence).toMatchObject({ theme: 'science', by: 'person' });
  });

  it('may be one that no source knows yet, and is found under the id that it then has', async () => {
    const app = await desk(SPEECH);
    await app.say('doi:10.1000/xyz', 'robotics');
    expect(await readLessons(app.db, app.themes)).toEqual({ labelled: [], unknownThemes: [] });
    await tell(app, [told('2608.00009', DAY, { title: 'Late', doi: '10.1000/xyz' })]);
    expect((await readCorrections(app.db)).get('arxiv:2608.00009')).toMatchObject({ theme: 'robotics' });
    expect(await app.sections()).toEqual([
      ['audio', SPEECH],
      ['robotics', 'Late'],
    ]);
    await app.say('arxiv:2608.00009', 'audio');
    expect(await app.db.selectFrom('theme_correction').selectAll().execute()).toHaveLength(1);
    await takeBack(app.db, 'arxiv:2608.00009');
    expect((await readCorrections(app.db)).size).toBe(0);
  });
});

describe('what corrections teach', () => {
  it('is the texts of their papers; themes that are gone teach nothing, and are named', async () => {
    const { db, themes, say } = await desk(SPEECH, ROBOTS, 'Neither', 'Nor');
    await say('arxiv:2608.00001', 'audio');
    await say('arxiv:2608.00002', null);
    await say('arxiv:2608.00003', 'cats');
    await say('arxiv:2608.00004', 'cats');
    expect(await readLessons(db, themes)).toEqual({
      labelled: [
        { title: SPEECH, abstract: 'Words.', theme: 'audio' },
        { title: ROBOTS, abstract: 'Words.', theme: null },
      ],
      unknownThemes: ['cats'],
    });
  });
});
