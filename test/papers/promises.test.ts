// How papers and days got lost, works were taken for one another and secrets were told: each was seen once.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keywordModel } from '../../bench/themes/keyword-model.ts';
import { curate } from '../../src/editions/curation.ts';
import { papersOf } from '../../src/editions/edition.ts';
import { publish } from '../../src/editions/publish.ts';
import { publishDay } from '../../src/job.ts';
import { announce } from '../../src/papers/announce.ts';
import { arxivCalendar } from '../../src/papers/arxiv-calendar.ts';
import { collect } from '../../src/papers/collect.ts';
import { askedBefore, type Collection, pastBatches } from '../../src/papers/collections.ts';
import { groupWorks } from '../../src/papers/identity.ts';
import { identify } from '../../src/papers/ids.ts';
import { arxivApiSource } from '../../src/papers/sources/arxiv-api.ts';
import { arxivFeedSource } from '../../src/papers/sources/arxiv-feed.ts';
import { dailyPapersSource } from '../../src/papers/sources/daily-papers.ts';
import { feedSource } from '../../src/papers/sources/feed.ts';
import type { Source } from '../../src/papers/sources/source.ts';
import { SourceSetting, sourceName } from '../../src/papers/sources/spec.ts';
import { readPapers } from '../../src/papers/stored-papers.ts';
import { type Day, instantText, shiftDay } from '../../src/store/schema.ts';
import { defaultTaxonomy } from '../../src/themes/taxonomy.ts';
import { tell, told } from '../editions/announcements.ts';
import { announcementFeed, apiAnswer, works } from '../support/arxiv.ts';
import { collectOn, dailyPaper } from '../support/daily-papers.ts';
import { quickClient, reply, serve } from '../support/http.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

const calendar = arxivCalendar();
const isWeekday = (day: Day) => Temporal.PlainDate.from(day).dayOfWeek < 6;

/** A web server whose answers a test sets by address, a source made of it, and what is collected and published. */
async function house(make: (client: Awaited<ReturnType<typeof quickClient>>, base: string) => Source[]) {
  const state = { answer: (_url: URL): [number, string] => [200, '[]'] };
  const server = await serve((response, asked) => {
    reply(response, ...state.answer(new URL(asked.path, 'http://x')));
  });
  const client = await quickClient();
  const { db, clock } = client;
  const sources = make(client, server.url);
  const themes = defaultTaxonomy();
  return {
    state,
    db,
    clock,
    async at(now: string, zone = 'UTC', day?: Day): Promise<Collection[]> {
      clock.set(now);
      const today = clock().toZonedDateTimeISO(zone).toPlainDate().toString();
      return collect(db, sources, { day: day ?? today, zone, clock });
    },
    async publish(day: Day): Promise<string[]> {
      const { edition } = await publish({ db, themes, model: async () => keywordModel(themes), clock }, day);
      return papersOf(edition).map(({ id }) => id);
    },
  };
}

const papers = (day: Day, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => dailyPaper(from + i, day, 5));

