// What programs read: feeds, the edition as JSON, sitemaps; and how long anybody may keep what they were given.
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { describe, expect, it } from 'vitest';
import { papersOf, readEdition } from '../../src/editions/edition.ts';
import { BASE, DAYS, published } from './published.ts';

describe('feeds', () => {
  it('tell of the same editions in Atom, RSS and JSON Feed, each under its lasting address', async () => {
    const { get, text } = await published(DAYS);
    const pages = ['2026-08-20', '2026-08-19', '2026-08-18'].map(day => `${BASE}/${day}`);
    const atom = parseAtomFeed(await text('/feed.atom'));
    expect(atom.entries?.map(({ id }) => id)).toEqual(pages);
    expect(atom.updated).toBe('2026-08-20T07:00:00.000Z');
    expect(atom.entries?.[1]?.title?.value).toBe(
      'Wednesday, 19 August 2026: Image Generation by Ferry and 1 more',
    );
    const rss = parseRssFeed(await text('/feed.rss'));
    expect(rss.items?.map(({ guid }) => guid?.value)).toEqual(pages);
    const json = parseJsonFeed(await text('/feed.json'));
    expect(json.items?.map(({ id }) => id)).toEqual(pages);
    const type = async (path: string) => (await get(path)).headers.get('content-type');
    expect(await type('/feed.atom')).toBe('application/atom+xml; charset=utf-8');
    expect(await type('/feed.rss')).toBe('application/rss+xml; charset=utf-8');
    expect(await type('/feed.json')).toBe('application/feed+json; charset=utf-8');
  });

  it('have every paper of a day in them, as text and not as markup of its own', async () => {
    const { text } = await published(DAYS);
    const [today] = parseAtomFeed(await text('/feed.atom')).entries ?? [];
    const content = today?.content?.value ?? '';
    expect(content).toContain(`<a href="${BASE}/papers/arxiv:2608.00003">Robots that Read</a>`);
    expect(content).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(content).not.toMatch(/<script|<img/);
  });

  it('of a theme have its newest papers, each under its own page', async () => {
    const { text } = await published(DAYS);
    const ids = ['2608.00004', '2608.00002', '2608.00001'].map(id => `${BASE}/papers/arxiv:${id}`);
    const atom = parseAtomFeed(await text('/themes/image-gen/feed.atom'));
    expect(atom.id).toBe(`${BASE}/themes/image-gen`);
    expect(atom.entries?.map(({ id }) => id)).toEqual(ids);
    const json = parseJsonFeed(await text('/themes/image-gen/feed.json'));
    expect(json.items?.map(({ id }) => id)).toEqual(ids);
    expect(json.items?.[2]?.authors?.map(({ name }) => name)).toEqual(['Ana Müller', 'Bo Li']);
    expect(parseRssFeed(await text('/themes/agents/feed.rss')).items ?? []).toEqual([]);
  });

  it('may be read by pages of other sites, and are known to browsers on every page', async () => {
    const { get, text } = await published(DAYS);
    expect((await get('/feed.json')).headers.get('access-control-allow-origin')).toBe('*');
    for (const page of ['/', '/2026-08-18', '/papers/arxiv:2608.00001'])
      expect(await text(page)).toContain(
        `type="application/atom+xml" title="Daily Papers" href="${BASE}/feed.atom"`,
      );
  });
});

describe('an edition as JSON', () => {
  it('is the edition that was sent, paper for paper, without what is the operator’s alone', async () => {
    const { app, get } = await published(DAYS);
    const response = await get('/editions/2026-08-19.json');
    const told = (await response.json()) as { themes: { papers: Record<string, unknown>[] }[] };
    const sent = await readEdition(app.db, '2026-08-19');
    if (sent === undefined) throw new Error('it was published');
    expect(told.themes.flatMap(({ papers }) => papers)).toEqual(
      sent.themes.flatMap(({ papers }) => papers.map(({ evidence: _, ...paper }) => paper)),
    );
    expect(papersOf(sent).some(({ evidence }) => evidence !== null)).toBe(true);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });
});

