// `paperround subscribers add ADDRESS`: one reader who agreed to get the mail.
import { keysOf } from '../../desk.ts';
import { PaperroundError } from '../../errors.ts';
import { transact } from '../../store/schema.ts';
import { readAddress } from '../../subscribers/address.ts';
import { erasedAndSuppressed } from '../../subscribers/erased.ts';
import { Preferences } from '../../subscribers/preferences.ts';
import { storeSubscriber } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';

const add: Command<{ name?: string; themes?: string; locale?: string }, [string]> = async (
  { terminal, app },
  { name, themes, locale },
  text,
) => {
  const open = await app();
  const address = readAddress(text);
  if ('problem' in address) throw new PaperroundError('usage', address.problem);
  const isErased = await erasedAndSuppressed(open.db, keysOf(open.settings));
  if (isErased(address.key))
    throw new PaperroundError('usage', `${address.address} was erased, and no mail is to go there again`);
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
  const preferences = {
    ...(themes === undefined ? {} : { themes: chosen }),
    ...(locale === undefined ? {} : { locale: readLocale(locale) }),
  };
  const reader = {
    address,
    name: name ?? null,
    status: undefined,
    initialStatus: 'active' as const,
    preferences,
  };
  const outcome = await transact(open.db, tx => storeSubscriber(tx, reader, open.clock));
  const said = outcome === 'left' ? 'left before; only they can come back' : outcome;
  terminal.result({ email: address.address, outcome }, [`${address.address}: ${said}`]);
  return outcome === 'left' ? 1 : 0;
};

/** The tag in its canonical form. */
function readLocale(tag: string): string {
  const { data, error } = Preferences.shape.locale.safeParse(tag);
  if (error) throw new PaperroundError('usage', `--locale: ${error.issues[0]?.message}`);
  return data;
}

export default add;
