// `paperround serve`: the daemon.
import { readRoles } from '../fleet/roles.ts';
import { openLog } from '../log.ts';
import { serveUntilStopped } from '../server.ts';
import type { Command } from './context.ts';

const serve: Command<{ port?: number; role?: string }> = async (
  { terminal, app, signal },
  { port, role },
) => {
  const roles = readRoles(role);
  const open = await app();
  const { settings } = open;
  // Links that lead nowhere would leave readers no way out, so the pages are served wherever the mails link to them.
  // Who asks for this role by its name wants them in any case.
  const isWanted = settings.publicUrl !== undefined || (role !== undefined && roles.has('web'));
  const pages = port ?? settings.port ?? (isWanted ? 8610 : undefined);
  await serveUntilStopped(open, {
    port: pages,
    roles,
    signal,
    log: await openLog(settings, { clock: open.clock, write: terminal.warn, stamped: true }),
  });
  return 0;
};
export default serve;
