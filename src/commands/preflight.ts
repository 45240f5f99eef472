// How commands tell of what preflight found in one mail.
import { problemWords } from '../delivery/inspect.ts';
import { broken, type Preflight } from '../digests/preflight.ts';
import type { Terminal } from './terminal.ts';

/** Every check that is not kept, failures first: what and where, and what to do. */
export function showPreflight(terminal: Terminal, { checks }: Preflight): void {
  for (const { name, detail, where, hint, level } of [
    ...broken(checks, 'failure'),
    ...broken(checks, 'warning'),
  ]) {
    terminal.warn(`preflight: ${level}: ${problemWords({ check: name, detail, where })}`);
    if (hint !== null) terminal.warn(`  ${hint}`);
  }
}
