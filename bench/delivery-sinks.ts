// The mail servers into which bench/delivery.ts sends: a fast one of our own, and Postfix's smtp-sink where it is installed.
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Sink {
  port: number;
  /** How many messages it took; null where it does not say. */
  count(): Promise<number | null>;
  close(): void;
}

/** Our own. `delayMs`: how long each of its answers is on the way. */
export async function fastSink(delayMs = 0): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('delivery-fast-sink.ts', import.meta.url)), [String(delayMs)]);
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    async count() {
      child.send('count');
      return ((await once(child, 'message')) as [number])[0];
    },
    close: () => child.disconnect(),
  };
}

/** Postfix's programs are where only its administrator looks. */
const PATH = `${process.env.PATH}:/usr/sbin:/usr/libexec/postfix:/usr/local/sbin`;

/** Whether Postfix's two programs are here. */
export function hasPostfix(): boolean {
  try {
    execFileSync('/bin/sh', ['-c', 'command -v smtp-sink && command -v smtp-source'], { env: { PATH } });
    return true;
  } catch {
    return false;
  }
}

/** Postfix's smtp-sink(1): a server in C that takes mail and throws it away. */
export async function smtpSink(): Promise<Sink> {
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('smtp-sink', [...user, `127.0.0.1:${port}`, '500'], {
    env: { PATH },
    stdio: 'inherit',
  });
  while (!(await isOpen(port))) await wait(20);
  return { port, count: async () => null, close: () => child.kill() };
}

/**
 * Postfix's smtp-source(1), a load generator in C: one message, the same for all.
 * @param file its lines, each ended by a line feed alone
 * @returns messages a second
 */
export async function smtpSource(
  port: number,
  file: string,
  { connections, count }: { connections: number; count: number },
): Promise<number> {
  const flags = ['-s', `${connections}`, '-m', `${count}`, '-d', '-F', file];
  const people = ['-f', 'papers@papers.example.org', '-t', 'reader@list.example.net'];
  const started = performance.now();
  const child = spawn('smtp-source', [...flags, ...people, `127.0.0.1:${port}`], {
    env: { PATH },
    stdio: 'inherit',
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`smtp-source ended with ${status}`);
  return (count / (performance.now() - started)) * 1000;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
