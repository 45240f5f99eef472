// `paperround deliveries pause|resume|cancel`: an edition's sending is stopped or let go on, also while another process sends.
import { countDeliveries } from '../../delivery/ledger.ts';
import {
  cancel as cancelEdition,
  pause as pauseEdition,
  resume as resumeEdition,
} from '../../delivery/stop.ts';
import type { Command } from '../context.ts';
import { editionMeant } from './meant.ts';

interface Options {
  date?: string;
}

export const pause: Command<Options> = async ({ terminal, app }, { date }) => {
  const open = await app();
  const edition = await editionMeant(open, date);
  const isNew = await pauseEdition(open.db, edition, 'the operator paused it', open.clock);
  const { sending, queued, deferred } = await countDeliveries(open.db, edition);
  terminal.result({ edition, state: 'paused', sending, queued, deferred }, [
    isNew
      ? `Edition ${edition} is paused: ${queued + deferred} are waiting, ${sending} are being handed over and are finished.`
      : `Edition ${edition} was paused before.`,
    `Let it go on: paperround deliveries resume --date ${edition}`,
  ]);
  return 0;
};

export const resume: Command<Options> = async ({ terminal, app }, { date }) => {
  const open = await app();
  const edition = await editionMeant(open, date);
  await resumeEdition(open.db, edition, open.clock);
  terminal.result({ edition, state: 'resumed' }, [
    `Edition ${edition} may go on; refusals do not stop it again. Send it: paperround send --date ${edition}`,
  ]);
  return 0;
};

export const cancel: Command<Options & { drop?: boolean }> = async (
  { terminal, app },
  { date, drop = false },
) => {
  const open = await app();
  const edition = await editionMeant(open, date);
  const skipped = await cancelEdition(open.db, edition, drop, open.clock);
  const { sent, sending, unknown } = await countDeliveries(open.db, edition);
  terminal.result({ edition, state: drop ? 'dropped' : 'cancelled', skipped, sending, sent, unknown }, [
    `Edition ${edition} is cancelled: ${skipped} who were waiting do not get it, ${sent} had it${sending > 0 ? `, ${sending} are being handed over and are finished` : ''}.`,
    drop
      ? 'Its papers are in no later digest.'
      : 'Its papers come with the next digest of those who did not have it.',
    ...(unknown > 0
      ? [`${unknown} may have it: paperround deliveries list --date ${edition} --state unknown`]
      : []),
  ]);
  return 0;
};
