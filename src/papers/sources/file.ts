// The `file:` source: papers from a file on this machine, in any format of formats.ts.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { readTextFile } from '../../text-file.ts';
import type { FieldMapping } from './field-mapping.ts';
import { readPapers } from './formats.ts';
import type { Batch, Source } from './source.ts';

/** A file, and how it is to be read where its format is not one that is known by itself. */
export interface FilePlace {
  path: string;
  name?: string | undefined;
  mapping?: FieldMapping | undefined;
}

/**
 * A source that reads `path`. `{date}` in it stands for the day that is asked for, so that a folder of daily files
 * (`file:inbox/{date}.json`) is one source; a day whose file is not there yet is not announced yet.
 */
export function fileSource({ path, name, mapping }: FilePlace): Source {
  const daily = path.includes('{date}');
  return {
    name: name ?? `file:${path}`,
    async announce({ day, today }): Promise<Batch> {
      const file = path.replaceAll('{date}', day);
      // The folder must be there: a mistyped path would otherwise be "not yet" for ever.
      if (daily && !existsSync(file) && existsSync(dirname(file)))
        return { day, format: 'no file', notYet: `there is no ${file} yet`, announcements: [], dropped: [] };
      return readPapers(await readTextFile(file), file, { today, mapping });
    },
  };
}
