// Settings: where each comes from, what is allowed, and what is never shown.
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, defineConfig, loadConfig, plainTerminal, shownSettings } from '../src/config.ts';
import { PaperroundError } from '../src/errors.ts';
import { sourceName } from '../src/papers/sources/spec.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'paperround-config-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let files = 0;

/** A file with a name of its own: Node imports a module once. */
async function fileOf(content: string | Config, kind = 'json'): Promise<string> {
  const path = join(FOLDER, `config-${++files}.${kind}`);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function refusal(
  config: string | Record<string, unknown>,
  environment: NodeJS.ProcessEnv = {},
  kind = 'json',
) {
  const path = await fileOf(config as Config, kind);
  const error = await loadConfig(path, environment).then(
    () => new Error('it was taken'),
    (reason: unknown) => reason as PaperroundError,
  );
  expect(error).toBeInstanceOf(PaperroundError);
  const { code, message, details } = error as PaperroundError;
  return { code, said: [message, ...details].join('\n').replaceAll(path, 'FILE') };
}

const settingsOf = async (environment: NodeJS.ProcessEnv, file: Config = {}) =>
  (await loadConfig(await fileOf(file), environment)).settings;

describe('a setting', () => {
  it('has a default', async () => {
    const { settings, origins } = await loadConfig(await fileOf({}), {});
    expect(settings).toEqual({
      dataDir: './data',
      oldSecrets: [],
      sources: [],
      arxivHolidays: [],
      giveUpAt: '11:00',
      askAgainMinutes: 15,
      cron: '0 7 * * 1-5',
      timeZone: 'UTC',
      listenHost: '127.0.0.1',
      logLevel: 'info',
      logFormat: 'text',
      askAbove: 3,
      name: 'Daily Papers',
      onUnknown: 'resend',
      connections: 5,
      warmUpGrowth: 50,
      softBounces: 5,
      softBounceDays: 3,
      bounceBrakePercent: 10,
      bounceMinutes: 15,
      signUpsPerHour: 1000,
      mostUnconfirmed: 10_000,
      trustedProxies: 0,
      deliverHours: 24,
      stopRefusedPercent: 20,
      drainSeconds: 30,
      embedderSeconds: 120,
    });
    expect(origins).toEqual({});
  });

  it('is taken from the file, and from the environment before that', async () => {
    const path = await fileOf({ name: 'Lab Notes', port: 8080, timeZone: 'Europe/Paris' });
    const { settings, origins } = await loadConfig(path, {
      PORT: '9090',
      TZ_DEFAULT: '',
      LOG_LEVEL: 'error',
    });
    expect(settings).toMatchObject({
      name: 'Lab Notes',
      port: 9090,
      timeZone: 'Europe/Paris',
      logLevel: 'error',
    });
    expect(origins).toEqual({ name: path, port: 'PORT', timeZone: path, logLevel: 'LOG_LEVEL' });
  });

  it('may be less than one where the environment sets it', async () => {
    const { settings } = await loadConfig(undefined, { MESSAGES_PER_SECOND: '0.5' });
    expect(settings.messagesPerSecond).toBe(0.5);
  });

  it('cannot be changed afterwards', async () => {
    const settings = (await settingsOf({})) as { port?: number };
    expect(() => {
      settings.port = 1;
    }).toThrow(TypeError);
  });

  it.each([
    ['json', '{"port": 8080}'],
    ['ts', 'const port: number = 8080;\nexport default { port };'],
    ['js', 'export default { port: 8080 };'],
    ['mjs', 'export default { port: 8080 };'],
  ])('may stand in a .%s file', async (kind, content) => {
    expect((await loadConfig(await fileOf(content, kind), {})).settings.port).toBe(8080);
  });

  it('may be typed by defineConfig', () => {
    const config: Config = { port: 8080 };
    expect(defineConfig(config)).toBe(config);
  });
});

describe('a secret', () => {
  it.each([
    ['PAPERROUND_SECRET', 'secret', 'a secret of 32 characters, no less'],
    ['SMTP_URL', 'smtpUrl', 'smtps://user:password@mail.example.org'],
    ['DATABASE_URL', 'databaseUrl', 'sqlite:/srv/paperround.db'],
  ] as const)('%s may stand in a file of its own', async (name, key, value) => {
    const path = await fileOf(`${value}\n`, 'txt');
    const { settings, origins } = await loadConfig(await fileOf({}), { [`${name}_FILE`]: path });
    expect(settings[key]).toBe(value);
    expect(origins[key]).toBe(`${name}_FILE`);
  });

  it('given directly wins over one in a file', async () => {
    const settings = await settingsOf({ SMTP_URL: 'smtp://one.example', SMTP_URL_FILE: '/not/there' });
    expect(settings.smtpUrl).toBe('smtp://one.example');
  });

  it('in a file that cannot be read is said', async () => {
    const { code, said } = await refusal({}, { SMTP_URL_FILE: '/not/there' });
    expect(code).toBe('config');
    expect(said).toContain('SMTP_URL_FILE: /not/there cannot be read: ENOENT');
  });

  it('is only looked for in a file where it is one', async () => {
    expect((await settingsOf({ PORT_FILE: '/not/there' })).port).toBeUndefined();
  });

  it.each([
    ['secret', 'PAPERROUND_SECRET', 'correct horse battery', '•••'],
    ['secret', 'PAPERROUND_SECRET', 'correct:horse:battery', '•••'],
    ['secret', 'PAPERROUND_SECRET', 'sqlite:horse-battery', '•••'],
    ['smtpUrl', 'SMTP_URL', 'smtp://user:horse@mail.example.org:587', 'smtp://•••@mail.example.org:587'],
    ['smtpUrl', 'SMTP_URL', 'smtp://user:ho@rse@mail.example.org', 'smtp://•••@mail.example.org'],
    ['smtpUrl', 'SMTP_URL', 'smtp://u:horse@a smtp://u:ho@rse@b', 'smtp://•••@a smtp://•••@b'],
    ['smtpUrl', 'SMTP_URL', 'smtp://mail.example.org', 'smtp://mail.example.org'],
    ['databaseUrl', 'DATABASE_URL', 'sqlite:./data/x.db', 'sqlite:./data/x.db'],
    ['databaseUrl', 'DATABASE_URL', 'postgres://me:horse@h:5432/db', 'postgres://•••@h:5432/db'],
  ] as const)('%s is not shown', async (key, env, value, shown) => {
    const loaded = await loadConfig(await fileOf({}), { [env]: value });
    expect(shownSettings(loaded).find(setting => setting.key === key)).toEqual({
      key,
      env,
      value: shown,
      origin: env,
    });
  });

  it('is not shown when it is wrong either', async () => {
    const { said } = await refusal({
      secret: 'horse',
      smtpUrl: 'http://user:horse@mail',
      databaseUrl: 'mysql://u:horse@h/db',
    });
    expect(said).not.toContain('horse');
  });

  it.each(['smtp://user/horse@mail.example.org', 'smtp://user?horse@mail.example.org'])(
    'with a letter that had to be encoded is refused, and not shown: %s',
    async smtpUrl => {
      const { said } = await refusal({ smtpUrl });
      expect(said).toContain('percent-encode');
      expect(said).not.toContain('horse');
    },
  );
});

it('every setting is shown, with the name of its variable and where it came from', async () => {
  const loaded = await loadConfig(await fileOf({ sources: ['file:a', 'file:b'] }), { PORT: '80' });
  const shown = shownSettings(loaded);
  expect(shown.map(({ env }) => env)).toEqual(
    expect.arrayContaining(['SOURCES', 'PORT', 'MAIL_FROM', 'PUBLIC_URL', 'CRON']),
  );
  expect(shown.find(({ key }) => key === 'sources')?.value).toBe('file:a, file:b');
  expect(shown.find(({ key }) => key === 'port')).toMatchObject({ value: '80', origin: 'PORT' });
  expect(shown.find(({ key }) => key === 'mailFrom')).toMatchObject({ value: '', origin: 'default' });
});

describe('a wrong value says where it was set and what is allowed', () => {
  it.each([
    ['PORT', 'eighty', 'port (set by PORT): allowed: a whole number from 0 to 65535'],
    ['PORT', '-1', 'port (set by PORT): allowed: a whole number from 0 to 65535'],
    ['PORT', '65536', 'port (set by PORT): allowed: a whole number from 0 to 65535'],
    ['PORT', '80.5', 'port (set by PORT): allowed: a whole number from 0 to 65535'],
    ['SMTP_CONNECTIONS', '0', 'connections (set by SMTP_CONNECTIONS): allowed: a whole number from 1 to 100'],
    ['LOG_LEVEL', 'loud', 'logLevel (set by LOG_LEVEL): allowed: error, info'],
    ['ON_UNKNOWN', 'panic', 'onUnknown (set by ON_UNKNOWN): allowed: resend, hold'],
    [
      'CRON',
      'every morning',
      'cron (set by CRON): allowed: cron fields such as "0 7 * * 1-5" (a sixth, in front, for seconds)',
    ],
    [
      'TZ_DEFAULT',
      'Mars/Olympus',
      'timeZone (set by TZ_DEFAULT): allowed: IANA names such as Europe/Paris or UTC',
    ],
    [
      'DATABASE_URL',
      'mysql://h/db',
      'databaseUrl (set by DATABASE_URL): allowed: sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE (percent-encode @ : / in user and password)',
    ],
    ['DATABASE_URL', 'postgres://me:50%@h/db', 'databaseUrl (set by DATABASE_URL): allowed: sqlite:PATH'],
    ['DATABASE_URL', 'sqlite:', 'databaseUrl (set by DATABASE_URL): allowed: sqlite:PATH'],
    [
      'SMTP_URL',
      'mail.example.org',
      'smtpUrl (set by SMTP_URL): allowed: smtp://user:password@host:port or smtps://',
    ],
    ['SMTP_URL', 'smtp://', 'smtpUrl (set by SMTP_URL): allowed: smtp://user:password@host:port or smtps://'],
    [
      'MAIL_FROM',
      'Daily Papers',
      'mailFrom (set by MAIL_FROM): allowed: papers@example.org or "Daily Papers <',
    ],
    ['MAIL_FROM', 'a@example.org\r\nBcc: b@example.org', 'mailFrom (set by MAIL_FROM): allowed:'],
    ['BOUNCE_ADDRESS', 'no', 'bounceAddress (set by BOUNCE_ADDRESS): allowed: an address, or off'],
    ['SOURCES', 'file:a,feed:x', 'sources.1 (set by SOURCES): "feed:x": allowed: feed:https://'],
    ['SOURCES', 'file:a,file:a', 'sources.1 (set by SOURCES): "file:a" is named twice'],
    ['CONTACT', 'nobody', 'contact (set by CONTACT): allowed: a mail address'],
    ['GIVE_UP_AT', '25:00', 'giveUpAt (set by GIVE_UP_AT): allowed: a time such as 11:00'],
    ['ARXIV_HOLIDAYS', 'friday', 'arxivHolidays.0 (set by ARXIV_HOLIDAYS): allowed: days as YYYY-MM-DD'],
    ['DIGEST_NAME', 'Daily\r\nBcc: x', 'name (set by DIGEST_NAME): allowed: one line without quotes'],
    ['PAPERROUND_SECRET', 'short', 'secret (set by PAPERROUND_SECRET): allowed: at least 16 characters'],
    [
      'PUBLIC_URL',
      'papers.example.org',
      'publicUrl (set by PUBLIC_URL): allowed: https://papers.example.org',
    ],
  ])('%s=%s', async (name, value, problem) => {
    const { code, said } = await refusal({}, { [name]: value });
    expect(code).toBe('config');
    expect(said).toContain('The configuration has 1 problem');
    expect(said).toContain(problem);
  });

  it.each([
    [{ port: '8080' }, 'port (set by FILE): allowed: a whole number'],
    [{ cron: 5 }, 'cron (set by FILE): allowed: cron fields'],
    [{ publicUrl: 5 }, 'publicUrl (set by FILE): allowed: https://'],
    [{ sources: 'file:a' }, 'sources (set by FILE): '],
    [{ dataDir: '' }, 'dataDir (set by FILE): '],
  ])('in a file: %j', async (config, problem) => {
    expect((await refusal(config)).said).toContain(problem);
  });

  it('and an unknown one says which there are', async () => {
    const { said } = await refusal({ smtpURL: 'smtp://x', port: 80 });
    expect(said).toContain('"smtpURL" (FILE): unknown; allowed: dataDir, databaseUrl, smtpUrl,');
  });

  it('and all of them are listed at once', async () => {
    const { said } = await refusal({ port: -1, nmae: 'x' }, { CRON: 'x', LOG_LEVEL: 'x' });
    expect(said).toContain('4 problems');
    for (const words of [
      'port (set by FILE)',
      '"nmae"',
      'cron (set by CRON)',
      'logLevel (set by LOG_LEVEL)',
    ]) {
      expect(said).toContain(words);
    }
  });
});

describe('sources in the environment are a list', () => {
  it.each([
    ['file:a', ['file:a']],
    ['file:a, file:b ,', ['file:a', 'file:b']],
    ['file:a\nfile:b\n', ['file:a', 'file:b']],
    [
      'huggingface,arxiv:cs.CL+cs.LG, arxiv-rss:cs.CL',
      ['huggingface', 'arxiv:cs.CL+cs.LG', 'arxiv-rss:cs.CL'],
    ],
    ['feed:https://j.example/rss?ids=1,2,file:a', ['feed:https://j.example/rss?ids=1,2', 'file:a']],
    [
      'huggingface@http://127.0.0.1:9/,feed:http://127.0.0.1:9/a',
      ['huggingface', 'feed:http://127.0.0.1:9/a'],
    ],
    [' , \n', []],
  ])('%j', async (value, sources) => {
    expect((await settingsOf({ SOURCES: value })).sources.map(sourceName)).toEqual(sources);
  });
});

describe('a broken configuration file is named', () => {
  it.each([
    ['JSON that ends too early', 'json', '{"port": '],
    ['TypeScript that does not parse', 'ts', 'export default {'],
    ['a file that throws', 'ts', "throw new Error('not today');"],
    ['a file without a default export', 'ts', 'export const port = 80;'],
    ['a text', 'json', '"port"'],
    ['nothing', 'json', 'null'],
  ])('%s', async (_what, kind, content) => {
    const { code, said } = await refusal(content, {}, kind);
    expect(code).toBe('config');
    expect(said).toContain('FILE cannot be used: ');
    expect(said.split('\n')).toHaveLength(1);
  });

  it.each(['json', 'ts'])('one that is not there (.%s)', async kind => {
    const path = join(FOLDER, `not-there.${kind}`);
    await expect(loadConfig(path, {})).rejects.toThrow(`${path} cannot be used: `);
  });
});

it.each([
  [{}, false],
  [{ NO_COLOR: '1' }, true],
  [{ NO_COLOR: '' }, false],
  [{ TERM: 'dumb' }, true],
  [{ TERM: 'xterm' }, false],
])('a terminal with %j is plain: %s', (environment, plain) => {
  expect(plainTerminal(environment)).toBe(plain);
});

describe('mail servers', () => {
  it('may be a list in a configuration file, and one text in the environment', async () => {
    const both = 'smtps://a:pw@one.example?weight=2 smtp://two.example';
    expect((await settingsOf({}, { smtpUrl: both.split(' ') })).smtpUrl).toBe(both);
    expect((await settingsOf({ SMTP_URL: both.replace(' ', ',\n') })).smtpUrl).toBe(both.replace(' ', ',\n'));
    expect((await refusal({ smtpUrl: 5 })).said).toContain(
      'smtpUrl (set by FILE): allowed: text, or a list of texts',
    );
  });

  it('have certificates in a file, meant from where the configuration is', async () => {
    const path = await fileOf({ smtpCa: 'ca.pem' });
    expect((await loadConfig(path, {})).settings.smtpCa).toBe(join(dirname(path), 'ca.pem'));
  });
});
