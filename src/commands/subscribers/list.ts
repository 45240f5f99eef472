// `paperround subscribers list`: the readers, one line each.
import { PaperroundError } from '../../errors.ts';
import { exportSubscribers } from '../../subscribers/import.ts';
import type { Preferences } from '../../subscribers/preferences.ts';
import { listSubscribers, STATUSES, type Status } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';
import { table } from '../terminal.ts';

const list: Command<{ status?: string }> = async ({ terminal, app }, { status }) => {
  if (status !== undefined && !(STATUSES as readonly string[]).includes(status)) {
    throw new PaperroundError('usage', `--status: "${status}" is no status; allowed: ${STATUSES.join(', ')}`);
  }
  const open = await app();
  const readers = await listSubscribers(open.db, { status: status as Status | undefined });
  const rows = readers.map(r => [
    r.address,
    r.status,
    r.preferences.cadence,
    r.preferences.length,
    wishes(r.preferences),
  ]);
  const none = 'Nobody yet. Try: paperround subscribers import subscribers.example.json';
  terminal.result({ subscribers: exportSubscribers(readers) }, readers.length === 0 ? [none] : table(rows));
  return 0;
};
export default list;

/** What a reader wants, in a few words. */
export function wishes({ themes, keywords, authors, mutedWords }: Preferences): string {
  const parts = [
    themes.length > 0 ? themes.join(', ') : '',
    keywords.length > 0 ? keywords.map(word => `“${word}”`).join(', ') : '',
    authors.length > 0 ? `by ${authors.join(', ')}` : '',
  ].filter(part => part !== '');
  const muted = mutedWords.length > 0 ? ` without ${mutedWords.map(word => `“${word}”`).join(', ')}` : '';
  return (parts.length > 0 ? parts.join(' or ') : 'everything') + muted;
}
