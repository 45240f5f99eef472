#!/usr/bin/env node
// argv → one command → its exit status. Commands are loaded when they are asked for, so that --help is instant.
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { day, whole } from './commands/arguments.ts';
import type { CommonOptions, Context } from './commands/context.ts';
import { declareDeliveries } from './commands/deliveries-menu.ts';
import { declareThemes, type Loader } from './commands/themes-menu.ts';

const MINIMUM_NODE = 26;

// Keeps compiled code between runs (in the system's temporary folder): a command starts in half the time.
// An older Node lacks it, but is told below what it lacks.
module.enableCompileCache?.();

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

function openContext(options: CommonOptions, terminal: Context['terminal']): Context {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort(name));
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
const port = new Option('--port <number>', 'port on 127.0.0.1 (0: any free one)').argParser(whole);

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
  .option('--extreme <name>', 'a made-up day instead: none, one, thirty, two-hundred, tex, right-to-left, …')
  .option('--preferences <json>', 'as a made-up reader gets it, for example {"length":"brief","locale":"ar"}')
  .option('--out <dir>', 'write the mail, its parts and all that the studio says of it there, as files')
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
  .option('--yes', 'do not ask on a terminal');
declare(
  program,
  'run',
  'collect, publish and deliver to the readers who are due, once: the line for cron',
  () => import('./commands/run.ts'),
)
  .addOption(date('the day (default: today)'))
  .option('--wait', 'ask late sources again until GIVE_UP_AT, then go on without them');
declare(
  program,
  'serve',
  'the daemon: run by CRON, and serve the unsubscribe links',
  () => import('./commands/serve.ts'),
).addOption(port);

const subscribers = program.command('subscribers').description('who gets the mail');
declare(
  subscribers,
  'import <file>',
  'import readers from JSON or CSV; all of them or none',
  () => import('./commands/subscribers/import.ts'),
).option('--pending', 'import them as pending instead of active');
declare(
  subscribers,
  'export',
  'print all readers in the form that import takes',
  () => import('./commands/subscribers/export.ts'),
);
declare(
  subscribers,
  'add <address>',
  'add one reader who agreed to get the mail',
  () => import('./commands/subscribers/add.ts'),
)
  .option('--name <name>', 'their name')
  .option('--themes <slugs>', 'only these themes, separated by commas')
  .option('--locale <tag>', 'how days and numbers are written: a language tag such as de or pt-BR');
declare(subscribers, 'list', 'list readers', () => import('./commands/subscribers/list.ts')).option(
  '--status <status>',
  'only of this status',
);
declare(
  subscribers,
  'show <address>',
  'all that is known of one reader',
  () => import('./commands/subscribers/show.ts'),
);
declare(subscribers, 'pause <address>', 'send them nothing until they are resumed', () =>
  import('./commands/subscribers/status.ts').then(m => ({ default: m.pause })),
);
declare(subscribers, 'resume <address>', 'send to a paused or pending reader again', () =>
  import('./commands/subscribers/status.ts').then(m => ({ default: m.resume })),
);
declare(subscribers, 'remove <address>', 'unsubscribe a reader for good', () =>
  import('./commands/subscribers/status.ts').then(m => ({ default: m.remove })),
);

const papers = program
  .command('papers')
  .description('the papers in the store, and what curators say of them');
const PAPER_ID = 'ID: an arXiv id or DOI, an address of either, or an id of "papers list".';
const by = new Option('--by <name>', "the curator's name (default: the setting `curator`)");
declare(papers, 'list', 'list stored papers, newest first', () => import('./commands/papers/list.ts'))
  .addOption(date('only those announced on this day'))
  .option('--waiting', 'only those that stand in no edition yet')
  .option('--picked', 'only those that a curator picked')
  .option('--hidden', 'only those that a curator hid')
  .addOption(new Option('--limit <n>', 'at most so many').argParser(whole).default(50));
declare(
  papers,
  'show <id>',
  'one paper: who said what of it, its votes, its edition',
  () => import('./commands/papers/show.ts'),
).addHelpText('after', `\n${PAPER_ID}`);
declare(
  papers,
  'add <id>',
  'add a paper that no source has told of',
  () => import('./commands/papers/add.ts'),
)
  .option('--title <title>', 'give it by hand, and ask nobody')
  .option('--abstract <text>', 'its abstract, with --title')
  .option('--authors <names>', 'its authors, with --title, separated by ;')
  .option('--via <url>', 'another place to ask than arXiv and doi.org')
  .addHelpText('after', '\nID: an arXiv id or DOI, an address of either, or of a page about one paper.');
declare(papers, 'pick <id>', 'let it lead the next edition', () => import('./commands/papers/pick.ts'))
  .option('--note <text>', 'words that stand with it in the mail (at most 500 characters)')
  .addOption(by)
  .option('--undo', 'do not pick it after all')
  .addHelpText('after', `\n${PAPER_ID}`);
declare(papers, 'hide <id>', 'keep it out of every edition', () => import('./commands/papers/hide.ts'))
  .option('--undo', 'do not hide it after all')
  .addHelpText('after', `\n${PAPER_ID}`);
declare(
  papers,
  'note <id> [text]',
  'words that stand with it in the mail (at most 500 characters)',
  () => import('./commands/papers/note.ts'),
)
  .addOption(by)
  .option('--undo', 'take the note away')
  .addHelpText('after', `\n${PAPER_ID}`);
declare(
  papers,
  'theme <id> [slug]',
  'say which theme it has (also-today: none of them); the themes learn from it',
  () => import('./commands/papers/theme.ts'),
)
  .addOption(by)
  .option('--undo', 'leave it to the model again')
  .addHelpText('after', `\n${PAPER_ID}\nSLUG: one of "themes list".`);

declareThemes(program, declare);

declareDeliveries(program, declare);

const bounces = program.command('bounces').description('delivery reports and complaints');
declare(
  bounces,
  'process <file>',
  'read reports: a message, an mbox, a folder, or - for standard input',
  () => import('./commands/bounces.ts').then(m => ({ default: m.process })),
);
declare(bounces, 'poll', 'read the unread reports of BOUNCE_MAILBOX once', () =>
  import('./commands/bounces.ts').then(m => ({ default: m.poll })),
);
declare(bounces, 'list', 'what was reported of whom, newest first', () =>
  import('./commands/bounces.ts').then(m => ({ default: m.list })),
).option('--subscriber <address>', 'only of this reader');
declare(
  bounces,
  'held [domain]',
  'hard bounces that wait, because one domain had too many at once; with a domain: decide',
  () => import('./commands/bounces.ts').then(m => ({ default: m.held })),
)
  .option('--suppress', 'the addresses are dead: mail them no more')
  .option('--keep', 'their server was wrong: the readers stay');

declare(
  program,
  'status',
  'the last edition, the readers, and what was sent',
  () => import('./commands/status.ts'),
);
declare(
  program,
  'config',
  'the settings in force and where each comes from',
  () => import('./commands/config.ts'),
);
declare(
  program,
  'migrate',
  "bring the database to this version's schema",
  () => import('./commands/migrate.ts'),
);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
// Sockets that a library left open must not keep a finished command alive.
process.exit();
