// The `file:` source: papers from a file on this machine, in any format of formats.ts.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { readTextFile } from '../../text-file.ts';
import { readPapers } from './formats.ts';
import type { Source } from './source.ts';

/**
 * A source that reads `path`. `{date}` in it stands for the day that is asked for, so that a folder of daily files
 * (`file:inbox/{date}.json`) is one source; a day whose file is not there yet answers with an empty batch.
 */
export function fileSource(path: string): Source {
  const daily = path.includes('{date}');
  return {
    name: `file:${path}`,
    async announce({ day, today }) {
      const file = path.replaceAll('{date}', day);
      // The folder must be there: a mistyped path would otherwise be "not yet" for ever.
      if (daily && !existsSync(file) && existsSync(dirname(file)))
        return { day, format: 'no file', notYet: true, announcements: [], dropped: [] };
      return readPapers(await readTextFile(file), file, today);
    },
  };
}
