// The rules of the house, held as tests: who may import whom, who reads the environment, who may end the process.
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { installation, temporaryFolder } from './support/installation.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

async function sources(): Promise<{ path: string; text: string }[]> {
  const files = (await readdir(join(ROOT, 'src'), { recursive: true })).filter(file => file.endsWith('.ts'));
  return Promise.all(
    files.map(async file => ({ path: `src/${file}`, text: await readFile(join(ROOT, 'src', file), 'utf8') })),
  );
}

interface Cruise {
  modules: { source: string }[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
}

async function cruise(...args: string[]): Promise<Cruise> {
  const depcruise = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 };
  // It ends with the number of violations as its exit status; what it found stands in its output either way.
  const { stdout } = await run(
    process.execPath,
    [depcruise, ...args, '--output-type', 'json'],
    options,
  ).catch(error => error);
  return JSON.parse(stdout) as Cruise;
}

describe('the rooms', () => {
  it('import each other only as the house plan says, and every file was looked at', async () => {
    const { modules, summary } = await cruise('src', '--config', '.dependency-cruiser.json');
    expect(summary.violations.map(v => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
    const cruised = new Set(modules.map(m => m.source));
    expect((await sources()).map(s => s.path).filter(path => !cruised.has(path))).toEqual([]);
  });

  it('would be told of a wrong import: the same rules see two in a house built wrong', async () => {
    const rules = await readFile(join(ROOT, '.dependency-cruiser.json'), 'utf8');
    const moved = join(await temporaryFolder(), 'rules.json');
    await writeFile(moved, rules.replaceAll('^src/', '^test/fixtures/wrong-house/src/'));
    const { summary } = await cruise('test/fixtures/wrong-house', '--config', moved);
    expect(summary.violations.map(v => v.rule.name).sort()).toEqual(['no-circles', 'papers-are-first']);
  });
});

describe('the source', () => {
  it.each([
    ['process.env', ['src/config.ts']],
    ['process.exit(', ['src/cli.ts']],
    ['process.exitCode', ['src/cli.ts']],
    ['process.once(', ['src/cli.ts']],
    ['console.', []],
    ['Date.now(', []],
    ['Temporal.Now', ['src/app.ts']],
    ['node:sqlite', ['src/store/sqlite.ts']],
    ["from 'mjml'", []],
    ["import('mjml')", ['src/digests/template-mjml.ts']],
  ])('has %s only where it belongs', async (words, places) => {
    const found = (await sources()).filter(({ text }) => withoutComments(text).includes(words));
    expect(found.map(s => s.path)).toEqual(places);
  });

  it('opens each file with a line that says its job', async () => {
    const silent = (await sources()).filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text));
    expect(silent.map(s => s.path)).toEqual([]);
  });

  it('keeps each file to a size that one can read in one go', async () => {
    const long = (await sources()).filter(({ text }) => text.split('\n').length > 300);
    expect(long.map(s => s.path)).toEqual([]);
  });
});

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

describe('the schema', () => {
  it('is the one that was reviewed', async () => {
    const { db } = await installation();
    const { rows } = await sql<{
      sql: string;
    }>`select sql from sqlite_master where sql is not null and name not like 'sqlite%' order by name`.execute(
      db,
    );
    await expect(
      `${rows.map(row => row.sql.replaceAll(', "', ',\n  "')).join(';\n\n')};\n`,
    ).toMatchFileSnapshot('fixtures/schema.sql');
  });
});
