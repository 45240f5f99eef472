// Opens an installation: the only file that names adapters. Whatever is opened is closed in one place.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './config.ts';
import type { Recording } from './delivery/bounces/record.ts';
import type { Mailer } from './delivery/mailer/mailer.ts';
import { outboxMailer } from './delivery/mailer/outbox.ts';
import type { Relay } from './delivery/mailer/relay-url.ts';
import type { Desk } from './delivery/write.ts';
import { keysOf, openDesk } from './desk.ts';
import type { Press } from './editions/publish.ts';
import { reasonOf } from './errors.ts';
import { ownQueue, type Queue } from './fleet/queue.ts';
import type { Client } from './papers/client/client.ts';
import type { Source } from './papers/sources/source.ts';
import type { SourceSpec } from './papers/sources/spec.ts';
import { readMailbox } from './setting.ts';
import { migrate } from './store/migrate.ts';
import { type Clock, type Day, type Db, dayIn } from './store/schema.ts';
import { openSqlite } from './store/sqlite.ts';
import { openEmbedder, type Prepare } from './themes/embedder-module.ts';
import type { DayModel } from './themes/layout.ts';
import { openModelInUse } from './themes/model-in-use.ts';
import { defaultTaxonomy, readTaxonomy, type Theme } from './themes/taxonomy.ts';

/** An open installation. `desk` and `mailer` are opened by those who need them. */
export interface App {
  settings: Settings;
  db: Db;
  clock: Clock;
  themes: Theme[];
  press: Press;
  migrated: string[];
  today(): Day;
  /** The configured sources, opened. */
  sources(): Promise<Source[]>;
  /** What asks the web: one polite client for all sources. */
  client(): Promise<Client>;
  desk(): Promise<Desk>;
  mailer(): Promise<Mailer>;
  close(): Promise<void>;
}

const realClock: Clock = () => Temporal.Now.instant();

/**
 * Opens the database (bringing its schema up to date), the themes and, when asked for, templates and mailer.
 * @param warn is told, in one line each, of what is wrong and does not stop anything
 * @throws PaperroundError when a part cannot be opened; parts that were opened before are closed
 */
