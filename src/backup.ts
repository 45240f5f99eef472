// A backup: all that is stored, and the secret of the readers' links, in one SQLite file; and the way back from it.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { type App, databasePath, isOnServer, openApp, openStore } from './app.ts';
import type { Settings } from './config.ts';
import { holdRestored } from './delivery/restored.ts';
import { keysOf } from './desk.ts';
import { PaperroundError, reasonOf } from './errors.ts';
import { makePrivateFolder } from './folder.ts';
import { indexAll } from './papers/search-index.ts';
import { moveStore } from './store/move.ts';
import { type Clock, type Day, type Db, type Instant, instantText, transact } from './store/schema.ts';

/** What a backup holds, and when it was made. */
export interface Holds {
  madeAt: Instant;
  readers: number;
  editions: number;
  deliveries: number;
  /** The date of the latest edition. */
  latest: Day | null;
}

/** What became of a restore: what it held, and the deliveries that nobody can be sure of. */
export interface Restored extends Holds {
  database: string;
  /** Editions that were paused, and how many of their deliveries may have been sent after the backup. */
  paused: Day[];
  uncertain: number;
}

/**
 * Copies the database as it stands at one instant (VACUUM INTO reads one snapshot, and so does moving from a server;
 * others go on writing), adds the secret in a table of its own, looks the copy over, and gives it its name only then.
 * @throws PaperroundError `usage` where the file is there; `storage` where it cannot be written
 */
export async function makeBackup(app: App, file: string): Promise<Holds> {
  const { settings } = app;
  if (existsSync(file))
    throw new PaperroundError('usage', `${file} is there already; a backup never replaces another`, {
      hint: 'Give another name, for example one with the date: backup-$(date +%F).db',
    });
  const part = `${file}.part`;
  try {
    // Nobody else may read it, from its first byte on: it holds addresses, and what signs the readers' links.
    rmSync(part, { force: true });
    closeSync(openSync(part, 'wx', 0o600));
    const holds = isOnServer(settings) ? await fromServer(app, part) : await fromFile(app, part);
    sync(part);
    renameSync(part, file);
    return holds;
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof PaperroundError) throw error;
    throw new PaperroundError('storage', `The backup ${file} cannot be written: ${reasonOf(error)}`, {
      hint: 'Give a file in a folder that this user may write to, on a disk with room for the whole database.',
      cause: error,
    });
  }
}

/** The copy is attached, so that no second connection is needed. */
async function fromFile({ db, settings, clock }: App, part: string): Promise<Holds> {
  await sql`vacuum into ${part}`.execute(db);
  await sql`attach database ${part} as copy`.execute(db);
  try {
    return await seal(db, 'copy', keysOf(settings).secret, clock);
  } finally {
    await sql`detach database copy`.execute(db);
  }
}

async function fromServer({ db, settings, clock }: App, part: string): Promise<Holds> {
  const { db: copy } = await openStore({ ...settings, databaseUrl: `sqlite:${part}` }, clock);
  try {
    await moveStore(db, copy, { index: indexAll });
    return await seal(copy, 'main', keysOf(settings).secret, clock);
  } finally {
    await copy.destroy();
  }
}

/** Adds the secret to the copy, and looks it over. */
async function seal(db: Db, schema: 'copy' | 'main', secret: string, clock: Clock): Promise<Holds> {
  const of = sql.raw(schema);
  await sql`create table ${of}.backup (secret text not null, made_at text not null)`.execute(db);
  await sql`insert into ${of}.backup values (${secret}, ${instantText(clock())})`.execute(db);
  const { rows } = await sql<{ quick_check: string }>`pragma ${of}.quick_check(3)`.execute(db);
  if (rows[0]?.quick_check !== 'ok')
    throw new PaperroundError('storage', 'The copy is damaged, and so is what it was made of', {
      details: rows.map(row => row.quick_check),
      hint: 'Look at "paperround doctor", and keep your last good backup.',
    });
  return holdsOf(db, schema);
}

async function holdsOf(db: Db, schema: 'copy' | 'main'): Promise<Holds> {
  const of = (table: string) => sql.raw(`${schema}.${table}`);
  const { rows } = await sql<Holds>`select
    (select made_at from ${of('backup')}) as "madeAt", (select count(*) from ${of('subscriber')}) as readers,
    (select count(*) from ${of('edition')}) as editions, (select count(*) from ${of('delivery')}) as deliveries,
    (select max(date) from ${of('edition')}) as latest`.execute(db);
  return rows[0] as Holds;
}

