// PostgreSQL through pg, as a Kysely dialect. Several connections a process; a server that restarts is waited for.
import { setTimeout as wait } from 'node:timers/promises';
import {
  type DataTypeNode,
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  type PostgresPool,
  type PostgresPoolClient,
  PostgresQueryCompiler,
  replaceWithNoncontingentExpression,
  sql,
} from 'kysely';
import type { CustomTypesConfig, Pool, PoolClient } from 'pg';
import { PaperroundError } from '../errors.ts';
import { inWords, troubleOf } from './postgres-trouble.ts';
import type { Db, Schema } from './schema.ts';

/** Of the 100 that a server takes as it comes, so that seven processes have room: the queue of each takes four more. */
const MOST_CONNECTIONS = 10;
/** So long a connection is waited for: to be made, or to be given back by another part of this process. */
const CONNECT_MS = 20_000;
const IDLE_MS = 30_000;
const END_MS = 3_000;
/** A server that was there once and is not reached now restarts: it is asked again for half a minute. */
const PATIENCE = { tries: 60, ms: 500 };

/**
 * What each connection is told. A commit is on the disk before it is answered, whatever the server is set to otherwise:
 * a receipt that is lost is a mail sent twice. A process that hangs in a transaction loses it, and its locks, after five
 * minutes. No statement of ours takes ten, and none waits for a lock longer than one, but for migrations.
 */
const SESSION = `set synchronous_commit = on; set idle_in_transaction_session_timeout = '5min';
  set statement_timeout = '10min'; set lock_timeout = '1min'; set timezone = 'UTC'`;

/**
 * Opens the database at `url` (`postgres://USER:PASSWORD@HOST:PORT/DATABASE`) and asks it once.
 * @throws PaperroundError `storage` when it cannot be reached or does not let us in; the password is in no message
 */
export async function openPostgres(url: string): Promise<Db> {
  const where = placeOf(url);
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new PostgresDriver({ pool: async () => patient(await openPool(url), where) }),
      createIntrospector: on => new PostgresIntrospector(on),
      createQueryCompiler: () => new OurColumns(),
    },
    // SQLite knows a list of nothing, PostgreSQL does not.
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
  try {
    const { rows } = await sql<{ encoding: string }>`
      select current_setting('server_encoding') as encoding`.execute(db);
    if (rows[0]?.encoding !== 'UTF8') throw notUtf8(where, rows[0]?.encoding);
    return db;
  } catch (error) {
    await db.destroy();
    throw inWords(error, where);
  }
}

/** Host, port and database of a URL. */
function placeOf(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  return `${decodeURIComponent(host) || searchParams.get('host')}${decodeURIComponent(pathname)}`;
}

async function openPool(url: string): Promise<Pool> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: withStrictTls(url),
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    // A machine that is gone without a word is noticed.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    fallback_application_name: 'paperround',
    types: numbersAsNumbers(pg.types),
    onConnect: async client => {
      await client.query(SESSION);
    },
  });
  // A connection that breaks tells so to whoever waits for its answer, and is replaced; nobody else needs to know.
  pool.on('error', () => {});
  pool.on('connect', client => client.on('error', () => {}));
  return pool;
}

/**
 * pg takes `require` and `verify-ca` for `verify-full`, and warns on every start that it will not for ever. Here it is so
 * for ever; who wants less says `sslmode=no-verify`, or `uselibpqcompat=true` for the meaning that psql gives to the words.
 */
export function withStrictTls(url: string): string {
  const { searchParams } = new URL(url);
  if (searchParams.has('uselibpqcompat')) return url;
  return url.replace(/([?&]sslmode=)(?:require|verify-ca)(?=&|$)/, '$1verify-full');
}

const INT8 = 20;
const NUMERIC = 1700;

/** Counts and sums come as text, because they may be larger than a number holds; ours are not. */
function numbersAsNumbers(types: CustomTypesConfig): CustomTypesConfig {
  return {
    getTypeParser: (oid, format) =>
      oid === INT8 || oid === NUMERIC ? Number : types.getTypeParser(oid, format),
  };
}

/** The pool as Kysely sees it: once the server has been reached it is waited for, and its errors are in words. */
function patient(pool: Pool, where: string): PostgresPool {
  let reached = false;
  const connect = async () => {
    for (let tries = 1; ; tries++) {
      try {
        const client = await pool.connect();
        reached = true;
        return inOurWords(client, where);
      } catch (error) {
        if (!reached || troubleOf(error) === null || tries >= PATIENCE.tries) throw inWords(error, where);
        await wait(PATIENCE.ms);
      }
    }
  };
  return { options: pool.options, connect, end: () => endOf(pool) };
}

/** A server that does not answer keeps nobody from leaving: connections that are in use are given up after a while. */
async function endOf(pool: Pool): Promise<void> {
  const given = new AbortController();
  const late = wait(END_MS, undefined, { signal: given.signal }).catch(() => {});
  await Promise.race([pool.end(), late]);
  given.abort();
}

function inOurWords(client: PoolClient, where: string): PostgresPoolClient {
  const query = async (text: string, values: readonly unknown[]) => {
    try {
      return await client.query(text, values.map(storable));
    } catch (error) {
      throw inWords(error, where);
    }
  };
  return {
    // Of the two forms that Kysely knows, the one with a cursor is not used: there is none in the dialect.
    query: query as unknown as PostgresPoolClient['query'],
    release: isBroken => client.release(isBroken),
  };
}

/** The one character that SQLite's text may hold and PostgreSQL's may not: an answer of a mail server could have it. */
const storable = (value: unknown) =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;

/** The types of columns by the names that the migrations use. Text is ordered by its bytes, as SQLite does. */
class OurColumns extends PostgresQueryCompiler {
  protected override visitDataType({ dataType }: DataTypeNode): void {
    this.append(dataType === 'text' ? 'text collate "C"' : dataType === 'blob' ? 'bytea' : dataType);
  }
}

function notUtf8(where: string, encoding: string | undefined): PaperroundError {
  return new PaperroundError('storage', `The database ${where} keeps its text as ${encoding}, not as UTF8`, {
    hint: "Make another one: create database paperround encoding 'UTF8' template template0",
  });
}
