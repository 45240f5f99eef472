// One work is one paper, whoever tells of it, in whatever form, version and order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announce, type Candidate } from '../../src/papers/announce.ts';
import { groupWorks } from '../../src/papers/identity.ts';
import { merge, type Told } from '../../src/papers/merge.ts';
import type { Announcement, Format } from '../../src/papers/paper.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { readPapers } from '../../src/papers/stored-papers.ts';
import { toldBy, whoSaidWhat } from '../../src/papers/told.ts';
import { installation } from '../support/installation.ts';

const DAY = '2026-08-20';
const TITLE = 'Attention Is All You Need Again';

function announced(candidate: Partial<Candidate>): Announcement {
  const result = announce({
    where: 'here',
    title: TITLE,
    abstract: 'We attend.',
    authors: ['Ana Silva'],
    ...candidate,
  });
  if (!('paper' in result)) throw new Error(result.detail);
  return result;
}

type Word = Partial<Candidate> & { source: string; at?: string };

/** Stores what sources say, each word a collection of its own, and gives back the papers. */
async function told(...words: Word[]) {
  const app = await installation();
  for (const { source, at = `${DAY}T07:00:00.000Z`, ...candidate } of words)
    await app.db
      .transaction()
      .execute(tx => storeAnnouncements(tx, [announced(candidate)], { source, at, day: DAY }));
  return Object.assign(app, { papers: await readPapers(app.db) });
}

describe('the same work from several places is one paper', () => {
  it.each<[string, Partial<Candidate>, Partial<Candidate>]>([
    [
      'two versions',
      { id: '2608.00001v1' },
      { id: 'arXiv:2608.00001v2', title: 'Another Title Altogether Now' },
    ],
    ['an address and an id', { url: 'https://huggingface.co/papers/2608.00001' }, { id: '2608.00001' }],
    [
      'arXiv’s own DOI',
      { id: '10.48550/arXiv.2608.00001' },
      { id: '2608.00001', title: 'Changed In The Meantime' },
    ],
    [
      'a journal and arXiv, by DOI',
      { id: '10.1234/x', title: 'As Printed In It' },
      { id: '2608.00001', otherIds: ['doi:10.1234/X'] },
    ],
    [
      'a journal and arXiv, by title',
      { id: '10.1234/x', authors: ['Silva, Ana'] },
      { id: '2608.00001', title: 'Attention is all you need, again' },
    ],
    ['a blog without ids', { url: 'https://blog.example/1', authors: ['A. Silva'] }, { id: '2608.00001' }],
    ['a pasted page without authors', { authors: [] }, { id: '2608.00001' }],
    ['two pages', { authors: [] }, { authors: [], title: TITLE.toUpperCase() }],
  ])('%s', async (_what, one, other) => {
    for (const words of [
      [one, other],
      [other, one],
    ]) {
      const { papers, db } = await told(...words.map((word, i) => ({ ...word, source: `source ${i}` })));
      expect(papers).toHaveLength(1);
      expect(await whoSaidWhat(db, papers[0]?.id ?? '')).toHaveLength(2);
    }
  });

  it.each<[string, Partial<Candidate>, Partial<Candidate>]>([
    ['two arXiv ids with one title', { id: '2608.00001' }, { id: '2608.00002' }],
    ['two first authors with one title', { authors: ['Ana Silva'] }, { authors: ['Ben Ode'] }],
    ['two editorials', { id: '10.1234/a', title: 'Editorial' }, { id: '10.1234/b', title: 'Editorial' }],
    ['two titles', { authors: [] }, { authors: [], title: `${TITLE} Twice` }],
  ])('%s stay two', async (_what, one, other) => {
    for (const words of [
      [one, other],
      [other, one],
    ])
      expect(
        (await told(...words.map((word, i) => ({ ...word, source: `source ${i}` })))).papers,
      ).toHaveLength(2);
  });

  it('through a third one: a page is a blog’s paper, which is arXiv’s', async () => {
    const page = { source: 'page', authors: [] };
    const blog = { source: 'blog', id: '10.1234/x' };
    const arxiv = {
      source: 'arxiv',
      id: '2608.00001',
      title: 'Renamed Since Then By Us',
      otherIds: ['10.1234/x'],
    };
    for (const words of [
      [page, blog, arxiv],
      [arxiv, page, blog],
      [blog, arxiv, page],
      [page, arxiv, blog],
    ])
      expect((await told(...words)).papers.map(p => p.id)).toEqual(['arxiv:2608.00001']);
  });

  it('a paper that changes its title goes on to be the one it was', async () => {
    const words = [
      { source: 'page', authors: [] },
      { source: 'arxiv', id: '2608.00001v1', facts: { version: 1 } },
      { source: 'arxiv', id: '2608.00001v2', title: 'Renamed Since Then By Us', facts: { version: 2 } },
      { source: 'blog', authors: [] },
    ];
    const { papers } = await told(...words);
    expect(papers).toMatchObject([
      { id: 'arxiv:2608.00001', title: 'Renamed Since Then By Us', facts: { version: 2 } },
    ]);
  });

  it('what hangs on a paper stays with it when its better id becomes known', async () => {
    const app = await told({ source: 'page', authors: [], vote: { upvotes: 7, comments: 1, stars: null } });
    const old = app.papers[0]?.id ?? '';
    expect(old).toMatch(/^title:/);
    await app.db
      .insertInto('edition')
      .values({ date: DAY, through: DAY, published_at: `${DAY}T08:00:00.000Z`, content: '{}' })
      .execute();
    await app.db.insertInto('edition_paper').values({ paper_id: old, edition_date: DAY }).execute();
    const pick = { picked: 1, hidden: 0, note: 'Read it', curator: 'Ada', at: `${DAY}T08:00:00.000Z` };
    await app.db
      .insertInto('curation')
      .values({ paper_id: old, ...pick })
      .execute();
    const from = { source: 'arxiv', at: '2026-08-21T07:00:00.000Z', day: '2026-08-21' };
    const stored = await app.db
      .transaction()
      .execute(tx => storeAnnouncements(tx, [announced({ id: '2608.00001' })], from));
    expect(stored).toMatchObject({ new: 0, updated: 1, ids: ['arxiv:2608.00001'], fresh: 1 });
    expect(await readPapers(app.db)).toMatchObject([
      { id: 'arxiv:2608.00001', source: 'page', collectedAt: `${DAY}T07:00:00.000Z`, vote: { upvotes: 7 } },
    ]);
    expect(await readPapers(app.db, { editionless: true })).toEqual([]);
    expect(await app.db.selectFrom('curation').select(['paper_id', 'note']).execute()).toEqual([
      { paper_id: 'arxiv:2608.00001', note: 'Read it' },
    ]);
  });

  it('two papers that were in two editions before it was known that they are one stay in the first', async () => {
    const app = await told(
      { source: 'journal', id: '10.1234/x', title: 'As Printed In It' },
      { source: 'arxiv', id: '2608.00001' },
    );
    for (const [date, paper_id] of [
      ['2026-08-18', 'doi:10.1234/x'],
      ['2026-08-19', 'arxiv:2608.00001'],
    ] as const) {
      await app.db
        .insertInto('edition')
        .values({ date, through: date, published_at: date, content: '{}' })
        .execute();
      await app.db.insertInto('edition_paper').values({ paper_id, edition_date: date }).execute();
    }
    const from = { source: 'arxiv', at: '2026-08-21T07:00:00.000Z', day: '2026-08-21' };
    const both = announced({ id: '2608.00001', otherIds: ['10.1234/x'] });
    await app.db.transaction().execute(tx => storeAnnouncements(tx, [both], from));
    expect(await app.db.selectFrom('edition_paper').select(['paper_id', 'edition_date']).execute()).toEqual([
      { paper_id: 'arxiv:2608.00001', edition_date: '2026-08-18' },
    ]);
  });
});

