// arXiv by its API and by its feeds: every paper once, none lost when it is late, nothing asked in a hurry.
import { describe, expect, it } from 'vitest';
import { arxivCalendar } from '../../../src/papers/arxiv-calendar.ts';
import { collect } from '../../../src/papers/collect.ts';
import { arxivApiSource } from '../../../src/papers/sources/arxiv-api.ts';
import { arxivFeedSource } from '../../../src/papers/sources/arxiv-feed.ts';
import { findOnWeb } from '../../../src/papers/sources/one-paper.ts';
import type { Source } from '../../../src/papers/sources/source.ts';
import { readPapers } from '../../../src/papers/stored-papers.ts';
import { announcementFeed, apiAnswer, works } from '../../support/arxiv.ts';
import { quickClient, reply, serve } from '../../support/http.ts';

const calendar = arxivCalendar();
const XML = { 'content-type': 'application/xml' };

/** A server whose answer a test can change, and what is collected from it in the mornings. */
async function arxiv(make: (client: Awaited<ReturnType<typeof quickClient>>, base: string) => Source) {
  const state = { answer: (_path: URL) => [200, ''] as [number, string] };
  const server = await serve((response, asked) => {
    const [status, text] = state.answer(new URL(asked.path, 'http://x'));
    reply(response, status, text, XML);
  });
  const client = await quickClient();
  const source = make(client, server.url);
  return {
    requests: server.requests,
    client,
    db: client.db,
    answers(answer: (url: URL) => string | [number, string]) {
      state.answer = url =>
        [answer(url)].map(a => (typeof a === 'string' ? ([200, a] as [number, string]) : a))[0] as [
          number,
          string,
        ];
    },
    async on(day: string, time = '09:00') {
      client.clock.set(`${day}T${time}:00Z`);
      const [collection] = await collect(client.db, [source], { day, zone: 'UTC', clock: client.clock });
      if (collection === undefined) throw new Error('nothing was collected');
      return collection;
    },
  };
}

describe('an arXiv feed', () => {
  const feed = (types: Parameters<typeof arxivFeedSource>[2]['types'] = ['new', 'cross']) =>
    arxiv((client, base) => arxivFeedSource(client, calendar, { categories: 'cs.CL+cs.LG', types, base }));

  it('brings what was chosen, with authors, version and day, and counts the rest', async () => {
    const { on, answers, db, requests } = await feed();
    answers(() =>
      announcementFeed('2026-05-05', [
        ...works(3),
        ...works(2, 10, { type: 'cross' }),
        ...works(4, 20, { type: 'replace', version: 2 }),
        ...works(1, 30, { type: 'replace-cross', version: 3 }),
      ]),
    );
    expect(await on('2026-05-05')).toMatchObject({
      name: 'arxiv-rss:cs.CL+cs.LG',
      outcome: 'ok',
      day: '2026-05-05',
      fetched: 10,
      new: 5,
      dropped: [{ reason: 'not chosen', count: 5 }],
      problems: [],
    });
    expect(requests[0]?.path).toBe('/rss/cs.CL+cs.LG');
    expect((await readPapers(db))[0]).toMatchObject({
      id: 'arxiv:2605.00001',
      title: 'Work 2605.00001',
      abstract: 'We do 2605.00001.',
      authors: ['Ana Silva', 'Ben Ode'],
      announcedOn: '2026-05-05',
      url: 'https://arxiv.org/abs/2605.00001',
      links: { pdf: 'https://arxiv.org/pdf/2605.00001' },
      facts: { version: 1, categories: ['cs.CL'] },
    });
  });

  it('may bring replacements too, which are not news of a paper that was there', async () => {
    const { on, answers } = await feed(['new', 'replace']);
    answers(() => announcementFeed('2026-05-05', works(6)));
    await on('2026-05-05');
    answers(() =>
      announcementFeed('2026-05-06', [
        ...works(6, 20),
        ...works(2, 1, { type: 'replace', version: 2, title: 'Renamed' }),
      ]),
    );
    expect(await on('2026-05-06')).toMatchObject({ outcome: 'ok', fetched: 8, new: 6, updated: 2 });
  });

  it('that complains has failed, in arXiv’s words', async () => {
    const { on, answers } = await feed();
    const error = `<rss version="2.0"><channel><title>Feed error for query: x</title><description>Bad subject class 'XX'.</description></channel></rss>`;
    for (const status of [400, 200]) {
      answers(() => [status, error]);
      expect(await on('2026-05-05')).toMatchObject({
        outcome: 'failed',
        error: "arXiv answers: Bad subject class 'XX'.",
      });
    }
  });

  it('that is cut off has failed, and what came before is kept', async () => {
    const { on, answers, db } = await feed();
    const whole = announcementFeed('2026-05-05', works(9));
    answers(() => whole.slice(0, whole.indexOf('2605.00007')));
    expect(await on('2026-05-05')).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/line \d+: the document ends inside/),
      fetched: 6,
      new: 6,
    });
    expect(await readPapers(db)).toHaveLength(6);
    answers(() => whole);
    expect(await on('2026-05-05', '09:30')).toMatchObject({ outcome: 'ok', new: 3, duplicate: 6 });
  });

  it('through a week: late on Tuesday, stale on Wednesday, whole again on Thursday, quiet on the weekend', async () => {
    const { on, answers } = await feed();
    const outcomes: string[] = [];
    const ask = async (day: string, time: string, of: string, first: number) => {
      answers(() => announcementFeed(of, first < 0 ? [] : works(8, first)));
      const { outcome, new: fresh } = await on(day, time);
      outcomes.push(`${day} ${time} ${outcome} ${fresh}`);
    };
    await ask('2026-05-04', '09:00', '2026-05-04', 10);
    await ask('2026-05-05', '02:00', '2026-05-04', 10);
    await ask('2026-05-05', '04:30', '2026-05-04', 10);
    await ask('2026-05-05', '09:00', '2026-05-05', 20);
    await ask('2026-05-06', '09:00', '2026-05-06', 20);
    await ask('2026-05-07', '09:00', '2026-05-07', 30);
    await ask('2026-05-08', '09:00', '2026-05-08', -1);
    await ask('2026-05-09', '09:00', '2026-05-09', -1);
    await ask('2026-05-11', '09:00', '2026-05-11', 40);
    expect(outcomes).toEqual([
      '2026-05-04 09:00 ok 8',
      '2026-05-05 02:00 not-yet 0',
      '2026-05-05 04:30 not-yet 0',
      '2026-05-05 09:00 ok 8',
      '2026-05-06 09:00 stale 0',
      '2026-05-07 09:00 ok 8',
      '2026-05-08 09:00 stale 0',
      '2026-05-09 09:00 quiet 0',
      '2026-05-11 09:00 ok 8',
    ]);
  });
});

