// Sources over the network as an operator and a curator meet them: commands, exit statuses, manners, and the mail.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { announcementFeed, apiAnswer, works } from '../support/arxiv.ts';
import { documentOf, paperround } from '../support/cli.ts';
import { dailyPaper } from '../support/daily-papers.ts';
import { reply, serve } from '../support/http.ts';
import { temporaryFolder } from '../support/installation.ts';

/** Tuesday; long past, so that every list of it is out and the hour to give up is over. */
const DAY = '2026-05-12';
const SATURDAY = '2026-05-16';
/** Nothing of this day is out, and nobody has given it up. */
const FAR = '2999-01-04';

/** An installation of its own, and its commands; `json` runs one with --json and gives what it printed. */
async function house(settings: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const env = { DATA_DIR: join(folder, 'data'), ...settings };
  const run = (...args: string[]) => paperround(args, { env });
  return {
    folder,
    env,
    run,
    /** Another SOURCES for the same data. */
    asking: (sources: string) => ({
      run: (...args: string[]) => paperround(args, { env: { ...env, SOURCES: sources } }),
    }),
    async json<T = Record<string, unknown>>(...args: string[]) {
      const finished = await run(...args, '--json');
      return { ...finished, document: documentOf<T>(finished) };
    },
  };
}

interface Collected {
  sources: { name: string; outcome: string; error?: string; [count: string]: unknown }[];
}

interface Digest {
  papers: { id: string; title: string; theme: string }[];
}

async function preview(
  house: { run(...args: string[]): Promise<{ status: number | null; stderr: string }>; folder: string },
  date: string,
) {
  const out = join(house.folder, 'out');
  expect(await house.run('preview', '--date', date, '--out', out)).toMatchObject({ status: 0 });
  const text = await readFile(join(out, 'digest.txt'), 'utf8');
  const digest = JSON.parse(await readFile(join(out, 'digest.json'), 'utf8')) as Digest;
  return { text, ids: digest.papers.map(({ id }) => id) };
}

/** Hugging Face with a list for one day; every other day is empty. */
const huggingFace = (day: string, count = 3) =>
  serve((response, { path }) => {
    const list = path.includes(`date=${day}`)
      ? Array.from({ length: count }, (_, i) => dailyPaper(i + 1, day, 10 - i))
      : [];
    reply(response, 200, JSON.stringify(list), { 'content-type': 'application/json' });
  });

const arxivFeed = (day: string, first = 1) =>
  serve(response => reply(response, 200, announcementFeed(day, works(5, first))));

/** arXiv's API, which knows these works by their ids. */
const arxivApi = (...known: { id: string; title?: string }[]) =>
  serve((response, { path }) => {
    const ids = new URL(path, 'http://x').searchParams.get('id_list')?.split(',') ?? [];
    reply(response, 200, apiAnswer(known.filter(({ id }) => ids.includes(id))));
  });

const gone = () => serve(response => reply(response, 404, 'gone'));

