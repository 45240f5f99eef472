// Where each published paper stands, and the index by which it is found.
import { type Kysely, sql } from 'kysely';
import { isPostgres } from '../transact.ts';

/** Keeps the place and the theme of each paper of an edition, and an index of their words; both are made of what is there. */
export async function archive(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('edition_paper')
    .addColumn('place', 'bigint', c => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('edition_paper')
    .addColumn('theme', 'text', c => c.notNull().defaultTo(''))
    .execute();
  await db.schema.createIndex('edition_paper_place').on('edition_paper').column('place').execute();
  await db.schema
    .createIndex('edition_paper_theme')
    .on('edition_paper')
    .columns(['theme', 'place'])
    .execute();
  await (isPostgres(db) ? createPostgresIndex(db) : createSqliteIndex(db));
  await fill(db);
}

/** The index keeps no text: it is made of folded words, and the papers themselves are beside it. */
async function createSqliteIndex(db: Kysely<unknown>): Promise<void> {
  await sql`create virtual table paper_search using fts5 (title, authors, abstract,
    content = '', contentless_delete = 1, tokenize = 'porter ascii')`.execute(db);
}

/** As on SQLite, words are compared by their stems, and none is left out for being common. */
async function createPostgresIndex(db: Kysely<unknown>): Promise<void> {
  await sql`create text search dictionary paper_stem (template = snowball, language = english)`.execute(db);
  await sql`create text search configuration paper_words (copy = pg_catalog.simple)`.execute(db);
  await sql`alter text search configuration paper_words
    alter mapping for asciiword, word, numword with paper_stem`.execute(db);
  await sql`create table paper_search (place bigint primary key, words tsvector not null)`.execute(db);
  await sql`create index paper_search_words on paper_search using gin (words)`.execute(db);
}

interface OldPaper {
  id: string;
  rank: number;
  theme?: { slug: string } | null;
}

interface OldEdition {
  themes?: { slug: string; papers: OldPaper[] }[];
}

async function fill(db: Kysely<unknown>): Promise<void> {
  const { rows: dates } = await sql<{ date: string }>`select date from edition order by date`.execute(db);
  for (const { date } of dates) {
    const { rows } = await sql<{
      content: string;
    }>`select content from edition where date = ${date}`.execute(db);
    const { themes = [] } = JSON.parse(rows[0]?.content ?? '{}') as OldEdition;
    for (const section of themes)
      for (const paper of section.papers) await place(db, date, paper, paper.theme?.slug ?? section.slug);
  }
}

/** A paper may have got another id since its edition; one that turned out to be in an earlier edition has no place in this. */
async function place(db: Kysely<unknown>, date: string, { id, rank }: OldPaper, theme: string) {
  const number = Number(date.replaceAll('-', '')) * 100_000 + 99_999 - rank;
  const { rows } = await sql<{ id: string; title: string; authors: string; abstract: string }>`
    update edition_paper set place = ${number}, theme = ${theme}
    where edition_date = ${date} and place = 0 and paper_id in (
      select ${id} union select a.paper_id from announcement_key as k
      join announcement as a on a.source = k.source and a.own_id = k.own_id where k.key = ${id})
    returning (select id from paper where id = paper_id) as id, (select title from paper where id = paper_id) as title,
      (select authors from paper where id = paper_id) as authors,
      (select abstract from paper where id = paper_id) as abstract`.execute(db);
  const [paper] = rows;
  if (paper === undefined) return;
  const authors = (JSON.parse(paper.authors) as string[]).join(' ');
  const [title = '', names = '', abstract = ''] = [paper.title, authors, paper.abstract].map(words);
  await (isPostgres(db)
    ? sql`insert into paper_search (place, words) values (${number},
        setweight(to_tsvector('paper_words', ${title}), 'A') ||
        setweight(to_tsvector('paper_words', ${names}), 'B') ||
        setweight(to_tsvector('paper_words', ${abstract}), 'D'))`
    : sql`insert into paper_search (rowid, title, authors, abstract)
        values (${number}, ${title}, ${names}, ${abstract})`
  ).execute(db);
}

/** As `searchWords` of papers/search-words.ts made them when this migration was released; frozen with it. */
function words(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, ' $& ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
    .map(word => [...word].slice(0, 80).join(''))
    .join(' ');
}
