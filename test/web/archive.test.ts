// The archive for those who read it: the front page, each day, each paper, each theme; what is not there is said kindly.
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { curate } from '../../src/editions/curation.ts';
import { instantText } from '../../src/store/schema.ts';
import { BASE, DAYS, published } from './published.ts';

describe('the front page', () => {
  it('shows the papers of the latest day by theme with votes, and leads to the day before', async () => {
    const { text } = await published(DAYS);
    const page = await text('/');
    expect(page).toContain('by its curators and the research community');
    expect(page).toContain('Thursday, 20 August 2026');
    expect(page).toContain('Robots that Read');
    expect(page).toMatch(/<b>7<\/b> votes/);
    expect(page).toContain('href="/2026-08-19" rel="prev"');
    expect(page).toMatch(/<form[^>]+method="post" action="\/subscribe"/);
    expect(page).toContain('<link rel="canonical" href="https://papers.example.org/">');
    expect(page).toContain('href="/editions/2026-08-20.json"');
  });

  it('asks for no address where none is taken', async () => {
    const { text } = await published(DAYS, { publicUrl: BASE }, false);
    for (const path of ['/', '/2026-08-18']) expect(await text(path)).not.toContain('<form');
  });

  it('shows the picks of curators first, with their words', async () => {
    const { app, tell, publishDay, text } = await published();
    await tell('2026-08-18', [
      { id: '2608.00001', title: 'Picked Paper' },
      { id: '2608.00002', title: 'Noted Paper' },
    ]);
    const at = instantText(app.clock());
    await curate(app.db, '2608.00001', { picked: true, note: 'Read this first.', curator: 'Ada' }, at);
    await curate(app.db, '2608.00002', { note: 'See also last year.', curator: 'Bo' }, at);
    await publishDay('2026-08-18', []);
    const page = await text('/');
    expect(page).toMatch(
      /Picked by Ada.*Picked Paper.*“Read this first\.”.*Noted Paper.*Bo: See also last year\./s,
    );
    expect(await text('/papers/arxiv:2608.00001')).toContain('Picked by Ada: Read this first.');
  });

  it('says so when nothing was published yet, and is new at once when something is', async () => {
    const { get, publishDay, text } = await published();
    expect((await get('/')).status).toBe(200);
    expect(await text('/')).toContain('No edition has been published yet');
    await publishDay('2026-08-18', [{ title: 'The First Paper' }]);
    expect(await text('/')).toContain('The First Paper');
    await publishDay('2026-08-19', [{ title: 'The Second Paper' }]);
    expect(await text('/')).toContain('The Second Paper');
    expect(await text('/2026-08-18')).toContain('href="/2026-08-19" rel="next"');
  });
});

describe('a day and several days', () => {
  it('have the addresses that stand in mails, with a way to the days beside them', async () => {
    const { get, text } = await published(DAYS);
    const page = await text('/2026-08-19');
    for (const part of ['Image Generation by Ferry', 'href="/2026-08-18"', 'href="/2026-08-20"'])
      expect(page).toContain(part);
    const span = await get('/2026-08-17..2026-08-19');
    expect(span.status).toBe(200);
    const several = await span.text();
    for (const title of ['Diffusion of Rivers', 'On Honeycombs', 'Image Generation by Ferry'])
      expect(several).toContain(`>${title}<`);
    expect(several).not.toContain('Robots that Read');
  });
});

