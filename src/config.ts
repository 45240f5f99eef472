// Configuration: paperround.config.ts and the environment become one checked, frozen object. The only reader of process.env.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { readLogo } from './digests/logo.ts';
import { PaperroundError, reasonOf } from './errors.ts';
import { sourceName } from './papers/sources/spec.ts';
import { Settings as Schema } from './settings.ts';
import { wordsOf } from './zod-words.ts';

type Key = keyof z.infer<typeof Schema>;
/** What `paperround.config.ts` may export; every key may be left out. */
export type Config = z.input<typeof Schema>;
/** The settings in force. */
export type Settings = Readonly<z.infer<typeof Schema>>;

/** Types a configuration file: `export default defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
  return config;
}

const ENVIRONMENT: Record<Key, string> = {
  dataDir: 'DATA_DIR',
  databaseUrl: 'DATABASE_URL',
  smtpUrl: 'SMTP_URL',
  mailFrom: 'MAIL_FROM',
  bounceAddress: 'BOUNCE_ADDRESS',
  publicUrl: 'PUBLIC_URL',
  secret: 'PAPERROUND_SECRET',
  sources: 'SOURCES',
  contact: 'CONTACT',
  arxivHolidays: 'ARXIV_HOLIDAYS',
  giveUpAt: 'GIVE_UP_AT',
  askAgainMinutes: 'ASK_AGAIN_MINUTES',
  curator: 'CURATOR',
  cron: 'CRON',
  timeZone: 'TZ_DEFAULT',
  port: 'PORT',
  logLevel: 'LOG_LEVEL',
  name: 'DIGEST_NAME',
  postalAddress: 'POSTAL_ADDRESS',
  footerText: 'FOOTER_TEXT',
  accentColor: 'ACCENT_COLOR',
  paperColor: 'PAPER_COLOR',
  inkColor: 'INK_COLOR',
  darkAccentColor: 'DARK_ACCENT_COLOR',
  darkPaperColor: 'DARK_PAPER_COLOR',
  darkInkColor: 'DARK_INK_COLOR',
  taxonomy: 'TAXONOMY',
  templates: 'TEMPLATES',
  embedder: 'EMBEDDER',
  embedderSeconds: 'EMBEDDER_SECONDS',
  browser: 'BROWSER_PATH',
  logo: 'LOGO',
  onUnknown: 'ON_UNKNOWN',
  connections: 'SMTP_CONNECTIONS',
  dkimKey: 'DKIM_KEY',
  dkimSelector: 'DKIM_SELECTOR',
  dkimDomain: 'DKIM_DOMAIN',
  messagesPerSecond: 'MESSAGES_PER_SECOND',
  domainMessagesPerSecond: 'DOMAIN_MESSAGES_PER_SECOND',
  domainConnections: 'DOMAIN_CONNECTIONS',
  warmUp: 'WARM_UP',
  warmUpGrowth: 'WARM_UP_GROWTH',
  softBounces: 'SOFT_BOUNCES',
  softBounceDays: 'SOFT_BOUNCE_DAYS',
  bounceBrakePercent: 'BOUNCE_BRAKE_PERCENT',
  bounceMailbox: 'BOUNCE_MAILBOX',
  bounceMinutes: 'BOUNCE_MINUTES',
  bounceListen: 'BOUNCE_LISTEN',
  sesTopic: 'SES_TOPIC_ARN',
  postmarkSecret: 'POSTMARK_WEBHOOK_SECRET',
  sendgridKey: 'SENDGRID_WEBHOOK_KEY',
  mailgunKey: 'MAILGUN_WEBHOOK_KEY',
  deliverHours: 'DELIVER_HOURS',
  stopRefusedPercent: 'STOP_REFUSED_PERCENT',
};

const SECRETS: readonly Key[] = [
  'databaseUrl',
  'smtpUrl',
  'secret',
  'dkimKey',
  'bounceMailbox',
  'postmarkSecret',
  'mailgunKey',
];
/** Those that are no addresses, of which a part could be shown. */
const HIDDEN: readonly Key[] = ['secret', 'dkimKey', 'postmarkSecret', 'mailgunKey'];
const NUMBERS: readonly Key[] = [
  'port',
  'connections',
  'askAgainMinutes',
  'embedderSeconds',
  'deliverHours',
  'stopRefusedPercent',
  'messagesPerSecond',
  'domainMessagesPerSecond',
  'domainConnections',
  'warmUp',
  'warmUpGrowth',
  'softBounces',
  'softBounceDays',
  'bounceBrakePercent',
  'bounceMinutes',
];
const LISTS: readonly Key[] = ['sources', 'arxivHolidays'];
const CONFIG_FILES = [
  'paperround.config.ts',
  'paperround.config.js',
  'paperround.config.mjs',
  'paperround.config.json',
];

/** The files that are looked for, or the one that was named: whatever is in force comes from the first that is there. */
export const configFiles = (file?: string): readonly string[] => (file === undefined ? CONFIG_FILES : [file]);

/** The settings with, for each key, where its value came from. */
export interface LoadedConfig {
  settings: Settings;
  origins: Record<string, string>;
}

