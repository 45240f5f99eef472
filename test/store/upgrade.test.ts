// An installation of the first release, brought to this one: no paper is lost, none comes twice, no edition changes.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { papersOf, readEdition } from '../../src/editions/edition.ts';
import { publish } from '../../src/editions/publish.ts';
import { collect } from '../../src/papers/collect.ts';
import { readPapers } from '../../src/papers/stored-papers.ts';
import { firstLight } from '../../src/store/migrations/0001-first-light.ts';
import type { Tx } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { handClock, installation, temporaryFolder } from '../support/installation.ts';

const DAY = '2026-08-20';
const NEXT = '2026-08-21';
const AT = `${DAY}T07:00:00.000Z`;

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();

/** The id that the first release gave a paper without an arXiv id or DOI: by its title and first author's full name. */
function oldTitleId(title: string, author = ''): string {
  const print = createHash('sha256').update(`${fold(title) || title}\n${fold(author)}`);
  return `title:${print.digest('hex').slice(0, 16)}`;
}

interface Told {
  title: string;
  abstract?: string;
  authors?: string[];
  id?: string;
  date?: string;
  upvotes?: number;
}

/** What the source tells, on the day before the upgrade and after it. */
const PAPERS: Told[] = [
  {
    id: '2608.00001',
    title: 'Attention for Bees',
    abstract: 'We attend.',
    authors: ['Ana Silva'],
    upvotes: 7,
  },
  { id: 'math/9701001', title: 'On Honeycombs', abstract: 'We prove.', authors: ['Ben Ode'] },
  { id: '10.1234/X', title: 'Bees in Print', abstract: 'We print.', authors: ['C. Oe'], upvotes: 3 },
  {
    title: 'A Blog about Bees and Cities',
    abstract: 'We blog.',
    authors: ['Dana de la Cruz', 'Ana Silva'],
    upvotes: 1,
  },
  { title: 'A Page without any Authors', abstract: 'We paste.' },
  { title: '0', abstract: 'A title that is a zero.', authors: ['Eve Null'] },
  { title: 'Editorial', abstract: 'We edit.', authors: ['Fay Wolf'] },
  { title: '蜜蜂与城市的研究', abstract: '我们。', authors: ['Li Lei'] },
  { title: '🐝 🐝 🐝', abstract: 'We buzz.', authors: [] },
];

const oldIdOf = ({ id, title, authors = [] }: Told) =>
  id === undefined
    ? oldTitleId(title, authors[0])
    : id.startsWith('10.')
      ? `doi:${id.toLowerCase()}`
      : `arxiv:${id}`;

const homeOf = (id: string) =>
  id.startsWith('arxiv:')
    ? `https://arxiv.org/abs/${id.slice(6)}`
    : id.startsWith('doi:')
      ? `https://doi.org/${id.slice(4)}`
      : null;

/** A database as the first release made it, with these papers; the first `published` of them stand in an edition. */
async function firstRelease(told: readonly Told[], published = 0) {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'papers.jsonl');
  const source = `file:${file}`;
  const db = openSqlite(join(dataDir, 'paperround.db'));
  await firstLight(db as unknown as Kysely<unknown>);
  await sql`create table migration (name text primary key, applied_at text not null)`.execute(db);
  await sql`insert into migration values ('0001-first-light', ${AT})`.execute(db);
  await db.transaction().execute(async tx => {
    for (const [position, paper] of told.entries()) await insert(tx, paper, source, position);
    if (published > 0) await oldEdition(tx, told.slice(0, published));
  });
  await db.destroy();
  return { dataDir, file, source };
}

async function insert(db: Tx, paper: Told, source: string, position: number): Promise<void> {
  const { title, abstract = '', authors = [], date = DAY, upvotes } = paper;
  const id = oldIdOf(paper);
  const said = [
    id,
    title,
    abstract,
    JSON.stringify(authors),
    homeOf(id),
    '{}',
    source,
    date,
    AT,
    DAY,
    position,
    AT,
  ];
  await sql`insert into paper (id, title, abstract, authors, url, links, source, announced_on, collected_at, collected_on,
    position, updated_at) values (${sql.join(said)})`.execute(db);
  if (upvotes !== undefined)
    await sql`insert into vote values (${id}, ${source}, ${AT}, ${upvotes}, 0, null)`.execute(db);
}

