// `serve`: the roles of a process. A scheduler's beats put tasks into the queue, workers do them, and the readers' pages.
import { type App, isOnServer, openQueue, recordingOf } from './app.ts';
import { openDoor } from './door.ts';
import { type Beats, nextByCron, startBeats } from './fleet/beats.ts';
import { perform } from './fleet/perform.ts';
import { type Queue, within } from './fleet/queue.ts';
import { checkRoles, ROLES, type Role } from './fleet/roles.ts';
import { openHealth } from './health.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { SignUps } from './web/forms.ts';
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

/** Beyond what is given to open messages; what has not ended after that is left to its lease. */
const MORE_MS = 10_000;
const stopMs = ({ settings }: App) => settings.drainSeconds * 1000 + MORE_MS;

type Say = Log['step'];

/**
 * Runs until `signal` is aborted; then no new claim is made, what is being handed over is finished, and it returns, within
 * bounded time whatever hangs.
 * @throws PaperroundError `config` where the database is a file and the roles need other processes
 */
export async function serveUntilStopped(app: App, { log, signal, roles, port }: ServeRequest): Promise<void> {
  checkRoles(roles, isOnServer(app.settings));
  const say: Say = log.step;
  const opened: (() => Promise<void>)[] = [];
  try {
    say(`serve: ${rolesLine(app, roles)}`);
    let beats: Beats | undefined;
    const { metrics, listening } = await openHealth(app, () => beats?.pulse() ?? null);
    if (listening) opened.push(listening.close);
    if (roles.has('web')) await openWeb(app, port, { say, signal, opened });
    if (roles.has('scheduler')) {
      const doors = await openReports(app, say, signal);
      opened.push(() => within(stopMs(app), doors.closed));
    }
    if (roles.has('scheduler') || roles.has('worker'))
      beats = await openWork(app, roles, { log, metrics, signal, opened });
    if (listening) say(`serve: figures and health on ${listening.url}`);
    await aborted(signal);
    say('serve: stopping');
  } finally {
    for (const close of opened.reverse()) await close();
  }
  say('serve: stopped');
}

/** "scheduler, worker and web, all in this process". */
function rolesLine({ settings }: App, roles: ReadonlySet<Role>): string {
  const own = ROLES.filter(role => roles.has(role));
  const names = own.length === 1 ? own[0] : `${own.slice(0, -1).join(', ')} and ${own.at(-1)}`;
  if (own.length === ROLES.length && !isOnServer(settings)) return `${names}, all in this process`;
  return `${names}; the database is ${isOnServer(settings) ? 'a server, and other processes may share the work' : 'a file'}`;
}

/** Opens the readers' pages, where there are any to be served. */
async function openWeb(
  app: App,
  port: number | undefined,
  { say, signal, opened }: { say: Say; signal: AbortSignal; opened: (() => Promise<void>)[] },
): Promise<void> {
  const { sesTopic, postmarkSecret, sendgridKey, mailgunKey, publicUrl, trustedProxies } = app.settings;
  if (port === undefined) {
    if ((sesTopic ?? postmarkSecret ?? sendgridKey ?? mailgunKey) !== undefined)
      say('bounces: webhooks are set, and no pages are served; set PUBLIC_URL', true);
    return;
  }
  const door = openDoor(app, say, signal);
  opened.push(door.close);
  const web = await openPages(app, port, say, door.signUps);
  opened.push(web.close);
  say(`serve: readers' pages on ${web.url}`);
  if (publicUrl?.startsWith('https:') && trustedProxies === 0)
    say(
      'serve: TRUSTED_PROXIES is 0: behind a web server all visitors look the same, and sign-ups are limited all together',
    );
}

/** What tells of the work, and what ends it. */
interface Work {
  log: Log;
  metrics: Metrics;
  signal: AbortSignal;
}

/** Opens the queue, and begins to put tasks into it, to do them, or both. */
async function openWork(
  app: App,
  roles: ReadonlySet<Role>,
  { opened, ...work }: Work & { opened: (() => Promise<void>)[] },
): Promise<Beats | undefined> {
  const { log, metrics } = work;
  const trouble = (line: string) => log.step(line, true);
  const queue = await openQueue(app.settings, trouble);
  opened.push(() => queue.close(stopMs(app)));
  if (roles.has('worker')) await startWork(app, queue, work);
  if (!roles.has('scheduler')) return undefined;
  const beats = await startBeats(app, queue, trouble, metrics.onBeat);
  opened.push(beats.stop);
  const { cron, timeZone } = app.settings;
  log.step(`serve: cron "${cron}" in ${timeZone}; next run ${beats.next()?.toISOString() ?? 'never'}`);
  return beats;
}

async function startWork(app: App, queue: Queue, work: Work): Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  const nextEdition = nextByCron(app.settings);
  await queue.work(task => perform(task, { app, queue, inTurn, nextEdition, ...work }));
  if (queue.isShared) work.log.step('serve: takes tasks from the queue');
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
  signUps: SignUps,
): Promise<Listening> {
  const desk = await app.desk();
  const { publicUrl } = app.settings;
  const name = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  const webhooks = { ...app.settings, recording: recordingOf(app), read: readUrl, log };
  return listen(
    readersPages({ ...app, ...desk, signUps, webhooks, log }),
    port,
    name,
    app.settings.listenHost,
  );
}
