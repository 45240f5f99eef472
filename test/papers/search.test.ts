// Finding published papers: what people type, what they find, and what nobody finds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curate } from '../../src/editions/curation.ts';
import { publish } from '../../src/editions/publish.ts';
import { announce, type Candidate } from '../../src/papers/announce.ts';
import { placeOf, standing } from '../../src/papers/place.ts';
import { searchPapers } from '../../src/papers/search.ts';
import { readQuery, searchWords } from '../../src/papers/search-words.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { instantText } from '../../src/store/schema.ts';
import { installation } from '../support/installation.ts';

const DAY = '2026-08-20';

async function archive(papers: Partial<Candidate>[] = []) {
  const app = await installation();
  const tell = async (told: Partial<Candidate>[], source = 'test') => {
    const announced = told.map(paper =>
      announce({ where: 't', title: 'Untitled', abstract: 'We do.', announcedOn: DAY, ...paper }),
    );
    const good = announced.filter(one => 'paper' in one);
    const from = { source, at: instantText(app.clock()), day: DAY };
    await app.db.transaction().execute(tx => storeAnnouncements(tx, good, from));
  };
  const found = async (query: string, page = { from: 0, most: 20 }) =>
    (await searchPapers(app.db, readQuery(query), page)).papers.map(({ id }) =>
      id.replace('arxiv:2608.', ''),
    );
  await tell(papers);
  await publish(app.press, DAY);
  return { app, tell, found };
}

const PAPERS = [
  { id: '2608.00001', title: 'Diffusion Models for Rivers', abstract: 'We paint water with transformers.' },
  { id: '2608.00002', title: 'Rivers of Text', abstract: 'A diffusion model is mentioned once, in passing.' },
  {
    id: '2608.00003',
    title: 'On Ferries',
    abstract: 'An image of a generation ago.',
    authors: ['Ana Müller'],
  },
  { id: '2608.00004', title: 'Image Generation by Ferry', abstract: 'We generate images of ferries.' },
  { id: '2608.00005', title: '視覚モデルの学習', abstract: '拡散モデルによる画像生成を学ぶ。' },
];

describe('looking for papers', () => {
  it('finds them by title, abstract and author, in any case and by the stem of a word, those with the word in the title first', async () => {
    const { found } = await archive(PAPERS);
    expect(await found('DIFFUSION')).toEqual(['00001', '00002']);
    expect(await found('transformer')).toEqual(['00001']);
    expect(await found('river painting')).toEqual(['00001']);
    expect(await found('muller')).toEqual(['00003']);
    expect(await found('Müller')).toEqual(['00003']);
  });

  it('takes quotes for a phrase, a minus for what must not be there, and needs every other word', async () => {
    const { found } = await archive(PAPERS);
    expect((await found('image generation')).sort()).toEqual(['00003', '00004']);
    expect(await found('"image generation"')).toEqual(['00004']);
    expect(await found('image-generation')).toEqual(['00004']);
    expect(await found('rivers -text')).toEqual(['00001']);
    expect(await found('rivers -"diffusion models"')).toEqual([]);
    expect(await found('rivers nonsense')).toEqual([]);
    expect(await found('-rivers')).toEqual([]);
  });

  it('finds words of scripts that write no spaces', async () => {
    const { found } = await archive(PAPERS);
    expect(await found('モデル')).toEqual(['00005']);
    expect(await found('画像生成')).toEqual(['00005']);
    expect(await found('成画')).toEqual([]);
  });

  it('finds no paper that stands in no edition, and none that a curator hides', async () => {
    const { app, tell, found } = await archive(PAPERS);
    await tell([{ id: '2608.00009', title: 'Diffusion that Waits' }]);
    await curate(app.db, '2608.00002', { hidden: true }, instantText(app.clock()));
    expect(await found('diffusion')).toEqual(['00001']);
    await curate(app.db, '2608.00002', { hidden: false }, instantText(app.clock()));
    expect(await found('diffusion')).toEqual(['00001', '00002']);
  });

  it('finds a paper by what is known of it now, and under the id that it has now', async () => {
    const { tell, found } = await archive([
      { title: 'A Page about Old Bridges', abstract: 'It was pasted.', authors: ['Ben Ode'] },
    ]);
    expect(await found('bridges')).toEqual([expect.stringMatching(/^title:/)]);
    const better = { id: '2608.00007', title: 'A Page about Old Bridges', authors: ['Ben Ode'] };
    await tell([{ ...better, abstract: 'It spans a canyon.' }], 'arxiv');
    expect(await found('bridges')).toEqual(['00007']);
    expect(await found('canyon')).toEqual(['00007']);
    expect(await found('pasted')).toEqual([]);
  });

  it('finds all of a large day by its new words when every paper of it was revised', async () => {
    const day = (word: string) =>
      Array.from({ length: 400 }, (_, n) => ({
        id: `2608.${String(n + 1).padStart(5, '0')}`,
        title: `Ferry number ${n}`,
        abstract: `${word} of ${n * 7919} boats. `.repeat(40),
      }));
    const { app, tell, found } = await archive(day('Crossings'));
    await tell(day('Harbours'));
    await tell(day('Lighthouses'));
    for (const [word, papers] of [
      ['lighthouse', 400],
      ['harbour', 0],
      ['crossing', 0],
    ] as const)
      expect((await searchPapers(app.db, readQuery(word), { from: 0, most: 1 })).total).toBe(papers);
    expect(await found('ferry 399')).toEqual(['00400']);
  });

  it('gives them page by page, each once, with how many there are', async () => {
    const many = Array.from({ length: 45 }, (_, n) => ({
      id: `2608.${String(n + 1).padStart(5, '0')}`,
      title: `Ferry number ${n}`,
    }));
    const { app, found } = await archive(many);
    const pages = await Promise.all([0, 20, 40, 60].map(from => found('ferry', { from, most: 20 })));
    expect(pages.map(page => page.length)).toEqual([20, 20, 5, 0]);
    expect(new Set(pages.flat()).size).toBe(45);
    expect((await searchPapers(app.db, readQuery('ferry'), { from: 0, most: 1 })).total).toBe(45);
  });

  it('never fails, whatever was typed', async () => {
    const { app } = await archive(PAPERS);
    const strange = [
      '"',
      '""',
      '-',
      '--',
      '*',
      'a*',
      'NOT',
      'AND OR',
      'NEAR(a b)',
      'title:x',
      "'; drop table paper; --",
      '\\',
      '\0',
      '(',
      ':*',
      '!',
      '<->',
      '&|',
      '\ud800',
      '😀',
      'e'.repeat(5000),
      '"open',
      '% _',
      '٣',
      'ǅ',
      'İ',
    ]; // prettier-ignore
    for (const text of strange)
      await expect(searchPapers(app.db, readQuery(text), { from: 0, most: 20 })).resolves.toBeDefined();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async text => {
        const { total } = await searchPapers(app.db, readQuery(text), { from: 0, most: 20 });
        expect(total).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the words of a text', () => {
  it('are letters and digits only, so that no operator of a database stands in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        for (const word of searchWords(text)) expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
      }),
    );
  });
});

describe('a place', () => {
  it('tells day and rank, and the best paper of the newest day has the highest', () => {
    expect(standing(placeOf(DAY, 3))).toEqual({ date: DAY, rank: 3 });
    expect(placeOf(DAY, 1)).toBeGreaterThan(placeOf(DAY, 2));
    expect(placeOf('2026-08-21', 900)).toBeGreaterThan(placeOf(DAY, 1));
    expect(placeOf('2026-09-01', 1)).toBeGreaterThan(placeOf('2026-08-31', 1));
  });
});
