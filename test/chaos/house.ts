// Where chaos happens: an installation with an edition and its readers, a mail server that fails, a clock that can be moved.
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Db } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type Finished, paperround, start } from '../support/cli.ts';
import { type FaultyServer, faultyMailServer, type Plan } from '../support/faulty-mail-server.ts';
import { postgres } from '../support/postgres.ts';

export type Store = 'SQLite' | 'PostgreSQL';
export const STORES: readonly Store[] = ['SQLite', 'PostgreSQL'];

export const DAY = '2026-08-20';
/** Each round begins on that morning: how far that is from now, in milliseconds. */
const MORNING = Math.trunc(Temporal.Now.instant().until(`${DAY}T08:00:00Z`).total('milliseconds'));
export const CONNECTIONS = 5;

/** Longer than a lease (15 minutes) and than the longest wait for another try (4 hours). */
const NEXT_LIFE_MINUTES = 4 * 60 + 16;
/** So that what is deferred again and again is not given up before the end. */
const HOURS = '336';

const CLOCK = fileURLToPath(new URL('../support/moved-clock.ts', import.meta.url));

export interface House {
  store: Store;
  readers: number;
  mail: FaultyServer;
  /** The database file, where the store is one. */
  file: string;
  env: Record<string, string>;
  db: Db;
  clock: { move(by: { minutes: number }): Promise<void> };
  /** Runs `send` to its end; with `most`, where no file may become larger than so many bytes. */
  send(limits?: { most: number }): Promise<Finished>;
  /** Starts `send`, to be killed or watched. */
  startSend(): ReturnType<typeof start>;
  run(...args: string[]): Promise<Finished>;
  /**
   * Sends again and again, each time hours later, until nothing is left that could be sent.
   * @returns the last `send`
   */
  untilSettled(): Promise<Finished>;
}

interface Prepared {
  folder: string;
  /** A database on the server to be copied. */
  template: string | null;
}

const prepared = new Map<string, Promise<Prepared>>();
let mailServer: Promise<FaultyServer> | undefined;

afterAll(async () => {
  await takeDown();
  for (const one of prepared.values()) await rm((await one).folder, { recursive: true, force: true });
  prepared.clear();
  await (await mailServer)?.close();
  mailServer = undefined;
});

const environment = (folder: string, databaseUrl: string | null): Record<string, string> => ({
  DATA_DIR: join(folder, 'data'),
  MAIL_FROM: 'papers@example.org',
  SMTP_CONNECTIONS: String(CONNECTIONS),
  PAPERROUND_SECRET: 'a secret for chaos alone',
  DELIVER_HOURS: HOURS,
  MOVED_CLOCK: join(folder, 'clock'),
  NODE_OPTIONS: `--import=${CLOCK}`,
  ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-chaos-'));
  await writeFile(join(folder, 'clock'), String(MORNING));
  return folder;
}

/** An installation with an edition, readers and a compiled template, made once for all that begin with it. */
async function prepare(store: Store, readers: number): Promise<Prepared> {
  const folder = await newFolder();
  const template = store === 'SQLite' ? null : `chaos_${readers}`;
  if (template !== null) await (await postgres()).sql(`create database ${template} template migrated`);
  const env = environment(folder, template === null ? null : (await postgres()).url(template));
  await mkdir(join(folder, 'data'));
  const paper = { title: 'A diffusion model', abstract: 'We propose it. It works.', date: DAY };
  const list = Array.from({ length: readers }, (_, at) => ({ email: `reader${at}@example.org` }));
  await writeFile(join(folder, 'papers.jsonl'), JSON.stringify(paper));
  await writeFile(join(folder, 'readers.json'), JSON.stringify(list));
  for (const args of [
    ['subscribers', 'import', join(folder, 'readers.json')],
    ['publish', '--from', join(folder, 'papers.jsonl')],
    ['send', '--dry-run'],
  ]) {
    const { status, stderr } = await paperround(args, { env });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  }
  return { folder, template };
}

let copies = 0;
const closers: (() => Promise<void>)[] = [];

/** Takes down what the last rounds built. */
export async function takeDown(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** A copy of an installation, for one round of chaos; `more` are settings. */
export async function house(
  store: Store,
  readers: number,
  plan: Plan,
  more: Record<string, string> = {},
): Promise<House> {
  const key = `${store} ${readers}`;
  const first = prepared.get(key) ?? prepare(store, readers);
  prepared.set(key, first);
  const { folder: from, template } = await first;
  const folder = await newFolder();
  await cp(join(from, 'data'), join(folder, 'data'), { recursive: true });
  let url: string | null = null;
  if (template !== null) {
    const name = `chaos_copy_${++copies}`;
    const server = await postgres();
    await server.sql(`create database ${name} template ${template}`);
    closers.push(async () => void (await server.sql(`drop database ${name} with (force)`)));
    url = server.url(name);
  }
  const file = join(folder, 'data', 'paperround.db');
  const db = url === null ? openSqlite(file) : await openPostgres(url);
  mailServer ??= faultyMailServer();
  const mail = await mailServer;
  await mail.behave(plan);
  const env = {
    ...environment(folder, url),
    SMTP_URL: mail.url,
    ...more,
  };
  closers.push(async () => {
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  const clock = movedClock(join(folder, 'clock'));
  const args = ['send', '--yes', '--date', DAY, '--wait', '0'];
  const send = (limits = {}) => paperround(args, { env, ...limits });
  return {
    store,
    readers,
    mail,
    file,
    env,
    db,
    clock,
    send,
    startSend: () => start(args, { env }),
    run: (...args) => paperround(args, { env }),
    async untilSettled() {
      for (let lives = 1; ; lives++) {
        const last = await send();
        if (last.status === 2 || last.stderr.includes('unforeseen')) throw new Error(last.stderr);
        if ((await settled(db, more.ON_UNKNOWN === 'hold')) === readers) return last;
        if (lives === 60) throw new Error(`still open after ${lives} lives: ${last.stdout}${last.stderr}`);
        await clock.move({ minutes: NEXT_LIFE_MINUTES });
      }
    },
  };
}

/** How many deliveries will not be sent again without anybody's word. */
async function settled(db: Db, isHeld: boolean): Promise<number> {
  const { n } = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('state', 'in', ['sent', 'refused', 'skipped', ...(isHeld ? (['unknown'] as const) : [])])
    .executeTakeFirstOrThrow();
  return Number(n);
}

function movedClock(file: string) {
  let ms = MORNING;
  return {
    async move({ minutes }: { minutes: number }) {
      ms += minutes * 60_000;
      // Read by other processes at any moment: it is replaced, not written anew.
      await writeFile(`${file}.new`, String(ms));
      await rename(`${file}.new`, file);
    },
  };
}