/** As the first release wrote it: without facts, trends, picks and notes. */
async function oldEdition(db: Tx, told: readonly Told[]): Promise<void> {
  const papers = told.map((paper, index) => {
    const { title, abstract = '', authors = [] } = paper;
    const id = oldIdOf(paper);
    return {
      id,
      title,
      abstract,
      authors,
      url: homeOf(id),
      links: {},
      source: 'a',
      vote: null,
      rank: index + 1,
    };
  });
  const content = { date: DAY, themes: [{ slug: 'also-today', name: 'Also today', papers }] };
  await sql`insert into edition values (${DAY}, ${DAY}, ${AT}, ${JSON.stringify(content)})`.execute(db);
  for (const { id } of papers) await sql`insert into edition_paper values (${id}, ${DAY})`.execute(db);
}

/** This release on that database; `tells` is what its source says now. */
async function upgraded({ dataDir, file, source }: Awaited<ReturnType<typeof firstRelease>>) {
  const app = await installation({ dataDir, sources: [source] }, handClock(`${NEXT}T07:00:00Z`));
  async function tells(told: readonly Told[], day = NEXT) {
    app.clock.set(`${day}T08:00:00Z`);
    await writeFile(
      file,
      told.map(({ date = DAY, ...paper }) => JSON.stringify({ date, ...paper })).join('\n'),
    );
    const options = { day, zone: 'UTC', clock: app.clock };
    const [collection] = await collect(app.db, await app.sources(), options);
    return collection;
  }
  const titles = async (editionless: boolean) =>
    (await readPapers(app.db, { editionless })).map(({ title }) => title).sort();
  const places = () =>
    app.db.selectFrom('edition_paper').select(['paper_id', 'edition_date']).orderBy('paper_id').execute();
  return { ...app, tells, titles, places };
}

describe('an installation of the first release', () => {
  it('is brought up to date once, and keeps every paper, vote and edition as it is', async () => {
    const old = await firstRelease(PAPERS, 6);
    const { db, migrated } = await upgraded(old);
    expect(migrated[0]).toBe('0002-sources');
    expect((await upgraded(old)).migrated).toEqual([]);
    const papers = await readPapers(db);
    expect(
      papers.map(({ id, title, abstract = '', authors, vote }) => [
        id,
        title,
        abstract,
        authors,
        vote?.upvotes,
      ]),
    ).toEqual(PAPERS.map(p => [oldIdOf(p), p.title, p.abstract, p.authors ?? [], p.upvotes]));
    const edition = await readEdition(db, DAY);
    expect(papersOf(edition as NonNullable<typeof edition>).map(({ title }) => title)).toEqual(
      PAPERS.slice(0, 6).map(({ title }) => title),
    );
  });

  it('of no papers is brought up to date too', async () => {
    const { db, tells } = await upgraded(await firstRelease([]));
    expect(await readPapers(db)).toEqual([]);
    expect(await tells(PAPERS)).toMatchObject({ outcome: 'ok', new: PAPERS.length });
  });

  it('of thousands of papers is brought up to date', async () => {
    const many = Array.from({ length: 1_234 }, (_, i) => ({
      title: `Some work on bees of number ${i}`,
      authors: [`A. N${i}`],
    }));
    const { db, tells } = await upgraded(await firstRelease(many));
    expect(await tells(many)).toMatchObject({ fetched: 1_234, new: 0 });
    expect(await readPapers(db)).toHaveLength(1_234);
  });
});

