// `paperround backup FILE` and `paperround restore FILE`: all that is stored in one file, and the way back.
import { type Holds, makeBackup, restoreBackup } from '../backup.ts';
import type { Command } from './context.ts';
import { counted } from './terminal.ts';

export const backup: Command<object, [string]> = async ({ terminal, app }, _options, file) => {
  const holds = await makeBackup(await app(), file);
  terminal.result({ file, ...holds }, [
    `${file}: ${contents(holds)}.`,
    'The secret that signs the readers’ links is in it: keep it where nobody else can read it.',
    'Not in it: your configuration file, DKIM key, own templates and themes. Keep a copy of those too.',
  ]);
  return 0;
};

export const restore: Command<{ exact?: boolean }, [string]> = async (
  { terminal, config },
  { exact = false },
  file,
) => {
  const { settings } = await config();
  const { database, paused, uncertain, ...holds } = await restoreBackup(settings, file, {
    exact,
    warn: terminal.warn,
  });
  terminal.result({ file, database, ...holds, paused, uncertain }, [
    `${database}: ${contents(holds)}, as of ${holds.madeAt}.`,
    ...paused.map(
      date =>
        `Edition ${date} is paused: what was sent of it after the backup is not known. Nobody gets it until you decide:`,
    ),
    ...(paused.length === 0
      ? []
      : [
          ...(uncertain === 0
            ? []
            : [`  paperround deliveries list --state unknown     the ${uncertain} that may have been sent`]),
          '  paperround deliveries cancel --drop            it had gone out: nobody gets it again',
          '  paperround deliveries resume                   it had not: the next send goes on',
          '  (each with --date DAY; with restore --exact nothing is held)',
        ]),
  ]);
  return 0;
};

const contents = ({ readers, editions, deliveries, latest }: Holds) =>
  [
    counted(readers, 'reader'),
    `${counted(editions, 'edition')}${latest === null ? '' : ` (the latest of ${latest})`}`,
    deliveries === 1 ? '1 delivery' : `${deliveries} deliveries`,
  ].join(', ');
