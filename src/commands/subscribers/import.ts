// `paperround subscribers import FILE`: readers from JSON or CSV, all of them or none.
import { importSubscribers, readSubscriberFile } from '../../subscribers/import.ts';
import type { Command } from '../context.ts';

const importReaders: Command<{ pending?: boolean }, [string]> = async (
  { terminal, app },
  { pending },
  file,
) => {
  const open = await app();
  const slugs = open.themes.map(theme => theme.slug);
  const read = await readSubscriberFile(file, slugs, pending ? 'pending' : 'active');
  const counts = await importSubscribers(open.db, read, open.clock);
  const { added, updated, unchanged, merged, left } = counts;
  const parts = [`${added} added`, `${updated} updated`, `${unchanged} unchanged`];
  if (merged > 0) parts.push(`${merged} merged (same address twice in the file)`);
  if (left > 0) parts.push(`${left} left alone (they unsubscribed; only they can come back)`);
  terminal.result(counts, [`${file}: ${parts.join(', ')}`]);
  return 0;
};
export default importReaders;
