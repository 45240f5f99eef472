// A file of readers as somebody might hand it in, read for the tests with the themes that ship.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PaperroundError } from '../../src/errors.ts';
import { readSubscriberFile } from '../../src/subscribers/import.ts';
import { defaultTaxonomy } from '../../src/themes/taxonomy.ts';
import { temporaryFolder } from '../support/installation.ts';

export const SLUGS = defaultTaxonomy().map(theme => theme.slug);

export async function fileOf(content: string | Uint8Array, name = 'readers'): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

/** What an import of `content` would store. */
export async function readReaders(content: string | Uint8Array) {
  return readSubscriberFile(await fileOf(content), SLUGS);
}

/** Why a file was refused: its path left out, one problem a line. */
export async function refusalOf(content: string | Uint8Array): Promise<PaperroundError & { said: string }> {
  const path = await fileOf(content);
  const error = await readSubscriberFile(path, SLUGS).then(
    () => {
      throw new Error('it was taken');
    },
    (reason: PaperroundError) => reason,
  );
  const said = [error.message, ...error.details]
    .join('\n')
    .replaceAll(`${path}, `, '')
    .replaceAll(path, 'FILE');
  return Object.assign(error, { said });
}
