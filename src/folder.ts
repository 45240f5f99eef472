// Folders and sizes. Node's own recursive mkdir never returns where a file system refuses without a reason (/proc).
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder `path` and those above it, unless they are there.
 * @param mode who may read what is made now
 * @throws Error in the words of the system, or that `path` is a file
 */
export function makeFolder(path: string, mode?: number): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  if (there !== undefined) throw new Error(`${path} is a file, not a folder`);
  if (dirname(path) !== path) makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, mode === undefined ? {} : { mode });
  } catch (error) {
    // Another process may have made it a moment ago.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Makes a folder for this user alone: readers' addresses will be in it. */
export const makePrivateFolder = (path: string): void => makeFolder(path, 0o700);

/** A size for people: 12 MB, 3.4 GB. */
export const bytesInWords = (n: number): string =>
  n >= 1e9
    ? `${(n / 1e9).toFixed(1)} GB`
    : n >= 1e6
      ? `${Math.round(n / 1e6)} MB`
      : `${Math.ceil(n / 1000)} kB`;
