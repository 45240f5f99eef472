// Any address that answers with papers, however it describes what it sends.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announce, type Candidate } from '../../../src/papers/announce.ts';
import { collect } from '../../../src/papers/collect.ts';
import type { Announcement } from '../../../src/papers/paper.ts';
import { feedSource } from '../../../src/papers/sources/feed.ts';
import { SourceSetting, type SourceSpec, sourceName } from '../../../src/papers/sources/spec.ts';
import { storeAnnouncements } from '../../../src/papers/store-papers.ts';
import { readPapers } from '../../../src/papers/stored-papers.ts';
import { apiAnswer } from '../../support/arxiv.ts';
import { quickClient, reply, serve } from '../../support/http.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const specOf = (setting: unknown) => SourceSetting.parse(setting) as SourceSpec & { kind: 'feed' };

async function answering(text: string, headers = {}, more = {}) {
  const state = { text };
  const server = await serve(response => reply(response, 200, state.text, headers));
  const client = await quickClient();
  const source = feedSource(client, specOf({ feed: server.url, ...more }));
  const on = async (day: string) => {
    client.clock.set(`${day}T07:00:00Z`);
    const [collection] = await collect(client.db, [source], { day, zone: 'UTC', clock: client.clock });
    return collection;
  };
  return { on, state, db: client.db, requests: server.requests };
}

describe('a feed is known by what it holds', () => {
  it.each([
    ['feeds/nature.rdf', 'text/plain'],
    ['feeds/biorxiv.rdf', 'application/octet-stream'],
    ['feeds/atom.xml', 'text/html'],
    ['feeds/json-feed.json', 'application/feed+json'],
    ['feeds/pubmed.xml', 'application/xml; charset=UTF-8'],
    ['feeds/arxiv-atom.xml', ''],
    ['json/semantic-scholar.json', 'application/json'],
    ['json/openalex.json', 'application/json'],
    ['bibtex/conference.bib', 'text/plain'],
    ['huggingface-today.json', 'application/json'],
  ])('%s, sent as %j', async (name, type) => {
    const { on, db } = await answering(await fixture(name), type === '' ? {} : { 'content-type': type });
    const collection = await on('2026-08-20');
    expect(collection?.outcome).toBe('ok');
    expect(collection?.new).toBeGreaterThan(0);
    for (const paper of await readPapers(db)) expect(paper.title).not.toBe('');
    expect(await on('2026-08-21')).toMatchObject({
      outcome: 'quiet',
      new: 0,
      reason: 'nothing new; last asked for 2026-08-20',
    });
  });

  it('a page that is none says so', async () => {
    const { on } = await answering('<html><body>Please log in</body></html>', {
      'content-type': 'application/rss+xml',
    });
    expect(await on('2026-08-20')).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('is a web page'),
    });
  });
});

describe('a service that speaks its own JSON', () => {
  const answer = JSON.stringify({
    hits: {
      list: [
        {
          names: { en: 'A Work of Ours' },
          about: 'We work.',
          who: [{ full: 'Ana Silva' }],
          pid: { doi: '10.1234/x' },
        },
      ],
    },
  });
  const mapping = {
    papers: 'hits.list',
    fields: { title: 'names.en', abstract: 'about', authors: 'who[].full', doi: 'pid.doi' },
  };

  it('is read by a mapping from the configuration, asked with its own headers', async () => {
    const { on, db, requests } = await answering(
      answer,
      {},
      { ...mapping, name: 'our library', headers: { 'x-api-key': 'secret' } },
    );
    expect(await on('2026-08-20')).toMatchObject({ name: 'our library', outcome: 'ok', new: 1 });
    expect(requests[0]?.headers['x-api-key']).toBe('secret');
    expect(await readPapers(db)).toMatchObject([
      { id: 'doi:10.1234/x', title: 'A Work of Ours', authors: ['Ana Silva'] },
    ]);
  });

  it('whose answer has no such list has failed, with what it has', async () => {
    const { on } = await answering(answer, {}, { ...mapping, papers: 'results' });
    expect(await on('2026-08-20')).toMatchObject({
      outcome: 'failed',
      error: expect.stringMatching(/results.*hits/),
    });
  });
});

describe('the day of a paper in a feed', () => {
  const item = (n: number, day: string) =>
    `<item><title>Some work of number ${n}</title><link>https://j.example/${n}</link><pubDate>${new Date(`${day}T10:00:00Z`).toUTCString()}</pubDate><description>We do ${n}.</description></item>`;
  const feed = (...items: string[]) =>
    `<rss version="2.0"><channel><title>J</title>${items.join('')}</channel></rss>`;

  it('is its own, but neither a day to come nor one long ago in a feed that was read before', async () => {
    const { on, state, db } = await answering(
      feed(item(1, '2025-01-15'), item(2, '2026-08-20'), item(3, '2026-12-01')),
    );
    await on('2026-08-20');
    state.text = feed(item(1, '2025-01-15'), item(4, '2026-08-02'), item(5, '2026-08-21'));
    await on('2026-08-21');
    const days = (await readPapers(db)).map(({ title, announcedOn }) => [title.at(-1), announcedOn]);
    expect(Object.fromEntries(days)).toEqual({
      1: '2025-01-15',
      2: '2026-08-20',
      3: null,
      4: null,
      5: '2026-08-21',
    });
  });

  it('may stand in the address', async () => {
    const server = await serve(response => reply(response, 200, feed()));
    const client = await quickClient();
    const source = feedSource(client, specOf(`feed:${server.url}/{date}.xml`));
    await collect(client.db, [source], { day: '2026-08-20', zone: 'UTC', clock: client.clock });
    expect(server.requests[0]?.path).toBe('/2026-08-20.xml');
  });
});