describe('no day is missed', () => {
  it('papers that Daily Papers added after the morning are not lost when their list cannot be had next morning', async () => {
    const { state, at, db } = await house((client, base) => [dailyPapersSource(client, base)]);
    const lists = new Map<string, object[]>();
    let broken = '';
    state.answer = url => {
      const day = url.searchParams.get('date') ?? '';
      return day === broken ? [404, 'no'] : [200, JSON.stringify(lists.get(day) ?? [])];
    };
    lists.set('2026-08-18', papers('2026-08-18', 1, 2));
    await at('2026-08-18T04:00:00Z');
    // Over the day the list grows from 2 to 25 papers.
    lists.set('2026-08-18', papers('2026-08-18', 1, 25));
    lists.set('2026-08-19', papers('2026-08-19', 100, 3));
    broken = '2026-08-18';
    await at('2026-08-19T04:00:00Z');
    broken = '';
    lists.set('2026-08-20', papers('2026-08-20', 200, 3));
    await at('2026-08-20T04:00:00Z');
    lists.set('2026-08-21', papers('2026-08-21', 300, 3));
    await at('2026-08-21T04:00:00Z');
    const ids = (await readPapers(db)).map(({ id }) => id);
    expect(ids).toContain('arxiv:2603.00020');
  });

  it('a job at six in the morning in Tokyo or Beijing gets Daily Papers at all', async () => {
    const { state, at, publish } = await house((client, base) => [dailyPapersSource(client, base)]);
    state.answer = url => {
      const day = url.searchParams.get('date') ?? '';
      return [200, JSON.stringify(isWeekday(day) ? papers(day, Number(day.slice(-2)) * 100, 20) : [])];
    };
    const seen: string[] = [];
    for (const day of ['2026-08-18', '2026-08-19', '2026-08-20', '2026-08-21']) {
      // 06:00 in Tokyo is 21:00 UTC of the day before.
      await at(`${shiftDay(day, -1)}T21:00:00Z`, 'Asia/Tokyo');
      seen.push(...(await publish(day)));
    }
    expect(seen.length).toBeGreaterThan(0);
  });

  it('a batch of an arXiv feed that nobody asked for is named as missed (feeds hold one day only)', async () => {
    const { state, at } = await house((client, base) => [
      arxivFeedSource(client, calendar, { categories: 'cs.CL', types: ['new'], base }),
    ]);
    const on = (day: Day) => {
      state.answer = () => [200, announcementFeed(day, works(9, Number(day.slice(-2)) * 100))];
      return at(`${day}T09:00:00Z`);
    };
    await on('2026-05-04');
    // The machine was off on Tuesday.
    const [wednesday] = await on('2026-05-06');
    expect(JSON.stringify(wednesday)).toContain('2026-05-05');
  });

  it('a paper that moderators held, and that is found on a Saturday, is in Monday’s edition', async () => {
    const { state, at, publish } = await house((client, base) => [
      arxivApiSource(client, calendar, 'cs.CL', base),
    ]);
    const batch = (day: Day, n: number) => works(6, n, { submitted: `${shiftDay(day, -2)}T19:00:00Z` });
    let all = batch('2026-04-29', 1);
    state.answer = url => {
      const [from = '', to = ''] =
        /\[(\d+) TO (\d+)\]/.exec(url.searchParams.get('search_query') ?? '')?.slice(1) ?? [];
      const within = all.filter(({ submitted = '' }) => {
        const stamp = submitted.replace(/\D/g, '').slice(0, 12);
        return stamp >= from && stamp <= to;
      });
      return [200, apiAnswer(within)];
    };
    const seen: string[] = [];
    const morning = async (day: Day) => {
      await at(`${day}T09:00:00Z`);
      seen.push(...(await publish(day)));
    };
    await morning('2026-04-29');
    for (const [i, day] of [
      '2026-04-30',
      '2026-05-01',
      '2026-05-05',
      '2026-05-06',
      '2026-05-07',
      '2026-05-08',
    ].entries()) {
      all = [...all, ...batch(day, 100 * (i + 1))];
      await morning(day);
    }
    // Submitted on Wednesday evening, for Friday's batch of 05-01; held for eight days.
    all = [...all, { id: '2605.09999', submitted: '2026-04-29T19:00:00Z' }];
    await morning('2026-05-09');
    await morning('2026-05-10');
    all = [...all, ...works(6, 900, { submitted: '2026-05-08T15:00:00Z' })];
    await morning('2026-05-11');
    await morning('2026-05-12');
    expect(seen).toContain('arxiv:2605.09999');
  });

  it('a mistyped year in a file takes no paper away that another source has', async () => {
    const app = await installation();
    await tell(app, [told('2608.00001', '2026-08-20')], 'huggingface');
    await tell(app, [told('2608.00001', '2062-08-20')], 'file:ours');
    const { edition } = await publish(app.press, '2026-08-20');
    expect(papersOf(edition)).toHaveLength(1);
  });

  it('a paper that a curator adds is in the next edition, as the answer says', async () => {
    const app = await installation();
    await tell(app, [told('2606.00001', '2026-06-01')], 'feed:archive');
    // What `papers add` does (commands/papers/add.ts), which answers "it is in the next edition".
    await tell(app, [{ ...told('2606.00001', '2026-08-20'), format: 'curator' }], 'curator');
    const { edition } = await publish(app.press, '2026-08-20');
    expect(papersOf(edition).map(({ id }) => id)).toEqual(['arxiv:2606.00001']);
  });
});

