// Files that can be made again at any time: what a program made once is kept for the next, and only the newest stay.
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PaperroundError, reasonOf } from '../errors.ts';
import { makeFolder } from '../folder.ts';

/** A designer makes one with each change that is looked at, of about 100 kB; an installation uses two. */
const MOST_KEPT = 20;

/** Ours: a hash, and behind it what a process that was killed left of one. */
const OWN = /^[0-9a-f]{32}\.json(?:\.[0-9a-f-]+)?$/;

/** What is kept at `path`, or undefined: nothing, something damaged, something that `use` fails with. */
export function fromCache<T>(path: string, use: (content: string) => T): T | undefined {
  try {
    return use(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Keeps a file, whole or not at all: another process may be reading it. Of those in its folder the oldest go.
 * @throws PaperroundError `storage` when it cannot be written
 */
export function keepInCache(path: string, content: string): void {
  const written = `${path}.${randomUUID()}`;
  try {
    makeFolder(dirname(path));
    writeFileSync(written, content);
    renameSync(written, path);
    dropOldest(dirname(path), basename(path));
  } catch (error) {
    if (existsSync(written)) rmSync(written, { force: true });
    throw new PaperroundError('storage', `The compiled template ${path} cannot be kept: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function dropOldest(folder: string, inUse: string): void {
  const others = readdirSync(folder).filter(name => OWN.test(name) && name !== inUse);
  const aged = others.map(name => ({
    path: join(folder, name),
    // Another process may drop one at the same moment.
    at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  const oldest = aged.sort((a, b) => b.at - a.at).slice(MOST_KEPT - 1);
  for (const { path } of oldest) rmSync(path, { force: true });
}
