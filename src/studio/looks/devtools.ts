// Talks to a browser that we started, by the DevTools protocol over two pipes: no port is opened that others could use.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** A browser that runs. `call` asks it for something; every call fails once the browser has ended. */
export interface Devtools {
  call(method: string, params?: object, session?: string): Promise<Record<string, unknown>>;
  /** The next event of that name. */
  next(event: string): Promise<void>;
  end(): Promise<void>;
}

interface Waiting {
  resolve(result: Record<string, unknown>): void;
  reject(error: Error): void;
}

/** What the browser says: an answer to a call, or an event. */
interface Said {
  id?: number;
  method?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** Starts a browser; that there is no such program is said by the first call. */
export function startDevtools(program: string, args: readonly string[], signal: AbortSignal): Devtools {
  const child = spawn(program, ['--remote-debugging-pipe', ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const calls = new Map<number, Waiting>();
  const events: { name: string; waiting: Waiting }[] = [];
  let ended: Error | undefined;
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-4000);
  });
  const finish = (error: Error) => {
    ended ??= error;
    for (const { reject } of [...calls.values(), ...events.map(({ waiting }) => waiting)]) reject(ended);
    calls.clear();
    events.length = 0;
  };
  child.once('error', finish);
  child.once('close', () => finish(new Error(lastWords(errors))));
  const [toBrowser, fromBrowser] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  // A pipe that breaks says so before the process does; how it ended is told by `close`.
  toBrowser.on('error', () => {});
  eachMessage(fromBrowser, said => {
    for (const event of events.filter(({ name }) => name === said.method)) {
      events.splice(events.indexOf(event), 1);
      event.waiting.resolve({});
    }
    const waiting = calls.get(said.id ?? 0);
    calls.delete(said.id ?? 0);
    if (said.error !== undefined) waiting?.reject(new Error(said.error.message));
    else waiting?.resolve(said.result ?? {});
  });
  let last = 0;
  return {
    call: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const id = ++last;
        calls.set(id, { resolve, reject });
        toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      }),
    next: name =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        events.push({ name, waiting: { resolve: () => resolve(), reject } });
      }),
    end: () => killed(child),
  };
}

/** Messages are JSON, each followed by a NUL. */
function eachMessage(from: Readable, take: (said: Said) => void): void {
  let parts: string[] = [];
  from.setEncoding('utf8');
  from.on('data', (chunk: string) => {
    const [first = '', ...rest] = chunk.split('\0');
    parts.push(first);
    for (const next of rest) {
      take(JSON.parse(parts.join('')) as Said);
      parts = [next];
    }
  });
}

/** What the browser said on its way out: the line that names an error, else the last one. */
function lastWords(errors: string): string {
  const lines = errors.split('\n').filter(line => line.trim() !== '');
  return lines.find(line => /error|cannot|fatal/i.test(line)) ?? lines.at(-1) ?? 'it ended without a word';
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}
