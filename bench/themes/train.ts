// `npm run train:themes -- ARCHIVE [--labels FILE] [--taxonomy FILE] --out FILE`: fits the model that ships, or one of
// your own, to an archive of papers (JSON Lines of {id, title, abstract}, plain or .gz) and writes it as bytes. Labels are
// JSON Lines of {id, theme, also}: a theme's slug or "none", and the slugs of those that would do too.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { PaperroundError } from '../../src/errors.ts';
import { fitModel, type LabelledText, type PaperText } from '../../src/themes/model/model.ts';
import { papersOfFile } from '../../src/themes/papers-file.ts';
import { defaultTaxonomy, readTaxonomy } from '../../src/themes/taxonomy.ts';

const USAGE =
  'npm run train:themes -- ARCHIVE.jsonl.gz [--labels FILE] [--taxonomy FILE] [--seed N] --out FILE';

/** @throws PaperroundError `usage`, `input` or `storage` */
async function train(args: string[]): Promise<string> {
  const { archive, labels, taxonomy, seed, out } = parsed(args);
  const papers: PaperText[] = [];
  const labelled: LabelledText[] = [];
  const labelOf = labels === undefined ? new Map<string, Label>() : await readLabels(labels);
  for await (const { id, title, abstract } of papersOfFile(archive)) {
    papers.push({ title, abstract });
    const label = labelOf.get(String(id));
    if (label === undefined) continue;
    const { theme, also } = label;
    labelled.push({ title, abstract, theme: theme === 'none' ? null : theme, also });
  }
  const themes = taxonomy === undefined ? defaultTaxonomy() : await readTaxonomy(taxonomy);
  // Nothing is borrowed: a model that ships must not depend on the one that shipped before.
  const bytes = fitModel(themes, papers, { seed, prior: null, labelled }).pack();
  try {
    await writeFile(out, bytes);
  } catch (error) {
    throw new PaperroundError('storage', `${out} cannot be written`, { cause: error });
  }
  return `${out}: ${themes.length} themes, ${papers.length} papers, ${labelled.length} labels, ${bytes.length} bytes`;
}

const Label = z.object({ id: z.string(), theme: z.string(), also: z.array(z.string()) });
type Label = z.infer<typeof Label>;

async function readLabels(path: string): Promise<Map<string, Label>> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter(line => line !== '');
  return new Map(lines.map(line => Label.parse(JSON.parse(line))).map(label => [label.id, label]));
}

interface Arguments {
  archive: string;
  labels: string | undefined;
  taxonomy: string | undefined;
  seed: number;
  out: string;
}

function parsed(args: string[]): Arguments {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { labels: text, taxonomy: text, seed: text, out: text },
    });
    const [archive, ...more] = positionals;
    const seed = Number(values.seed ?? 1);
    if (archive === undefined || more.length > 0 || values.out === undefined || !Number.isInteger(seed))
      throw new PaperroundError('usage', 'one archive and --out are needed', { hint: USAGE });
    const { labels, taxonomy, out } = values;
    return { archive, labels, taxonomy, seed, out };
  } catch (error) {
    if (error instanceof PaperroundError) throw error;
    throw new PaperroundError('usage', (error as Error).message, { hint: USAGE });
  }
}

try {
  process.stdout.write(`${await train(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof PaperroundError)) throw error;
  process.stderr.write(`${[error.message, ...error.details, error.hint].filter(Boolean).join('\n')}\n`);
  process.exitCode = error.exitStatus;
}
