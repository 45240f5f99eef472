// The commands `paperround papers …`, as the command line declares them.
import { type Command, Option } from 'commander';
import { day, whole } from './arguments.ts';
import type { Declare } from './themes-menu.ts';

/** Declares the commands on papers. */
export function declarePapers(program: Command, declare: Declare): void {
  const date = (what: string) => new Option('--date <day>', what).argParser(day);
  const papers = program
    .command('papers')
    .description('the papers in the store, and what curators say of them');
  const PAPER_ID = 'ID: an arXiv id or DOI, an address of either, or an id of "papers list".';
  const by = new Option('--by <name>', "the curator's name (default: the setting `curator`)");
  declare(papers, 'list', 'list stored papers, newest first', () => import('./papers/list.ts'))
    .addOption(date('only those announced on this day'))
    .option('--waiting', 'only those that stand in no edition yet')
    .option('--picked', 'only those that a curator picked')
    .option('--hidden', 'only those that a curator hid')
    .addOption(new Option('--limit <n>', 'at most so many').argParser(whole).default(50));
  declare(
    papers,
    'show <id>',
    'one paper: who said what of it, its votes, its edition',
    () => import('./papers/show.ts'),
  ).addHelpText('after', `\n${PAPER_ID}`);
  declare(papers, 'add <id>', 'add a paper that no source has told of', () => import('./papers/add.ts'))
    .option('--title <title>', 'give it by hand, and ask nobody')
    .option('--abstract <text>', 'its abstract, with --title')
    .option('--authors <names>', 'its authors, with --title, separated by ;')
    .option('--via <url>', 'another place to ask than arXiv and doi.org')
    .addHelpText('after', '\nID: an arXiv id or DOI, an address of either, or of a page about one paper.');
  declare(papers, 'pick <id>', 'let it lead the next edition', () => import('./papers/pick.ts'))
    .option('--note <text>', 'words that stand with it in the mail (at most 500 characters)')
    .addOption(by)
    .option('--undo', 'do not pick it after all')
    .addHelpText('after', `\n${PAPER_ID}`);
  declare(papers, 'hide <id>', 'keep it out of every edition', () => import('./papers/hide.ts'))
    .option('--undo', 'do not hide it after all')
    .addHelpText('after', `\n${PAPER_ID}`);
  declare(
    papers,
    'note <id> [text]',
    'words that stand with it in the mail (at most 500 characters)',
    () => import('./papers/note.ts'),
  )
    .addOption(by)
    .option('--undo', 'take the note away')
    .addHelpText('after', `\n${PAPER_ID}`);
  declare(
    papers,
    'theme <id> [slug]',
    'say which theme it has (also-today: none of them); the themes learn from it',
    () => import('./papers/theme.ts'),
  )
    .addOption(by)
    .option('--undo', 'leave it to the model again')
    .addHelpText('after', `\n${PAPER_ID}\nSLUG: one of "themes list".`);
}
