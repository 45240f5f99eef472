// `paperround subscribers add ADDRESS`: one reader who agreed to get the mail.
import { PaperroundError } from '../../errors.ts';
import { readAddress } from '../../subscribers/address.ts';
import { storeSubscriber } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';

const add: Command<{ name?: string; themes?: string }, [string]> = async (
  { terminal, app },
  { name, themes },
  text,
) => {
  const open = await app();
  const address = readAddress(text);
  if ('problem' in address) throw new PaperroundError('usage', address.problem);
  const chosen = (themes ?? '')
    .split(',')
    .map(slug => slug.trim())
    .filter(slug => slug !== '');
  const slugs = open.themes.map(theme => theme.slug);
  const unknown = chosen.filter(slug => !slugs.includes(slug));
  if (unknown.length > 0) {
    throw new PaperroundError('usage', `--themes: unknown: ${unknown.join(', ')}`, {
      hint: `Allowed: ${slugs.join(', ')}`,
    });
  }
  const preferences = themes === undefined ? {} : { themes: chosen };
  const reader = {
    address,
    name: name ?? null,
    status: undefined,
    initialStatus: 'active' as const,
    preferences,
  };
  const outcome = await open.db.transaction().execute(tx => storeSubscriber(tx, reader, open.clock));
  const said = outcome === 'left' ? 'left before; only they can come back' : outcome;
  terminal.result({ email: address.address, outcome }, [`${address.address}: ${said}`]);
  return outcome === 'left' ? 1 : 0;
};
export default add;
