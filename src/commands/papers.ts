// `paperround papers list`: the stored papers, newest first.
import { readPapers } from '../papers/stored-papers.ts';
import { excerpt } from '../text-file.ts';
import type { Command } from './context.ts';
import { table } from './terminal.ts';

const list: Command<{ date?: string; waiting?: boolean; limit: number }> = async (
  { terminal, app },
  { date, waiting, limit },
) => {
  const open = await app();
  const day = date === undefined ? {} : { announcedFrom: date, announcedTo: date };
  const papers = (await readPapers(open.db, { ...day, editionless: waiting === true }))
    .toReversed()
    .slice(0, limit);
  const rows = papers.map(p => [
    p.announcedOn ?? '-',
    p.id,
    p.vote === null ? '' : `${p.vote.upvotes}▲`,
    excerpt(p.title, 90),
  ]);
  terminal.result({ papers }, rows.length === 0 ? ['No papers are stored that fit.'] : table(rows));
  return 0;
};
export default list;
