// `paperround deliveries retry`: what was deferred, refused or is unknown is put back, to be sent by the next run.
import { judgeRetries, type Retry, retryDeliveries } from '../../delivery/amend.ts';
import { PaperroundError } from '../../errors.ts';
import type { Day } from '../../store/schema.ts';
import type { Command } from '../context.ts';
import { type Terminal, table } from '../terminal.ts';
import { editionMeant, readerOf, stateOf } from './meant.ts';

interface Options {
  state?: string;
  date?: string;
  yes?: boolean;
  dryRun?: boolean;
}

const retry: Command<Options, [string[]]> = async (
  { terminal, app },
  { state, date, yes, dryRun },
  addresses,
) => {
  const wanted = state === undefined ? undefined : stateOf(state, ['deferred', 'refused', 'unknown']);
  if ((addresses.length === 0) === (wanted === undefined))
    throw new PaperroundError('usage', 'Say which deliveries to try again: by address, or by --state', {
      hint: 'For example: paperround deliveries retry ada@example.org, or --state deferred (or refused, unknown).',
    });
  const open = await app();
  const edition = await editionMeant(open, date);
  const readers = await Promise.all(addresses.map(address => readerOf(open, address)));
  const what: Retry =
    wanted === undefined
      ? { edition, subscriberIds: readers.map(({ id }) => id) }
      : { edition, state: wanted };
  const judged = await judgeRetries(open.db, what);
  const left = judged.flatMap(({ delivery, why }) =>
    why === null ? [] : [{ email: delivery.address, why }],
  );
  const none = readers
    .filter(({ id }) => !judged.some(({ delivery }) => delivery.subscriber_id === id))
    .map(({ address }) => ({ email: address, why: `there is none: paperround deliveries show ${address}` }));
  if (wanted === undefined && left.length + none.length > 0) throw refused(edition, [...left, ...none]);
  const many = judged.length - left.length;
  if (dryRun) return rehearse(terminal, edition, judged, left);
  if (many > 1 && yes !== true && !(await terminal.asks(`Try ${many} deliveries of ${edition} again?`))) {
    terminal.warn(`Nothing was changed. ${many} deliveries would be tried again: add --yes.`);
    return 1;
  }
  const done = await retryDeliveries(open.db, what, open.clock, open.settings.deliverHours);
  for (const { email, why } of left) terminal.warn(`${email} is left as it is: ${why}`);
  terminal.result({ edition, retried: done.map(({ address }) => address), left }, [
    done.length === 0
      ? 'No delivery fits that may be tried again.'
      : `${done.length} to be tried again; send: paperround send --date ${edition}`,
  ]);
  return 0;
};
export default retry;

/** Which deliveries would be tried again, and which not; nothing is changed. */
function rehearse(
  terminal: Terminal,
  edition: Day,
  judged: Awaited<ReturnType<typeof judgeRetries>>,
  left: readonly { email: string; why: string }[],
): number {
  const fit = judged.flatMap(({ delivery, why }) => (why === null ? [delivery] : []));
  terminal.result({ edition, dryRun: true, retried: fit.map(({ address }) => address), left }, [
    `${fit.length} of ${edition} would be tried again; nothing was changed.`,
    ...table([
      ...fit.map(({ address, state, reason }) => [`  ${address}`, state, reason ?? '']),
      ...left.map(({ email, why }) => [`  ${email}`, 'stays as it is', why]),
    ]),
  ]);
  return 0;
}

function refused(edition: string, problems: readonly { email: string; why: string }[]): PaperroundError {
  return new PaperroundError('usage', `Not every delivery of ${edition} that was named may be tried again`, {
    details: problems.map(({ email, why }) => `${email}: ${why}`),
    hint: 'Nothing was changed. What may be tried again: deferred, refused and unknown ones of active readers.',
  });
}
