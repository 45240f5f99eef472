// Which edition, reader and state the commands on deliveries mean; what does not exist is said with what does.
import type { App } from '../../app.ts';
import type { State } from '../../delivery/ledger.ts';
import { latestEditionDate, readEdition } from '../../editions/edition.ts';
import { PaperroundError } from '../../errors.ts';
import type { Day } from '../../store/schema.ts';
import { findSubscriber, type Subscriber } from '../../subscribers/subscriber.ts';

const STATES = [
  'queued',
  'sending',
  'sent',
  'deferred',
  'refused',
  'unknown',
  'skipped',
] as const satisfies State[];

/** @throws PaperroundError `usage` for a word that is none of `allowed` */
export function stateOf(text: string, allowed: readonly State[] = STATES): State {
  const state = allowed.find(name => name === text);
  if (state === undefined) {
    const isOther = (STATES as readonly string[]).includes(text);
    const what = isOther ? 'may not be asked for here' : 'is no state';
    throw new PaperroundError('usage', `--state: "${text}" ${what}; allowed: ${allowed.join(', ')}`);
  }
  return state;
}

/** @throws PaperroundError `usage` where nobody is subscribed by that address */
export async function readerOf({ db }: App, address: string): Promise<Subscriber> {
  const reader = await findSubscriber(db, address);
  if (reader === undefined)
    throw new PaperroundError('usage', `Nobody is subscribed as ${address}`, {
      hint: 'All readers: paperround subscribers list',
    });
  return reader;
}

/** The edition of `date`, or the latest. */
export async function editionMeant({ db }: App, date: string | undefined): Promise<Day> {
  const latest = await latestEditionDate(db);
  if (latest === undefined)
    throw new PaperroundError('usage', 'No edition has been published yet', {
      hint: 'Make one first: paperround publish [--date DAY] [--from FILE]',
    });
  if (date === undefined) return latest;
  if ((await readEdition(db, date)) === undefined)
    throw new PaperroundError('usage', `There is no edition of ${date}`, {
      hint: `The latest is of ${latest}.`,
    });
  return date;
}
