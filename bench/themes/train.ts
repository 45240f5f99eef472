// `npm run train:themes -- ARCHIVE [--taxonomy FILE] --out FILE`: fits the model that ships, or one of your own, to an
// archive of papers (JSON Lines of {id, title, abstract}, plain or .gz) and writes it as bytes.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { PaperroundError } from '../../src/errors.ts';
import { fitModel, type PaperText } from '../../src/themes/model/model.ts';
import { papersOfFile } from '../../src/themes/papers-file.ts';
import { defaultTaxonomy, readTaxonomy } from '../../src/themes/taxonomy.ts';

const USAGE = 'npm run train:themes -- ARCHIVE.jsonl.gz [--taxonomy FILE] [--seed N] --out FILE';

/** @throws PaperroundError `usage`, `input` or `storage` */
async function train(args: string[]): Promise<string> {
  const { archive, taxonomy, seed, out } = parsed(args);
  const papers: PaperText[] = [];
  for await (const { title, abstract } of papersOfFile(archive)) papers.push({ title, abstract });
  const themes = taxonomy === undefined ? defaultTaxonomy() : await readTaxonomy(taxonomy);
  // Nothing is borrowed: a model that ships must not depend on the one that shipped before.
  const bytes = fitModel(themes, papers, { seed, prior: null }).pack();
  try {
    await writeFile(out, bytes);
  } catch (error) {
    throw new PaperroundError('storage', `${out} cannot be written`, { cause: error });
  }
  return `${out}: ${themes.length} themes, ${papers.length} papers, ${bytes.length} bytes`;
}

function parsed(args: string[]): { archive: string; taxonomy?: string; seed: number; out: string } {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { taxonomy: text, seed: text, out: text },
    });
    const [archive, ...more] = positionals;
    const seed = Number(values.seed ?? 1);
    if (archive === undefined || more.length > 0 || values.out === undefined || !Number.isInteger(seed))
      throw new PaperroundError('usage', 'one archive and --out are needed', { hint: USAGE });
    const { taxonomy, out } = values;
    return taxonomy === undefined ? { archive, seed, out } : { archive, taxonomy, seed, out };
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
