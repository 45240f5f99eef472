// Opens an installation: the only file that names adapters. Whatever is opened is closed in one place.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMailbox, type Settings } from './config.ts';
import type { Mailer } from './delivery/mailer/mailer.ts';
import { outboxMailer } from './delivery/mailer/outbox.ts';
import type { Desk } from './delivery/write.ts';
import type { Sender } from './digests/message.ts';
import { openTemplates } from './digests/template.ts';
import type { Press } from './editions/publish.ts';
import { PaperroundError, reasonOf } from './errors.ts';
import { makeFolder } from './folder.ts';
import type { Source } from './papers/sources/source.ts';
import { migrate } from './store/migrate.ts';
import { type Clock, type Day, type Db, dayIn } from './store/schema.ts';
import { openSqlite } from './store/sqlite.ts';
import { keywordModel } from './themes/keyword-model.ts';
import { defaultTaxonomy, readTaxonomy, type Theme } from './themes/taxonomy.ts';

/** An open installation. `desk` and `mailer` are opened by those who need them. */
export interface App {
  settings: Settings;
  db: Db;
  clock: Clock;
  themes: Theme[];
  press: Press;
  migrated: string[];
  today(): Day;
  sources(): Source[];
  desk(): Promise<Desk>;
  mailer(): Promise<Mailer>;
  close(): Promise<void>;
}

const realClock: Clock = () => Temporal.Now.instant();

/**
 * Opens the database (bringing its schema up to date), the themes and, when asked for, templates and mailer.
 * @throws PaperroundError when a part cannot be opened; parts that were opened before are closed
 */
export async function openApp(settings: Settings, clock: Clock = realClock): Promise<App> {
  const db = openSqlite(databasePath(settings));
  let mailer: Mailer | undefined;
  try {
    const migrated = await migrate(db, clock);
    const themes =
      settings.taxonomy === undefined ? defaultTaxonomy() : await readTaxonomy(settings.taxonomy);
    return {
      settings,
      db,
      clock,
      themes,
      migrated,
      press: { db, themes, model: keywordModel(themes), clock },
      today: () => dayIn(settings.timeZone, clock()),
      sources: () => settings.sources.map(openSource),
      desk: () => openDesk(settings),
      async mailer() {
        mailer ??= await openMailer(settings);
        return mailer;
      },
      async close() {
        await mailer?.close();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Where the database file of an installation is. */
function databasePath(settings: Settings): string {
  return settings.databaseUrl?.slice('sqlite:'.length) ?? join(settings.dataDir, 'paperround.db');
}

/** The source of a name such as `file:PATH`; what it needs is loaded when it is asked. */
export function openSource(name: string): Source {
  const path = name.replace(/^file:/, '');
  return {
    name,
    async announce(ask) {
      const { fileSource } = await import('./papers/sources/file.ts');
      return fileSource(path).announce(ask);
    },
  };
}

async function openMailer({ smtpUrl, dataDir, connections }: Settings): Promise<Mailer> {
  if (smtpUrl === undefined) return outboxMailer(join(dataDir, 'outbox'));
  const { smtpMailer } = await import('./delivery/mailer/smtp.ts');
  return smtpMailer(smtpUrl, connections);
}

/** The templates that ship, two folders up from this file in the repository and in the published package alike. */
const SHIPPED_TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

async function openDesk(settings: Settings): Promise<Desk> {
  const { dataDir, name, postalAddress, publicUrl } = settings;
  return {
    templates: await openTemplates(
      settings.templates ?? SHIPPED_TEMPLATES,
      join(dataDir, 'cache', 'templates'),
    ),
    masthead: { name, postalAddress: postalAddress ?? null, webUrl: publicUrl ?? null },
    sender: openSender(settings),
    secret: settings.secret ?? keptSecret(dataDir),
  };
}

function openSender({ mailFrom, bounceAddress, publicUrl, smtpUrl, name }: Settings): Sender {
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

/** The installation's own secret, made on first use: whoever has it can sign unsubscribe links. */
function keptSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  try {
    makeFolder(dataDir);
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
