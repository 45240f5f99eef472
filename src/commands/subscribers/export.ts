// `paperround subscribers export`: all readers as the JSON that import takes.
import { exportSubscribers } from '../../subscribers/import.ts';
import { listSubscribers } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';

const exportReaders: Command = async ({ app }) => {
  const open = await app();
  process.stdout.write(`${JSON.stringify(exportSubscribers(await listSubscribers(open.db)), null, 2)}\n`);
  return 0;
};
export default exportReaders;
