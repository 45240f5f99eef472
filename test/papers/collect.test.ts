// What is stored of what the sources say, and the exact account of it that an operator gets.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../src/papers/collect.ts';
import { fileSource } from '../../src/papers/sources/file.ts';
import { readPapers } from '../../src/papers/stored-papers.ts';
import { accountedFor, collectOn, dailyPaper } from '../support/daily-papers.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

const DAY = '2026-08-20';

/** An installation with one file source for each text. */
async function reading(...texts: string[]) {
  const dataDir = await temporaryFolder();
  const paths = texts.map((_, index) => join(dataDir, `source-${index + 1}.jsonl`));
  const write = (...now: string[]) => Promise.all(now.map((text, i) => writeFile(paths[i] as string, text)));
  await write(...texts);
  const app = await installation({ dataDir, sources: paths.map(path => `file:${path}`) });
  return Object.assign(app, { write, paths });
}

const line = (fields: object) => `${JSON.stringify(fields)}\n`;
const FULL = {
  title: 'One',
  abstract: 'First.',
  authors: ['Ana', 'Ben'],
  id: '2608.00001',
  url: 'https://example.org/one',
  code: 'https://example.org/code',
  project: 'https://example.org/project',
  date: DAY,
  upvotes: 3,
};
const stored = async (app: Parameters<typeof collectOn>[0]) => (await readPapers(app.db))[0];

describe('an operator is told what became of every paper that a source sent', () => {
  it('new, known, updated and dropped', async () => {
    const app = await reading(
      line(FULL) +
        line({ title: 'Two' }) +
        line({ ...FULL, title: 'One again' }) +
        line({ abstract: 'x' }) +
        '{"t\n',
    );
    const [first] = await collectOn(app, DAY);
    expect(first).toMatchObject({ outcome: 'ok', day: DAY, fetched: 5, new: 2, updated: 0, duplicate: 0 });
    expect(first?.dropped).toEqual([
      { reason: 'no title', count: 1 },
      { reason: 'unreadable', count: 1 },
      { reason: 'repeated', count: 1 },
    ]);
    expect(first?.problems).toEqual([
      expect.stringMatching(/source-1\.jsonl, line 4: title: missing/),
      expect.stringMatching(/source-1\.jsonl, line 5: this line is not valid JSON/),
      'arxiv:2608.00001: "One again" stands there twice',
    ]);

    await app.write(line({ ...FULL, abstract: 'Second version.' }) + line({ title: 'Two' }));
    const [second] = await collectOn(app, '2026-08-21');
    expect(second).toMatchObject({
      outcome: 'quiet',
      fetched: 2,
      new: 0,
      updated: 1,
      duplicate: 1,
      dropped: [],
    });
    expect((await stored(app))?.abstract).toBe('Second version.');
  });

  it('a broken source says why, and the good one beside it is not stopped', async () => {
    const app = await reading('[{"title":"One"},\n{"ti', line(FULL), '');
    const [truncated, good, empty] = await collectOn(app, DAY);
    expect(truncated).toMatchObject({ outcome: 'failed', fetched: 0, new: 0, paperIds: [] });
    expect(truncated?.error).toMatch(/source-1\.jsonl, line 2: not valid JSON: the file ends too early/);
    expect(good).toMatchObject({ outcome: 'ok', new: 1 });
    expect(empty?.error).toMatch(/source-3\.jsonl is empty$/);
  });

  it('a source of which no paper can be used has failed: that is no quiet day', async () => {
    const app = await reading(line({ abstract: 'x' }).repeat(9));
    const [collection] = await collectOn(app, DAY);
    expect(collection).toMatchObject({
      outcome: 'failed',
      fetched: 9,
      dropped: [{ reason: 'no title', count: 9 }],
    });
    expect(collection?.error).toMatch(/^none of its 9 papers can be used: .*line 1: title: missing/);
    expect(collection?.error?.match(/title: missing/g)).toHaveLength(3);
  });

  it('an empty list is a quiet day', async () => {
    const [collection] = await collectOn(await reading('[]'), DAY);
    expect(collection).toMatchObject({ outcome: 'quiet', fetched: 0, dropped: [] });
  });

  it('two sources that tell of one paper give one paper, told of first by the first', async () => {
    const app = await reading(line(FULL), line({ title: 'One', id: 'https://arxiv.org/abs/2608.00001v2' }));
    const [first, second] = await collectOn(app, DAY);
    expect([first?.new, second?.new, second?.duplicate]).toEqual([1, 0, 1]);
    const papers = await readPapers(app.db);
    expect(papers).toMatchObject([{ id: 'arxiv:2608.00001', source: `file:${app.paths[0]}` }]);
  });

  it('every question leaves a row, the last answer of one instant counts', async () => {
    const app = await reading(line(FULL) + line({}), '{');
    await collectOn(app, DAY);
    await collectOn(app, DAY);
    const rows = await app.db.selectFrom('collection').selectAll().orderBy('source').execute();
    expect(rows.map(({ at, outcome }) => [at, outcome])).toEqual([
      ['2026-08-20T07:00:00.000Z', 'quiet'],
      ['2026-08-20T07:00:00.000Z', 'failed'],
    ]);
    expect(JSON.parse(rows[0]?.content ?? '')).toMatchObject({
      outcome: 'quiet',
      fetched: 2,
      duplicate: 1,
      dropped: [{ reason: 'no title', count: 1 }],
      problems: [expect.stringContaining('line 2: title: missing')],
    });
    await collectOn(app, '2026-08-21');
    expect(await app.db.selectFrom('collection').selectAll().execute()).toHaveLength(4);
  });
});

