// Configuration: paperround.config.ts and the environment become one checked, frozen object. The only reader of process.env.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { separateRelays } from './delivery/mailer/relay-url.ts';
import { readLogo } from './digests/logo.ts';
import { PaperroundError, reasonOf } from './errors.ts';
import { sourceName } from './papers/sources/spec.ts';
import { Settings as Schema, SETTINGS, type Setting } from './settings.ts';
import { wordsOf } from './zod-words.ts';

/** What `paperround.config.ts` may export; every key may be left out. */
export type Config = z.input<typeof Schema>;
/** The settings in force. */
export type Settings = Readonly<z.infer<typeof Schema>>;

/** Types a configuration file: `export default defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
  return config;
}

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
  for (const setting of SETTINGS) {
    const found = fromEnvironment(environment, setting);
    if (found === undefined) continue;
    values[setting.key] = typed(setting, found.value);
    origins[setting.key] = found.name;
  }
  const parsed = Schema.safeParse(values);
  if (parsed.success) {
    const located: Partial<Record<'embedder' | 'logo' | 'smtpCa', string>> = {};
    for (const key of ['embedder', 'logo', 'smtpCa'] as const) {
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
    const known = SETTINGS.map(({ key }) => key).join(', ');
    return `${issue.keys.map(key => `"${key}" (${origins[key] ?? 'file'})`).join(', ')}: unknown; allowed: ${known}`;
  }
  const key = String(issue.path[0] ?? '');
  return `${[key, ...issue.path.slice(1)].join('.')} (set by ${origins[key] ?? 'default'}): ${wordsOf(issue)}`;
}

function fromEnvironment(
  environment: NodeJS.ProcessEnv,
  { env: name, secret }: Setting,
): { name: string; value: string } | undefined {
  const value = environment[name];
  if (value !== undefined && value !== '') return { name, value };
  const path = secret !== undefined ? environment[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return undefined;
  try {
    return { name: `${name}_FILE`, value: readFileSync(path, 'utf8').trim() };
  } catch (error) {
    throw new PaperroundError('config', `${name}_FILE: ${path} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** The environment is text: lists are separated by commas, numbers are digits. */
function typed({ kind, between = /[,\n]/ }: Setting, value: string): unknown {
  if (kind === 'list')
    return value
      .split(between)
      .map(part => part.trim())
      .filter(part => part !== '');
  return kind === 'number' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
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
  return SETTINGS.map(({ key, env, secret }) => {
    const value = settings[key];
    const text = key === 'sources' ? settings.sources.map(sourceName).join(', ') : String(value ?? '');
    return { key, env, value: masked(text, secret), origin: origins[key] ?? 'default' };
  });
}

/** A secret is hidden whole, even one that reads like a URL; of a URL, all up to its last @: passwords may hold one. */
function masked(text: string, secret: Setting['secret']): string {
  if (secret === undefined || text === '') return text;
  if (secret === 'whole') return '•••';
  return (secret === 'in its URLs' ? separateRelays(text) : [text]).map(maskedUrl).join(' ');
}

function maskedUrl(text: string): string {
  return text.startsWith('sqlite:') ? text : text.replace(/\/\/.*@/s, '//•••@').replace(/\?.*$/s, '?•••');
}

/** Whether colour and progress may be shown at all (https://no-color.org). */
export function plainTerminal(environment: NodeJS.ProcessEnv = process.env): boolean {
  return (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
}
