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

/** Forms are small: who sends one for longer holds a connection, and is let go (in milliseconds). */
const PATIENCE = { headersTimeout: 8000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 };

/** For what has nothing that a page of another site could use. */
export const ANY_NAME = 'any';

/**
 * Listens on `host` and answers only to names of this machine and to `name`: a page of another site that has its own
 * name lead here (DNS rebinding) gets nothing.
 * @param port 0: any free one
 * @param name `ANY_NAME`: whatever it is called by, for those who look from other machines and show nothing to browsers
 * @param setting what says which port it is
 * @throws PaperroundError `port` when it is in use or may not be opened
 */
export async function listen(
  app: Hono,
  port: number,
  name?: string,
  host = '127.0.0.1',
  setting = '--port or PORT',
): Promise<Listening> {
  const names = ['127.0.0.1', 'localhost', '[::1]', name];
  const fetch: typeof app.fetch = (request, ...rest) =>
    name === ANY_NAME || names.includes(new URL(request.url).hostname)
      ? app.fetch(request, ...rest)
      : new Response('Misdirected request\n', { status: 421 });
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host, serverOptions: PATIENCE }, address => {
      resolve({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
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
            hint: `Give another one by ${setting}; 0 takes any free one.`,
            cause: error,
          },
        ),
      );
    });
  });
}
