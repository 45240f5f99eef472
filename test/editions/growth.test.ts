// How votes grow between editions, from the sources' counts to the words in the mail.
import { describe, expect, it } from 'vitest';
import { cut } from '../../src/digests/cut.ts';
import { renderDigest } from '../../src/digests/digest.ts';
import { papersOf, readEdition } from '../../src/editions/edition.ts';
import { publish } from '../../src/editions/publish.ts';
import { countVotes } from '../../src/editions/votes.ts';
import type { Vote } from '../../src/papers/paper.ts';
import { MASTHEAD, shippedTemplates, wants } from '../digests/editions.ts';
import { installation } from '../support/installation.ts';
import { tell, told } from './announcements.ts';

const templates = await shippedTemplates();
const ID = '2608.00001';

/** An installation in which sources counted the votes of one paper: at an instant, by a source, so many. */
async function counted(...snapshots: (readonly [at: string, vote: Partial<Vote>, source?: string])[]) {
  const app = await installation();
  for (const [at, vote, source] of snapshots) {
    app.clock.set(at);
    await tell(app, [told(ID, '2026-08-19', { vote })], source);
  }
  return app;
}

const growthOf = async (app: Awaited<ReturnType<typeof counted>>, earlier: string | null) =>
  (await countVotes(app.db, [`arxiv:${ID}`], earlier)).get(`arxiv:${ID}`);

describe('the growth of a paper', () => {
  const NIGHT = ['2026-08-19T01:00:00Z', { upvotes: 2 }] as const;
  const MORNING = ['2026-08-19T09:00:00Z', { upvotes: 13 }] as const;
  const NEXT = ['2026-08-20T06:00:00Z', { upvotes: 31, comments: 5, stars: 310 }] as const;

  it('is counted from the last snapshot up to the edition before', async () => {
    const app = await counted(NIGHT, MORNING, NEXT);
    expect(await growthOf(app, '2026-08-19T10:00:00.000Z')).toEqual({
      votes: 31,
      comments: 5,
      stars: 310,
      growth: 18,
      since: '2026-08-19',
    });
    expect(await growthOf(app, '2026-08-19T09:00:00.000Z')).toMatchObject({ growth: 18 });
    expect(await growthOf(app, '2026-08-19T08:59:59.999Z')).toMatchObject({ growth: 29 });
    expect(await growthOf(app, '2026-08-20T07:00:00.000Z')).toMatchObject({ growth: 0, since: '2026-08-20' });
  });

  it.each([null, '2026-08-18T07:00:00.000Z'])(
    'is counted from the first snapshot where no earlier edition saw the paper (%s)',
    async earlier => {
      expect(await growthOf(await counted(NIGHT, MORNING, NEXT), earlier)).toMatchObject({
        growth: 29,
        since: '2026-08-19',
      });
    },
  );

  it.each([
    ['one snapshot', [NEXT]],
    ['two in one morning', [['2026-08-20T00:00:00.001Z', { upvotes: 9 }] as const, NEXT]],
  ])('is not known from %s', async (_what, snapshots) => {
    expect(await growthOf(await counted(...snapshots), null)).toMatchObject({
      votes: 31,
      growth: null,
      since: null,
    });
  });

  it('is known after six hours', async () => {
    const app = await counted(['2026-08-20T00:00:00Z', { upvotes: 9 }], NEXT);
    expect(await growthOf(app, null)).toMatchObject({ growth: 22, since: '2026-08-20' });
  });

  it('may be a loss: votes can be taken back', async () => {
    const app = await counted(MORNING, ['2026-08-20T06:00:00Z', { upvotes: 10 }]);
    expect(await growthOf(app, null)).toMatchObject({ votes: 10, growth: -3 });
  });

  it('is never the difference of two sources; the one that counts the most now is believed', async () => {
    const app = await counted(
      [...MORNING, 'file:small'],
      ['2026-08-19T09:30:00Z', { upvotes: 100 }, 'file:large'],
      ['2026-08-20T06:00:00Z', { upvotes: 104 }, 'file:large'],
      ['2026-08-20T06:30:00Z', { upvotes: 31 }, 'file:small'],
    );
    expect(await growthOf(app, '2026-08-19T10:00:00.000Z')).toMatchObject({ votes: 104, growth: 4 });
  });

  it('is that of each paper, of thousands', async () => {
    const app = await installation();
    const ids = Array.from({ length: 1_200 }, (_, n) => `2608.${String(n).padStart(5, '0')}`);
    const at = async (instant: string, votes: (n: number) => number) => {
      app.clock.set(instant);
      await tell(
        app,
        ids.map((id, n) => told(id, '2026-08-19', { vote: { upvotes: votes(n) } })),
      );
    };
    await at('2026-08-19T09:00:00Z', n => n);
    await at('2026-08-20T06:00:00Z', n => 2 * n);
    const all = ids.map(id => `arxiv:${id}`);
    const counts = await countVotes(app.db, [...all, 'arxiv:unknown'], '2026-08-19T10:00:00.000Z');
    expect(all.map(id => counts.get(id)?.growth)).toEqual(ids.map((_, n) => n));
    expect(counts.size).toBe(ids.length);
  });
});