describe('a paper', () => {
  it.each([
    ['/papers/arxiv:2608.00002', 'Image Generation by Ferry'],
    ['/papers/arxiv%3A2608.00002', 'Image Generation by Ferry'],
    ['/papers/arxiv:math/9701001', 'On Honeycombs'],
    ['/papers/arxiv:math%2F9701001', 'On Honeycombs'],
    ['/papers/doi:10.1234%2Fa(b)%3Fc%23d', 'Printed in a Journal'],
  ])('has a page of its own at %s', async (path, title) => {
    const { get } = await published(DAYS);
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(`<h1 dir="auto">${title}</h1>`);
  });

  it.each([
    ['/papers/2608.00002', '/papers/arxiv:2608.00002'],
    ['/papers/arxiv:2608.00002v3', '/papers/arxiv:2608.00002'],
    ['/papers/https:%2F%2Farxiv.org%2Fabs%2F2608.00002', '/papers/arxiv:2608.00002'],
    ['/papers/10.1234/A(b)%3Fc%23d', '/papers/doi:10.1234%2Fa(b)%3Fc%23d'],
  ])('is led to from %s', async (path, home) => {
    const { get } = await published(DAYS);
    const response = await get(path);
    expect([response.status, response.headers.get('location')]).toEqual([301, home]);
  });

  it('is linked to from its day by an address that leads back to it, whatever its id', async () => {
    const { get, text } = await published(DAYS);
    const days = await Promise.all(Object.keys(DAYS).map(day => text(`/${day}`)));
    const links = days.flatMap(page =>
      [...page.matchAll(/href="(\/papers\/[^"]+)"/g)].map(([, link]) => link ?? ''),
    );
    expect(links).toHaveLength(6);
    for (const link of links) expect((await get(link)).status, link).toBe(200);
  });

  it('shows its edition, place, theme and votes over time', async () => {
    const { tell, text } = await published(DAYS);
    const vote = { upvotes: 52, comments: 3, stars: null };
    await tell('2026-08-22', [
      { id: '2608.00002', title: 'Image Generation by Ferry', announcedOn: '2026-08-19', vote },
    ]);
    const page = await text('/papers/arxiv:2608.00002');
    expect(page).toContain('href="/2026-08-19">Wednesday, 19 August 2026</a>, place 1');
    expect(page).toContain('href="/themes/image-gen"');
    expect(page).toContain(
      'From 31 votes on Wednesday, 19 August 2026 to 52 votes on Saturday, 22 August 2026',
    );
    expect(page).toContain('<polyline');
  });

  it('keeps its page, its place and its curator’s words when a better id becomes known', async () => {
    const { app, tell, publishDay, get, text } = await published();
    const paper = { title: 'A Page about Old Bridges', abstract: 'It was pasted.', authors: ['Ben Ode'] };
    await tell('2026-08-18', [paper]);
    const { id } = await app.db.selectFrom('paper').select('id').executeTakeFirstOrThrow();
    await curate(app.db, id, { note: 'Mind the gap.', curator: 'Ada' }, instantText(app.clock()));
    await publishDay('2026-08-18', []);
    await tell('2026-08-19', [{ ...paper, id: '2608.00007', announcedOn: '2026-08-18' }], 'arxiv');
    const old = await get(`/papers/${id}`);
    expect([old.status, old.headers.get('location')]).toEqual([301, '/papers/arxiv:2608.00007']);
    expect(await text('/papers/arxiv:2608.00007')).toContain('Ada: Mind the gap.');
  });

  it('has no page while it is in no edition, nor when a curator hides it', async () => {
    const { app, tell, get, text } = await published(DAYS);
    await tell('2026-08-21', [{ id: '2608.00009', title: 'A Paper that Waits for Rivers' }]);
    expect((await get('/papers/arxiv:2608.00009')).status).toBe(404);
    await curate(app.db, '2608.00001', { hidden: true }, instantText(app.clock()));
    expect((await get('/papers/arxiv:2608.00001')).status).toBe(404);
    for (const path of [
      '/search?q=rivers',
      '/themes/image-gen',
      '/themes/image-gen/feed.json',
      '/sitemaps/2026-08.xml',
    ])
      expect(await text(path), path).not.toMatch(/2608\.0000[19]/);
    // What was sent is not changed.
    expect(await text('/2026-08-18')).toContain('Diffusion of Rivers');
  });
});

describe('themes, months and search', () => {
  it('lists every theme, and the papers of one with the newest first', async () => {
    const { text } = await published(DAYS);
    expect(await text('/themes')).toMatch(/href="\/themes\/image-gen">[^<]+<\/a><span class="n">3 papers/);
    const page = await text('/themes/image-gen');
    expect(page).toMatch(/Image&quot; Generation.*Image Generation by Ferry.*Diffusion of Rivers/s);
    expect(page).toContain('href="https://papers.example.org/themes/image-gen/feed.atom"');
  });

  it('turns the pages of a long list', async () => {
    const many = Array.from({ length: 70 }, (_, n) => ({
      id: `2608.${String(n + 100).padStart(5, '0')}`,
      title: `Ferry number ${n}`,
      abstract: 'We propose a text-to-image diffusion model for image generation and editing.',
    }));
    const { get, text } = await published({ '2026-08-18': many });
    for (const list of ['/themes/image-gen?', '/search?q=ferry&']) {
      const seen = new Set<string>();
      let path = `${list}page=1`;
      for (let pages = 0; pages < 5 && path !== ''; pages++) {
        const page = await text(path);
        for (const [, id] of page.matchAll(/\/papers\/(arxiv:[\d.]+)/g)) seen.add(id as string);
        path = (/href="([^"]+)" rel="next"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&');
      }
      expect(seen.size, list).toBe(70);
      for (const page of ['0', '-1', '99', 'x', '1e3', '9'.repeat(400)])
        expect((await get(`${list}page=${page}`)).status, page).toBe(404);
    }
  });

  it('lists editions by month', async () => {
    const { text } = await published({ ...DAYS, '2026-09-01': [{ title: 'A Paper of September' }] });
    const newest = await text('/editions');
    expect(newest).toMatch(/href="\/2026-09-01".*1 paper.*A Paper of September/s);
    expect(newest).toContain('href="/editions/2026-08">August 2026</a> <span class="m">3</span>');
    expect(await text('/editions/2026-08')).toMatch(
      /href="\/2026-08-20".*href="\/2026-08-19".*href="\/2026-08-18"/s,
    );
  });

  it('finds papers and marks what was looked for', async () => {
    const { get, text } = await published(DAYS);
    const page = await text('/search?q=rivers');
    expect(page).toContain('1 paper, the best match first.');
    expect(page).toContain('Diffusion of <mark>Rivers</mark>');
    expect(await text('/search?q=muller')).toContain('Diffusion of Rivers');
    expect(await text('/search?q=nothing+at+all')).toContain('No paper has all of this');
    expect(await text('/search?q=%21%21')).toContain('There is no word in this to look for');
    for (const typed of ['2608.00002', 'https://arxiv.org/abs/2608.00002v1'])
      expect((await get(`/search?q=${encodeURIComponent(typed)}`)).headers.get('location')).toBe(
        '/papers/arxiv:2608.00002',
      );
  });
});