describe('collect --json', () => {
  it('says of each source, side by side, what came of it; one that fails stops nobody, and the exit status is 1', async () => {
    const [papers, feed, dead] = await Promise.all([huggingFace(DAY), arxivFeed(DAY), gone()]);
    const { json, run } = await house({
      SOURCES: `huggingface@${papers.url},feed:${dead.url}/rss,arxiv-rss:cs.CL@${feed.url}`,
    });
    const { status, document, stderr } = await json<Collected>('collect', '--date', DAY);
    const rest = { updated: 0, duplicate: 0, dropped: [], reason: null };
    const error = `${dead.url}/rss answered 404 (Not Found)`;
    expect(document).toEqual({
      sources: [
        { name: 'huggingface', outcome: 'ok', day: DAY, fetched: 3, new: 3, ...rest },
        {
          name: `feed:${dead.url}/rss`,
          outcome: 'failed',
          day: null,
          fetched: 0,
          new: 0,
          ...rest,
          error,
          hint: 'Check the address of this source.',
        },
        { name: 'arxiv-rss:cs.CL', outcome: 'ok', day: DAY, fetched: 5, new: 5, ...rest },
      ],
    });
    expect(status).toBe(1);
    expect(stderr).toContain('Check the address of this source.');
    const shown = await json<{ sources: { source: string; outcome: string; error: string | null }[] }>(
      'status',
    );
    expect(shown.document.sources.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      source: `feed:${dead.url}/rss`,
      error,
    });
    expect((await run('status')).stdout).toMatch(/rss: failed at .*answered 404/);
    // The papers of the others are published all the same.
    const job = await json('run', '--date', DAY);
    expect([job.status, job.document.outcome]).toEqual([1, 'published']);
    const { document: edition } = await json<{ outcome: string; papers: number }>('publish', '--date', DAY);
    expect(edition).toMatchObject({ outcome: 'already-published', papers: 8 });
  });

  it('counts what was dropped, and says on stderr what and where', async () => {
    const { folder, run, asking } = await house();
    const file = join(folder, 'papers.jsonl');
    await writeFile(file, ['{"title":"0"}', '{"abstract":"x"}', '{"title":"0"}', '{'].join('\n'));
    const { status, stdout, stderr } = await asking(`file:${file}`).run('collect', '--date', DAY, '--json');
    expect(JSON.parse(stdout).sources).toMatchObject([
      {
        fetched: 4,
        new: 1,
        dropped: expect.arrayContaining([
          { reason: 'no title', count: 1 },
          { reason: 'unreadable', count: 1 },
          { reason: 'repeated', count: 1 },
        ]),
      },
    ]);
    expect(stderr).toContain(`dropped: ${file}, line 2: title: missing or empty`);
    expect(status).toBe(0);
    expect((await run('collect')).status).toBe(2);
  });
});

describe('the exit status', () => {
  it.each([
    ['ok', 0, DAY, (url: string) => `huggingface@${url}`],
    ['quiet', 0, SATURDAY, (url: string) => `huggingface@${url}`],
    ['stale', 3, '2026-05-13', (url: string) => `huggingface@${url}`],
    ['failed', 1, DAY, (url: string) => `feed:${url}/login`],
    ['not-yet', 0, FAR, (_: string, folder: string) => `file:${folder}/{date}.json`],
    ['not-yet', 3, DAY, (_: string, folder: string) => `file:${folder}/{date}.json`],
  ])('of collecting: %s is %i, for %s', async (outcome, expected, date, sourceOf) => {
    const { url } = await serve((response, { path }) =>
      path === '/login'
        ? reply(response, 200, '<!doctype html><html><p>Log in</p></html>')
        : reply(response, 200, path.includes(DAY) ? JSON.stringify([dailyPaper(1, DAY, 1)]) : '[]'),
    );
    const { folder, asking } = await house();
    const collected = await asking(sourceOf(url, folder)).run('collect', '--date', date, '--json');
    expect(documentOf<Collected>(collected).sources).toMatchObject([{ outcome }]);
    expect(collected.status).toBe(expected);
  });

  it('of the day’s job and of publishing tells quiet, not-yet and stale apart', async () => {
    const { url } = await huggingFace(DAY);
    const { folder, env } = await house();
    const cases = [
      [SATURDAY, `huggingface@${url}`],
      [FAR, `file:${folder}/{date}.json`],
      [DAY, `file:${folder}/{date}.json`],
      ['2026-05-13', `huggingface@${url}`],
    ] as const;
    const said: unknown[] = [];
    for (const [date, source] of cases)
      for (const command of ['run', 'publish']) {
        const finished = await paperround([command, '--date', date, '--json'], {
          env: { ...env, SOURCES: source },
        });
        said.push([date, command, documentOf(finished).outcome, finished.status]);
      }
    expect(said).toEqual([
      [SATURDAY, 'run', 'quiet', 0],
      [SATURDAY, 'publish', 'quiet', 0],
      [FAR, 'run', 'not-yet', 0],
      [FAR, 'publish', 'not-yet', 0],
      [DAY, 'run', 'not-yet', 3],
      [DAY, 'publish', 'not-yet', 3],
      ['2026-05-13', 'run', 'stale', 3],
      ['2026-05-13', 'publish', 'stale', 3],
    ]);
  });
});