describe('sitemaps', () => {
  it('name every page that is to be found, and robots are told where they are', async () => {
    const { get, text } = await published(DAYS);
    expect(await text('/robots.txt')).toMatch(
      /Disallow: \/search\n.*Sitemap: https:\/\/papers\.example\.org\/sitemap\.xml\n$/s,
    );
    const addresses = (xml: string) =>
      [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url]) => url?.replaceAll('&amp;', '&') ?? '');
    const maps = addresses(await text('/sitemap.xml'));
    expect(maps).toEqual([`${BASE}/sitemaps/pages.xml`, `${BASE}/sitemaps/2026-08.xml`]);
    const pages = (await Promise.all(maps.map(map => text(map.slice(BASE.length))))).flatMap(addresses);
    expect(pages).toContain(`${BASE}/papers/doi:10.1234%2Fa(b)%3Fc%23d`);
    expect(pages).toContain(`${BASE}/2026-08-18`);
    for (const page of pages) expect((await get(page.slice(BASE.length))).status, page).toBe(200);
  });
});

describe('what was given once', () => {
  const PATHS = [
    '/',
    '/2026-08-18',
    '/editions/2026-08-18.json',
    '/feed.atom',
    '/themes/image-gen',
    '/papers/arxiv:2608.00001',
    '/search?q=ferry',
    '/sitemap.xml',
  ]; // prettier-ignore

  it('need not be given again: it is told by a strong ETag whether it is still the same', async () => {
    const { get } = await published(DAYS);
    for (const path of PATHS) {
      const first = await get(path);
      const etag = first.headers.get('etag') ?? '';
      expect(etag, path).toMatch(/^"[\w-]{27}"$/);
      const again = await get(path, { 'if-none-match': etag });
      expect([again.status, await again.text()], path).toEqual([304, '']);
      expect(again.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
    }
  });

  it('is new when it has changed', async () => {
    const { get, publishDay, tell } = await published(DAYS);
    const tags = async () => Promise.all(PATHS.map(async path => (await get(path)).headers.get('etag')));
    const before = await tags();
    expect(await tags()).toEqual(before);
    await publishDay('2026-08-21', [
      { id: '2608.00008', title: 'Ferry Diffusion', abstract: 'We edit images by diffusion.' },
    ]);
    const after = await tags();
    expect(PATHS.filter((_, n) => after[n] !== before[n])).toEqual([
      '/',
      '/feed.atom',
      '/themes/image-gen',
      '/search?q=ferry',
    ]);
    await tell('2026-08-22', [
      { id: '2608.00001', title: 'Diffusion of Great Rivers', announcedOn: '2026-08-18' },
    ]);
    const changed = await tags();
    expect(PATHS.filter((_, n) => changed[n] !== after[n])).toEqual([
      '/themes/image-gen',
      '/papers/arxiv:2608.00001',
    ]);
  });

  it('may be kept long when it is past, shortly when it is today’s, and never when it is a reader’s own', async () => {
    const { get } = await published(DAYS);
    const kept = async (path: string) => (await get(path)).headers.get('cache-control');
    expect(await kept('/')).toBe('public, max-age=60');
    expect(await kept('/2026-08-20')).toBe('public, max-age=300');
    expect(await kept('/2026-08-18')).toBe('public, max-age=86400');
    for (const own of ['/unsubscribe/x', '/preferences/x']) expect(await kept(own)).toBe('no-store');
  });

  it('can be asked about by HEAD, which answers the same without the page', async () => {
    const { get, pages } = await published(DAYS);
    for (const path of [...PATHS, '/2026-02-31']) {
      const head = await pages.request(path, { method: 'HEAD' });
      const page = await get(path);
      expect([head.status, await head.text()], path).toEqual([page.status, '']);
      for (const name of ['etag', 'cache-control', 'content-type', 'content-security-policy'])
        expect(head.headers.get(name), `${path} ${name}`).toBe(page.headers.get(name));
    }
  });
});
