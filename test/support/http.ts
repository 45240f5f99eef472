// A real web server for tests, on loopback, that answers whatever the test wants and remembers who asked what.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { openClient } from '../../src/papers/client/client.ts';
import { databaseLanes } from '../../src/papers/client/lanes.ts';
import { realWait, type Wait } from '../../src/papers/client/wait.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Db } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type HandClock, handClock } from './installation.ts';

export interface Asked {
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
}

export type Handler = (response: ServerResponse, asked: Asked, number: number) => void;

/** Starts a server on a free port of 127.0.0.1; closed, with all connections, when the test ends. `number` counts from 1. */
export async function serve(handler: Handler): Promise<{ url: string; requests: Asked[] }> {
  const requests: Asked[] = [];
  const server = createServer((request, response) => {
    const asked = { path: request.url ?? '', headers: request.headers };
    response.on('error', () => {});
    handler(response, asked, requests.push(asked));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>(resolve => server.close(() => resolve()));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Answers with a status, a text and headers. */
export function reply(response: ServerResponse, status: number, text = '', headers = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
}

/** What a test changes of a client's parts; the rest is small and quick. */
type Changes = Partial<Omit<Parameters<typeof openClient>[0], 'lanes' | 'clock'>> & {
  db?: Db;
  clock?: HandClock;
};

/**
 * A client with small limits on a database in memory. Whatever it waits for passes at once: `waits` has the lengths in
 * milliseconds and its clock moves on by them.
 */
export async function quickClient(changes: Changes = {}) {
  const { clock = handClock(), limits, ...parts } = changes;
  const db = changes.db ?? (await memoryDatabase(clock));
  const waits: number[] = [];
  const problems: string[] = [];
  const wait: Wait = async (ms, signal) => {
    waits.push(ms);
    // Long enough for the requests of others to come to their end before a clock that runs ahead of them.
    await realWait(3, signal);
    clock.set(
      clock()
        .add({ milliseconds: Math.round(ms) })
        .toString(),
    );
  };
  const lanes = databaseLanes(db, clock, wait);
  const client = openClient({
    userAgent: 'Paperround test',
    cacheFolder: null,
    lanes,
    clock,
    wait,
    random: () => 1,
    onProblem: words => problems.push(words),
    limits: { requestMs: 5_000, firstByteMs: 5_000, ...limits },
    ...parts,
  });
  return { ...client, lanes, db, clock, waits, problems };
}

/** A database in memory with today's tables, closed when the test ends. */
export async function memoryDatabase(clock: HandClock = handClock()): Promise<Db> {
  const db = openSqlite(':memory:');
  onTestFinished(() => db.destroy());
  await migrate(db, clock);
  return db;
}
