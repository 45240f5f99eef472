// `paperround papers list`: the stored papers, newest first, and what curators said of them.
import { type Curation, readCurations } from '../../editions/curation.ts';
import { readPapers, type StoredPaper } from '../../papers/stored-papers.ts';
import type { Db } from '../../store/schema.ts';
import { excerpt } from '../../text-file.ts';
import type { Command } from '../context.ts';
import { table } from '../terminal.ts';

interface Options {
  date?: string;
  waiting?: boolean;
  picked?: boolean;
  hidden?: boolean;
  limit: number;
}

const list: Command<Options> = async ({ terminal, app }, { limit, ...only }) => {
  const { db } = await app();
  const curations = await readCurations(db);
  const wanted = [...curations.values()].filter(c => (only.picked && c.picked) || (only.hidden && c.hidden));
  const curatedOnly = only.picked || only.hidden;
  const papers = (await papersThat(db, only, curatedOnly ? wanted.map(c => c.paperId) : undefined))
    .toReversed()
    .slice(0, limit);
  // What no source knows yet has no day and stands in no edition.
  const coming = curatedOnly && only.date === undefined ? wanted.filter(({ known }) => !known) : [];
  const rows = papers.map(p => {
    const votes = p.vote === null ? '' : `${p.vote.upvotes}▲`;
    return [p.announcedOn ?? '-', p.id, votes, marksOf(curations.get(p.id)), excerpt(p.title, 90)];
  });
  rows.push(...coming.map(c => ['-', c.paperId, '', marksOf(c), '(no source knows it yet)']));
  terminal.result(
    {
      papers: papers.map(paper => ({ ...paper, ...said(curations.get(paper.id)) })),
      coming: coming.map(c => ({ id: c.paperId, ...said(c) })),
    },
    rows.length === 0 ? ['No papers are stored that fit.'] : table(withoutEmpty(rows)),
  );
  return 0;
};
export default list;

async function papersThat(
  db: Db,
  { date, waiting }: Pick<Options, 'date' | 'waiting'>,
  ids: readonly string[] | undefined,
): Promise<StoredPaper[]> {
  const day = date === undefined ? {} : { announcedFrom: date, announcedTo: date };
  const filter = { ...day, editionless: waiting === true };
  if (ids === undefined) return readPapers(db, filter);
  const papers: StoredPaper[] = [];
  for (let start = 0; start < ids.length; start += 500)
    papers.push(...(await readPapers(db, { ...filter, ids: ids.slice(start, start + 500) })));
  return papers;
}

function said(curation: Curation | undefined): object {
  const { picked = false, hidden = false, note = null, curator = null } = curation ?? {};
  return { picked, hidden, note, curator };
}

function marksOf(curation: Curation | undefined): string {
  if (curation === undefined) return '';
  const { picked, hidden, note } = curation;
  const marks = [picked ? 'picked' : '', hidden ? 'hidden' : '', note === null ? '' : 'note'];
  return marks.filter(mark => mark !== '').join(', ');
}

/** Most of the time nobody counts votes or curates: such columns are left out. */
function withoutEmpty(rows: readonly string[][]): string[][] {
  const used = (column: number) => rows.some(row => row[column] !== '');
  return rows.map(row => row.filter((_, column) => used(column)));
}