describe('what is not there', () => {
  it.each([
    ['/2026-02-31', 404],
    ['/2026-08-01', 404],
    ['/0000-00-00', 404],
    ['/2026-02-31..2026-08-20', 404],
    ['/2026-08-20..2026-08-01', 404],
    ['/papers/xyz', 404],
    ['/papers/', 404],
    ['/papers/%E0%A4%A', 404],
    ['/papers/arxiv:9999.99999', 404],
    [`/papers/${'a'.repeat(9000)}`, 404],
    ['/papers/..%2F..%2Fetc%2Fpasswd', 404],
    ['/themes/none', 404],
    ['/themes/none/feed.atom', 404],
    ['/themes/%00', 404],
    ['/editions/2026-13', 404],
    ['/editions/2026-08-21.json', 404],
    ['/editions/2026-02-31.json', 404],
    ['/sitemaps/2020-01.xml', 404],
    [`/search?q=${'x'.repeat(10_000)}`, 400],
    ['/nothing', 404],
    ['/%ff', 404],
  ])('%.40s is answered with %i and a page that leads on', async (path, status) => {
    const { get, failures } = await published(DAYS);
    const response = await get(path);
    expect(response.status).toBe(status);
    const page = await response.text();
    expect(page).toMatch(/href="\/editions"|"error":"There is no edition/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(failures).toEqual([]);
  });

  it('is said in a page too when our side fails, and the operator is told', async () => {
    const { app, get, failures } = await published(DAYS);
    await app.db.schema.dropTable('edition_paper').execute();
    const response = await get('/themes/image-gen');
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('Something went wrong on our side');
    expect(failures).toEqual([expect.stringMatching(/^web: GET themes: .*edition_paper/)]);
  });
});

describe('every page', () => {
  const PATHS = [
    '/',
    '/2026-08-20',
    '/2026-08-18..2026-08-20',
    '/papers/arxiv:2608.00004',
    '/papers/arxiv:2608.00002',
    '/themes',
    '/themes/image-gen',
    '/editions',
    '/editions/2026-08',
    '/search',
    '/search?q=%22%3E%3Cscript%3E+image',
    '/nothing',
  ];

  it('is sound HTML, and what papers say is text in it', async () => {
    const { text } = await published(DAYS);
    const validator = new HtmlValidate({
      extends: ['html-validate:standard'],
      rules: {
        'no-trailing-whitespace': 'off',
        'doctype-style': 'off',
        'long-title': 'off',
        'no-implicit-button-type': 'off',
      },
    });
    for (const path of PATHS) {
      const page = await text(path);
      expect(page, path).not.toMatch(/<script|<img src=x|<b>Eve/);
      const { results } = await validator.validateString(page);
      expect(results.flatMap(r => r.messages.map(m => `${path} ${m.ruleId}: ${m.message}`))).toEqual([]);
    }
  });

  it('may run no script and load nothing, is framed by nobody, and sets no cookie', async () => {
    const { get } = await published(DAYS);
    for (const path of PATHS) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  it('works in a folder of another site: every link begins with it', async () => {
    const { text } = await published(DAYS, { publicUrl: `${BASE}/daily` });
    for (const path of PATHS) {
      const links = [...(await text(path)).matchAll(/ (?:href|action)="(\/[^"]*)"/g)].map(([, link]) => link);
      expect(links.filter(link => !link?.startsWith('/daily/'))).toEqual([]);
      expect(links.length).toBeGreaterThan(4);
    }
  });
});
