// The PostgreSQL server of one test file, for tests that stop it, cut it off or look at it; started when it is first asked for.
import { afterAll } from 'vitest';
import { type Server, startServer } from './postgres-server.ts';

let running: Promise<Server> | undefined;

/** The server of this test file. */
export function postgres(): Promise<Server> {
  running ??= startServer();
  return running;
}

afterAll(async () => {
  await (await running)?.remove();
  running = undefined;
});
