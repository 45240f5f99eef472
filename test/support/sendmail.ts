// Programs that stand in for sendmail: one that keeps what it gets, and any that a test writes in shell.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './installation.ts';

/** A program of these lines of shell, and the folder in which it runs its errands (`$HERE`). */
export async function program(lines: string): Promise<{ path: string; folder: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'sendmail');
  await writeFile(path, `#!/bin/sh\nHERE=${folder}\n${lines}\n`);
  await chmod(path, 0o755);
  return { path, folder };
}

/** A program that keeps each message, and the arguments with which it was called. */
export async function keepingSendmail() {
  const { path, folder } = await program('echo "$@" >> $HERE/arguments\ncat > $HERE/kept/$$.eml');
  const kept = join(folder, 'kept');
  await mkdir(kept);
  return {
    path,
    arrived: async () => Promise.all((await readdir(kept)).map(file => readFile(join(kept, file), 'utf8'))),
    calls: async () => (await readFile(join(folder, 'arguments'), 'utf8')).trim().split('\n'),
  };
}
