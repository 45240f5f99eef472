// A folder for readers' addresses, and one for everybody.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, makePrivateFolder } from '../src/folder.ts';
import { temporaryFolder } from './support/installation.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

it('a private folder is its user’s alone, and so is every folder that is made on the way to it', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'data', 'demo');
  makePrivateFolder(path);
  expect([path, join(path, '..')].map(modeOf)).toEqual([0o700, 0o700]);
  // What was there is the operator's.
  makeFolder(join(folder, 'open'));
  const before = modeOf(join(folder, 'open'));
  makePrivateFolder(join(folder, 'open', 'data'));
  expect(modeOf(join(folder, 'open'))).toBe(before);
});

it('a folder whose place is taken by a file is refused in words', async () => {
  const file = new URL(import.meta.url).pathname;
  expect(existsSync(file)).toBe(true);
  expect(() => makeFolder(file)).toThrow('is a file, not a folder');
});