describe('a feed that anybody may write', () => {
  const two = async (first: Announcement[], feed: string) => {
    const { on, db } = await answering(feed);
    const from = { source: 'arxiv:cs.CL', at: '2026-08-20T06:00:00.000Z', day: '2026-08-20' };
    await db.transaction().execute(tx => storeAnnouncements(tx, first, from));
    await on('2026-08-20');
    return readPapers(db);
  };
  const said = (candidate: Partial<Candidate>) => {
    const result = announce({
      where: 'x',
      title: 'The true title of it',
      abstract: '',
      format: 'arxiv-api',
      ...candidate,
    });
    if ('paper' in result) return result;
    throw new Error(result.detail);
  };

  it('in arXiv’s own shape changes no title of arXiv’s', async () => {
    const evil = apiAnswer([{ id: '2608.00001', title: 'Buy now', version: 999 }]);
    expect(await two([said({ id: '2608.00001' })], evil)).toMatchObject([{ title: 'The true title of it' }]);
  });

  it('leads no reader of an arXiv paper to an address of its own', async () => {
    const evil = JSON.stringify([{ id: '2608.00001', title: 'x y z', url: 'https://evil.example/login' }]);
    expect(await two([said({ id: '2608.00001' })], evil)).toMatchObject([
      { url: 'https://arxiv.org/abs/2608.00001' },
    ]);
  });

  it('does not make one paper of two by claiming the ids of both', async () => {
    const evil = JSON.stringify([{ id: '2401.00001', doi: '10.1038/new', title: 'x y z' }]);
    const papers = await two(
      [said({ id: '2401.00001' }), said({ id: '10.1038/new', title: 'A discovery of ours' })],
      evil,
    );
    expect(papers.map(paper => paper.id).sort()).toEqual(['arxiv:2401.00001', 'doi:10.1038/new']);
  });

  it('of more papers than any day has is cut off, and that is said', async () => {
    const many = Array.from({ length: 20_001 }, (_, n) => ({ title: `Paper of number ${n}` }));
    const { on } = await answering(JSON.stringify(many));
    expect(await on('2026-08-20')).toMatchObject({
      outcome: 'failed',
      error: 'it holds more than 20000 papers; the rest is left out',
      new: 20_000,
    });
  }, 60_000);
});

describe('how sources are named', () => {
  it.each([
    ['huggingface', 'huggingface', {}],
    ['huggingface@http://127.0.0.1:8080', 'huggingface', { base: 'http://127.0.0.1:8080' }],
    ['huggingface:http://127.0.0.1:8080/x/', 'huggingface', { base: 'http://127.0.0.1:8080/x/' }],
    ['arxiv:cs.CL+cs.LG', 'arxiv:cs.CL+cs.LG', { query: 'cs.CL+cs.LG', base: undefined }],
    [
      'arxiv:au:hinton AND ti:capsules@https://mirror.example',
      'arxiv:au:hinton AND ti:capsules',
      { base: 'https://mirror.example' },
    ],
    ['arxiv-rss:cs.CL', 'arxiv-rss:cs.CL', { types: ['new', 'cross'] }],
    [
      'arxiv-rss:cs.CL+math?types=new+replace@https://m.example/',
      'arxiv-rss:cs.CL+math',
      { types: ['new', 'replace'], base: 'https://m.example/' },
    ],
    ['arxiv-rss:cs?types=all', 'arxiv-rss:cs', { types: ['new', 'cross', 'replace', 'replace-cross'] }],
    [
      'feed:https://user:pass@j.example/rss',
      'feed:https://j.example/rss',
      { url: 'https://user:pass@j.example/rss' },
    ],
    ['file:inbox/{date}.json', 'file:inbox/{date}.json', { path: 'inbox/{date}.json' }],
  ])('%s', (text, name, more) => {
    const spec = SourceSetting.parse(text);
    expect(sourceName(spec)).toBe(name);
    expect(spec).toMatchObject(more);
  });

  it.each([
    '',
    'hf',
    'arxiv',
    'arxiv:',
    'arxiv-rss:',
    'arxiv-rss:cs.CL?types=old',
    'arxiv-rss:http://x',
    'feed:ftp://x',
    'feed:x',
    'file:',
    'huggingface@x',
    'huggingface:x',
    7,
    {},
    { feed: 'x' },
    { feed: 'https://x.example', papers: 'results' },
    { file: 'x', fields: { titel: 'x' } },
  ])('%j is refused, with what is allowed', given => {
    const parsed = SourceSetting.safeParse(given);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain('allowed');
  });
});
