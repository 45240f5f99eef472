#!/usr/bin/env node
// argv → one command → its exit status. Commands are loaded when they are asked for, so that --help is instant.
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { day, port as portNumber, whole } from './commands/arguments.ts';
import { declareBounces } from './commands/bounces-menu.ts';
import type { CommonOptions, Context } from './commands/context.ts';
import { declareDeliveries } from './commands/deliveries-menu.ts';
import { declareOperations } from './commands/operations-menu.ts';
import { declarePapers } from './commands/papers-menu.ts';
import { declareSubscribers } from './commands/subscribers-menu.ts';
import { declareThemes, type Loader } from './commands/themes-menu.ts';
import { growSlowly } from './memory.ts';

const MINIMUM_NODE = 26;

growSlowly();

// Keeps compiled code between runs (in the system's temporary folder): a command starts in half the time.
// An older Node lacks it, but is told below what it lacks.
module.enableCompileCache?.();

// Whoever reads no further (`| head`) has what they wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const program = new Command('paperround')
  .description("Brings the day's new papers to people's inboxes.")
  .version(version(), '-V, --version', 'print the version')
  .showHelpAfterError('(see paperround --help)')
  .exitOverride();

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** Declares a command with the options that every command has. */
function declare(parent: Command, usage: string, description: string, load: Loader): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--json', 'print one JSON document on stdout')
    .option('--config <file>', 'configuration file (default: paperround.config.* here)')
    .option('--quiet', 'print nothing but problems')
    .action(async (...given: unknown[]) => {
      const command = given.pop() as Command;
      given.pop();
      process.exitCode = await execute(load, command.optsWithGlobals(), given);
    });
}

async function execute(load: Loader, options: CommonOptions, args: unknown[]): Promise<number> {
  if (Number(process.versions.node.split('.')[0]) < MINIMUM_NODE) {
    process.stderr.write(
      `paperround: Node ${MINIMUM_NODE} or newer is needed; this is ${process.versions.node}. See https://nodejs.org\n`,
    );
    return 2;
  }
  const { openTerminal, reportFailure } = await import('./commands/terminal.ts');
  const terminal = openTerminal(options);
  const context = openContext(options, terminal);
  try {
    const { default: run } = await load();
    return await run(context, options, ...args);
  } catch (error) {
    return reportFailure(terminal, error);
  } finally {
    for (const close of context.closers.reverse()) await close();
  }
}

/** Who pressed Ctrl-C and sees nothing happen wants to know why, and what else can be done. */
function tellOfStop(terminal: Context['terminal']): void {
  if (!process.stderr.isTTY) return;
  const words = '\nStopping: what is open is finished first. Ctrl-C again ends it at once.';
  setTimeout(() => terminal.warn(words), 500).unref();
}

function openContext(options: CommonOptions, terminal: Context['terminal']): Context {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort(name));
  stop.signal.addEventListener('abort', () => tellOfStop(terminal));
  const closers: Context['closers'] = [];
  const config: Context['config'] = async () => (await import('./config.ts')).loadConfig(options.config);
  return {
    terminal,
    config,
    closers,
    signal: stop.signal,
    async app() {
      const { openApp } = await import('./app.ts');
      const app = await openApp((await config()).settings, undefined, terminal.warn);
      closers.push(app.close);
      return app;
    },
  };
}

const collected = (value: string, before: string[] = []) => [...before, value];
const date = (what: string) => new Option('--date <day>', what).argParser(day);
const port = new Option('--port <number>', 'port on 127.0.0.1 (0: any free one)').argParser(portNumber);

declare(
  program,
  'demo',
  'see it work: sample papers, real SMTP to a built-in catcher, the inbox in a browser',
  () => import('./commands/demo.ts'),
)
  .option('--once', 'exit after sending')
  .option('--fresh', 'forget the demo’s earlier runs first')
  .addOption(port);
declare(
  program,
  'collect',
  'ask the sources for papers and store what is new',
  () => import('./commands/collect.ts'),
).addOption(date('the day to ask for (default: today)'));
declare(program, 'publish', "make the day's edition", () => import('./commands/publish.ts'))
  .addOption(date('the day of the edition (default: the day that --from names, else today)'))
  .option('--from <file>', 'collect this file first (repeatable)', collected);
declare(
  program,
  'preview',
  "see a digest before it is sent: the readers' mails in a browser, or files",
  () => import('./commands/preview.ts'),
)
  .addOption(date('the day of the edition (default: the latest)'))
  .option('--subscriber <address>', 'as this reader gets it (default: a reader without preferences)')
  .addOption(
    new Option(
      '--extreme <name>',
      'a made-up day instead: none, one, thirty, two-hundred, tex, right-to-left, …',
    ).conflicts('date'),
  )
  .addOption(
    new Option(
      '--preferences <json>',
      'as a made-up reader gets it, for example {"length":"brief","locale":"ar"}',
    ).conflicts('subscriber'),
  )
  .addOption(
    new Option(
      '--out <dir>',
      'write the mail, its parts and all that the studio says of it there, as files',
    ).conflicts(['port', 'open']),
  )
  .option('--shots', 'with --out: also a picture of the mail in all looks (needs a browser)')
  .addOption(port)
  .option('--open', 'open the browser');
declare(
  program,
  'send',
  'deliver an edition now to every active reader who has not had it',
  () => import('./commands/send.ts'),
)
  .addOption(date('the edition (default: the latest)'))
  .option('--to <address...>', 'a test send to these addresses only; nothing is recorded')
  .option('--dry-run', 'say who would get what; send and store nothing')
  .addOption(
    new Option('--wait <minutes>', 'wait so long for the pace, no longer').argParser(whole).default(2),
  )
  .option('--yes', 'do not ask, also where there are far more readers than before');
declare(
  program,
  'run',
  'collect, publish and deliver to the readers who are due, once: the line for cron',
  () => import('./commands/run.ts'),
)
  .addOption(date('the day (default: today)'))
  .option('--wait', 'ask late sources again until GIVE_UP_AT, then go on without them')
  .option('--dry-run', 'say what it would do; ask, send and store nothing');
declare(
  program,
  'serve',
  'the daemon: run by CRON, deliver what is due, and serve the readers’ pages',
  () => import('./commands/serve.ts'),
)
  .option(
    '--role <roles>',
    'only these parts of it, with commas between: scheduler, worker, web (default: all)',
  )
  .addOption(port);

declareSubscribers(program, declare);
declarePapers(program, declare);
declareThemes(program, declare);
declareDeliveries(program, declare);
declareBounces(program, declare);
declareOperations(program, declare);

declare(
  program,
  'config',
  'the settings in force and where each comes from',
  () => import('./commands/config.ts'),
);
declare(
  program,
  'migrate',
  "bring the database to this version's schema, or move all data to another one",
  () => import('./commands/migrate.ts'),
)
  .option('--from <url>', 'move all data from this database (default: the one that is configured) …')
  .option('--to <url>', '… to this one, which has to be empty (default: the one that is configured)');

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
// Sockets that a library left open must not keep a finished command alive.
process.exit();
