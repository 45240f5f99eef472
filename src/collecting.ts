// The first step of the day's job: asks the sources, and asks those again that are late.
import type { App } from './app.ts';
import type { Facts } from './log.ts';
import { collect } from './papers/collect.ts';
import type { Collection } from './papers/collections.ts';
import type { Source } from './papers/sources/source.ts';
import { collectionLine, counted, giveUpAt } from './report.ts';
import type { Day } from './store/schema.ts';

/** Called after each step, with one line that says what came of it, and the same for machines. */
export type OnStep = (line: string, failed: boolean, facts?: Facts) => void;

/** How sources are asked. */
export interface Asking {
  onStep: OnStep;
  signal?: AbortSignal | undefined;
  /** Asks again, until the hour at which to give up, sources whose papers are still to come. */
  patient?: boolean;
  /** Waits so many milliseconds, less when `signal` is aborted. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Asks every configured source for the papers of `date`, once. */
export async function collectAll(app: App, date: Day, signal?: AbortSignal): Promise<Collection[]> {
  return ask(app, await app.sources(), date, signal);
}

function ask({ db, clock, settings }: App, sources: readonly Source[], day: Day, signal?: AbortSignal) {
  return collect(db, sources, { day, zone: settings.timeZone, clock, signal });
}

/** In milliseconds. Nobody waits for the papers of next month. */
const DAY = 24 * 60 * 60_000;

/** A source that fails is asked so often; an edition is not held up for the rest of the morning by a dead feed. */
const MOST_FAILURES = 4;

/**
 * Asks the sources and, when told to be patient, asks those again that are late, until all have answered or the hour to
 * give up has come. What has been told is stored either way.
 * @returns the last word of each source, in the order of the configuration
 */
export async function collectPatiently(app: App, date: Day, options: Asking): Promise<Collection[]> {
  const { onStep, signal, patient = false, wait = pause } = options;
  const sources = await app.sources();
  const words = new Map<string, Collection>();
  const failures = new Map<string, number>();
  let late = sources;
  for (let times = 1; ; times++) {
    for (const collection of await ask(app, late, date, signal)) {
      words.set(collection.name, collection);
      if (collection.outcome === 'failed')
        failures.set(collection.name, (failures.get(collection.name) ?? 0) + 1);
      const { name, outcome, fetched, new: found } = collection;
      const facts = { step: 'collect', source: name, outcome, fetched, new: found };
      onStep(`collect: ${collectionLine(collection)}`, isLoud(collection), facts);
    }
    late = late.filter(({ name }) => isLate(words.get(name), failures.get(name) ?? 0));
    if (!patient || late.length === 0 || signal?.aborted) break;
    const left = giveUpAt(app, date).epochMilliseconds - app.clock().epochMilliseconds;
    const names = late.map(({ name }) => name).join(', ');
    if (left <= 0 || left > DAY) {
      const when = times > 1 ? `gave up on ${names} at` : `not asking ${names} again: it is not before`;
      onStep(`collect: ${when} ${app.settings.giveUpAt}`, true);
      break;
    }
    const minutes = Math.min(app.settings.askAgainMinutes, Math.ceil(left / 60_000));
    onStep(
      `collect: asking ${names} again in ${counted(minutes, 'minute')}, until ${app.settings.giveUpAt}`,
      false,
    );
    await wait(minutes * 60_000, signal);
    if (signal?.aborted) break;
  }
  return sources.flatMap(({ name }) => words.get(name) ?? []);
}

const isLate = (word: Collection | undefined, failures: number) =>
  word?.outcome === 'not-yet' ||
  word?.outcome === 'stale' ||
  (word?.outcome === 'failed' && failures < MOST_FAILURES);

const isLoud = ({ outcome }: Collection) => outcome === 'failed' || outcome === 'stale';

const pause = (ms: number, signal?: AbortSignal) =>
  new Promise<void>(resolve => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