/**
 * Reads the configuration: the environment wins over the file, the file over the defaults.
 * @param file the configuration file; without it the first `paperround.config.*` of the working folder, if there is one
 * @throws PaperroundError `config` that names every wrong setting, where it was set and what is allowed
 */
export async function loadConfig(
  file?: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<LoadedConfig> {
  const path = file ?? CONFIG_FILES.find(name => existsSync(name));
  const fromFile = path === undefined ? {} : await importConfig(path);
  const values: Record<string, unknown> = { ...fromFile };
  const origins: Record<string, string> = {};
  for (const key of Object.keys(fromFile)) origins[key] = path ?? '';
  for (const [key, name] of Object.entries(ENVIRONMENT) as [Key, string][]) {
    const found = fromEnvironment(environment, name, SECRETS.includes(key));
    if (found === undefined) continue;
    values[key] = typed(key, found.value);
    origins[key] = found.name;
  }
  const parsed = Schema.safeParse(values);
  if (parsed.success) {
    const located: Partial<Record<'embedder' | 'logo', string>> = {};
    for (const key of ['embedder', 'logo'] as const) {
      const given = parsed.data[key];
      // What stands in a file is meant from where the file is.
      const from = path !== undefined && origins[key] === path ? dirname(path) : '.';
      if (given !== undefined) located[key] = resolve(from, given);
    }
    // A wrong one is told of before anything is done, not when the first mail is written.
    if (located.logo !== undefined) readLogo(located.logo);
    return { settings: Object.freeze({ ...parsed.data, ...located }), origins };
  }
  const details = parsed.error.issues.map(issue => problem(issue, origins));
  throw new PaperroundError(
    'config',
    `The configuration has ${details.length === 1 ? '1 problem' : `${details.length} problems`}`,
    { details },
  );
}

function problem(issue: z.core.$ZodIssue, origins: Record<string, string>): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(ENVIRONMENT).join(', ');
    return `${issue.keys.map(key => `"${key}" (${origins[key] ?? 'file'})`).join(', ')}: unknown; allowed: ${known}`;
  }
  const key = String(issue.path[0] ?? '');
  return `${[key, ...issue.path.slice(1)].join('.')} (set by ${origins[key] ?? 'default'}): ${wordsOf(issue)}`;
}

function fromEnvironment(
  environment: NodeJS.ProcessEnv,
  name: string,
  secret: boolean,
): { name: string; value: string } | undefined {
  const value = environment[name];
  if (value !== undefined && value !== '') return { name, value };
  const path = secret ? environment[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return undefined;
  try {
    return { name: `${name}_FILE`, value: readFileSync(path, 'utf8').trim() };
  } catch (error) {
    throw new PaperroundError('config', `${name}_FILE: ${path} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** An address or a query may hold commas: only one before the next source's kind, or at the end, parts. */
const BETWEEN_SOURCES = /\n|,(?=\s*(?:(?:huggingface|arxiv|arxiv-rss|feed|file)(?:[:@,\s]|$)|,|$))/;

/** The environment is text: lists are separated by commas, numbers are digits. */
function typed(key: Key, value: string): unknown {
  if (LISTS.includes(key))
    return value
      .split(key === 'sources' ? BETWEEN_SOURCES : /[,\n]/)
      .map(part => part.trim())
      .filter(part => part !== '');
  return NUMBERS.includes(key) && /^\d+$/.test(value) ? Number(value) : value;
}

async function importConfig(path: string): Promise<Record<string, unknown>> {
  try {
    // A module is loaded once by its address: the studio loads the file again when it was saved.
    const url = `${pathToFileURL(resolve(path)).href}?${Math.trunc(statSync(path).mtimeMs)}`;
    const module = path.endsWith('.json')
      ? { default: JSON.parse(readFileSync(path, 'utf8')) as unknown }
      : ((await import(url)) as { default?: unknown });
    if (typeof module.default !== 'object' || module.default === null || Array.isArray(module.default)) {
      throw new Error('it has no default export; write: export default { … }');
    }
    return module.default as Record<string, unknown>;
  } catch (error) {
    throw new PaperroundError('config', `${path} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

/** The settings as they may be shown: secrets are masked, passwords in URLs too. */
export function shownSettings({
  settings,
  origins,
}: LoadedConfig): { key: string; env: string; value: string; origin: string }[] {
  return (Object.entries(ENVIRONMENT) as [Key, string][]).map(([key, env]) => {
    const value = settings[key];
    const text = key === 'sources' ? settings.sources.map(sourceName).join(', ') : String(value ?? '');
    return {
      key,
      env,
      value: SECRETS.includes(key) ? masked(key, text) : text,
      origin: origins[key] ?? 'default',
    };
  });
}

/** A secret is hidden whole, even one that reads like a URL; of a URL, all up to its last @: passwords may hold one. */
function masked(key: Key, text: string): string {
  if (HIDDEN.includes(key) && text !== '') return '•••';
  return text.startsWith('sqlite:') ? text : text.replace(/\/\/.*@/s, '//•••@').replace(/\?.*$/s, '?•••');
}

/** Whether colour and progress may be shown at all (https://no-color.org). */
export function plainTerminal(environment: NodeJS.ProcessEnv = process.env): boolean {
  return (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
}
