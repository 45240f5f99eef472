// `paperround deliveries list`: who got what, and why somebody did not.
import { listDeliveries, type State } from '../delivery/ledger.ts';
import { PaperroundError } from '../errors.ts';
import { findSubscriber } from '../subscribers/subscriber.ts';
import type { Command } from './context.ts';
import { table } from './terminal.ts';

const STATES = [
  'queued',
  'sending',
  'sent',
  'deferred',
  'refused',
  'unknown',
  'skipped',
] as const satisfies State[];

const list: Command<{ date?: string; state?: string; subscriber?: string }> = async (
  { terminal, app },
  { date, state, subscriber },
) => {
  if (state !== undefined && !(STATES as readonly string[]).includes(state)) {
    throw new PaperroundError('usage', `--state: "${state}" is no state; allowed: ${STATES.join(', ')}`);
  }
  const open = await app();
  const reader = subscriber === undefined ? undefined : await findSubscriber(open.db, subscriber);
  if (subscriber !== undefined && reader === undefined) {
    throw new PaperroundError('usage', `Nobody is subscribed as ${subscriber}`);
  }
  const found = await listDeliveries(open.db, {
    ...(date === undefined ? {} : { edition: date }),
    ...(state === undefined ? {} : { state: state as State }),
    ...(reader === undefined ? {} : { subscriberId: reader.id }),
  });
  const deliveries = found.map(d => ({
    edition: d.edition_date,
    email: d.address,
    state: d.state,
    reason: d.reason,
    attempts: d.attempts,
    at: d.settled_at,
    messageId: d.message_id,
    receipt: d.receipt,
  }));
  const rows = deliveries.map(d => [d.edition, d.email, d.state, d.at ?? '', d.reason ?? d.receipt ?? '']);
  terminal.result({ deliveries }, rows.length === 0 ? ['No deliveries fit.'] : table(rows));
  return 0;
};
export default list;
