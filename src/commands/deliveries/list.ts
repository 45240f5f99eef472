// `paperround deliveries list`: who got what, and why somebody did not.
import { listDeliveries } from '../../delivery/ledger.ts';
import type { Command } from '../context.ts';
import { table } from '../terminal.ts';
import { readerOf, stateOf } from './meant.ts';

const list: Command<{ date?: string; state?: string; subscriber?: string }> = async (
  { terminal, app },
  { date, state, subscriber },
) => {
  const wanted = state === undefined ? undefined : stateOf(state);
  const open = await app();
  const reader = subscriber === undefined ? undefined : await readerOf(open, subscriber);
  const found = await listDeliveries(open.db, {
    ...(date === undefined ? {} : { edition: date }),
    ...(wanted === undefined ? {} : { state: wanted }),
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
