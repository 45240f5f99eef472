// Which source said what, what curators say, and when hosts may be asked again.
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

/** Tells apart what each source said, keeps what curators say, and shares the pace of asking between processes. */
export async function sources(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('paper')
    .addColumn('facts', 'text', c => c.notNull().defaultTo('{}'))
    .execute();
  await db.schema
    .createTable('announcement')
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('own_id', 'text', c => c.notNull())
    .addColumn('paper_id', 'text', c => c.notNull().references('paper.id'))
    .addColumn('format', 'text', c => c.notNull())
    .addColumn('version', 'integer', c => c.notNull())
    .addColumn('announced_on', 'text')
    .addColumn('content', 'text', c => c.notNull())
    .addColumn('first_at', 'text', c => c.notNull())
    .addColumn('said_at', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('announcement_once', ['source', 'own_id', 'version'])
    .execute();
  await db.schema.createIndex('announcement_paper').on('announcement').column('paper_id').execute();
  await db.schema
    .createTable('announcement_key')
    .addColumn('key', 'text', c => c.notNull())
    .addColumn('source', 'text', c => c.notNull())
    .addColumn('own_id', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('announcement_key_once', ['key', 'source', 'own_id'])
    .execute();
  // The keys of a record are looked up by the record too.
  await db.schema.createIndex('announcement_key_of').on('announcement_key').column('own_id').execute();
  await db.schema
    .createTable('curation')
    .addColumn('paper_id', 'text', c => c.primaryKey())
    .addColumn('picked', 'integer', c => c.notNull())
    .addColumn('hidden', 'integer', c => c.notNull())
    .addColumn('note', 'text')
    .addColumn('curator', 'text')
    .addColumn('at', 'text', c => c.notNull())
    .execute();
  await db.schema
    .createTable('lane')
    .addColumn('name', 'text', c => c.primaryKey())
    .addColumn('free_at', 'text', c => c.notNull())
    .addColumn('held_until', 'text')
    .execute();
  for (const [column, type] of [
    ['asked', 'text'],
    ['list_day', 'text'],
    ['held', 'integer'],
    ['fingerprint', 'text'],
  ] as const)
    await db.schema.alterTable('collection').addColumn(column, type).execute();
  await db.schema
    .createIndex('collection_asked')
    .on('collection')
    .columns(['source', 'asked', 'at'])
    .execute();
  await db.schema.createIndex('paper_found').on('paper').column('collected_at').execute();
  // An edition asks for the papers of the last days only, however many years the store holds.
  await sql`create index paper_day on paper (coalesce(announced_on, collected_on))`.execute(db);
  await rememberWhoSaidWhat(db);
}

interface OldPaper {
  id: string;
  title: string;
  abstract: string;
  authors: string;
  url: string | null;
  links: string;
  source: string;
  announced_on: string | null;
  collected_at: string;
  updated_at: string;
}

/** Until now only the paper was kept: its first source is taken as the one that said all of it. */
async function rememberWhoSaidWhat(db: Kysely<unknown>): Promise<void> {
  const old = db as Kysely<{ paper: OldPaper; announcement: object; announcement_key: object }>;
  for (let after = ''; ; ) {
    const page = old.selectFrom('paper').selectAll().where('id', '>', after).orderBy('id').limit(500);
    const papers = await page.execute();
    if (papers.length === 0) return;
    await old.insertInto('announcement').values(papers.map(announcementOf)).execute();
    await old.insertInto('announcement_key').values(papers.flatMap(keysOf)).execute();
    after = papers.at(-1)?.id ?? '';
  }
}

function announcementOf(paper: OldPaper): object {
  const { id, source, title, abstract, url, announced_on } = paper;
  const [authors, links] = [JSON.parse(paper.authors), JSON.parse(paper.links)];
  return {
    source,
    own_id: id,
    paper_id: id,
    format: 'json',
    version: 0,
    announced_on,
    content: JSON.stringify({ title, abstract, authors, url, links, facts: {} }),
    first_at: paper.collected_at,
    said_at: paper.updated_at,
  };
}

/** As `identify` of papers/ids.ts made them when this migration was released; frozen with it. */
function keysOf({ id, source, title, authors }: OldPaper): object[] {
  const folded = fold(title) || title;
  const surname = surnameOf((JSON.parse(authors) as string[])[0] ?? '');
  const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(title);
  const telling = dense ? folded.length >= 8 : title.trim().split(/\s+/).length >= 3 && folded.length >= 12;
  const print = hash(`${folded}\n${surname}`);
  const keys = [id];
  if (surname !== '' && (telling || id.startsWith('title:'))) keys.push(`print:${print}`);
  if (telling) keys.push(`${surname === '' ? 'un' : 'by'}:${hash(folded)}`);
  if (id.startsWith('title:')) keys.push(`title:${print}`);
  return [...new Set(keys)].map(key => ({ key, source, own_id: id }));
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();

function surnameOf(author: string): string {
  const [family = '', ...given] = author.split(',');
  const suffix = /^\s*(?:jr|sr|i{2,3}|iv)\.?\s*$/i;
  const words = (given.length > 0 && !suffix.test(given[0] ?? '') ? family : author)
    .replace(/,?\s+(?:jr|sr|i{2,3}|iv)\.?$/i, '')
    .trim()
    .split(/\s+/);
  return fold(words.at(-1) ?? '');
}
