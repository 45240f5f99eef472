// `paperround status`: the last edition, what was sent of it, the readers, and what the sources said last.

import type { App } from '../app.ts';
import { countDeliveries } from '../delivery/ledger.ts';
import { latestEditionDate, readEdition } from '../editions/edition.ts';
import { countPapers, readPapers } from '../papers/stored-papers.ts';
import { countSubscribers } from '../subscribers/subscriber.ts';
import type { Command } from './context.ts';
import { table } from './terminal.ts';

const status: Command = async ({ terminal, app }) => {
  const open = await app();
  const date = await latestEditionDate(open.db);
  const edition = date === undefined ? undefined : await readEdition(open.db, date);
  const deliveries = date === undefined ? null : await countDeliveries(open.db, date);
  const subscribers = await countSubscribers(open.db);
  const papers = await countPapers(open.db);
  const waiting = (await readPapers(open.db, { editionless: true })).length;
  const sources = await lastCollections(open);
  const size = (edition?.themes ?? []).reduce((sum, theme) => sum + theme.papers.length, 0);
  terminal.result(
    { edition: date ?? null, editionPapers: size, deliveries, subscribers, papers, waiting, sources },
    [
      ...table([
        ['papers', `${papers} stored, ${waiting} of them in no edition yet`],
        [
          'edition',
          date === undefined
            ? 'none yet'
            : `${date}: ${size} papers in ${edition?.themes.length ?? 0} themes`,
        ],
        ['deliveries', deliveries === null ? 'none yet' : counts(deliveries)],
        ['readers', counts(subscribers)],
        ...sources.map(s => [
          `source`,
          `${s.source}: ${s.outcome} at ${s.at}${s.error === null ? '' : `: ${s.error}`}`,
        ]),
      ]),
    ],
  );
  return 0;
};
export default status;

function counts(of: Record<string, number>): string {
  const present = Object.entries(of).filter(([, n]) => n > 0);
  return present.length === 0 ? 'none' : present.map(([name, n]) => `${n} ${name}`).join(', ');
}

async function lastCollections({
  db,
}: App): Promise<{ source: string; at: string; outcome: string; error: string | null }[]> {
  const rows = await db
    .selectFrom('collection')
    .selectAll()
    .orderBy('source')
    .orderBy('at', 'desc')
    .execute();
  const latest = rows.filter((row, index) => row.source !== rows[index - 1]?.source);
  return latest.map(({ source, at, outcome, content }) => {
    const { error } = JSON.parse(content) as { error?: string };
    return { source, at, outcome, error: error ?? null };
  });
}
