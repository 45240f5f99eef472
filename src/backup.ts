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
import { join } from 'node:path';
import { sql } from 'kysely';
import { type App, databasePath, isOnServer, openApp } from './app.ts';
import type { Settings } from './config.ts';
import { holdRestored } from './delivery/restored.ts';
import { keysOf } from './desk.ts';
import { PaperroundError, reasonOf } from './errors.ts';
import { makeFolder } from './folder.ts';
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
 * Copies the database as it stands at one instant (VACUUM INTO reads one snapshot; others go on writing), adds the
 * secret in a table of its own, looks the copy over, and gives it its name only then.
 * @throws PaperroundError `usage` on a database server, which has its own tools; `storage` where it cannot be written
 */
export async function makeBackup(app: App, file: string): Promise<Holds> {
  const { db, settings, clock } = app;
  if (isOnServer(settings)) throw serversOwnTools(settings, file);
  if (existsSync(file))
    throw new PaperroundError('usage', `${file} is there already; a backup never replaces another`, {
      hint: 'Give another name, for example one with the date: backup-$(date +%F).db',
    });
  const part = `${file}.part`;
  try {
    // Nobody else may read it, from its first byte on: it holds addresses, and what signs the readers' links.
    rmSync(part, { force: true });
    closeSync(openSync(part, 'wx', 0o600));
    await sql`vacuum into ${part}`.execute(db);
    const holds = await seal(db, part, keysOf(settings).secret, clock);
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

/** Adds the secret to the copy and looks it over. The copy is attached, so that no second connection is needed. */
async function seal(db: Db, part: string, secret: string, clock: Clock): Promise<Holds> {
  await sql`attach database ${part} as copy`.execute(db);
  try {
    await sql`create table copy.backup (secret text not null, made_at text not null)`.execute(db);
    await sql`insert into copy.backup values (${secret}, ${instantText(clock())})`.execute(db);
    const { rows } = await sql<{ quick_check: string }>`pragma copy.quick_check(3)`.execute(db);
    if (rows[0]?.quick_check !== 'ok')
      throw new PaperroundError('storage', 'The copy is damaged, and so is what it was made of', {
        details: rows.map(row => row.quick_check),
        hint: 'Look at "paperround doctor", and keep your last good backup.',
      });
    return await holdsOf(db, 'copy.');
  } finally {
    await sql`detach database copy`.execute(db);
  }
}

async function holdsOf(db: Db, schema: '' | 'copy.'): Promise<Holds> {
  const of = (table: string) => sql.raw(`${schema}${table}`);
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
  if (isOnServer(settings)) throw serversOwnTools(settings, file);
  const database = databasePath(settings);
  if (existsSync(database))
    throw new PaperroundError('usage', `There is an installation already: ${database}`, {
      hint: 'Move that file (and those beside it that end in -wal and -shm) away first, or give another folder: DATA_DIR=./restored paperround restore FILE',
    });
  if (readStart(file) !== MAGIC)
    throw new PaperroundError('input', `${file} is not a backup: it is no SQLite file`);
  const part = `${database}.restoring`;
  try {
    makeFolder(join(database, '..'));
    for (const end of ['', '-wal', '-shm']) rmSync(`${part}${end}`, { force: true });
    copyFileSync(file, part);
    chmodSync(part, 0o600);
    const app = await openApp({ ...settings, databaseUrl: `sqlite:${part}` }, undefined, warn);
    const restored = await settle(app, file, exact).finally(app.close);
    sync(part);
    renameSync(part, database);
    return { database, ...restored };
  } catch (error) {
    for (const end of ['', '-wal', '-shm']) rmSync(`${part}${end}`, { force: true });
    if (error instanceof PaperroundError) throw error;
    throw new PaperroundError('storage', `${file} cannot be restored: ${reasonOf(error)}`, { cause: error });
  }
}

async function settle({ db, settings, clock }: App, file: string, exact: boolean) {
  const { rows } = await sql<{ secret: string }>`select secret from backup`.execute(db).catch(() => {
    throw new PaperroundError('input', `${file} is a copy of a database, but not one that backup made`, {
      hint: 'Without its secret, the links in old mails do not work. Put it in place yourself, with the file "secret" of its data folder.',
    });
  });
  keepSecret(settings, rows[0]?.secret ?? '');
  return transact(db, async tx => {
    const holds = await holdsOf(tx, '');
    await sql`drop table backup`.execute(tx);
    const why = `restored from a backup of ${holds.madeAt}; what was sent after it is not known`;
    return { ...holds, ...(exact ? { paused: [], uncertain: 0 } : await holdRestored(tx, why, clock)) };
  });
}

/** The secret of the backup becomes that of the installation, unless another one is set or kept there. */
function keepSecret({ secret: set, dataDir }: Settings, secret: string): void {
  const path = join(dataDir, 'secret');
  const [kept, where] = set !== undefined ? [set, 'PAPERROUND_SECRET'] : [readIfThere(path), path];
  if (kept === undefined) writeFileSync(path, `${secret}\n`, { flag: 'wx', mode: 0o600 });
  else if (kept !== secret)
    throw new PaperroundError('usage', `The backup has another secret than ${where}`, {
      hint: 'With that one, no link in an old mail would work. Take it away, and restore again.',
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

function serversOwnTools({ dataDir, secret }: Settings, file: string): PaperroundError {
  return new PaperroundError(
    'usage',
    'The database is on a PostgreSQL server, which has tools of its own for that',
    {
      details: [
        `pg_dump --format=custom --file=${file} "$DATABASE_URL"     (consistent, while mail goes out)`,
        `pg_restore --no-owner --dbname="$DATABASE_URL" ${file}      (into a new, empty database)`,
      ],
      hint: `Keep the secret of the links with it: ${secret === undefined ? join(dataDir, 'secret') : 'PAPERROUND_SECRET'}. See "Backup" in docs/operating.md.`,
    },
  );
}
