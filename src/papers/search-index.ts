// The index by which papers are found: those that stand in an edition, by SQLite's FTS5 or PostgreSQL's text search.
import { sql } from 'kysely';
import { isPostgres, type Tx } from '../store/schema.ts';
import { searchWords } from './search-words.ts';
import { chunks } from './told.ts';

/**
 * Brings the index up to date with some papers. Those that stand in no edition are left out: nobody finds what was not
 * published.
 */
export async function indexPapers(tx: Tx, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids)) {
    const papers = await tx
      .selectFrom('edition_paper as e')
      .innerJoin('paper as p', 'p.id', 'e.paper_id')
      .select(['e.place', 'p.title', 'p.authors', 'p.abstract'])
      .where('p.id', 'in', some)
      .execute();
    await takeFromIndex(
      tx,
      papers.map(({ place }) => place),
    );
    for (const { place, title, authors, abstract } of papers) {
      const words = [title, (JSON.parse(authors) as string[]).join(' '), abstract].map(text =>
        searchWords(text).join(' '),
      );
      await insert(tx, place, words as [string, string, string]);
    }
  }
}

/** Fills an index in which nothing stands. */
export async function indexAll(tx: Tx): Promise<void> {
  const rows = await tx.selectFrom('edition_paper').select('paper_id').execute();
  await indexPapers(
    tx,
    rows.map(({ paper_id }) => paper_id),
  );
}

function insert(tx: Tx, place: number, [title, authors, abstract]: [string, string, string]) {
  const row = isPostgres(tx)
    ? sql`insert into paper_search (place, words) values (${place},
        setweight(to_tsvector('paper_words', ${title}), 'A') ||
        setweight(to_tsvector('paper_words', ${authors}), 'B') ||
        setweight(to_tsvector('paper_words', ${abstract}), 'D'))`
    : sql`insert into paper_search (rowid, title, authors, abstract)
        values (${place}, ${title}, ${authors}, ${abstract})`;
  return row.execute(tx);
}

/** Takes what stands at these places out of the index. */
export async function takeFromIndex(tx: Tx, places: readonly number[]): Promise<void> {
  if (places.length === 0) return;
  const place = isPostgres(tx) ? sql`place` : sql`rowid`;
  await sql`delete from paper_search where ${place} in (${sql.join(places)})`.execute(tx);
}
