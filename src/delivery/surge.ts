// A list that has grown overnight beyond what is likely: a send to it waits for somebody's word.
import { noteReaders, readersBefore } from '../editions/morning.ts';
import type { Clock, Day, Db } from '../store/schema.ts';
import { countSubscribers } from '../subscribers/subscriber.ts';
import { findStop, pauseByItself } from './stop.ts';

/** How many readers there are now, and how many when an edition was last sent. */
export interface Surge {
  readers: number;
  before: number;
  on: Day;
}

/** A small list may grow as it likes. */
const LEAST_GROWTH = 100;

/** Whether an edition would go to more than `times` as many readers as the last one did, and to a hundred more. */
export async function findSurge(db: Db, edition: Day, times: number): Promise<Surge | null> {
  const last = await readersBefore(db, edition);
  if (last === undefined) return null;
  const readers = (await countSubscribers(db)).active;
  const isMore = readers > last.readers * times && readers - last.readers >= LEAST_GROWTH;
  return isMore ? { readers, before: last.readers, on: last.date } : null;
}

/** The words for it. */
export const surgeWords = ({ readers, before, on }: Surge): string =>
  `there are ${readers} readers now, and ${before} when the edition of ${on} was sent`;

/**
 * Pauses an edition whose list has surged, unless somebody has let it go on; else remembers how many readers it has.
 * @param approved somebody was asked, and said yes
 */
export async function guardSurge(
  db: Db,
  edition: Day,
  { times, approved, clock }: { times: number; approved: boolean; clock: Clock },
): Promise<void> {
  const surge = approved ? null : await findSurge(db, edition, times);
  if (surge !== null) await pauseByItself(db, edition, surgeWords(surge), clock);
  if ((await findStop(db, edition)) !== null) return;
  await noteReaders(db, edition, (await countSubscribers(db)).active);
}
