// The commands `paperround themes …`, as the command line declares them.
import { type Command, Option } from 'commander';
import type { Command as Run } from './context.ts';

/** Loads a command's file; its `default` is the command. */
// biome-ignore lint/suspicious/noExplicitAny: every command has options and arguments of its own; commander checks them
export type Loader = () => Promise<{ default: Run<any, any[]> }>;

export type Declare = (parent: Command, usage: string, description: string, load: Loader) => Command;

/** Declares the commands on themes. */
export function declareThemes(program: Command, declare: Declare): void {
  const themes = program.command('themes').description('the themes and what belongs to them');
  const taxonomy = new Option('--taxonomy <file>', 'another list of themes (JSON)');
  const archive = new Option(
    '--archive <file>',
    'learn from these papers first (JSON Lines of papers, or .gz)',
  );
  const shipped = new Option('--shipped', 'the model that ships, not the one that this installation learnt');
  declare(themes, 'list', 'list the themes', () =>
    import('./themes.ts').then(m => ({ default: m.list })),
  ).addOption(taxonomy);
  declare(themes, 'classify', 'JSON Lines {id,title,abstract} on stdin → {id,theme,score,second}', () =>
    import('./themes.ts').then(m => ({ default: m.classify })),
  )
    .addOption(taxonomy)
    .addOption(archive)
    .addOption(shipped)
    .option('--explain', 'also the margin, the phrases that spoke for it, and the three likeliest themes');
  declare(themes, 'group', 'JSON Lines {id,title,abstract} on stdin → one JSON {groups}', () =>
    import('./themes.ts').then(m => ({ default: m.group })),
  )
    .addOption(taxonomy)
    .addOption(archive)
    .addOption(shipped);
  declare(themes, 'evaluate <file>', 'measure the themes on labelled papers (JSON Lines, or .gz)', () =>
    import('./themes.ts').then(m => ({ default: m.evaluate })),
  )
    .addOption(taxonomy)
    .addOption(archive)
    .addOption(shipped)
    .option('--label <field>', 'the field with the slug, or a list of acceptable slugs (default: label)');
  declare(themes, 'refit', "learn from the store's own papers now, if that is due", () =>
    import('./models.ts').then(m => ({ default: m.refit })),
  ).option('--force', 'now, whether it is due or not');
  declare(themes, 'models', 'the models that were learnt, and which is in use', () =>
    import('./models.ts').then(m => ({ default: m.models })),
  );
  declare(themes, 'use <version>', 'take a version into use by hand, or "shipped": the one that ships', () =>
    import('./models.ts').then(m => ({ default: m.use })),
  );
}
