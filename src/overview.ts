// How an installation stands, gathered for `status`: what was, what is open, what comes next.
import { existsSync, statfsSync, statSync } from 'node:fs';
import { createTask } from 'node-cron';
import { type App, databasePath, isOnServer } from './app.ts';
import { heldDomains } from './delivery/bounces/held.ts';
import { countBounces } from './delivery/bounces/list.ts';
import { countDeliveries } from './delivery/ledger.ts';
import { countDue } from './delivery/reader-pages.ts';
import { countOpen, readPace, topReasons } from './delivery/standing.ts';
import { findStop } from './delivery/stop.ts';
import { latestEditionDate, papersOf, readEdition } from './editions/edition.ts';
import { readMorning } from './editions/morning.ts';
import { lastCollections } from './papers/collections.ts';
import { countPapers } from './papers/stored-papers.ts';
import { type Day, type Instant, instantText } from './store/schema.ts';
import { countSubscribers } from './subscribers/subscriber.ts';

/** How many of the most frequent answers are told. */
const MOST_REASONS = 3;

/** Everything that `status` tells of the store and the machine. */
export type Overview = Awaited<ReturnType<typeof overviewOf>>;

/** Reads how an installation stands. Nothing is asked that is not on this machine or in its database. */
export async function overviewOf(app: App) {
  const { db, clock } = app;
  const date = await latestEditionDate(db);
  const { stored: papers, waiting } = await countPapers(db);
  return {
    now: instantText(clock()),
    edition: date === undefined ? null : await editionOf(app, date),
    subscribers: await countSubscribers(db),
    bouncesWeek: await countBounces(db, instantText(clock().subtract({ hours: 7 * 24 }))),
    heldBounces: await heldDomains(db),
    pace: await readPace(db, clock),
    papers,
    waiting,
    sources: await lastCollections(db),
    due: await countDue(db, clock),
    nextRun: nextRunOf(app),
    disk: diskOf(app),
  };
}

async function editionOf({ db, clock }: App, date: Day) {
  const edition = await readEdition(db, date);
  const row = await db
    .selectFrom('edition')
    .select('published_at')
    .where('date', '=', date)
    .executeTakeFirst();
  return {
    date,
    publishedAt: row?.published_at ?? null,
    papers: edition === undefined ? 0 : papersOf(edition).length,
    themes: edition?.themes.length ?? 0,
    deliveries: await countDeliveries(db, date),
    open: await countOpen(db, date, clock),
    stop: await findStop(db, date),
    refused: await topReasons(db, date, 'refused', MOST_REASONS),
    deferred: await topReasons(db, date, 'deferred', MOST_REASONS),
    ...(await readMorning(db, date)),
  };
}

/** When `serve` runs the day's job next, if it runs. */
function nextRunOf({ settings: { cron, timeZone } }: App): Instant | null {
  const [next = null] = createTask(cron, () => {}, { timezone: timeZone }).getNextRuns(1);
  return next === null ? null : instantText(Temporal.Instant.fromEpochMilliseconds(next.getTime()));
}

/** In bytes: what is free where the data folder is, and the size of the database where it is a file. */
function diskOf({ settings }: App): { free: number; database: number | null } {
  const folder = existsSync(settings.dataDir) ? settings.dataDir : '.';
  const { bavail, bsize } = statfsSync(folder);
  return {
    free: bavail * bsize,
    database: isOnServer(settings) ? null : statSync(databasePath(settings)).size,
  };
}