/** The text and the HTML of a digest of the edition of `date`, without the tags. */
async function mailOf(app: Parameters<typeof tell>[0], ...dates: string[]) {
  const editions = await Promise.all(dates.map(date => readEdition(app.db, date)));
  const made = cut(
    editions.flatMap(edition => edition ?? []),
    wants(),
  );
  const { html, text } = renderDigest(made, MASTHEAD, templates);
  return { html: html.replace(/<[^>]*>/g, ' '), text: text.replace(/\s+/g, ' ') };
}

describe('a reader is told', () => {
  const editionOfTwoDays = async (later: Partial<Vote> = { upvotes: 31, comments: 5, stars: 310 }) => {
    const app = await installation();
    app.clock.set('2026-08-19T07:00:00Z');
    await tell(app, [told('2608.00009', '2026-08-19')]);
    await publish(app.press, '2026-08-19');
    app.clock.set('2026-08-19T14:00:00Z');
    await tell(app, [told(ID, '2026-08-19', { vote: { upvotes: 13 } })]);
    app.clock.set('2026-08-20T06:00:00Z');
    await tell(app, [told(ID, '2026-08-19', { vote: later }), told('2608.00002', '2026-08-20')]);
    return app;
  };

  it('how many votes came since yesterday, in HTML and in text', async () => {
    const app = await editionOfTwoDays();
    const { edition } = await publish(app.press, '2026-08-20');
    expect(papersOf(edition)[0]?.trend).toEqual({
      score: expect.closeTo(4.73, 2),
      votes: 31,
      growth: 18,
      since: '2026-08-19',
      comments: 5,
      stars: 310,
      code: false,
      age: 1,
    });
    const { html, text } = await mailOf(app, '2026-08-20');
    for (const body of [html, text])
      expect(body).toContain('Ana · 31 votes, +18 since yesterday, 5 comments, 310 stars');
  });

  it('nothing of votes that were lost', async () => {
    const app = await editionOfTwoDays({ upvotes: 1 });
    await publish(app.press, '2026-08-20');
    const { text } = await mailOf(app, '2026-08-20');
    expect(text).toContain('Ana · 1 vote ');
    expect(text).not.toMatch(/since|today[^ ]|-12/);
  });

  it('the day, in a digest of several days, for what is not of its last day', async () => {
    const app = await editionOfTwoDays();
    await publish(app.press, '2026-08-20');
    app.clock.set('2026-08-21T07:00:00Z');
    await tell(app, [told('2608.00003', '2026-08-21')]);
    await publish(app.press, '2026-08-21');
    expect((await mailOf(app, '2026-08-20', '2026-08-21')).text).toContain('31 votes, +18 since 19 Aug');
  });

  it('what came today', async () => {
    const app = await counted(
      ['2026-08-20T00:30:00Z', { upvotes: 4 }],
      ['2026-08-20T07:00:00Z', { upvotes: 1_234 }],
    );
    await publish(app.press, '2026-08-20');
    expect((await mailOf(app, '2026-08-20')).text).toContain('1,234 votes, +1,230 today');
  });
});

describe('an edition from before there were trends, picks and facts', () => {
  it('is read and shown as it was', async () => {
    const app = await installation();
    const paper = {
      id: 'arxiv:2608.00001',
      title: 'Old',
      abstract: '',
      authors: ['Ana'],
      url: null,
      links: {},
      source: 'file:test',
      rank: 1,
      vote: { upvotes: 7, comments: 0, stars: 2 },
    };
    const content = JSON.stringify({
      date: '2026-08-20',
      themes: [{ slug: 'a', name: 'A', papers: [paper] }],
    });
    const published_at = '2026-08-20T07:00:00.000Z';
    await app.db
      .insertInto('edition')
      .values({ date: '2026-08-20', through: null, published_at, content })
      .execute();
    const [read] = papersOf((await readEdition(app.db, '2026-08-20')) as Parameters<typeof papersOf>[0]);
    const unknown = { trend: null, pick: null, note: null, theme: null, evidence: null };
    expect(read).toEqual({ ...paper, facts: {}, ...unknown });
    expect((await mailOf(app, '2026-08-20')).text).toContain('Old Ana · 7 votes, 2 stars');
  });
});
