// `paperround status`: the last edition, what was sent of it, the readers, and what the sources said last.

import { heldDomains, heldWords } from '../delivery/bounces/held.ts';
import { countDeliveries } from '../delivery/ledger.ts';
import { findStop } from '../delivery/stop.ts';
import { latestEditionDate, papersOf, readEdition } from '../editions/edition.ts';
import { lastCollections } from '../papers/collections.ts';
import { countPapers } from '../papers/stored-papers.ts';
import { stopWords } from '../report.ts';
import { countSubscribers } from '../subscribers/subscriber.ts';
import { whoAnswers } from '../themes/model-in-use.ts';
import { readModels } from '../themes/stored-models.ts';
import type { Command } from './context.ts';
import { answering, modelLine } from './models.ts';
import { counted, table } from './terminal.ts';

const status: Command = async ({ terminal, app }) => {
  const open = await app();
  const date = await latestEditionDate(open.db);
  const edition = date === undefined ? undefined : await readEdition(open.db, date);
  const deliveries = date === undefined ? null : await countDeliveries(open.db, date);
  const stop = date === undefined ? null : await findStop(open.db, date);
  const subscribers = await countSubscribers(open.db);
  const heldBounces = await heldDomains(open.db);
  const { stored: papers, waiting } = await countPapers(open.db);
  const sources = await lastCollections(open.db);
  const models = await readModels(open.db);
  const inUse = await whoAnswers(open.db, open.themes);
  const size = edition === undefined ? 0 : papersOf(edition).length;
  terminal.result(
    {
      edition: date ?? null,
      editionPapers: size,
      deliveries,
      stop,
      subscribers,
      heldBounces,
      papers,
      waiting,
      sources,
      themeModel: inUse?.version ?? 'shipped',
      themeModelAnswers: answering(inUse),
    },
    [
      ...table([
        ['papers', `${papers} stored, ${waiting} of them in no edition yet`],
        [
          'edition',
          date === undefined
            ? 'none yet'
            : `${date}: ${counted(size, 'paper')} in ${counted(edition?.themes.length ?? 0, 'theme')}`,
        ],
        ['deliveries', deliveries === null ? 'none yet' : counts(deliveries)],
        ...(date === undefined || stop === null ? [] : [['sending', stopWords(date, stop)]]),
        ['readers', counts(subscribers)],
        ...heldBounces.map(held => ['bounces', heldWords(held)]),
        ['themes', modelLine(models, inUse)],
        ...sources.map(s => [
          `source`,
          `${s.source}: ${s.outcome} at ${s.at}${describe(s.error ?? s.reason)}`,
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

const describe = (why: string | null) => (why === null ? '' : `: ${why}`);
