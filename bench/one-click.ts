// One click: how many readers a second can leave by RFC 8058's POST, with the server killed afterwards and its file looked at.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { openApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { readAddress } from '../src/subscribers/address.ts';
import { linkToken } from '../src/subscribers/links.ts';
import { countSubscribers, listSubscribers, storeSubscriber } from '../src/subscribers/subscriber.ts';

const [READERS, LEAVING, CONNECTIONS] = [20_000, 5000, 50];
const SECRET = 'the secret of this bench';
const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
const environment = { DATA_DIR: folder, PAPERROUND_SECRET: SECRET, PUBLIC_URL: 'http://127.0.0.1:8610' };

async function open() {
  return openApp((await loadConfig(undefined, environment)).settings);
}

/** @returns the paths by which some of them leave */
async function addReaders(): Promise<string[]> {
  const app = await open();
  await app.db.transaction().execute(async tx => {
    for (let n = 0; n < READERS; n++) {
      const address = readAddress(`reader${n}@example.org`);
      if ('problem' in address) throw new Error(address.problem);
      const reader = { address, name: null, status: undefined, initialStatus: 'active' as const };
      await storeSubscriber(tx, { ...reader, preferences: {} }, app.clock);
    }
  });
  const readers = await listSubscribers(app.db);
  await app.close();
  return readers.slice(0, LEAVING).map(({ id }) => `/unsubscribe/${linkToken(SECRET, 'unsubscribe', id)}`);
}

async function serve(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [CLI, 'serve', '--port', '0'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk;
      const found = /readers' pages on (http:\S+?)"?\s/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', () => reject(new Error(said)));
  });
  return { child, url };
}

try {
  const paths = await addReaders();
  const { child, url } = await serve();
  let next = 0;
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    amount: LEAVING,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
    requests: [{ setupRequest: request => ({ ...request, path: paths[next++ % LEAVING] ?? '/' }) }],
  });
  child.kill('SIGKILL');
  await once(child, 'close');
  const app = await open();
  const { unsubscribed } = await countSubscribers(app.db);
  await app.close();
  const { requests, latency, duration } = result;
  const rows = [
    ['readers of the installation', READERS],
    ['answers of 200', result['2xx']],
    ['who have left, in the file after kill -9', unsubscribed],
    ['a second', Math.round(requests.total / duration)],
    ['half of them within', `${latency.p50} ms`],
    ['99 of 100 within', `${latency.p99} ms`],
  ];
  process.stdout.write(`| one click, ${CONNECTIONS} connections | |\n|---|---|\n`);
  for (const [what, figure] of rows) process.stdout.write(`| ${what} | ${figure} |\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
