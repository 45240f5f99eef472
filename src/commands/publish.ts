// `paperround publish`: make the day's edition, from what is stored or from files that are collected first.
import { openSource } from '../app.ts';
import { type Edition, papersOf } from '../editions/edition.ts';
import { publish as publishEdition } from '../editions/publish.ts';
import { PaperroundError } from '../errors.ts';
import { publishDay } from '../job.ts';
import { collect } from '../papers/collect.ts';
import type { Collection } from '../papers/collections.ts';
import { collectionLine, type DayPublication, isOver, publicationLine } from '../report.ts';
import { shiftDay } from '../store/schema.ts';
import { shownCollection, warnOfDropped } from './collect.ts';
import type { Command } from './context.ts';

const publish: Command<{ date?: string; from?: string[] }> = async (
  { terminal, app },
  { date, from = [] },
) => {
  const open = await app();
  const sources = await Promise.all(from.map(path => openSource({ kind: 'file', path }, open)));
  const collections = await collect(open.db, sources, {
    day: date ?? open.today(),
    zone: open.settings.timeZone,
    clock: open.clock,
    allOrNothing: true,
  });
  for (const collection of collections) {
    if (collection.outcome === 'failed') throw refusedFile(collection);
    terminal.say(collectionLine(collection));
    warnOfDropped(terminal, collection.problems);
  }
  const today = open.today();
  const named = collections.map(collection => collection.day).find(day => day !== null) ?? today;
  // One mistyped year must not make the edition of a day that nobody will see for decades.
  if (date === undefined && named > shiftDay(today, 1))
    terminal.warn(`  ${from[0]} names ${named}, a day to come; this is the edition of today`);
  const day = date ?? (named > shiftDay(today, 1) ? today : named);
  const handedIn = collections.flatMap(({ paperIds }) => paperIds);
  const publication: DayPublication =
    from.length === 0 ? await publishDay(open, day) : await publishEdition(open.press, day, handedIn);
  const sourcesShown = from.length === 0 ? {} : { sources: collections.map(shownCollection) };
  terminal.result(
    {
      ...shownEdition(publication.edition, publication.outcome),
      waiting: publication.waiting,
      ...(publication.because === undefined ? {} : { because: publication.because }),
      ...sourcesShown,
    },
    [
      publicationLine(publication),
      ...publication.edition.themes.map(
        ({ name, papers }) => `  ${String(papers.length).padStart(4)}  ${name}`,
      ),
    ],
  );
  const { outcome } = publication;
  return outcome === 'stale' || (outcome === 'not-yet' && isOver(open, day)) ? 3 : 0;
};
export default publish;

function refusedFile({ error = '', problems, hint }: Collection): PaperroundError {
  return new PaperroundError('input', error, {
    details: problems.slice(0, 20),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The contract of `publish --json`, which people script against. */
function shownEdition(edition: Edition, outcome: string): object {
  const { date, themes } = edition;
  return {
    edition: date,
    outcome,
    papers: papersOf(edition).length,
    themes: themes.map(({ slug, name, papers }) => ({ slug, name, papers: papers.map(({ id }) => id) })),
    evidence: Object.fromEntries(papersOf(edition).map(({ id, evidence }) => [id, evidence])),
  };
}