/** On the disk, not only in its cache. */
function sync(path: string): void {
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** The first bytes of every SQLite file (https://sqlite.org/fileformat.html). */
const MAGIC = 'SQLite format 3\0';

/**
 * Brings an installation back, where there is none. It takes its place under its own name only when all is done.
 * What was sent after the backup is not in it: unless `exact` says that nothing was, the editions that could be sent again
 * are paused, and what was open is `unknown`.
 * @throws PaperroundError `usage` or `input`, with nothing changed
 */
export async function restoreBackup(
  settings: Settings,
  file: string,
  { exact, warn }: { exact: boolean; warn: (line: string) => void },
): Promise<Restored> {
  const onServer = isOnServer(settings);
  const database = onServer ? join(settings.dataDir, 'restored.db') : databasePath(settings);
  if (!onServer && existsSync(database))
    throw new PaperroundError('usage', `There is an installation already: ${database}`, {
      hint: `Move that file (and those beside it that end in -wal and -shm, and the file "secret") away first, or give another place: ${settings.databaseUrl === undefined ? '' : 'DATABASE_URL=sqlite:./restored/paperround.db '}DATA_DIR=./restored paperround restore FILE`,
    });
  if (readStart(file) !== MAGIC)
    throw new PaperroundError('input', `${file} is not a backup: it is no SQLite file`);
  const part = `${database}.restoring`;
  try {
    makePrivateFolder(dirname(database));
    for (const end of ['', '-wal', '-shm']) rmSync(`${part}${end}`, { force: true });
    copyFileSync(file, part);
    chmodSync(part, 0o600);
    const app = await openApp({ ...settings, databaseUrl: `sqlite:${part}` }, undefined, warn);
    const restored = await settleIn(app, file, exact, onServer ? settings : null).finally(app.close);
    if (onServer) {
      rmSync(part);
      return { database: 'the database of DATABASE_URL', ...restored };
    }
    sync(part);
    renameSync(part, database);
    return { database, ...restored };
  } catch (error) {
    for (const end of ['', '-wal', '-shm']) rmSync(`${part}${end}`, { force: true });
    if (error instanceof PaperroundError) throw error;
    throw new PaperroundError('storage', `${file} cannot be restored: ${reasonOf(error)}`, { cause: error });
  }
}

/** Settles what was restored, and moves it to the server of `to`, if there is one. */
async function settleIn(app: App, file: string, exact: boolean, to: Settings | null) {
  const restored = await settle(app, file, exact);
  if (to === null) return restored;
  const { db: server } = await openStore(to);
  await moveStore(app.db, server, { index: indexAll }).finally(() => server.destroy());
  return restored;
}

async function settle({ db, settings, clock }: App, file: string, exact: boolean) {
  const { rows } = await sql<{ secret: string }>`select secret from backup`.execute(db).catch(() => {
    throw new PaperroundError('input', `${file} is a copy of a database, but not one that backup made`, {
      hint: 'Without its secret, the links in old mails do not work. Put it in place yourself, with the file "secret" of its data folder.',
    });
  });
  keepSecret(settings, rows[0]?.secret ?? '');
  return transact(db, async tx => {
    const holds = await holdsOf(tx, 'main');
    await sql`drop table backup`.execute(tx);
    const why = `restored from a backup of ${holds.madeAt}; what was sent after it is not known`;
    return { ...holds, ...(exact ? { paused: [], uncertain: 0 } : await holdRestored(tx, why, clock)) };
  });
}

/** The secret of the backup becomes that of the installation, unless another one is set or kept there. */
function keepSecret({ secret: set, oldSecrets, dataDir }: Settings, secret: string): void {
  const path = join(dataDir, 'secret');
  const [kept, where] = set !== undefined ? [set, 'PAPERROUND_SECRET'] : [readIfThere(path), path];
  if (kept === undefined) writeFileSync(path, `${secret}\n`, { flag: 'wx', mode: 0o600 });
  else if (kept !== secret && !oldSecrets.includes(secret))
    throw new PaperroundError('usage', `The backup has another secret than ${where}`, {
      hint: 'With that one alone, no link in an old mail would work. Take it away, or name the other one in PAPERROUND_OLD_SECRETS, and restore again.',
    });
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function readStart(file: string): string {
  try {
    return readFileSync(file).toString('latin1', 0, MAGIC.length);
  } catch (error) {
    throw new PaperroundError('input', `${file} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}