describe('a folder of daily files', () => {
  it('has a file that came after the hour to give up read next morning', async () => {
    const folder = await temporaryFolder();
    const app = await installation({ dataDir: folder, sources: [`file:${folder}/{date}.json`] });
    const write = (day: Day, n: number) =>
      writeFile(join(folder, `${day}.json`), JSON.stringify(papers(day, n, 3)));
    await write('2026-08-18', 1);
    await collectOn(app, '2026-08-18');
    expect((await collectOn(app, '2026-08-19'))[0]?.outcome).toBe('not-yet');
    await write('2026-08-19', 100);
    await write('2026-08-20', 200);
    await collectOn(app, '2026-08-20');
    expect((await readPapers(app.db)).map(({ id }) => id)).toContain('arxiv:2603.00100');
  });
});

describe('outcomes are told apart', () => {
  const empty = apiAnswer([]);

  /** The job as `serve` runs it: from 06:00 to 11:00, every 15 minutes while the answer is late. */
  async function patientMorning(
    at: (now: string) => Promise<Collection[]>,
    day: Day,
  ): Promise<string | undefined> {
    let last: string | undefined;
    for (let minute = 0; minute <= 300; minute += 15) {
      const time = `${String(6 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      last = (await at(`${day}T${time}:00Z`))[0]?.outcome;
      if (last !== 'not-yet' && last !== 'stale') break;
    }
    return last;
  }

  it('an author’s query that has papers twice a year is quiet, not stale every morning for ever', async () => {
    const { state, at } = await house((client, base) => [
      arxivApiSource(client, calendar, 'au:hinton', base),
    ]);
    state.answer = () => [200, empty];
    const outcomes: (string | undefined)[] = [];
    for (let day = '2026-05-04'; day <= '2026-05-22'; day = shiftDay(day, 1))
      if (isWeekday(day)) outcomes.push(await patientMorning(at, day));
    expect(outcomes.slice(5)).not.toContain('stale');
  }, 30_000);

  it('a morning of waiting does not make a source forget what it knew', async () => {
    const { state, at, db } = await house((client, base) => [dailyPapersSource(client, base)]);
    state.answer = url => {
      const day = url.searchParams.get('date') ?? '';
      return [200, JSON.stringify(day === '2026-08-17' ? papers(day, 1, 9) : [])];
    };
    await at('2026-08-17T09:00:00Z');
    for (let hour = 0; hour < 20; hour++)
      for (const minute of ['00', '20', '40'])
        await at(`2026-08-18T${String(hour).padStart(2, '0')}:${minute}:00Z`);
    expect([
      (await askedBefore(db, 'huggingface', '2026-08-18'))?.first,
      (await pastBatches(db, 'huggingface')).length,
    ]).toEqual(['2026-08-17', 1]);
  });

  it('Friday’s list served again on Monday is noticed, also where a heartbeat asked all weekend', async () => {
    const { state, at } = await house((client, base) => [
      arxivFeedSource(client, calendar, { categories: 'cs.CL', types: ['new'], base }),
    ]);
    state.answer = () => [200, announcementFeed('2026-05-07', works(9))];
    await at('2026-05-07T09:00:00Z');
    const friday = announcementFeed('2026-05-08', works(9, 100));
    state.answer = () => [200, friday];
    await at('2026-05-08T09:00:00Z');
    for (const day of ['2026-05-09', '2026-05-10'] as const) {
      state.answer = () => [200, announcementFeed(day, [])];
      for (let hour = 0; hour < 24; hour++) await at(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
    }
    state.answer = () => [200, friday];
    expect((await at('2026-05-11T09:00:00Z'))[0]?.outcome).toBe('stale');
  });

  it('a small category of which only replacements are announced is quiet', async () => {
    const { state, at } = await house((client, base) => [
      arxivFeedSource(client, calendar, { categories: 'math.KT', types: ['new'], base }),
    ]);
    const on = async (day: Day, list: ReturnType<typeof works>) => {
      state.answer = () => [200, announcementFeed(day, list)];
      return (await at(`${day}T09:00:00Z`))[0]?.outcome;
    };
    const replaced = (first: number, count: number) => works(count, first, { type: 'replace', version: 2 });
    expect([
      await on('2026-05-04', works(3)),
      await on('2026-05-05', replaced(100, 6)),
      await on('2026-05-06', [...works(2, 200), ...replaced(300, 3)]),
      // Others than on Tuesday, and fewer than five.
      await on('2026-05-07', replaced(400, 3)),
    ]).toEqual(['ok', 'quiet', 'ok', 'quiet']);
  });

  it('a day of which no source was asked is not called quiet', async () => {
    const app = await installation({ sources: ['huggingface'] });
    expect((await publishDay(app, '2026-08-20')).outcome).not.toBe('quiet');
  });

  it('an evening job in California is not told every Friday that arXiv is stale', async () => {
    const { state, at } = await house((client, base) => [
      arxivFeedSource(client, calendar, { categories: 'cs.CL', types: ['new'], base }),
    ]);
    const outcomes: (string | undefined)[] = [];
    // 21:30 in Los Angeles: arXiv's feed is of the next day already.
    for (const utc of ['2026-05-05', '2026-05-06', '2026-05-07', '2026-05-08', '2026-05-09']) {
      const list = isWeekday(utc) ? works(9, Number(utc.slice(-2)) * 100) : [];
      state.answer = () => [200, announcementFeed(utc, list)];
      outcomes.push((await at(`${utc}T04:30:00Z`, 'America/Los_Angeles'))[0]?.outcome);
    }
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'quiet']);
  });
});

describe('one identity', () => {
  const record = (ids: string[], title: string, author?: string) => {
    const { own, keys } = identify(ids, title, author);
    return { ownId: own, keys };
  };

  it('two works with DOIs of their own and a common title stay two, whoever else has it without authors', () => {
    const title = 'Large language models in medicine';
    const works = groupWorks([
      record(['10.1000/a'], title, 'Ana Silva'),
      record(['10.2000/b'], title, 'Bo Chen'),
      record(['10.3000/c'], title),
    ]);
    expect([...works.keys()]).toEqual(expect.arrayContaining(['doi:10.1000/a', 'doi:10.2000/b']));
  });

  it('the column of each month, with a DOI of its own from one publisher, is a new paper each month', () => {
    const title = 'From the editor’s desk';
    expect(
      groupWorks([record(['10.1000/may'], title, 'Ana Silva'), record(['10.1000/june'], title, 'Ana Silva')])
        .size,
    ).toBe(2);
  });

  it('a paper with a Chinese title is one paper, with its DOI and without', () => {
    const title = '基于深度学习的医学图像分割方法研究进展';
    expect(groupWorks([record(['10.1000/a'], title, '王伟'), record([], title, '王伟')]).size).toBe(1);
  });

  it('a newsletter’s number "2606.12" is no arXiv id', () => {
    const result = announce({
      where: 'x',
      title: 'Our letter of the twelfth',
      abstract: '',
      otherIds: ['2606.12'],
      format: 'feed',
    });
    expect('paper' in result && result.paper.id).toMatch(/^title:/);
  });

  it('a hidden paper stays hidden when it turns out to be another one of which there is a note', async () => {
    const app = await installation();
    const at = instantText(app.clock());
    await tell(app, [told('doi:10.1000/x', '2026-08-20')]);
    await tell(app, [told('2608.00001', '2026-08-20')], 'file:b');
    await curate(app.db, 'arxiv:2608.00001', { note: 'Have a look.' }, at);
    await curate(app.db, '10.1000/x', { hidden: true }, at);
    await tell(app, [told('2608.00001', '2026-08-20', { doi: '10.1000/x' })], 'file:c');
    expect(papersOf((await publish(app.press, '2026-08-20')).edition)).toEqual([]);
  });

  it('many records that hang together are put together in a moment', () => {
    const count = 40_000;
    const key = (i: number) => `doi:10.1/${i}`;
    const roots = Array.from({ length: count + 1 }, (_, i) => ({ ownId: key(i), keys: [key(i)] }));
    const links = Array.from({ length: count }, (_, i) => ({
      ownId: `arxiv:${i}`,
      keys: [`arxiv:${i}`, key(i), key(i + 1)],
    }));
    const started = performance.now();
    groupWorks([...roots, ...links]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a stranger’s feed', () => {
  const twoSources = (client: Awaited<ReturnType<typeof quickClient>>, base: string) => [
    arxivApiSource(client, calendar, 'cs.CL', `${base}/arxiv`),
    feedSource(client, { url: `${base}/evil` }),
  ];
  const real = { id: '2605.00001', title: 'The true title', submitted: '2026-05-04T15:00:00Z' };

  it('in the shape of arXiv’s own answers changes no title of arXiv’s', async () => {
    const { state, at, db } = await house(twoSources);
    state.answer = url => [
      200,
      apiAnswer([url.pathname === '/evil' ? { ...real, title: 'Buy now', version: 999 } : real]),
    ];
    await at('2026-05-05T09:00:00Z');
    expect((await readPapers(db)).map(({ title }) => title)).toEqual(['The true title']);
  });

  it('of JSON does not lead readers of an arXiv paper to an address of its own', async () => {
    const { state, at, db } = await house(twoSources);
    state.answer = url =>
      url.pathname === '/evil'
        ? [200, JSON.stringify([{ id: real.id, title: 'x y z', url: 'https://evil.example/login' }])]
        : [200, apiAnswer([real])];
    await at('2026-05-05T09:00:00Z');
    expect((await readPapers(db)).map(({ url }) => url)).toEqual(['https://arxiv.org/abs/2605.00001']);
  });
});

describe('secrets', () => {
  it('in the query of a feed’s address are not part of its name, which is stored and printed', () => {
    const spec = SourceSetting.parse('feed:https://example.org/rss?api_key=s3cr3t&q=x');
    expect(sourceName(spec)).not.toContain('s3cr3t');
  });

  it('in the address of a mirror are not in its errors', async () => {
    const { state, at } = await house((client, base) => {
      const mirror = base.replace('//', '//user:s3cr3t@');
      return [
        arxivFeedSource(client, calendar, { categories: 'cs.CL', types: ['new'], base: mirror }),
        dailyPapersSource(client, mirror),
        arxivApiSource(client, calendar, 'cs.CL', mirror),
      ];
    });
    state.answer = () => [200, '<html><body>Log in</body></html>'];
    expect((await at('2026-05-05T09:00:00Z')).map(({ error }) => error).join('\n')).not.toContain('s3cr3t');
  });

  it('what one source got with its key is not given to another that has another key', async () => {
    const { url } = await serve((response, { headers }) => {
      const title = `For ${headers['x-key']} alone`;
      const validator = { 'last-modified': 'Tue, 05 May 2026 00:00:00 GMT' };
      if (headers['if-modified-since'] !== undefined) return reply(response, 304, '', validator);
      reply(response, 200, JSON.stringify([{ title }]), validator);
    });
    const client = await quickClient({ cacheFolder: await temporaryFolder() });
    const texts = [];
    for (const key of ['ana', 'ben']) texts.push((await client.get(url, { headers: { 'x-key': key } })).text);
    expect(texts[1]).toContain('For ben alone');
  });
});
