// `paperround subscribers erase ADDRESS`: all that is stored of a reader is gone; of a suppressed one a keyed hash stays.
import { eraseSubscriber } from '../../delivery/erase.ts';
import { keysOf } from '../../desk.ts';
import { PaperroundError } from '../../errors.ts';
import { findSubscriber } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';

const erase: Command<{ yes?: boolean }, [string]> = async ({ terminal, app }, { yes }, text) => {
  const open = await app();
  const reader = await findSubscriber(open.db, text);
  if (reader === undefined) throw new PaperroundError('usage', `Nobody is subscribed as ${text}`);
  const { address, status } = reader;
  const question = `Erase ${address}, their preferences and their history for good?`;
  if (!yes && process.stdin.isTTY && !(await terminal.asks(question))) {
    terminal.warn('Nothing was erased.');
    return 1;
  }
  await eraseSubscriber(open.db, reader, keysOf(open.settings), open.clock);
  const kept = status === 'suppressed';
  terminal.result({ erased: true, staysSuppressed: kept }, [
    `${address} is erased${kept ? '; a keyed hash stays, so that no mail goes there again' : ''}. Backups made before still have it.`,
  ]);
  return 0;
};
export default erase;
