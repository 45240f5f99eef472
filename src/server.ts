// `serve`: the roles of a process. A scheduler's beats put tasks into the queue, workers do them, and the readers' pages.
import { type App, isOnServer, openQueue, recordingOf } from './app.ts';
import { type Beats, startBeats } from './fleet/beats.ts';
import { type Bench, perform } from './fleet/perform.ts';
import { within } from './fleet/queue.ts';
import { checkRoles, ROLES, type Role } from './fleet/roles.ts';
import { tellOfMorning } from './good-morning.ts';
import { openHealth } from './health.ts';
import { attemptsIn, type Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { exitStatusOf } from './report.ts';
import { aborted, type Listening, listen } from './web/listen.ts';
import { readersPages } from './web/web.ts';
import type { WebhookParts } from './web/webhooks.ts';
import { readUrl } from './web/webhooks-sns.ts';

/** What the daemon is given: where its lines go, and the signal that stops it. */
export interface ServeRequest {
  log: Log;
  signal: AbortSignal;
  roles: ReadonlySet<Role>;
  /** Where to listen; undefined: the readers' pages are not served. */
  port: number | undefined;
}

/** What is being handed over has 30 seconds to be finished; what has not ended after these is left to its lease. */
const STOP_MS = 40_000;

/** What the parts of a process have in common. `opened` is closed at the end, last first. */
interface Process {
  app: App;
  log: Log;
  signal: AbortSignal;
  metrics: Metrics;
  opened: (() => Promise<unknown>)[];
}

/**
 * Runs until `signal` is aborted; then no new claim is made, what is being handed over is finished, and it returns, within
 * bounded time whatever hangs.
 * @throws PaperroundError `config` where the database is a file and the roles need other processes
 */
export async function serveUntilStopped(app: App, { log, signal, roles, port }: ServeRequest): Promise<void> {
  checkRoles(roles, isOnServer(app.settings));
  let beats: Beats | undefined;
  const { metrics, listening } = await openHealth(app, () => beats?.due() ?? null);
  const process: Process = { app, log, signal, metrics, opened: listening ? [listening.close] : [] };
  try {
    log.step(`serve: ${rolesLine(app, roles)}`);
    if (roles.has('web')) await openWeb(process, port);
    if (roles.has('scheduler')) await openDoors(process);
    if (roles.has('scheduler') || roles.has('worker')) beats = await openWork(process, roles);
    if (listening) log.step(`serve: figures and health on ${listening.url}`);
    await aborted(signal);
    log.step('serve: stopping');
  } finally {
    for (const close of process.opened.reverse()) await close();
  }
  log.step('serve: stopped');
}

/** "scheduler, worker and web, all in this process". */
function rolesLine({ settings }: App, roles: ReadonlySet<Role>): string {
  const own = ROLES.filter(role => roles.has(role));
  const names = own.length === 1 ? own[0] : `${own.slice(0, -1).join(', ')} and ${own.at(-1)}`;
  if (isOnServer(settings)) return `${names}; other processes on this database may share the work`;
  return `${names}${own.length === ROLES.length ? ', all' : ''} in this process`;
}

/** Opens the readers' pages, where they are wanted. */
async function openWeb({ app, log, opened }: Process, port: number | undefined): Promise<void> {
  const { sesTopic, postmarkSecret, sendgridKey, mailgunKey } = app.settings;
  if (port === undefined) {
    if ((sesTopic ?? postmarkSecret ?? sendgridKey ?? mailgunKey) !== undefined)
      log.step('bounces: webhooks are set, and no pages are served; set PUBLIC_URL', true);
    return;
  }
  const web = await openPages(app, port, log.step);
  opened.push(web.close);
  log.step(`serve: readers' pages on ${web.url}`);
}

/** Opens where reports of bounces come in by themselves, if that is set. */
async function openDoors({ app, log, signal, opened }: Process): Promise<void> {
  const { settings } = app;
  const { openDoors } = await import('./delivery/bounces/doors.ts');
  const address = settings.bounceListen === undefined ? null : (await app.desk()).sender.bounceAddress;
  const doors = await openDoors(recordingOf(app), settings, address, log.step, signal);
  opened.push(() => within(STOP_MS, doors.closed));
}

/** Opens the queue, and begins to put tasks into it, to do them, or both. */
async function openWork(process: Process, roles: ReadonlySet<Role>): Promise<Beats | undefined> {
  const { app, log, metrics, opened } = process;
  const onTrouble = (line: string) => log.step(line, true);
  const queue = await openQueue(app.settings, onTrouble);
  opened.push(() => queue.close(STOP_MS));
  if (roles.has('worker')) {
    const bench = benchOf(process, queue);
    await queue.work(task => perform(task, bench));
    if (queue.isShared) log.step('serve: takes tasks from the queue');
  }
  if (!roles.has('scheduler')) return undefined;
  const beats = await startBeats(app, queue, { onTrouble, onBeat: metrics.onBeat });
  opened.push(beats.stop);
  const { cron, timeZone } = app.settings;
  log.step(`serve: cron "${cron}" in ${timeZone}; next run ${beats.next()?.toISOString() ?? 'never'}`);
  return beats;
}

function benchOf({ app, log, signal, metrics }: Process, queue: Bench['queue']): Bench {
  const attempts = attemptsIn(log, app.db);
  let last: Promise<unknown> = Promise.resolve();
  return {
    app,
    queue,
    log,
    signal,
    inTurn(work) {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    },
    onAttempt(delivery, outcome) {
      metrics.onAttempt(delivery, outcome);
      attempts(delivery, outcome);
    },
    async onMorning(report) {
      metrics.onJob(exitStatusOf(app, report));
      await tellOfMorning(app, report, log);
    },
  };
}

async function openPages(app: App, port: number, log: WebhookParts['log']): Promise<Listening> {
  const { secret, masthead, templates } = await app.desk();
  const { publicUrl } = app.settings;
  const name = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  const webhooks = { ...app.settings, recording: recordingOf(app), read: readUrl, log };
  return listen(
    readersPages({ ...app, secret, masthead, templates, webhooks }),
    port,
    name,
    app.settings.listenHost,
  );
}
