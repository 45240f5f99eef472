// Which stored paper somebody means by an id, a DOI or an address.
import type { Db } from '../store/schema.ts';
import { arxivId, doi } from './ids.ts';

/**
 * The PaperId that `text` names: an arXiv id or DOI in any form, an address of either, or a PaperId.
 * @returns the id under which the paper is stored, `known: true`; the id that it would get, `known: false`; undefined
 *   when the text names no paper
 */
export async function findPaper(db: Db, text: string): Promise<{ id: string; known: boolean } | undefined> {
  const given = text.trim();
  const arxiv = arxivId(given);
  const work = arxiv === undefined ? doi(given) : undefined;
  const id = arxiv === undefined ? (work === undefined ? given : `doi:${work}`) : `arxiv:${arxiv}`;
  const row = await db
    .selectFrom('announcement_key as k')
    .innerJoin('announcement as a', join =>
      join.onRef('a.source', '=', 'k.source').onRef('a.own_id', '=', 'k.own_id'),
    )
    .select('a.paper_id')
    .where('k.key', '=', id)
    .orderBy('a.paper_id')
    .executeTakeFirst();
  if (row !== undefined) return { id: row.paper_id, known: true };
  const at = /^https?:/i.test(given)
    ? await db.selectFrom('paper').select('id').where('url', '=', given).orderBy('id').executeTakeFirst()
    : undefined;
  if (at !== undefined) return { id: at.id, known: true };
  return arxiv === undefined && work === undefined ? undefined : { id, known: false };
}
