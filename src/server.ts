// `serve`: node-cron's heartbeat runs the day's job, one at a time, until it is asked to stop; and the readers' pages.
import { schedule } from 'node-cron';
import { type App, recordingOf } from './app.ts';
import { openDoor } from './door.ts';
import { reasonOf } from './errors.ts';
import { tellOfMorning } from './good-morning.ts';
import { openHealth } from './health.ts';
import { runJob } from './job.ts';
import { attemptsIn, type Log } from './log.ts';
import { exitStatusOf } from './report.ts';
import type { SignUps } from './web/forms.ts';
import { aborted, type Listening, listen } from './web/listen.ts';
import { readersPages } from './web/web.ts';
import type { WebhookParts } from './web/webhooks.ts';
import { readUrl } from './web/webhooks-sns.ts';

/** What the daemon is given: where its lines go, and the signal that stops it. */
export interface ServeRequest {
  log: Log;
  signal: AbortSignal;
  /** Where to listen; undefined: the readers' pages are not served. */
  port: number | undefined;
}

/** Runs until `signal` is aborted; then no new claim is made, what is being handed over is finished, and it returns. */
export async function serveUntilStopped(app: App, { log, signal, port }: ServeRequest): Promise<void> {
  const stamped = log.step;
  let due: Date | null = null;
  const { metrics, listening } = await openHealth(app, () => due);
  const door = port === undefined ? undefined : openDoor(app, stamped, signal);
  const web = port === undefined ? undefined : await openPages(app, port, stamped, door?.signUps);
  const { sesTopic, postmarkSecret, sendgridKey, mailgunKey } = app.settings;
  if (web === undefined && (sesTopic ?? postmarkSecret ?? sendgridKey ?? mailgunKey) !== undefined)
    stamped('bounces: webhooks are set, and no pages are served; set PUBLIC_URL', true);
  const doors = await openReports(app, stamped, signal).catch(async error => {
    await web?.close();
    throw error;
  });
  let running: Promise<unknown> = Promise.resolve();
  const attempts = attemptsIn(log, app.db);
  const beat = async (at: Date) => {
    due = null;
    metrics.onBeat(Math.max(0, (app.clock().epochMilliseconds - at.getTime()) / 1000));
    try {
      const report = await runJob(app, app.today(), {
        onStep: stamped,
        signal,
        patient: true,
        onAttempt(delivery, outcome) {
          metrics.onAttempt(delivery, outcome);
          attempts(delivery, outcome);
        },
      });
      metrics.onJob(exitStatusOf(app, report));
      await tellOfMorning(app, report, log);
    } catch (error) {
      stamped(`job: failed: ${reasonOf(error)}`, true);
    } finally {
      due = task.getNextRun();
    }
  };
  const { cron, timeZone } = app.settings;
  const task = schedule(
    cron,
    ({ date }) => {
      running = beat(date);
      return running;
    },
    { timezone: timeZone, noOverlap: true, name: 'paperround' },
  );
  due = task.getNextRun();
  stamped(`serve: cron "${cron}" in ${timeZone}; next run ${task.getNextRun()?.toISOString() ?? 'never'}`);
  if (web) stamped(`serve: readers' pages on ${web.url}`);
  if (web && app.settings.publicUrl?.startsWith('https:') && app.settings.trustedProxies === 0)
    stamped(
      'serve: TRUSTED_PROXIES is 0: behind a web server all visitors look the same, and sign-ups are limited all together',
    );
  if (listening) stamped(`serve: figures and health on ${listening.url}`);
  await aborted(signal);
  stamped('serve: stopping');
  await task.destroy();
  await running;
  await doors.closed;
  await web?.close();
  await door?.close();
  await listening?.close();
  stamped('serve: stopped');
}

/** Where reports of bounces come in by themselves, if that is set. */
async function openReports(app: App, log: WebhookParts['log'], signal: AbortSignal) {
  const { settings } = app;
  const { openDoors } = await import('./delivery/bounces/doors.ts');
  const address = settings.bounceListen === undefined ? null : (await app.desk()).sender.bounceAddress;
  return openDoors(recordingOf(app), settings, address, log, signal);
}

async function openPages(
  app: App,
  port: number,
  log: WebhookParts['log'],
  signUps: SignUps | undefined,
): Promise<Listening> {
  const desk = await app.desk();
  const { publicUrl } = app.settings;
  const name = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  const webhooks = { ...app.settings, recording: recordingOf(app), read: readUrl, log };
  return listen(readersPages({ ...app, ...desk, signUps, webhooks }), port, name, app.settings.listenHost);
}