describe('the arXiv API', () => {
  const api = (query = 'cs.CL+cs.LG') =>
    arxiv((client, base) => arxivApiSource(client, calendar, query, base));
  const MONDAY_BATCH = '2026-05-08T12:00:00Z';
  const TUESDAY_BATCH = '2026-05-11T12:00:00Z';
  const WEDNESDAY_BATCH = '2026-05-12T12:00:00Z';

  it('is asked for the submissions of the day’s batch, and dates them by the schedule', async () => {
    const { on, answers, requests, db } = await api();
    answers(() =>
      apiAnswer([
        ...works(2, 1, { submitted: TUESDAY_BATCH }),
        { id: '2104.12255', title: '0', submitted: TUESDAY_BATCH },
      ]),
    );
    expect(await on('2026-05-12')).toMatchObject({
      name: 'arxiv:cs.CL+cs.LG',
      outcome: 'ok',
      fetched: 3,
      new: 3,
    });
    const asked = new URL(requests[0]?.path ?? '', 'http://x').searchParams;
    expect(asked.get('search_query')).toBe(
      '(cat:cs.CL OR cat:cs.LG) AND submittedDate:[202605081800 TO 202605111800]',
    );
    const papers = await readPapers(db);
    expect(papers.map(({ title, announcedOn }) => [title, announcedOn])).toContainEqual(['0', '2026-05-12']);
  });

  it('page by page, with arXiv’s gap between requests, whatever the size of a page', async () => {
    const { on, answers, requests, client } = await api('all:testing');
    const all = works(25, 1, { submitted: TUESDAY_BATCH });
    answers(url => {
      const start = Number(url.searchParams.get('start'));
      return apiAnswer(all.slice(start, start + 10), 25);
    });
    expect(await on('2026-05-12')).toMatchObject({ outcome: 'ok', fetched: 25, new: 25 });
    expect(requests.map(({ path }) => new URL(path, 'http://x').searchParams.get('start'))).toEqual([
      '0',
      '10',
      '20',
    ]);
    expect(client.waits.filter(ms => ms > 2_900)).toHaveLength(2);
  });

  it('a server that knows no pages is not asked for ever', async () => {
    const { on, answers, requests } = await api('all:testing');
    answers(() => apiAnswer(works(10, 1, { submitted: TUESDAY_BATCH }), 214_881));
    expect(await on('2026-05-12')).toMatchObject({ outcome: 'ok', fetched: 10, new: 10 });
    expect(requests).toHaveLength(2);
  });

  it('an empty page before the end is asked for again; when it stays empty, the rest is missed loudly', async () => {
    const { on, answers, db } = await api('all:testing');
    const all = works(20, 1, { submitted: TUESDAY_BATCH });
    let empty = 1;
    answers(url => {
      const start = Number(url.searchParams.get('start'));
      return apiAnswer(start > 0 && empty-- > 0 ? [] : all.slice(start, start + 10), 20);
    });
    expect(await on('2026-05-12')).toMatchObject({ outcome: 'ok', new: 20 });
    answers(url =>
      apiAnswer(
        url.searchParams.get('start') === '0' ? works(10, 100, { submitted: TUESDAY_BATCH }) : [],
        20,
      ),
    );
    expect(await on('2026-05-12', '10:00')).toMatchObject({
      outcome: 'failed',
      new: 10,
      error: expect.stringContaining('an empty page where 20 papers are said to be'),
    });
    expect(await readPapers(db)).toHaveLength(30);
  });

  it('a page that fails does not lose the pages before', async () => {
    const { on, answers, db } = await api('all:testing');
    answers(url =>
      url.searchParams.get('start') === '0'
        ? apiAnswer(works(10, 1, { submitted: TUESDAY_BATCH }), 30)
        : [503, 'busy'],
    );
    const collection = await on('2026-05-12');
    expect(collection).toMatchObject({ outcome: 'failed', fetched: 10, new: 10 });
    expect(collection.error).toMatch(/after 10 papers: .*503/);
    expect(await readPapers(db)).toHaveLength(10);
  });

  it('what moderators held comes late, is new, and does not make the batch look fresh', async () => {
    const { on, answers, db } = await api();
    answers(() => apiAnswer(works(8, 1, { submitted: MONDAY_BATCH })));
    await on('2026-05-11');
    const tuesday = works(8, 10, { submitted: TUESDAY_BATCH });
    const held = works(1, 90, { submitted: MONDAY_BATCH });
    answers(() => apiAnswer([...tuesday, ...held, ...works(8, 1, { submitted: MONDAY_BATCH })]));
    expect(await on('2026-05-12')).toMatchObject({ outcome: 'ok', fetched: 9, new: 9, duplicate: 0 });
    expect((await readPapers(db)).find(p => p.id === 'arxiv:2605.00090')?.announcedOn).toBe('2026-05-11');
    // On Wednesday the index lags: only what was there, and another one that was held.
    answers(() => apiAnswer([...works(1, 91, { submitted: MONDAY_BATCH }), ...tuesday]));
    expect(await on('2026-05-13')).toMatchObject({ outcome: 'stale', fetched: 1, new: 1 });
    answers(() => apiAnswer([...works(8, 30, { submitted: WEDNESDAY_BATCH }), ...tuesday]));
    expect(await on('2026-05-13', '11:00')).toMatchObject({ outcome: 'ok', fetched: 8, new: 8 });
  });

  it('a query that finds little has quiet days', async () => {
    const { on, answers } = await api('au:silva');
    const few = [MONDAY_BATCH, TUESDAY_BATCH, WEDNESDAY_BATCH].flatMap((submitted, i) =>
      works(1, i + 1, { submitted }),
    );
    answers(() => apiAnswer(few.slice(0, 1)));
    await on('2026-05-07');
    answers(() => apiAnswer(few));
    expect(await on('2026-05-14')).toMatchObject({
      outcome: 'quiet',
      reason: expect.stringContaining('there are seldom many'),
    });
  });

  it('an error that is dressed as a paper is no paper; a paper that is called Error is one', async () => {
    const { on, answers } = await api();
    const error = apiAnswer([]).replace(
      '</feed>',
      '<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title><summary>incorrect id format for abc</summary><author><name>arXiv api core</name></author></entry></feed>',
    );
    for (const status of [400, 200]) {
      answers(() => [status, error]);
      expect(await on('2026-05-12')).toMatchObject({
        outcome: 'failed',
        error: 'arXiv answers: incorrect id format for abc',
      });
    }
    answers(() => apiAnswer([{ id: '2605.00001', title: 'Error', submitted: TUESDAY_BATCH }]));
    expect(await on('2026-05-12', '10:00')).toMatchObject({ outcome: 'ok', new: 1 });
  });

  it('an id that arXiv does not know is not found', async () => {
    const known = [{ id: '2104.12255', title: '0' }];
    const { url } = await serve((response, { path }) =>
      reply(response, 200, apiAnswer(path.includes('id_list=2104.12255&') ? known : []), XML),
    );
    const client = await quickClient();
    const found = await findOnWeb(client, 'https://arxiv.org/abs/2104.12255v1', { arxiv: url });
    expect(found.paper).toMatchObject({ title: '0', id: 'arxiv:2104.12255' });
    for (const id of ['0000.0000', '2605.99999', 'arXiv:2605.99999v2'])
      await expect(findOnWeb(client, id, { arxiv: url })).rejects.toMatchObject({
        code: 'input',
        message: expect.stringContaining('not found'),
      });
  });
});
