// `paperround subscribers import FILE`: readers from JSON or CSV, all of them or none.
import type { App } from '../../app.ts';
import { keysOf } from '../../desk.ts';
import { askToSubscribe } from '../../subscribers/confirmations.ts';
import { erasedAndSuppressed } from '../../subscribers/erased.ts';
import { importSubscribers, nameOf, readSubscriberFile } from '../../subscribers/import.ts';
import type { Keys } from '../../subscribers/links.ts';
import { findSubscriber, type NewSubscriber } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';

const importReaders: Command<{ pending?: boolean }, [string]> = async (
  { terminal, app },
  { pending },
  file,
) => {
  const open = await app();
  const keys = keysOf(open.settings);
  const slugs = open.themes.map(theme => theme.slug);
  const read = await readSubscriberFile(file, slugs, pending ? 'pending' : 'active');
  const isErased = await erasedAndSuppressed(open.db, keys);
  const readers = read.readers.filter(({ address }) => !isErased(address.key));
  const counts = await importSubscribers(open.db, { ...read, readers }, open.clock);
  counts.left += read.readers.length - readers.length;
  const asked = pending ? await ask(open, keys, readers) : 0;
  const { added, updated, unchanged, merged, left } = counts;
  const parts = [`${added} added`, `${updated} updated`, `${unchanged} unchanged`];
  if (merged > 0) parts.push(`${merged} merged (same address twice in the file)`);
  if (left > 0) parts.push(`${left} left alone (they unsubscribed; only they can come back)`);
  const lines = [`${nameOf(file)}: ${parts.join(', ')}`];
  if (asked > 0)
    lines.push(`${asked} are asked to confirm by mail: by serve within a minute, or by the next run`);
  if (pending && open.settings.publicUrl === undefined)
    lines.push('Nobody is asked to confirm: a link needs PUBLIC_URL');
  terminal.result({ ...counts, ...(pending && { asked }) }, lines);
  return 0;
};
export default importReaders;

/** Asks those by mail who are pending. @returns how many */
async function ask(
  { db, clock, settings }: App,
  keys: Keys,
  readers: readonly NewSubscriber[],
): Promise<number> {
  if (settings.publicUrl === undefined) return 0;
  let asked = 0;
  for (const { address } of readers) {
    const reader = await findSubscriber(db, address.address);
    if (reader?.status !== 'pending') continue;
    await askToSubscribe(db, address, reader.preferences, { ...keys, clock }, 'invite');
    asked++;
  }
  return asked;
}
