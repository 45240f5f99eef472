// Hugging Face Daily Papers by its API: every paper once, also those that are added to a list after the morning.
import { describe, expect, it } from 'vitest';
import { collect } from '../../../src/papers/collect.ts';
import { dailyPapersSource, earlierDays } from '../../../src/papers/sources/daily-papers.ts';
import { readPapers } from '../../../src/papers/stored-papers.ts';
import { dailyPaper } from '../../support/daily-papers.ts';
import { quickClient, reply, serve } from '../../support/http.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** The service with the lists that a test puts there; a day without a list answers with an empty one. */
async function service() {
  const lists = new Map<string, unknown[]>();
  const asked: string[] = [];
  const state = { status: 200 };
  const { url } = await serve((response, { path }) => {
    const query = new URL(path, 'http://x').searchParams;
    const [day, page, limit] = [
      query.get('date') ?? '',
      Number(query.get('p') ?? 0),
      Number(query.get('limit')),
    ];
    asked.push(page === 0 ? day : `${day} page ${page}`);
    const list = (lists.get(day) ?? []).slice(page * limit, (page + 1) * limit);
    reply(response, state.status, JSON.stringify(list), JSON_TYPE);
  });
  const client = await quickClient();
  const source = dailyPapersSource(client, url);
  const on = async (day: string, now = `${day}T07:00:00Z`) => {
    client.clock.set(now);
    asked.length = 0;
    const [collection] = await collect(client.db, [source], { day, zone: 'UTC', clock: client.clock });
    if (collection === undefined) throw new Error('nothing was collected');
    return collection;
  };
  return { lists, asked, on, state, db: client.db, url, client };
}

const papers = (day: string, from: number, count: number, votes = 5) =>
  Array.from({ length: count }, (_, i) => dailyPaper(from + i, day, votes));

describe('the list of a day', () => {
  it('is read whole, page by page', async () => {
    const { lists, asked, on } = await service();
    lists.set('2026-08-20', papers('2026-08-20', 1, 230));
    expect(await on('2026-08-20')).toMatchObject({
      name: 'huggingface',
      outcome: 'ok',
      fetched: 230,
      new: 230,
      day: '2026-08-20',
    });
    expect(asked).toEqual(['2026-08-20', '2026-08-20 page 1', '2026-08-20 page 2']);
  });

  it('from a server that knows no pages is not asked for for ever', async () => {
    const list = JSON.stringify(papers('2026-08-20', 1, 100));
    const { url, requests } = await serve(response => reply(response, 200, list, JSON_TYPE));
    const client = await quickClient();
    const [collection] = await collect(client.db, [dailyPapersSource(client, url)], {
      day: '2026-08-20',
      zone: 'UTC',
      clock: client.clock,
    });
    expect(collection).toMatchObject({ outcome: 'ok', fetched: 100, new: 100, dropped: [] });
    expect(requests).toHaveLength(2);
  });

  it('that is still empty today is not-yet; of one that is still to open, the newest before is asked for', async () => {
    const { on, asked } = await service();
    expect(await on('2026-08-20')).toMatchObject({
      outcome: 'not-yet',
      reason: 'the list of 2026-08-20 is still empty',
    });
    expect(await on('2026-08-21', '2026-08-20T22:00:00Z')).toMatchObject({
      outcome: 'not-yet',
      reason: 'the list of 2026-08-21 is still empty',
    });
    expect(asked).toEqual(['2026-08-20', '2026-08-19']);
  });

  it('that is repeated on a weekend is quiet; on Monday it is not there yet, and looked back at it was stale', async () => {
    const { lists, on } = await service();
    for (const day of ['2026-08-21', '2026-08-22', '2026-08-23', '2026-08-24'])
      lists.set(day, papers('2026-08-21', 1, 10));
    const outcomes = [];
    for (const day of lists.keys()) outcomes.push((await on(day)).outcome);
    expect(outcomes).toEqual(['ok', 'quiet', 'quiet', 'not-yet']);
    expect((await on('2026-08-24', '2026-08-25T07:00:00Z')).outcome).toBe('stale');
  });
});