describe('merging keeps the best of each field', () => {
  const say = (format: Format, source: string, more: Partial<Candidate> = {}) =>
    toldBy(announced({ id: '2608.00001', format, ...more }), source, `${DAY}T07:00:00.000Z`);
  const merged = (...words: Told[]) => merge('arxiv:2608.00001', words).paper;

  it('the newest version of arXiv’s title, the code link of Hugging Face, the journal of a feed', () => {
    const words = [
      say('feed', 'feed:x', {
        facts: { journal: 'Nature', doi: '10.1234/x' },
        abstract: 'We att…',
        title: 'ATTENTION',
      }),
      say('hugging-face', 'huggingface', { links: { code: 'https://github.com/a/b' }, title: 'Attention' }),
      say('arxiv-feed', 'arxiv-rss:cs.CL', {
        facts: { version: 2, categories: ['cs.CL'] },
        title: 'Attention, Second',
      }),
      say('arxiv-api', 'arxiv:cs.CL', {
        facts: { version: 1, comment: '9 pages' },
        title: 'Attention, First',
      }),
    ];
    for (const order of [words, words.toReversed()])
      expect(merged(...order)).toMatchObject({
        title: 'Attention, Second',
        abstract: 'We attend.',
        url: 'https://arxiv.org/abs/2608.00001',
        links: { code: 'https://github.com/a/b' },
        facts: { version: 2, categories: ['cs.CL'], comment: '9 pages', journal: 'Nature', doi: '10.1234/x' },
      });
  });

  it('an abstract that was cut off gives way to the whole one, a list of authors too', () => {
    const cut = say('json', 'a', { abstract: 'We attend…', authors: ['Ana Silva'] });
    const whole = say('page', 'b', { abstract: 'We attend. It works.', authors: ['Ana Silva', 'Ben Ode'] });
    expect(merged(cut, whole)).toMatchObject({
      abstract: 'We attend. It works.',
      authors: ['Ana Silva', 'Ben Ode'],
    });
  });

  it('an old version that is announced late takes nothing back', async () => {
    const second = { source: 'rss', id: '2608.00001', title: 'Second', abstract: '', facts: { version: 2 } };
    const first = { source: 'rss', id: '2608.00001', title: 'First', facts: { version: 1, comment: 'c' } };
    for (const words of [
      [first, second],
      [second, first],
    ])
      expect((await told(...words)).papers).toMatchObject([
        { title: 'Second', abstract: 'We attend.', facts: { version: 2, comment: 'c' } },
      ]);
  });
});

