// `paperround serve`: the daemon.
import { openLog } from '../log.ts';
import { serveUntilStopped } from '../server.ts';
import type { Command } from './context.ts';

const serve: Command<{ port?: number }> = async ({ terminal, app, signal }, { port }) => {
  const open = await app();
  const { settings } = open;
  // Links that lead nowhere would leave readers no way out, so the pages are served wherever the mails link to them.
  const pages = port ?? settings.port ?? (settings.publicUrl === undefined ? undefined : 8610);
  await serveUntilStopped(open, {
    port: pages,
    signal,
    log: await openLog(settings, { clock: open.clock, write: terminal.warn, stamped: true }),
  });
  return 0;
};
export default serve;
