// `paperround deliveries resolve ADDRESS --date D --sent|--not-sent`: what the operator found out about an unknown delivery.
import { isInDoubt, resolveDelivery } from '../../delivery/amend.ts';
import { listDeliveries } from '../../delivery/ledger.ts';
import { PaperroundError } from '../../errors.ts';
import type { Command } from '../context.ts';
import { editionMeant, readerOf } from './meant.ts';

interface Options {
  date?: string;
  sent?: boolean;
  notSent?: boolean;
}

const resolve: Command<Options, [string]> = async ({ terminal, app }, options, address) => {
  const { date, sent = false, notSent = false } = options;
  if (sent === notSent || date === undefined)
    throw new PaperroundError('usage', 'Say of which day, and what you found out', {
      hint: `paperround deliveries resolve ${address} --date DAY --sent (it arrived), or --not-sent (it did not).`,
    });
  const open = await app();
  const reader = await readerOf(open, address);
  const edition = await editionMeant(open, date);
  const [delivery] = await listDeliveries(open.db, { edition, subscriberId: reader.id });
  const isOpen = delivery !== undefined && isInDoubt(delivery);
  const { deliverHours } = open.settings;
  if (!isOpen || !(await resolveDelivery(open.db, delivery, sent, open.clock, deliverHours)))
    throw new PaperroundError(
      'usage',
      `The delivery of ${edition} to ${reader.address} is not unknown but ${delivery?.state ?? 'not there'}`,
      {
        hint: `Only what became of an unknown one can be told. All of it: paperround deliveries show ${reader.address} --date ${edition}`,
      },
    );
  const state = sent ? 'sent' : 'queued';
  terminal.result({ edition, email: reader.address, state }, [
    sent
      ? `${reader.address} has the digest of ${edition}: it is sent, and is not sent again.`
      : `${reader.address} does not have the digest of ${edition}: it is owed; send it by: paperround send --date ${edition}`,
  ]);
  return 0;
};
export default resolve;
