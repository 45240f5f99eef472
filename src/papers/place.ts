// Where a paper stands in the archive: the day of its edition and its rank there, in one number.
import type { Day } from '../store/schema.ts';

/** No edition has as many papers. */
const RANKS = 100_000;

/** The place of rank `rank` (from 1) in the edition of `date`: 20260820 and 99,999 less the rank. The best paper of the newest day has the highest. */
export const placeOf = (date: Day, rank: number): number =>
  Number(date.replaceAll('-', '')) * RANKS + RANKS - 1 - rank;

/** The day and the rank that a place was made of. */
export function standing(place: number): { date: Day; rank: number } {
  const day = String(Math.floor(place / RANKS));
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  return { date, rank: RANKS - 1 - (place % RANKS) };
}
