// `subscribers export`: everybody, however many there are, as the JSON that import takes.
import { exec } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';
import { storeOf } from '../support/stores.ts';

const list = async (env: Record<string, string>) => {
  const told = await paperround(['subscribers', 'export'], { env });
  // As a person reads it: indented, and ended by a line end.
  const document = documentOf<{ email: string }[]>(told);
  expect(told.stdout).toBe(`${JSON.stringify(document, null, 2)}\n`);
  return document;
};

it('nobody is an empty list; more readers than a page come all, by address, and go in again as they are', async () => {
  const here = { DATA_DIR: await temporaryFolder() };
  expect(await list(here)).toEqual([]);
  const emails = Array.from({ length: 2001 }, (_, n) => `reader${String(n).padStart(4, '0')}@example.org`);
  const file = join(here.DATA_DIR, 'readers.json');
  await writeFile(
    file,
    JSON.stringify(emails.toReversed().map(email => ({ email, keywords: ['“robots”'] }))),
  );
  expect((await paperround(['subscribers', 'import', file], { env: here })).status).toBe(0);
  const exported = await list(here);
  expect(exported.map(({ email }) => email)).toEqual(emails);
  const there = { DATA_DIR: await temporaryFolder() };
  const piped = await paperround(['subscribers', 'import', '-'], {
    env: there,
    stdin: JSON.stringify(exported),
  });
  expect(piped.stdout).toBe('standard input: 2001 added, 0 updated, 0 unchanged\n');
  expect(await list(there)).toEqual(exported);
});

it('whoever reads the first lines alone sees no error', async () => {
  const DATA_DIR = await temporaryFolder();
  const file = join(DATA_DIR, 'readers.json');
  const readers = Array.from({ length: 1000 }, (_, n) => ({ email: `reader${n}@example.org` }));
  await writeFile(file, JSON.stringify(readers));
  await paperround(['subscribers', 'import', file], { env: { DATA_DIR } });
  const shell = `"${process.execPath}" src/cli.ts subscribers export | head -n 2`;
  const { databaseUrl = `sqlite:${join(DATA_DIR, 'paperround.db')}` } = await storeOf(DATA_DIR);
  const env = { DATA_DIR, DATABASE_URL: databaseUrl, PATH: process.env.PATH };
  const { stdout, stderr } = await promisify(exec)(shell, { env });
  expect(stdout).toBe('[\n  {\n');
  expect(stderr).toBe('');
});

it('what is piped in is read as a file is: in UTF-16 too, and what is no text, or nothing, is refused by its name', async () => {
  const env = { DATA_DIR: await temporaryFolder() };
  const piped = (stdin: Buffer) => paperround(['subscribers', 'import', '-'], { env, stdin });
  const csv = '\ufeffemail\r\nada@example.org\r\n';
  expect((await piped(Buffer.from(csv, 'utf16le'))).stdout).toContain('standard input: 1 added');
  const latin = await piped(Buffer.from('email,name\nbo@example.org,J\xfcrgen\n', 'latin1'));
  expect([latin.status, latin.stderr]).toEqual([
    2,
    expect.stringContaining('standard input is not a text file'),
  ]);
  expect((await piped(Buffer.from(''))).stderr).toContain('standard input is empty');
});
