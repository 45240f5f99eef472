// What every command is given: its terminal, the configuration, and an installation that is closed when it ends.
import type { App } from '../app.ts';
import type { LoadedConfig } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** The options of every command. */
export interface CommonOptions {
  json?: boolean;
  quiet?: boolean;
  config?: string;
}

export interface Context {
  terminal: Terminal;
  config(): Promise<LoadedConfig>;
  /** Opens the installation that the configuration describes; closed after the command. */
  app(): Promise<App>;
  /** Pushed functions run after the command, last first. */
  closers: (() => Promise<void>)[];
  /** Aborted by SIGTERM and SIGINT: start nothing new, finish what is begun, leave. */
  signal: AbortSignal;
}

/** A command: its options and arguments in, its exit status out. */
export type Command<Options = object, Args extends unknown[] = []> = (
  context: Context,
  options: Options & CommonOptions,
  ...args: Args
) => Promise<number>;
