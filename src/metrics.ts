// What Prometheus is told: how the installation stands, by the database, and what this process has done.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { App } from './app.ts';
import { countBounces } from './delivery/bounces/list.ts';
import { countClaimable } from './delivery/claim.ts';
import type { SendRequest } from './delivery/deliver.ts';
import { countDeliveries } from './delivery/ledger.ts';
import { LOOK_BACK_DAYS } from './delivery/plan.ts';
import { countDue } from './delivery/reader-pages.ts';
import { findStop } from './delivery/stop.ts';
import { latestEditionDate } from './editions/edition.ts';
import { lastCollections } from './papers/collections.ts';
import { instantText, shiftDay } from './store/schema.ts';
import { countSubscribers } from './subscribers/subscriber.ts';

/** The figures of a process, and what it is told as it works. */
export interface Metrics {
  /** In the text format of Prometheus. The database is asked at most once in half a minute. */
  text(): Promise<string>;
  contentType: string;
  onAttempt: NonNullable<SendRequest['onAttempt']>;
  /** A beat began, so many seconds after its time. */
  onBeat(lagSeconds: number): void;
  onJob(status: number): void;
}

const FRESH_SECONDS = 30;

/** Opens the figures. Each process of an installation has its own, and all tell the same of the database. */
export function openMetrics(app: App): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const attempts = new Counter({
    name: 'paperround_attempts_total',
    help: 'Attempts of this process to hand over a message, by what came of them.',
    labelNames: ['outcome'],
    registers,
  });
  const jobs = new Counter({
    name: 'paperround_jobs_total',
    help: "The day's jobs of this process, by exit status: 0 good, 1 failed, 3 something was not sent.",
    labelNames: ['status'],
    registers,
  });
  // Before the first beat there is none to tell of; a zero would read as one of 1970.
  let beats: { last: Gauge; lag: Gauge } | undefined;
  const refresh = storeGauges(app, registers);
  let asked: Promise<void> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    contentType: registry.contentType,
    async text() {
      const now = app.clock().epochMilliseconds;
      if (asked === undefined || now - askedAt >= FRESH_SECONDS * 1000) {
        askedAt = now;
        asked = refresh();
        asked.catch(() => {
          asked = undefined;
        });
      }
      await asked;
      return registry.metrics();
    },
    onAttempt: (_delivery, outcome) => attempts.inc({ outcome }),
    onBeat(lagSeconds) {
      beats ??= {
        last: gauge(registers, 'paperround_last_beat_timestamp_seconds', 'When the last beat began.'),
        lag: gauge(registers, 'paperround_beat_lag_seconds', 'How long after its time the last beat began.'),
      };
      beats.last.set(app.clock().epochMilliseconds / 1000);
      beats.lag.set(lagSeconds);
    },
    onJob: status => jobs.inc({ status: String(status) }),
  };
}

const gauge = (registers: Registry[], name: string, help: string, labelNames: string[] = []) =>
  new Gauge({ name, help, labelNames, registers });

/** What the database tells. @returns what asks it anew */
function storeGauges({ db, clock, settings }: App, registers: Registry[]): () => Promise<void> {
  const of = (name: string, help: string, ...labels: string[]) =>
    gauge(registers, `paperround_${name}`, help, labels);
  const edition = of('edition_timestamp_seconds', 'Midnight (UTC) of the day of the latest edition.');
  const deliveries = of('deliveries', 'Deliveries of the latest edition, by state.', 'state');
  const claimable = of('claimable', 'Deliveries that could be handed over now.');
  const paused = of('edition_paused', '1 where the latest edition is paused or cancelled.');
  const subscribers = of('subscribers', 'Readers, by status.', 'status');
  const due = of('due', 'Readers whose hour has come and who have not been planned.');
  const bounces = of('bounces_day', 'Bounces that were stored in the last 24 hours, by kind.', 'kind');
  const asked = of('source_asked_timestamp_seconds', 'When a source was last asked.', 'source');
  const good = of('source_ok', '1 where the last answer of a source was ok or quiet.', 'source');
  return async () => {
    const now = clock();
    for (const [status, n] of Object.entries(await countSubscribers(db))) subscribers.set({ status }, n);
    due.set((await countDue(db, clock)).now);
    for (const { source, at, outcome } of await lastCollections(db)) {
      asked.set({ source }, Date.parse(at) / 1000);
      good.set({ source }, outcome === 'ok' || outcome === 'quiet' ? 1 : 0);
    }
    const kinds = await countBounces(db, instantText(now.subtract({ hours: 24 })));
    for (const [kind, n] of Object.entries(kinds)) bounces.set({ kind }, n);
    const latest = await latestEditionDate(db);
    if (latest === undefined) return;
    edition.set(Date.parse(latest) / 1000);
    for (const [state, n] of Object.entries(await countDeliveries(db, latest))) deliveries.set({ state }, n);
    paused.set((await findStop(db, latest)) === null ? 0 : 1);
    const span = { from: shiftDay(latest, -LOOK_BACK_DAYS), through: latest };
    claimable.set(await countClaimable(db, { ...span, resend: settings.onUnknown === 'resend' }, clock));
  };
}