describe('a list that grows after the morning', () => {
  it('loses no paper: the next morning brings what came after, and the votes of all', async () => {
    const { lists, asked, on, db } = await service();
    lists.set('2026-08-20', papers('2026-08-20', 1, 4));
    await on('2026-08-20');
    lists.set('2026-08-20', papers('2026-08-20', 1, 25, 40));
    lists.set('2026-08-21', papers('2026-08-21', 50, 3));
    expect(await on('2026-08-21')).toMatchObject({
      outcome: 'ok',
      fetched: 24,
      new: 24,
      duplicate: 0,
      updated: 0,
    });
    expect(asked).toEqual(['2026-08-21', '2026-08-20']);
    const stored = await readPapers(db);
    expect(stored).toHaveLength(28);
    expect(stored.find(p => p.id === 'arxiv:2603.00001')?.vote?.upvotes).toBe(40);
    expect(stored.find(p => p.id === 'arxiv:2603.00020')?.announcedOn).toBe('2026-08-20');
  });

  it('nor does a machine that was off from Tuesday to Thursday', async () => {
    const { lists, on, db } = await service();
    const week = ['2026-08-17', '2026-08-18', '2026-08-19', '2026-08-20', '2026-08-21'];
    for (const [i, day] of week.entries()) lists.set(day, papers(day, 1 + i * 10, 10));
    await on('2026-08-17');
    await on('2026-08-21');
    expect(await readPapers(db)).toHaveLength(50);
  });

  it('is not looked for when a day of the past is asked for by hand', async () => {
    const { lists, asked, on } = await service();
    lists.set('2026-06-11', papers('2026-06-11', 1, 9)).set('2026-06-12', papers('2026-06-12', 10, 9));
    await on('2026-06-11', '2026-08-20T07:00:00Z');
    expect(await on('2026-06-12', '2026-08-20T07:05:00Z')).toMatchObject({
      outcome: 'ok',
      fetched: 9,
      new: 9,
    });
    expect(asked).toEqual(['2026-06-12']);
  });

  it.each([
    ['2026-08-20', '2026-08-20', ['2026-08-19']],
    ['2026-08-20', '2026-08-19', ['2026-08-19']],
    ['2026-08-24', '2026-08-21', ['2026-08-21']],
    ['2026-08-24', '2026-08-23', ['2026-08-21']],
    ['2026-08-24', '2026-01-01', ['2026-08-21', '2026-08-20', '2026-08-19', '2026-08-18', '2026-08-17']],
  ])('on %s, last asked for %s: %j', (day, last, days) => {
    expect(earlierDays(day, last)).toEqual(days);
  });
});

describe('a service in trouble', () => {
  it('has failed, with its status, and the next time all is there', async () => {
    const { lists, on, state } = await service();
    lists.set('2026-08-20', papers('2026-08-20', 1, 10));
    state.status = 500;
    expect(await on('2026-08-20')).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('500'),
    });
    state.status = 200;
    expect(await on('2026-08-20')).toMatchObject({ outcome: 'ok', new: 10 });
  });

  it('that breaks off in the middle of its list has failed, and the whole papers before are kept', async () => {
    const list = JSON.stringify(papers('2026-08-20', 1, 10));
    const half = list.slice(0, list.length / 2);
    const { url } = await serve(response => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': list.length });
      response.write(half, () => response.destroy());
    });
    const client = await quickClient();
    const [collection] = await collect(client.db, [dailyPapersSource(client, url)], {
      day: '2026-08-20',
      zone: 'UTC',
      clock: client.clock,
    });
    expect(collection).toMatchObject({ outcome: 'failed', dropped: [] });
    expect(collection?.new).toBeGreaterThanOrEqual(4);
    expect(await readPapers(client.db)).toHaveLength(collection?.new ?? -1);
  });

  it('that answers with a web page instead has failed', async () => {
    const { url } = await serve(response =>
      reply(response, 200, '<!doctype html><title>Sorry</title>', { 'content-type': 'text/html' }),
    );
    const client = await quickClient();
    const [collection] = await collect(client.db, [dailyPapersSource(client, url)], {
      day: '2026-08-20',
      zone: 'UTC',
      clock: client.clock,
    });
    expect(collection).toMatchObject({ outcome: 'failed', error: expect.stringContaining('web page') });
  });
});
