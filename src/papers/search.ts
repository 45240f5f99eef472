// Finds published papers by the words of their title, authors and abstract.
import { sql } from 'kysely';
import { type Db, isPostgres } from '../store/schema.ts';
import type { Sought } from './search-words.ts';

/** Of more matches than these the newest are ranked, so that a word which every paper has costs no more than another. */
export const MOST_RANKED = 1_000;

/** Where papers stand that have what was sought, best first, and how many there are (at most `MOST_RANKED`). */
export interface Found {
  papers: { id: string; place: number }[];
  total: number;
}

/**
 * Looks for papers that stand in an edition and that no curator hides. A word in the title counts most, then authors; of
 * equals the newer one comes first. Words are compared by their English stems.
 * @param sought what `readQuery` made of a text; nothing finds nothing
 */
export async function searchPapers(
  db: Db,
  sought: readonly Sought[],
  { from, most }: { from: number; most: number },
): Promise<Found> {
  if (sought.length === 0) return { papers: [], total: 0 };
  const matches = isPostgres(db)
    ? sql`select place, ts_rank_cd('{0.1, 0.2, 0.5, 1}', words, q, 1) as worth
        from paper_search, to_tsquery('paper_words', ${asTsquery(sought)}) as q
        where words @@ q order by place desc limit ${MOST_RANKED}`
    : sql`select rowid as place, -bm25(paper_search, 8, 4, 1) as worth
        from paper_search where paper_search match ${asMatch(sought)} order by rowid desc limit ${MOST_RANKED}`;
  const { rows } = await sql<{ id: string; place: number; total: number }>`
    select e.paper_id as id, e.place, count(*) over () as total
    from (${matches}) as m join edition_paper as e on e.place = m.place
    where not exists (select 1 from curation as c where c.paper_id = e.paper_id and c.hidden = 1)
    order by m.worth desc, e.place desc limit ${most} offset ${from}`.execute(db);
  return { papers: rows.map(({ id, place }) => ({ id, place })), total: rows[0]?.total ?? 0 };
}

// Words are letters and digits only, so nothing that was typed is read as an operator of either language.

/** https://sqlite.org/fts5.html#full_text_query_syntax */
function asMatch(sought: readonly Sought[]): string {
  const phrases = (without: boolean) =>
    sought.filter(one => one.without === without).map(({ words }) => `"${words.join(' ')}"`);
  const not = phrases(true);
  const must = phrases(false).join(' AND ');
  return not.length === 0 ? must : `(${must}) NOT (${not.join(' OR ')})`;
}

/** https://www.postgresql.org/docs/current/textsearch-controls.html#TEXTSEARCH-PARSING-QUERIES */
const asTsquery = (sought: readonly Sought[]) =>
  sought
    .map(({ words, without }) => `${without ? '!' : ''}(${words.map(word => `'${word}'`).join(' <-> ')})`)
    .join(' & ');
