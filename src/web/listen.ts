// Opens a Hono app on a local port.
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { PaperroundError, reasonOf } from '../errors.ts';

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A listening web server: its address without a slash at the end, and how to close it. */
export interface Listening {
  url: string;
  close(): Promise<void>;
}

/**
 * Listens on `host`.
 * @param port 0: any free one
 * @throws PaperroundError `port` when it is in use or may not be opened
 */
export async function listen(app: Hono, port: number, host = '127.0.0.1'): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: host }, address => {
      resolve({
        url: `http://${host}:${address.port}`,
        close: () =>
          new Promise(closed => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', error => {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      reject(
        new PaperroundError(
          'port',
          `Port ${port} on ${host} ${taken ? 'is in use' : `cannot be opened: ${reasonOf(error)}`}`,
          {
            hint: 'Give another one by --port or PORT; 0 takes any free one.',
            cause: error,
          },
        ),
      );
    });
  });
}