describe('asking again does no harm', () => {
  it('nothing changes but the votes, of which the latest count', async () => {
    const paper = (upvotes: number) => JSON.stringify([dailyPaper(7, DAY, upvotes)]);
    const app = await reading(paper(3));
    await collectOn(app, DAY);
    const before = await app.db.selectFrom('paper').selectAll().execute();
    for (const [upvotes, day] of [
      [3, '2026-08-21'],
      [9, '2026-08-22'],
      [8, '2026-08-23'],
    ] as const) {
      await app.write(paper(upvotes));
      const [collection] = await collectOn(app, day);
      expect(collection).toMatchObject({ outcome: 'quiet', fetched: 1, new: 0, updated: 0, duplicate: 1 });
    }
    expect(await app.db.selectFrom('paper').selectAll().execute()).toEqual(before);
    const votes = await app.db.selectFrom('vote').select('upvotes').orderBy('at').execute();
    expect(votes.map(vote => vote.upvotes)).toEqual([3, 3, 9, 8]);
    expect((await stored(app))?.vote).toEqual({ upvotes: 8, comments: 0, stars: null });
  });

  it('two collections at once store every paper once', async () => {
    const app = await reading(JSON.stringify(Array.from({ length: 50 }, (_, i) => dailyPaper(i, DAY, i))));
    const both = (await Promise.all([collectOn(app, DAY), collectOn(app, DAY)])).flat();
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['ok', 'quiet']);
    expect(both.map(accountedFor)).toEqual([50, 50]);
    expect(await readPapers(app.db)).toHaveLength(50);
  });

  it('a source that says less takes nothing away', async () => {
    const app = await reading(line(FULL));
    await collectOn(app, DAY);
    const before = await stored(app);
    await app.write(line({ title: 'One', id: '2608.00001' }));
    expect(await collectOn(app, '2026-08-21')).toMatchObject([{ duplicate: 1, updated: 0 }]);
    expect(await stored(app)).toEqual(before);
  });

  it('a source that says something else is believed, link by link', async () => {
    const app = await reading(line(FULL));
    await collectOn(app, DAY);
    await app.write(
      line({ ...FULL, url: undefined, code: 'https://example.org/moved', pdf: 'https://example.org/pdf' }),
    );
    expect(await collectOn(app, '2026-08-21')).toMatchObject([{ updated: 1 }]);
    expect(await stored(app)).toMatchObject({
      url: 'https://example.org/one',
      links: {
        pdf: 'https://example.org/pdf',
        code: 'https://example.org/moved',
        project: 'https://example.org/project',
      },
    });
  });

  it('hostile and odd papers survive the database unharmed', async () => {
    const titles = ["Robert'); DROP TABLE paper;", '0', '</mj-text>{{x}}', '🎉 漢字 العربية', '%s\\'];
    const app = await reading(titles.map(title => line({ title, abstract: title })).join(''));
    expect(await collectOn(app, DAY)).toMatchObject([{ new: titles.length, dropped: [] }]);
    expect((await readPapers(app.db)).map(paper => paper.title)).toEqual(titles);
  });
});

describe('a folder of daily files is one source', () => {
  it('a folder that is not there is a fault, not a day that is still to come', async () => {
    const app = await installation();
    const [answer] = await collect(app.db, [fileSource({ path: '/no/such/folder/{date}.json' })], {
      day: '2026-08-20',
      zone: 'UTC',
      clock: app.clock,
    });
    expect(answer).toMatchObject({ outcome: 'failed', error: expect.stringMatching(/cannot be read/) });
  });

  it('the file of the day is read; a day whose file is not there yet is not-yet', async () => {
    const dataDir = await temporaryFolder();
    await writeFile(join(dataDir, `${DAY}.jsonl`), line(FULL));
    const name = `file:${dataDir}/{date}.jsonl`;
    const app = await installation({ dataDir, sources: [name] });
    expect(await collectOn(app, '2026-08-19')).toMatchObject([{ name, outcome: 'not-yet', fetched: 0 }]);
    expect(await collectOn(app, DAY)).toMatchObject([{ name, outcome: 'ok', new: 1, day: DAY }]);
  });

  it('a single file that is not there is a failure', async () => {
    const app = await installation({ sources: ['file:/nowhere/papers.json'] });
    expect(await collectOn(app, DAY)).toMatchObject([
      { outcome: 'failed', error: expect.stringContaining('/nowhere/papers.json cannot be read: ENOENT') },
    ]);
  });
});

describe('a large day', () => {
  it('of 2,000 papers is stored and read back whole', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => dailyPaper(i, DAY, i));
    const app = await reading(JSON.stringify(many));
    const [collection] = await collectOn(app, DAY);
    expect(collection).toMatchObject({ fetched: 2000, new: 2000 });
    expect(accountedFor(collection as NonNullable<typeof collection>)).toBe(2000);
    const papers = await readPapers(app.db);
    expect(papers.map(paper => paper.vote?.upvotes)).toEqual(many.map((_, i) => i));
  });
});