describe('a host that is asked', () => {
  it('reads who asks and where to write to', async () => {
    const { requests, url } = await huggingFace(DAY);
    const { run } = await house({ SOURCES: `huggingface@${url}`, CONTACT: 'ops@example.org' });
    await run('collect', '--date', DAY);
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(requests.map(({ headers }) => headers['user-agent'])).toEqual([
      `Paperround/${version} (+ops@example.org)`,
    ]);
  });

  it('need not send again what has not changed', async () => {
    const { requests, url } = await serve((response, { headers }) =>
      headers['if-none-match'] === '"7"'
        ? response.writeHead(304).end()
        : reply(response, 200, announcementFeed(DAY, works(5)), { etag: '"7"' }),
    );
    const { json } = await house({ SOURCES: `feed:${url}/` });
    const first = await json<Collected>('collect', '--date', DAY);
    expect(first.document.sources).toMatchObject([{ outcome: 'ok', new: 5 }]);
    const second = await json<Collected>('collect', '--date', DAY);
    expect(second.document.sources).toMatchObject([{ outcome: 'quiet', fetched: 5, new: 0, duplicate: 5 }]);
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"7"']);
  });

  it('for arXiv is asked at most every three seconds, over all its services and all processes', async () => {
    const starts: number[] = [];
    const asked = () => starts.push(performance.now());
    const api = await serve(response => {
      asked();
      reply(response, 200, apiAnswer(works(3, 1, { submitted: '2026-05-11T12:00:00Z' })));
    });
    const feed = await serve(response => {
      asked();
      reply(response, 200, announcementFeed(DAY, works(3)));
    });
    const { json } = await house({ SOURCES: `arxiv:cs.CL@${api.url},arxiv-rss:cs.CL@${feed.url}` });
    const both = await Promise.all([
      json<Collected>('collect', '--date', DAY),
      json<Collected>('collect', '--date', DAY),
    ]);
    expect(both.map(({ stderr }) => stderr)).toEqual(['', '']);
    expect([api.requests.length, feed.requests.length]).toEqual([2, 2]);
    const gaps = starts.slice(1).map((start, i) => start - (starts[i] as number));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(3_000);
    // Both ask for the same works: each of them is stored once.
    const fresh = both.flatMap(({ document }) => document.sources.map(source => source.new as number));
    expect(fresh.reduce((a, b) => a + b)).toBe(3);
    expect((await json('status')).document.papers).toBe(3);
  });
});

