// What ships for servers: container, compose file, systemd units and the guide say what the program knows.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../src/settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFile(join(ROOT, path), 'utf8');
const KNOWN = new Set(
  SETTINGS.flatMap(({ env, secret }) => (secret === undefined ? [env] : [env, `${env}_FILE`])),
);
/** What others than Paperround read. */
const OTHERS = new Set([
  'NODE_ENV',
  'POSTGRES_USER',
  'POSTGRES_DB',
  'POSTGRES_PASSWORD',
  'POSTGRES_INITDB_ARGS',
]);

const unknown = (names: Iterable<string>) => [...names].filter(name => !KNOWN.has(name) && !OTHERS.has(name));
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[1] ?? '');

describe('the container', () => {
  it('runs as somebody who is not root, looks after its health, and sets what exists', async () => {
    const dockerfile = await read('Dockerfile');
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf('USER node')).toBeGreaterThan(last.lastIndexOf('\nRUN '));
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(unknown(namesIn(last, /^(?:ENV| {3}) ([A-Z_]+)=/gm))).toEqual([]);
    expect(dockerfile).not.toMatch(/:latest\b/);
  });

  it('copies what is there, and what the package ships', async () => {
    const dockerfile = await read('Dockerfile');
    const copied = namesIn(dockerfile, /^COPY (?!--from)(.+) \S+$/gm).flatMap(paths => paths.split(' '));
    expect(copied.filter(path => !existsSync(join(ROOT, path)))).toEqual([]);
    const ignored = await read('.dockerignore');
    expect(copied.filter(path => !ignored.split('\n').includes(`!${path.split('/')[0]}`))).toEqual([]);
    const { files } = JSON.parse(await read('package.json')) as { files: string[] };
    expect(files.filter(path => path !== 'dist' && !copied.includes(path))).toEqual([]);
  });

  it('is composed of parts that may write to nothing but their data', async () => {
    const compose = await read('compose.yaml');
    expect(unknown(namesIn(compose, /^ {4,6}([A-Z_]+): /gm))).toEqual([]);
    for (const line of [
      'read_only: true',
      'cap_drop: [ALL]',
      '"no-new-privileges:true"',
      '"127.0.0.1:8610:8610"',
    ])
      expect(compose).toContain(line);
  });
});

describe('the units of systemd', () => {
  it.each(['paperround.service', 'paperround-run.service'])(
    '%s has no rights that it does not need',
    async name => {
      const unit = await read(`deploy/${name}`);
      for (const line of [
        'DynamicUser=yes',
        'ProtectSystem=strict',
        'NoNewPrivileges=yes',
        'CapabilityBoundingSet=',
      ])
        expect(unit.split('\n')).toContain(line);
      expect(unknown(namesIn(unit, /^Environment=([A-Z_]+)=/gm))).toEqual([]);
      const [, command] = /^ExecStart=\S+ (\S+)/m.exec(unit) ?? [];
      expect(existsSync(join(ROOT, 'src/commands', `${command}.ts`))).toBe(true);
    },
  );
});

describe('the operating guide', () => {
  it('names every setting in its table, and none that does not exist', async () => {
    const guide = await read('docs/operating.md');
    const rows = guide.split('\n').filter(line => /^\| `[A-Z_]+`/.test(line));
    const named = rows.flatMap(row => namesIn(row.split('|')[1] ?? '', /`([A-Z_]+)`/g));
    const others = named.includes('DARK_') ? /^DARK_/ : /^$/;
    expect(SETTINGS.map(({ env }) => env).filter(env => !named.includes(env) && !others.test(env))).toEqual(
      [],
    );
    const keys = rows.flatMap(row => namesIn(row.split('|')[2] ?? '', /`(\w+)`/g));
    const colours = /^(?:dark)?(?:Accent|Paper|Ink)Color$/i;
    expect(SETTINGS.map(({ key }) => key).filter(key => !keys.includes(key) && !colours.test(key))).toEqual(
      [],
    );
    expect(unknown(named.filter(name => name !== 'DARK_'))).toEqual([]);
  });

  it('leads nowhere that is not there', async () => {
    const pages = [
      'README.md',
      ...(await readdir(join(ROOT, 'docs'))).filter(name => name.endsWith('.md')).map(name => `docs/${name}`),
    ];
    const broken: string[] = [];
    for (const page of pages)
      for (const target of namesIn(await read(page), /\]\(([^)\s#]+)(?:#[^)]*)?\)/g))
        if (!/^[a-z]+:/.test(target) && !existsSync(join(ROOT, page, '..', target)))
          broken.push(`${page}: ${target}`);
    expect(broken).toEqual([]);
  });
});
