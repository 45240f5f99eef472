// `paperround subscribers show ADDRESS`: one reader, every delivery they had, and every bounce.
import { listBounces, whySuppressed } from '../../delivery/bounces/list.ts';
import { listDeliveries } from '../../delivery/ledger.ts';
import { PaperroundError } from '../../errors.ts';
import { dueInWords } from '../../subscribers/due.ts';
import { exportSubscribers } from '../../subscribers/import.ts';
import { findSubscriber } from '../../subscribers/subscriber.ts';
import { excerpt } from '../../text-file.ts';
import type { Command } from '../context.ts';
import { table } from '../terminal.ts';
import { wishes } from './list.ts';

const show: Command<object, [string]> = async ({ terminal, app }, _options, text) => {
  const open = await app();
  const reader = await findSubscriber(open.db, text);
  if (reader === undefined) throw new PaperroundError('usage', `Nobody is subscribed as ${text}`);
  const deliveries = await listDeliveries(open.db, { subscriberId: reader.id });
  const shown = deliveries.map(d => ({
    edition: d.edition_date,
    state: d.state,
    at: d.settled_at,
    reason: d.reason,
  }));
  const bounces = await listBounces(open.db, reader.id);
  const why = reader.status === 'suppressed' ? whySuppressed(bounces) : null;
  const { preferences: p } = reader;
  terminal.result(
    {
      ...exportSubscribers([reader])[0],
      since: reader.createdAt,
      nextDigestAt: reader.status === 'active' ? reader.nextDigestAt : null,
      statusAt: reader.statusAt,
      suppressedBecause: why,
      deliveries: shown,
      bounces: bounces.map(({ email: _, ...bounce }) => bounce),
    },
    [
      `${reader.address}${reader.name === null ? '' : ` (${reader.name})`}`,
      ...table([
        ['  status', `${reader.status} since ${reader.statusAt}`],
        ...(why === null ? [] : [['  because', why]]),
        ['  wants', wishes(p)],
        ['  length', p.length],
        ...(p.atLeast === 1 ? [] : [['  only', `when there are at least ${p.atLeast} papers`]]),
        [
          '  when',
          `${p.cadence}${p.cadence === 'weekly' ? ` on ${p.weekday}` : ''}, ${p.hour}:00 ${p.timeZone}`,
        ],
        ...(reader.status === 'active' ? [['  next', dueInWords(reader.nextDigestAt, p.timeZone)]] : []),
        ['  subscribed', reader.createdAt],
      ]),
      deliveries.length === 0 ? '  no deliveries yet' : '  deliveries:',
      ...table(deliveries.map(d => [`    ${d.edition_date}`, d.state, d.settled_at ?? '', d.reason ?? ''])),
      ...(bounces.length === 0 ? [] : ['  bounces:']),
      ...table(
        bounces.map(b => [
          `    ${b.edition ?? b.reportedAt}`,
          b.kind,
          b.status ?? '',
          excerpt(b.diagnostic, 100),
        ]),
      ),
    ],
  );
  return 0;
};
export default show;
