// Run by `npm run bench`: the readers' pages under load, with 1,000 editions of 50 made-up papers and 100,000 subscribers.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { loadConfig } from '../src/config.ts';
import { openDesk } from '../src/desk.ts';
import { indexPapers } from '../src/papers/search-index.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { linkToken } from '../src/subscribers/links.ts';
import { daysBefore, fillStore, today } from './days.ts';

const [EDITIONS, PAPERS, SUBSCRIBERS] = [1_000, 50, 100_000];
const [CONNECTIONS, SECONDS] = [20, 8];

const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
await fill();
const server = fork(fileURLToPath(new URL('web-server.ts', import.meta.url)), [folder]);
const [{ url }] = (await once(server, 'message')) as [{ url: string }];

console.log(`\n${CONNECTIONS} connections, ${SECONDS} s each, one process of Node, SQLite:\n`);
console.log(
  '| request | a second | for a second of CPU | median | p99 | not as asked |\n|---|---|---|---|---|---|',
);
const past = daysBefore(today(), 500);
const tag = (await fetch(`${url}/`)).headers.get('etag') ?? '';
const rare = ['poincaré', 'schrödinger bridge', '"robust causal"', 'okafor', 'multimodal -diffusion'];
const paths = await papersOf(past);
await load('the front page', [{ path: '/' }]);
await load('the front page, by who has it (304)', [{ path: '/', headers: { 'if-none-match': tag } }], 304);
await load('a past edition', [{ path: `/${past}` }]);
await load(
  'all 1,000 editions in turn',
  inTurn(n => `/${daysBefore(today(), 1 + (n % EDITIONS))}`),
);
await load('an edition as JSON', [{ path: `/editions/${past}.json` }]);
await load(
  'a paper',
  inTurn(n => paths[n % paths.length] as string),
);
await load('a theme', [{ path: '/themes/llm-training' }]);
await load(
  'a search',
  inTurn(n => `/search?q=${encodeURIComponent(rare[n % rare.length] as string)}`),
);
await load('a search for what every paper has', [{ path: '/search?q=study' }]);
await load('the Atom feed of a theme', [{ path: '/themes/llm-training/feed.atom' }]);
await leaving();
console.log(`\nmemory of the process: ${Math.round((await usage()).memory)} MB\n`);
server.disconnect();
rmSync(folder, { recursive: true });

/** The store: days that the program made and SQL copied, with the words of each in the index. */
async function fill(): Promise<void> {
  await fillStore(folder, EDITIONS, PAPERS);
  const path = join(folder, 'paperround.db');
  const first = daysBefore(today(), EDITIONS);
  const database = new DatabaseSync(path);
  database.exec(
    `update edition set content = replace(content, '"date":"${first}"', '"date":"' || date || '"')`,
  );
  database.exec(`with recursive n (k) as (select 1 union all select k + 1 from n where k < ${SUBSCRIBERS})
    insert into subscriber (id, address, address_key, status, preferences, created_at, status_at)
    select printf('00000000-0000-4000-8000-%012d', k), 'reader' || k || '@example.org', 'reader' || k || '@example.org',
      'active', '{}', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' from n`);
  database.close();
  const db = openSqlite(path);
  const ids = (await db.selectFrom('edition_paper').select('paper_id').execute()).map(row => row.paper_id);
  const before = performance.now();
  await db.transaction().execute(tx => indexPapers(tx, ids));
  const seconds = ((performance.now() - before) / 1000).toFixed(0);
  await db.destroy();
  console.log(
    `\n${ids.length} papers in ${EDITIONS} editions: indexed in ${seconds} s; the store has ${Math.round(statSync(path).size / 1e6)} MB`,
  );
}

async function papersOf(date: string): Promise<string[]> {
  const page = await (await fetch(`${url}/${date}`)).text();
  return [...page.matchAll(/href="(\/papers\/[^"]+)"/g)].map(([, path]) => path as string);
}

/** Requests that ask for something else each time. */
function inTurn(path: (n: number) => string): autocannon.Request[] {
  let n = 0;
  return [{ setupRequest: request => ({ ...request, path: path(n++) }) }];
}

/** Everybody leaves by the one click of RFC 8058, each once; every answer is in the store when it is given. */
async function leaving(): Promise<void> {
  const { settings } = await loadConfig(undefined, { DATA_DIR: folder });
  const { secret } = await openDesk(settings, () => {});
  let n = 0;
  const path = () => {
    const id = `00000000-0000-4000-8000-${String((n++ % SUBSCRIBERS) + 1).padStart(12, '0')}`;
    return `/unsubscribe/${linkToken(secret, 'unsubscribe', id)}`;
  };
  const one: autocannon.Request = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
    setupRequest: request => ({ ...request, path: path() }),
  };
  const answered = await load('leaving by one click (POST)', [one]);
  const database = new DatabaseSync(join(folder, 'paperround.db'));
  const row = database.prepare("select count(*) as n from subscriber where status = 'unsubscribed'").get();
  database.close();
  const left = Number(row?.n);
  if (left < Math.min(answered, SUBSCRIBERS))
    throw new Error(`${answered} were told that they left; ${left} did`);
}

async function usage(): Promise<{ cpu: number; memory: number }> {
  server.send('usage');
  return (await once(server, 'message'))[0];
}

/** Prints a row. @returns how many were answered as they should be */
async function load(name: string, requests: autocannon.Request[], status = 200): Promise<number> {
  const options = { url, connections: CONNECTIONS, requests };
  await autocannon({ ...options, duration: 2 });
  const before = await usage();
  const result = await autocannon({ ...options, duration: SECONDS });
  const cpu = (await usage()).cpu - before.cpu;
  const all = result.requests.total;
  const good = Number(
    (result.statusCodeStats as Record<string, { count?: number }> | undefined)?.[status]?.count ?? 0,
  );
  const [aSecond, aSecondOfCpu] = [all / result.duration, all / (cpu / 1000)].map(n =>
    Math.round(n).toLocaleString('en'),
  );
  console.log(
    `| ${name} | ${aSecond} | ${aSecondOfCpu} | ${result.latency.p50} ms | ${result.latency.p99} ms | ${all - good + result.errors} |`,
  );
  return good;
}
