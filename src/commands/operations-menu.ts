// The commands of the one who keeps an installation running, as the command line declares them.
import type { Command } from 'commander';
import type { Declare } from './themes-menu.ts';

/** Declares the commands of operations. */
export function declareOperations(program: Command, declare: Declare): void {
  declare(
    program,
    'status',
    'how it stands: the last edition, the sources, who got what, what comes next',
    () => import('./status.ts'),
  );
  declare(
    program,
    'doctor',
    'look at configuration, database, disk, clock, templates, mail server and DNS; say what mends it',
    () => import('./doctor.ts'),
  )
    .option('--dns <server>', 'the DNS server to ask, as ADDRESS or ADDRESS:PORT (default: DNS_SERVER)')
    .option('--ip <address...>', 'from which addresses your mail leaves (default: those of the SMTP server)');
  declare(program, 'backup <file>', 'copy all that is stored into one file, also while mail goes out', () =>
    import('./backup.ts').then(m => ({ default: m.backup })),
  );
  declare(program, 'restore <file>', 'bring an installation back from such a file', () =>
    import('./backup.ts').then(m => ({ default: m.restore })),
  ).option('--exact', 'nothing was sent after the backup was made: go on where it stood');
  declare(
    program,
    'prune',
    'forget what is older than the settings KEEP_…_DAYS say',
    () => import('./prune.ts'),
  ).option('--dry-run', 'say how much would be forgotten; change nothing');
}