describe('whatever the order in which sources speak', () => {
  const pick = <T>(...values: T[]) => fc.constantFrom(...values);
  const word = fc.record({
    source: pick('arxiv', 'hf', 'feed', 'page'),
    id: pick(undefined, '2608.00001v1', '2608.00002', '10.1234/x', '10.1234/y', 'math/0309136'),
    otherIds: pick([], ['10.1234/x'], ['10.1234/y']),
    title: pick(TITLE, 'attention is all YOU need again', 'Some Other Work of Ours', 'Editorial'),
    authors: pick([], ['Ana Silva'], ['Silva, Ana'], ['Ben Ode', 'Ana Silva']),
    abstract: pick('', 'We attend.', 'We…', 'We attend. It works.'),
    url: pick(undefined, 'https://blog.example/1'),
    links: pick({}, { code: 'https://github.com/a/b' }, { pdf: 'https://example.org/p.pdf' }),
    announcedOn: pick(null, '2026-08-19', '2026-08-20'),
    format: pick<Format>('arxiv-api', 'arxiv-feed', 'hugging-face', 'json', 'feed', 'page'),
    version: pick(0, 1, 2),
  });
  // One source says one thing of one paper at one time; what it says later is later in any order.
  const words = fc.uniqueArray(word, {
    maxLength: 7,
    selector: ({ source, version, ...w }) =>
      `${source} ${announced(w as Partial<Candidate>).paper.id} ${version}`,
  });

  it('the papers are the same, and saying it all again changes nothing', async () => {
    const app = await installation();
    const content = async (order: Record<string, unknown>[]) => {
      for (const table of ['announcement_key', 'announcement', 'paper'] as const)
        await app.db.deleteFrom(table).execute();
      for (const { source, version, ...candidate } of order) {
        const one = announced({ ...candidate, facts: version ? { version: version as number } : {} });
        const from = { source: source as string, at: `${DAY}T0${version}:00:00.000Z`, day: DAY };
        await app.db.transaction().execute(tx => storeAnnouncements(tx, [one], from));
      }
      const rows = await app.db
        .selectFrom('paper')
        .select(['id', 'title', 'abstract', 'authors', 'url', 'links', 'facts', 'announced_on'])
        .orderBy('id')
        .execute();
      const said = await app.db
        .selectFrom('announcement')
        .select(['source', 'own_id', 'paper_id'])
        .orderBy('source')
        .orderBy('own_id')
        .execute();
      return { rows, said };
    };
    await fc.assert(
      fc.asyncProperty(words, fc.infiniteStream(fc.nat()), async (given, random) => {
        const forward = await content(given);
        const shuffled = given
          .map(value => ({ value, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ value }) => value);
        expect(await content(shuffled)).toEqual(forward);
        expect(await content([...given, ...shuffled])).toEqual(forward);
        for (const { paper_id } of forward.said) expect(forward.rows.map(r => r.id)).toContain(paper_id);
        for (const { id } of forward.rows) expect(forward.said.map(r => r.paper_id)).toContain(id);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('groups do not depend on the order of the records', () => {
    const record = fc.record({
      ownId: pick('arxiv:1', 'arxiv:2', 'doi:a', 'doi:b', 'title:p'),
      keys: fc.subarray(['doi:a', 'doi:b', 'print:1', 'print:2', 'by:1', 'un:1', 'by:2', 'un:2']),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), records => {
        const all = records.map((r, i) => ({ ...r, i, keys: [r.ownId, ...r.keys] }));
        const shape = (list: typeof all) =>
          [...groupWorks(list)].map(([id, group]) => [id, group.map(r => r.i).sort()] as const).sort();
        expect(shape(all.toReversed())).toEqual(shape(all));
        for (const [id, group] of groupWorks(all))
          expect(
            new Set(group.map(r => r.ownId).filter(own => own.startsWith('arxiv:') && own !== id)).size,
          ).toBe(0);
      }),
    );
  });
});
