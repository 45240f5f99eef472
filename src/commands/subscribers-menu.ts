// The commands `paperround subscribers …`, as the command line declares them.
import type { Command } from 'commander';
import type { Declare } from './themes-menu.ts';

/** Declares the commands on subscribers. */
export function declareSubscribers(program: Command, declare: Declare): void {
  const subscribers = program.command('subscribers').description('who gets the mail');
  declare(
    subscribers,
    'import <file>',
    'import readers from JSON or CSV ("-": standard input); all of them or none',
    () => import('./subscribers/import.ts'),
  ).option('--pending', 'import them as pending, and ask them by mail to confirm');
  declare(
    subscribers,
    'export',
    'print all readers in the form that import takes',
    () => import('./subscribers/export.ts'),
  );
  declare(
    subscribers,
    'add <address>',
    'add one reader who agreed to get the mail',
    () => import('./subscribers/add.ts'),
  )
    .option('--name <name>', 'their name')
    .option('--themes <slugs>', 'only these themes, separated by commas')
    .option('--locale <tag>', 'how days and numbers are written: a language tag such as de or pt-BR');
  declare(subscribers, 'list', 'list readers', () => import('./subscribers/list.ts')).option(
    '--status <status>',
    'only of this status',
  );
  declare(
    subscribers,
    'show <address>',
    'all that is known of one reader',
    () => import('./subscribers/show.ts'),
  );
  declare(subscribers, 'pause <address>', 'send them nothing until they are resumed', () =>
    import('./subscribers/status.ts').then(m => ({ default: m.pause })),
  );
  declare(subscribers, 'resume <address>', 'send to a paused or pending reader again', () =>
    import('./subscribers/status.ts').then(m => ({ default: m.resume })),
  );
  declare(subscribers, 'remove <address>', 'unsubscribe a reader for good', () =>
    import('./subscribers/status.ts').then(m => ({ default: m.remove })),
  );
  declare(subscribers, 'lift <address>', 'let a suppressed address subscribe again, if its reader asks', () =>
    import('./subscribers/status.ts').then(m => ({ default: m.lift })),
  );
  declare(
    subscribers,
    'erase <address>',
    'forget a reader and all that is stored of them',
    () => import('./subscribers/erase.ts'),
  ).option('--yes', 'do not ask on a terminal');
}
