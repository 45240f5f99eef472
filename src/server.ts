// `serve`: node-cron's heartbeat runs the day's job, one at a time, until it is asked to stop; and the readers' pages.
import { schedule } from 'node-cron';
import type { App } from './app.ts';
import { reasonOf } from './errors.ts';
import { runJob } from './job.ts';
import { instantText } from './store/schema.ts';
import { aborted, type Listening, listen } from './web/listen.ts';
import { readersPages } from './web/web.ts';

/** What the daemon is given: where its lines go, and the signal that stops it. */
export interface ServeRequest {
  log: (line: string, failed: boolean) => void;
  signal: AbortSignal;
  /** Where to listen; undefined: the readers' pages are not served. */
  port: number | undefined;
}

/** Runs until `signal` is aborted; then no new claim is made, what is being handed over is finished, and it returns. */
export async function serveUntilStopped(app: App, { log, signal, port }: ServeRequest): Promise<void> {
  const stamped = (line: string, failed = false) => log(`${instantText(app.clock())} ${line}`, failed);
  const web = port === undefined ? undefined : await openPages(app, port);
  let running: Promise<unknown> = Promise.resolve();
  const beat = async () => {
    try {
      await runJob(app, app.today(), { onStep: stamped, signal, patient: true });
    } catch (error) {
      stamped(`job: failed: ${reasonOf(error)}`, true);
    }
  };
  const { cron, timeZone } = app.settings;
  const task = schedule(
    cron,
    () => {
      running = beat();
      return running;
    },
    { timezone: timeZone, noOverlap: true, name: 'paperround' },
  );
  stamped(`serve: cron "${cron}" in ${timeZone}; next run ${task.getNextRun()?.toISOString() ?? 'never'}`);
  if (web) stamped(`serve: readers' pages on ${web.url}`);
  await aborted(signal);
  stamped('serve: stopping');
  await task.destroy();
  await running;
  await web?.close();
  stamped('serve: stopped');
}

async function openPages(app: App, port: number): Promise<Listening> {
  const { secret, masthead, templates } = await app.desk();
  const { publicUrl } = app.settings;
  const name = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  return listen(readersPages({ ...app, secret, masthead, templates }), port, name);
}