describe('papers add', () => {
  it('asks arXiv for an id, and takes it into the next edition; what arXiv does not know is not found', async () => {
    const { url } = await arxivApi({ id: '2605.00007', title: 'Bees on arXiv' });
    const desk = await house();
    const added = await desk.json('papers', 'add', 'https://arxiv.org/abs/2605.00007v2', '--via', url);
    expect(added).toMatchObject({
      status: 0,
      document: { paper: 'arxiv:2605.00007', outcome: 'added', title: 'Bees on arXiv', edition: null },
    });
    const unknown = await desk.run('papers', 'add', '2605.99999', '--via', url);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/arXiv knows no paper 2605\.99999: it was not found/);
    expect((await desk.json('publish')).document).toMatchObject({ outcome: 'published', papers: 1 });
  });

  it('asks the registry of a DOI, or a page by its tags, or nobody', async () => {
    const { url, requests } = await serve((response, { path }) => {
      if (path === '/10.1234/bees')
        return reply(
          response,
          200,
          JSON.stringify({ title: ['Bees in Print'], author: [{ given: 'Ana', family: 'Silva' }] }),
        );
      if (path === '/bees')
        return reply(response, 200, '<meta name="citation_title" content="Bees on a Page">', {
          'content-type': 'text/html',
        });
      return reply(response, 404);
    });
    const desk = await house();
    const add = async (...args: string[]) => {
      const { status, document } = await desk.json<{ paper: string; title: string }>(
        'papers',
        'add',
        ...args,
      );
      return [
        status,
        document.title ?? (document as unknown as { error: { message: string } }).error.message,
      ];
    };
    expect(await add('10.1234/bees', '--via', url)).toEqual([0, 'Bees in Print']);
    expect(await add(`${url}/bees`)).toEqual([0, 'Bees on a Page']);
    const asked = requests.length;
    expect(
      await add(
        'https://lab.example/0',
        '--title',
        '0',
        '--abstract',
        'We count.',
        '--authors',
        'Silva, Ana; Ode, Ben',
      ),
    ).toEqual([0, '0']);
    expect(await add('bees')).toEqual([2, '"bees" is no id and no address']);
    expect(requests).toHaveLength(asked);
    expect(await add('10.1234/wasps', '--via', url)).toEqual([
      2,
      'The DOI 10.1234/wasps is not registered: it was not found',
    ]);
    expect(await add(`${url}/wasps`)).toEqual([1, `${url}/wasps answered 404 (Not Found)`]);
    const { document } = await desk.json<{ papers: { title: string; authors: string[] }[] }>(
      'papers',
      'list',
    );
    expect(document.papers.map(({ title }) => title).sort()).toEqual([
      '0',
      'Bees in Print',
      'Bees on a Page',
    ]);
    expect(document.papers.find(({ title }) => title === '0')?.authors).toEqual(['Ana Silva', 'Ben Ode']);
  });
});

describe('a curator', () => {
  it('picks a paper that no source knows yet: it leads the mail when it comes, with name and words; what is hidden does not come', async () => {
    const { url } = await arxivFeed(DAY);
    const desk = await house({ SOURCES: `arxiv-rss:cs.CL@${url}`, CURATOR: 'AK' });
    const picked = await desk.json(
      'papers',
      'pick',
      'https://huggingface.co/papers/2605.00004',
      '--note',
      'Read this first.',
    );
    expect(picked.document).toMatchObject({
      id: 'arxiv:2605.00004',
      known: false,
      picked: true,
      curator: 'AK',
    });
    await desk.run('papers', 'hide', '2605.00002');
    expect((await desk.run('collect', '--date', DAY)).status).toBe(0);
    const before = await preview(desk, DAY);
    expect((await desk.json('publish', '--date', DAY)).document).toMatchObject({
      outcome: 'published',
      papers: 4,
    });
    const { ids, text } = await preview(desk, DAY);
    expect(before.ids).toEqual(ids);
    expect(ids[0]).toBe('arxiv:2605.00004');
    expect(ids.slice().sort()).toEqual(['1', '3', '4', '5'].map(n => `arxiv:2605.0000${n}`));
    expect(text).toMatch(/Picked by AK \(1\)\n-+\n\nWork 2605\.00004\n[^\n]*\n {2}“Read this first\.”\n/);
    expect(text).not.toContain('2605.00002');
  });
});

describe('a paper that is titled "0"', () => {
  it('arrives in the mail like any other', async () => {
    const { url } = await serve(response =>
      reply(
        response,
        200,
        apiAnswer([
          { id: '2104.12255', title: '0', submitted: '2026-05-11T12:00:00Z' },
          { id: '2605.00001', title: 'Bees', submitted: '2026-05-11T12:00:00Z' },
        ]),
      ),
    );
    const { run, json, folder } = await house({ SOURCES: `arxiv:math.HO@${url}` });
    expect((await run('subscribers', 'add', 'ada@example.org')).status).toBe(0);
    expect((await json('run', '--date', DAY)).document).toMatchObject({ outcome: 'published', sent: 1 });
    const outbox = join(folder, 'data', 'outbox');
    const [name = ''] = await readdir(outbox);
    const mail = await simpleParser(await readFile(join(outbox, name)));
    expect(mail.text).toMatch(/\n0\n {2}Ana Silva\b/);
    expect(mail.html).toMatch(/href="https:\/\/arxiv\.org\/abs\/2104\.12255"[^>]*>\s*0\s*</);
  });
});
