// Whether a process of `serve` can work: its database answers and has this program's schema, and its beat comes when it should.
import type { App } from './app.ts';
import { reasonOf } from './errors.ts';
import { type Metrics, openMetrics } from './metrics.ts';
import { readListen } from './setting.ts';
import { migrationsPending } from './store/migrate.ts';
import { ANY_NAME, type Listening, listen } from './web/listen.ts';
import { operationsPages } from './web/operations.ts';

/** When the scheduler of this process was to beat next, as it said after the last beat; null: while one is under way. */
type Pulse = () => Date | null;

/** A beat that is late by more means that the scheduler stands still. */
const LATE_SECONDS = 120;
const ANSWER_MS = 5_000;

/** What is wrong with this process; nothing: it is ready. */
async function troublesOf({ db, clock }: App, pulse: Pulse): Promise<string[]> {
  const troubles: string[] = [];
  try {
    const pending = await withinTime(migrationsPending(db));
    if (pending.length > 0) troubles.push(`the database lacks ${pending.join(', ')}`);
  } catch (error) {
    troubles.push(`the database does not answer: ${reasonOf(error)}`);
  }
  const due = pulse();
  const late = due === null ? 0 : (clock().epochMilliseconds - due.getTime()) / 1000;
  if (late > LATE_SECONDS) troubles.push(`the beat of ${due?.toISOString()} has not come`);
  return troubles;
}

function withinTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer in ${ANSWER_MS / 1000} seconds`)), ANSWER_MS);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** The figures of a process, and where they are served; `listening` is undefined where METRICS_LISTEN is not set. */
export async function openHealth(
  app: App,
  pulse: Pulse,
): Promise<{ metrics: Metrics; listening: Listening | undefined }> {
  const metrics = openMetrics(app);
  const where = readListen(app.settings.metricsListen ?? '');
  if (where === undefined) return { metrics, listening: undefined };
  const pages = operationsPages({ metrics, troubles: () => troublesOf(app, pulse) });
  return { metrics, listening: await listen(pages, where.port, ANY_NAME, where.host, 'METRICS_LISTEN') };
}
