// Many readers, for docs/performance.md: planning by their number, and whole mornings on both databases with 1, 2 and 4 workers.
// `node bench/readers.ts` is the short form; `--plan 10000,100000,1000000 --morning 20000` are the figures of the page.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { migrate } from '../src/store/migrate.ts';
import { openPostgres } from '../src/store/postgres.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { startServer } from '../test/support/postgres-server.ts';
import { fastSink } from './delivery-sinks.ts';
import { settle } from './readers-town.ts';

const { values: given } = parseArgs({
  options: {
    plan: { type: 'string', default: '1000,10000' },
    morning: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '1,2,4' },
    databases: { type: 'string', default: 'SQLite,PostgreSQL' },
  },
});
const numbers = (text: string) => text.split(',').filter(Boolean).map(Number);

const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
const day = new Date().toISOString().slice(0, 10);
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

interface Took {
  planned: number;
  sent: number;
  seconds: number;
  cpu: number;
  memory: number;
}

const told = <T>(child: ChildProcess) =>
  new Promise<T>((resolve, reject) => {
    child.once('message', message => resolve(message as T));
    child.once('exit', code => reject(new Error(`a worker ended with ${code}`)));
  });

/** Runs processes that begin at one moment. */
async function run(role: 'plan' | 'morning', env: Record<string, string>, workers = 1): Promise<Took[]> {
  const children = Array.from({ length: workers }, () =>
    fork(path('readers-worker.ts'), [role], { env: { PATH: process.env.PATH, DATA_DIR: folder, ...env } }),
  );
  await Promise.all(children.map(child => told<string>(child)));
  const ends = children.map(child => told<Took>(child));
  for (const child of children) child.send('begin');
  return Promise.all(ends);
}

/** An empty database with `readers` readers who are due, at the URL that is given. */
async function town(url: string, readers: number): Promise<void> {
  const db = url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : await openPostgres(url);
  await migrate(db, () => Temporal.Now.instant());
  await settle(db, day, readers);
  await db.destroy();
}

let files = 0;
const newFile = () => `sqlite:${join(folder, `${files++}.db`)}`;
const count = (n: number) => n.toLocaleString('en');
const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);

const server = await startServer();
const places: Record<string, () => string | Promise<string>> = {
  SQLite: newFile,
  PostgreSQL: () => server.database('empty'),
};
const databases = Object.entries(places).filter(([name]) => given.databases.split(',').includes(name));

async function planning(): Promise<void> {
  row('planning', 'readers', 'seconds', 'readers a second', 'CPU a reader', 'peak memory');
  row(...Array.from({ length: 6 }, () => '---'));
  for (const [name, place] of databases)
    for (const readers of numbers(given.plan)) {
      const url = await place();
      await town(url, readers);
      const [took] = await run('plan', { DATABASE_URL: url });
      if (took === undefined) throw new Error('no figures');
      const { planned, cpu, memory } = took;
      const micros = `${Math.round((cpu / readers) * 1e6)} µs`;
      row(
        name,
        count(readers),
        planned.toFixed(1),
        count(Math.round(readers / planned)),
        micros,
        `${Math.round(memory)} MB`,
      );
    }
}

/** Compiled templates are kept in the folder: loading MJML takes more memory than a morning. */
async function compileTemplates(): Promise<void> {
  const env = {
    DATA_DIR: folder,
    MAIL_FROM: 'papers@papers.example.org',
    PUBLIC_URL: 'https://papers.example.org',
  };
  const app = await openApp((await loadConfig(undefined, env)).settings);
  await app.desk();
  await app.close();
}

async function mornings(): Promise<void> {
  row('a morning', 'workers', 'readers', 'sent', 'seconds', 'mails a second', 'peak memory of a worker');
  row(...Array.from({ length: 7 }, () => '---'));
  for (const readers of numbers(given.morning))
    for (const [name, place] of databases)
      for (const workers of name === 'SQLite' ? [1] : numbers(given.workers)) {
        const url = await place();
        await town(url, readers);
        const sink = await fastSink();
        const mail = { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, MAIL_FROM: 'papers@papers.example.org' };
        const all = await run(
          'morning',
          { DATABASE_URL: url, PUBLIC_URL: 'https://papers.example.org', ...mail },
          workers,
        );
        const [arrived, sent] = [await sink.count(), all.reduce((sum, one) => sum + one.sent, 0)];
        if (arrived !== sent) throw new Error(`${name}: ${sent} were sent, and ${arrived} arrived`);
        sink.close();
        const seconds = Math.max(...all.map(one => one.seconds));
        const memory = Math.max(...all.map(one => one.memory));
        row(
          name,
          workers,
          count(readers),
          count(sent),
          seconds.toFixed(1),
          count(Math.round(sent / seconds)),
          `${Math.round(memory)} MB`,
        );
      }
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}\n`);
try {
  await planning();
  console.log();
  await compileTemplates();
  await mornings();
} finally {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
