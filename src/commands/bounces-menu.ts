// The commands `paperround bounces …`, as the command line declares them.
import type { Command } from 'commander';
import type { Declare } from './themes-menu.ts';

/** Declares the commands on bounces. */
export function declareBounces(program: Command, declare: Declare): void {
  const bounces = program.command('bounces').description('delivery reports and complaints');
  declare(
    bounces,
    'process <file>',
    'read reports: a message, an mbox, a folder, or - for standard input',
    () => import('./bounces.ts').then(m => ({ default: m.process })),
  );
  declare(bounces, 'poll', 'read the unread reports of BOUNCE_MAILBOX once', () =>
    import('./bounces.ts').then(m => ({ default: m.poll })),
  );
  declare(bounces, 'list', 'what was reported of whom, newest first', () =>
    import('./bounces.ts').then(m => ({ default: m.list })),
  ).option('--subscriber <address>', 'only of this reader');
  declare(
    bounces,
    'held [domain]',
    'hard bounces that wait, because one domain had too many at once; with a domain: decide',
    () => import('./bounces.ts').then(m => ({ default: m.held })),
  )
    .option('--suppress', 'the addresses are dead: mail them no more')
    .option('--keep', 'their server was wrong: the readers stay');
}