export async function openApp(
  settings: Settings,
  clock: Clock = realClock,
  warn: (line: string) => void = () => {},
): Promise<App> {
  const { db, migrated } = await openStore(settings, clock);
  let mailer: Promise<Mailer> | undefined;
  let client: Promise<Client> | undefined;
  // The model is opened for every edition, and says the same each time.
  const told = new Set<string>();
  const warnOnce = (line: string) => {
    if (!told.has(line)) warn(line);
    told.add(line);
  };
  try {
    const themes =
      settings.taxonomy === undefined ? defaultTaxonomy() : await readTaxonomy(settings.taxonomy);
    const embed = openEmbedderOf(settings, themes);
    const app: App = {
      settings,
      db,
      clock,
      themes,
      migrated,
      press: { db, themes, model: papers => openDayModel(app, embed, papers, warn, warnOnce), clock },
      today: () => dayIn(settings.timeZone, clock()),
      sources: () => Promise.all(settings.sources.map(spec => openSource(spec, app))),
      client() {
        client ??= openWebClient(settings, db, clock);
        return client;
      },
      desk: () => openDesk(settings, warnOnce),
      mailer() {
        mailer ??= openMailer(settings, clock, warn);
        return mailer;
      },
      async close() {
        await (await mailer)?.close();
        await db.destroy();
      },
    };
    return app;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** The model in use, with the operator's embedder where there is one; a day whose embedder fails goes without it. */
async function openDayModel(
  { db, themes }: App,
  embed: Prepare | undefined,
  papers: Parameters<Press['model']>[0],
  warn: (line: string) => void,
  warnOnce: (line: string) => void,
): Promise<DayModel> {
  const model = await openModelInUse(db, themes, warnOnce);
  if (embed === undefined) return model;
  const day = (await papers?.()) ?? [];
  try {
    return await embed(model, day);
  } catch (error) {
    warn(`themes: this day goes without the embedder: ${reasonOf(error)}`);
    return model;
  }
}

/** What gets a model ready with the operator's embedder; undefined where none is set. */
export function openEmbedderOf(settings: Settings, themes: readonly Theme[]): Prepare | undefined {
  const { embedder, embedderSeconds } = settings;
  return embedder === undefined ? undefined : openEmbedder(embedder, embedderSeconds, themes);
}

/** Whether an installation has a store already; opening one makes it. A database server is taken to have one. */
export function hasStore(settings: Where): boolean {
  return isOnServer(settings) || existsSync(databasePath(settings));
}

/**
 * Opens a database, and brings its schema up to date.
 * @returns the database, and the names of the migrations that ran now
 */
export async function openStore(where: Where, clock = realClock): Promise<{ db: Db; migrated: string[] }> {
  const db = await connect(where);
  try {
    return { db, migrated: await migrate(db, clock) };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** The client of PostgreSQL is loaded only where it is asked for. */
async function connect(settings: Where): Promise<Db> {
  if (!isOnServer(settings)) return openSqlite(databasePath(settings));
  const { openPostgres } = await import('./store/postgres.ts');
  return openPostgres(settings.databaseUrl);
}

/** The queue of tasks: of all processes on a database server, or of this one alone. */
export async function openQueue(settings: Settings, onTrouble: (line: string) => void): Promise<Queue> {
  if (!isOnServer(settings)) return ownQueue();
  return (await import('./fleet/boss.ts')).bossQueue(settings.databaseUrl, onTrouble);
}

/** What says where the database is. */
type Where = Pick<Settings, 'databaseUrl' | 'dataDir'>;

/** Whether the database is a server, which many machines can share. */
export function isOnServer(settings: Where): settings is Where & { databaseUrl: string } {
  return settings.databaseUrl?.startsWith('postgres') === true;
}

/** Where the database file of an installation is, if it is not on a server. */
export function databasePath(settings: Where): string {
  return settings.databaseUrl?.slice('sqlite:'.length) ?? join(settings.dataDir, 'paperround.db');
}

/** Opens a source; what it needs is loaded when it is. */
export async function openSource(spec: SourceSpec, app: Pick<App, 'settings' | 'client'>): Promise<Source> {
  if (spec.kind === 'file') return (await import('./papers/sources/file.ts')).fileSource(spec);
  const client = await app.client();
  if (spec.kind === 'feed') return (await import('./papers/sources/feed.ts')).feedSource(client, spec);
  if (spec.kind === 'huggingface')
    return (await import('./papers/sources/daily-papers.ts')).dailyPapersSource(client, spec.base);
  const { arxivCalendar } = await import('./papers/arxiv-calendar.ts');
  const calendar = arxivCalendar(app.settings.arxivHolidays);
  if (spec.kind === 'arxiv-rss')
    return (await import('./papers/sources/arxiv-feed.ts')).arxivFeedSource(client, calendar, spec);
  const { arxivApiSource } = await import('./papers/sources/arxiv-api.ts');
  return arxivApiSource(client, calendar, spec.query, spec.base);
}

async function openWebClient({ dataDir, ...settings }: Settings, db: Db, clock: Clock): Promise<Client> {
  const { openClient } = await import('./papers/client/client.ts');
  const { databaseLanes } = await import('./papers/client/lanes.ts');
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  // Those who are asked want to know whom to write to before they block.
  const sender = settings.mailFrom === undefined ? undefined : readMailbox(settings.mailFrom)?.address;
  const contact = settings.contact ?? settings.publicUrl ?? sender;
  return openClient({
    userAgent: `Paperround/${version}${contact === undefined ? '' : ` (+${asciiOnly(contact)})`}`,
    cacheFolder: join(dataDir, 'cache', 'http'),
    lanes: databaseLanes(db, clock),
    clock,
  });
}

/** Header fields hold printable ASCII (RFC 9110 §5.5). */
const asciiOnly = (text: string) => text.replace(/[^\x21-\x7e]/g, '');

/** The outbox, one mail server, or several that share the mails. */
async function openMailer(settings: Settings, clock: Clock, warn: (line: string) => void): Promise<Mailer> {
  const { smtpUrl, dataDir, connections } = settings;
  if (smtpUrl === undefined) return outboxMailer(join(dataDir, 'outbox'));
  const { openRelays } = await import('./delivery/mailer/relays.ts');
  return openRelays(smtpUrl, relay => openRelay(relay, settings, warn), { connections, clock, warn });
}

async function openRelay(
  relay: Relay,
  { connections, messagesPerConnection, smtpCa, dkimKey }: Settings,
  warn: (line: string) => void,
): Promise<Mailer> {
  if (relay.kind === 'ses') {
    if (dkimKey !== undefined)
      warn('DKIM: SES writes Message-ID and Date anew, which breaks signatures by DKIM_KEY: let SES sign');
    return (await import('./delivery/mailer/ses.ts')).sesMailer(relay, connections);
  }
  if (relay.kind === 'sendmail')
    return (await import('./delivery/mailer/sendmail.ts')).sendmailMailer(relay, connections);
  const { openSmtp } = await import('./delivery/mailer/smtp.ts');
  return openSmtp(relay, connections, { messagesPerConnection, caFile: smtpCa });
}

/** What this installation needs to write reports of bounces down. */
export const recordingOf = ({ db, clock, settings }: Pick<App, 'db' | 'clock' | 'settings'>): Recording => ({
  db,
  clock,
  policy: settings,
  ...keysOf(settings),
});