describe('when its source tells the same again', () => {
  it('no paper is new, and none stands there twice', async () => {
    const { db, tells, titles } = await upgraded(await firstRelease(PAPERS));
    for (const day of [NEXT, '2026-08-24'])
      expect(await tells(PAPERS, day)).toMatchObject({ fetched: PAPERS.length, new: 0, dropped: [] });
    expect(await titles(false)).toEqual(PAPERS.map(({ title }) => title).sort());
    const votes = await db.selectFrom('vote').select('upvotes').where('at', '=', AT).execute();
    expect(votes.map(({ upvotes }) => upvotes).sort()).toEqual([1, 3, 7]);
  });

  it('what stood in an edition stays there, and what waited still waits: no reader gets a paper twice', async () => {
    const app = await upgraded(await firstRelease(PAPERS, 6));
    const waiting = await app.titles(true);
    expect(waiting).toHaveLength(3);
    await app.tells(PAPERS);
    expect(await app.titles(true)).toEqual(waiting);
    expect(await app.places()).toHaveLength(6);
    await app.tells([...PAPERS, { title: 'One that is New Today', date: NEXT }]);
    const { outcome, edition } = await publish(app.press, NEXT);
    expect(outcome).toBe('published');
    expect(
      papersOf(edition)
        .map(({ title }) => title)
        .sort(),
    ).toEqual([...waiting, 'One that is New Today'].sort());
  });

  it('with an author’s name written in another way, it is still the same paper', async () => {
    const { tells, titles } = await upgraded(await firstRelease(PAPERS, 6));
    const again = PAPERS.map(paper => ({
      ...paper,
      ...(paper.authors?.[0] === 'Dana de la Cruz' ? { authors: ['D. Cruz', 'Ana Silva'] } : {}),
    }));
    expect(await tells(again)).toMatchObject({ new: 0 });
    expect(await titles(false)).toHaveLength(PAPERS.length);
  });

  it('a title by two authors of one surname was two papers, and what each edition had stays where it was', async () => {
    const two = [
      { title: 'Bees of the Northern Cities', authors: ['Yang Liu'] },
      { title: 'Bees of the Northern Cities', authors: ['Wei Liu'] },
    ];
    const { tells, places, titles } = await upgraded(await firstRelease(two, 1));
    expect(await tells(two)).toMatchObject({ new: 0 });
    // To this release they are one; it was in an edition, so nobody gets it again.
    expect([await titles(true), (await places()).length]).toEqual([[], 1]);
  });
});

describe('a pasted page’s paper that was published before the upgrade', () => {
  const PAGE = { title: 'A Page without any Authors', abstract: 'We paste.' };

  it.each([
    [
      'arXiv tells of it, with its authors',
      { ...PAGE, id: '2608.00009v1', authors: ['Gus Gray'] },
      'arxiv:2608.00009',
    ],
    ['a journal tells of it', { ...PAGE, id: '10.1234/y', authors: ['Gus Gray'] }, 'doi:10.1234/y'],
  ])('is merged when %s: it is not in another edition', async (_how, told, id) => {
    const old = await firstRelease([PAGE, { title: 'Another that Waits for its Day' }], 1);
    const { db, press, tells, places } = await upgraded(old);
    expect(await tells([told])).toMatchObject({ outcome: 'ok', new: 0, updated: 1 });
    const papers = await readPapers(db);
    expect(papers).toHaveLength(2);
    expect(papers.find(paper => paper.title === PAGE.title)).toMatchObject({ id, authors: ['Gus Gray'] });
    expect(await places()).toEqual([{ paper_id: id, edition_date: DAY }]);
    const { edition } = await publish(press, NEXT);
    expect(papersOf(edition).map(({ title }) => title)).not.toContain(PAGE.title);
  });

  it('takes its votes with it', async () => {
    const old = await firstRelease([{ ...PAGE, upvotes: 5 }]);
    const { db, tells } = await upgraded(old);
    await tells([{ ...PAGE, id: '2608.00009', authors: ['Gus Gray'], upvotes: 9 }]);
    const votes = await db.selectFrom('vote').select(['paper_id', 'upvotes']).orderBy('at').execute();
    expect(votes).toEqual([
      { paper_id: 'arxiv:2608.00009', upvotes: 5 },
      { paper_id: 'arxiv:2608.00009', upvotes: 9 },
    ]);
  });
});
