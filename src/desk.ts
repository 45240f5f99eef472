// Opens the desk: what writes an installation's mails, its templates, masthead, sender, seal and secret.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Settings } from './config.ts';
import type { Desk } from './delivery/write.ts';
import { readLogo } from './digests/logo.ts';
import type { Sender } from './digests/message.ts';
import type { Seal } from './digests/mime-once.ts';
import { palette } from './digests/palette.ts';
import { openTemplates, type Templates } from './digests/template.ts';
import { PaperroundError, reasonOf } from './errors.ts';
import { makePrivateFolder } from './folder.ts';
import { readMailbox } from './setting.ts';
import type { Keys } from './subscribers/links.ts';

/** The templates that ship, two folders up from this file in the repository and in the published package alike. */
const SHIPPED_TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/** The folder of the templates in use. */
export const templatesOf = (settings: Settings): string => settings.templates ?? SHIPPED_TEMPLATES;

/** Opens the desk of an installation. @param warn is told, in one line each, of what is wrong and does not stop anything */
export async function openDesk(settings: Settings, warn: (line: string) => void): Promise<Desk> {
  const { dataDir, name, postalAddress, footerText, publicUrl, logo } = settings;
  const sender = senderOf(settings);
  return {
    templates: await openTemplates(
      templatesOf(settings),
      join(dataDir, 'cache', 'templates'),
      palette(settings),
    ),
    masthead: {
      name,
      postalAddress: postalAddress ?? null,
      footerText: footerText ?? null,
      logo: logo === undefined ? null : readLogo(logo),
      webUrl: publicUrl ?? null,
    },
    sender,
    seal: await openSeal(settings, sender, warn),
    ...keysOf(settings),
  };
}

/** The templates of the mail that asks for a confirmation: the operator's, or those that ship where they have none. */
export function openConfirmationTemplates(settings: Settings): Promise<Templates> {
  const own = templatesOf(settings);
  const folder = existsSync(join(own, 'confirmation.mjml')) ? own : SHIPPED_TEMPLATES;
  const cache = join(settings.dataDir, 'cache', 'templates');
  return openTemplates(folder, cache, palette(settings), 'confirmation');
}

/** What signs the mails; null where no key is set, for a relay that signs them. Loaded only where there is one. */
async function openSeal(
  { dkimKey, dkimSelector, dkimDomain }: Settings,
  { address }: Sender,
  warn: (line: string) => void,
): Promise<Seal | null> {
  if (dkimKey === undefined) {
    if (dkimSelector === undefined && dkimDomain === undefined) return null;
    throw new PaperroundError(
      'config',
      'DKIM: a selector or a domain is set, and no key: mails would go unsigned',
      {
        hint: 'Set DKIM_KEY or DKIM_KEY_FILE, or neither of the three.',
      },
    );
  }
  if (dkimSelector === undefined)
    throw new PaperroundError('config', 'DKIM: there is a key and no selector', {
      hint: 'DKIM_SELECTOR is the name under which the public key stands: SELECTOR._domainkey.DOMAIN.',
    });
  const { openDkim } = await import('./delivery/dkim.ts');
  const domain = dkimDomain ?? address.slice(address.lastIndexOf('@') + 1);
  const { seal, warnings } = openDkim({ keys: dkimKey, selectors: dkimSelector, domain }, address);
  for (const line of warnings) warn(line);
  return seal;
}

/** Who sends, as the settings say. */
export function senderOf({ mailFrom, bounceAddress, publicUrl, smtpUrl, name }: Settings): Sender {
  if (mailFrom === undefined && smtpUrl !== undefined) {
    throw new PaperroundError('config', 'MAIL_FROM is not set: a mail server needs to know who sends', {
      hint: 'For example MAIL_FROM="Daily Papers <papers@example.org>".',
    });
  }
  const mailbox = readMailbox(mailFrom ?? 'papers@localhost') ?? { name: null, address: 'papers@localhost' };
  const bounce = bounceAddress ?? mailbox.address;
  return {
    name: mailbox.name ?? name,
    address: mailbox.address,
    bounceAddress: bounce === 'off' ? null : bounce,
    publicUrl: publicUrl ?? null,
  };
}

/**
 * The keys of the readers' links: the secret that is set, or the installation's own; and those of before, so that the links
 * of old mails work. One that is set after the installation made its own does not end what that has signed.
 */
export function keysOf({ secret, oldSecrets, dataDir }: Settings): Keys {
  if (secret === undefined) return { secret: keptSecret(dataDir), oldSecrets };
  const kept = existsSync(join(dataDir, 'secret')) ? [keptSecret(dataDir)] : [];
  return { secret, oldSecrets: [...oldSecrets, ...kept] };
}

/** The installation's own secret, made on first use: whoever has it can sign unsubscribe links. */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  try {
    makePrivateFolder(dataDir);
    // Only the first of several processes may make it; the others read what it made.
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new PaperroundError('storage', `The secret ${path} cannot be made: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < 16)
    throw new PaperroundError('storage', `The secret in ${path} is too short; it was damaged`);
  return secret;
}
