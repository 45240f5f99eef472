// The `file:` source: papers from a file on this machine, in any format of formats.ts.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Day, shiftDay } from '../../store/schema.ts';
import { readTextFile } from '../../text-file.ts';
import type { Announcement } from '../paper.ts';
import type { FieldMapping } from './field-mapping.ts';
import { readPapers } from './formats.ts';
import type { Batch, Source } from './source.ts';

/** A day's file may come after its day; as far back as an edition reaches. */
const LOOK_BACK_DAYS = 7;

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
    async announce({ day, today, asked }): Promise<Batch> {
      const file = path.replaceAll('{date}', day);
      const late = daily && asked !== undefined ? await lateFiles(day, asked.last) : [];
      // The folder must be there: a mistyped path would otherwise be "not yet" for ever.
      if (daily && !existsSync(file) && existsSync(dirname(file)))
        return {
          day,
          format: 'no file',
          notYet: `there is no ${file} yet`,
          announcements: [],
          dropped: [],
          late,
        };
      return { ...readPapers(await readTextFile(file), file, { today, mapping }), late };

      /** Files of days since the last time that were not there yet, or not whole. */
      async function lateFiles(before: Day, last: Day): Promise<Announcement[]> {
        const found: Announcement[] = [];
        for (let back = 1; back <= LOOK_BACK_DAYS && shiftDay(before, -back) >= last; back++) {
          const earlier = path.replaceAll('{date}', shiftDay(before, -back));
          if (existsSync(earlier))
            found.push(...readPapers(await readTextFile(earlier), earlier, { today, mapping }).announcements);
        }
        return found;
      }
    },
  };
}
