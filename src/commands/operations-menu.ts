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
  declare(program, 'backup <file>', 'copy all that is stored into one file, also while mail goes out', () =>
    import('./backup.ts').then(m => ({ default: m.backup })),
  );
  declare(program, 'restore <file>', 'bring an installation back from such a file', () =>
    import('./backup.ts').then(m => ({ default: m.restore })),
  ).option('--exact', 'nothing was sent after the backup was made: go on where it stood');
}
