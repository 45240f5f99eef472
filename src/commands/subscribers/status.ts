// `paperround subscribers pause|resume|remove|lift ADDRESS`: change whether a reader gets mail.
import { PaperroundError } from '../../errors.ts';
import { findSubscriber, type Status, setStatus } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';

type Change = Command<object, [string]>;

export const pause = change('paused', ['active', 'pending', 'paused']);
export const resume = change('active', ['paused', 'pending', 'active']);
/** They do not get mail by it: it is theirs to subscribe. */
export const lift = change('unsubscribed', ['suppressed', 'unsubscribed']);
export const remove = change('unsubscribed', ['active', 'pending', 'paused', 'unsubscribed']);

function change(to: Status, from: readonly Status[]): Change {
  return async ({ terminal, app }, _options, text) => {
    const open = await app();
    const reader = await findSubscriber(open.db, text);
    if (reader === undefined) throw new PaperroundError('usage', `Nobody is subscribed as ${text}`);
    if (!from.includes(reader.status)) {
      throw new PaperroundError('usage', `${reader.address} is ${reader.status}; ${whoCan(reader.status)}`);
    }
    const changed = await setStatus(open.db, reader.id, to, open.clock, from);
    terminal.result({ email: reader.address, status: to, changed }, [
      `${reader.address} is ${changed ? 'now' : 'already'} ${to}`,
    ]);
    return 0;
  };
}

function whoCan(status: Status): string {
  if (status !== 'suppressed') return 'only they can change that';
  return 'their mail bounced, or they complained. "subscribers lift" lets them subscribe again';
}
