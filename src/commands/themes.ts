// `paperround themes list|classify|group`: the taxonomy, and what it makes of papers given on stdin.
import { text as readAll } from 'node:stream/consumers';
import { z } from 'zod';
import { PaperroundError } from '../errors.ts';
import { cleanText } from '../papers/text.ts';
import { parseJson } from '../text-file.ts';
import { group as groupPapers } from '../themes/group.ts';
import { keywordModel } from '../themes/keyword-model.ts';
import { defaultTaxonomy, readTaxonomy, type Theme } from '../themes/taxonomy.ts';
import type { Command, Context } from './context.ts';
import { table } from './terminal.ts';

type Options = { taxonomy?: string };

export const list: Command<Options> = async (context, options) => {
  const themes = await taxonomyFor(context, options);
  const rows = themes.map(({ slug, name, keywords }) => [slug, name, `${keywords.length} keywords`]);
  context.terminal.result({ themes }, table(rows));
  return 0;
};

export const classify: Command<Options> = async (context, options) => {
  const model = keywordModel(await taxonomyFor(context, options));
  for (const paper of await papersOnStdin()) {
    const { theme, score } = model.classify(paper);
    process.stdout.write(`${JSON.stringify({ id: paper.id, theme, score })}\n`);
  }
  return 0;
};

export const group: Command<Options> = async (context, options) => {
  const themes = await taxonomyFor(context, options);
  const groups = groupPapers(await papersOnStdin(), themes, keywordModel(themes));
  const shown = groups.map(({ slug, name, papers }) => ({
    theme: slug,
    name,
    papers: papers.map(({ id }) => id),
  }));
  process.stdout.write(`${JSON.stringify({ groups: shown })}\n`);
  return 0;
};

async function taxonomyFor({ config }: Context, { taxonomy }: Options): Promise<Theme[]> {
  const path = taxonomy ?? (await config()).settings.taxonomy;
  return path === undefined ? defaultTaxonomy() : readTaxonomy(path);
}

const Line = z.object({
  id: z.union([z.string(), z.number()]),
  title: z.string(),
  abstract: z.string().default(''),
});

/** JSON Lines of `{id,title,abstract}`; a line that is not one is an error that names it. */
async function papersOnStdin(): Promise<{ id: string | number; title: string; abstract: string }[]> {
  const lines = (await readAll(process.stdin)).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const parsed = Line.safeParse(parseJson(line, 'stdin', index + 1));
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0] as z.core.$ZodIssue;
      throw new PaperroundError(
        'input',
        `stdin, line ${index + 1}: ${path.join('.') || 'line'}: ${message}`,
        {
          hint: 'Each line: {"id": "…", "title": "…", "abstract": "…"}',
        },
      );
    }
    const { id, title, abstract } = parsed.data;
    return [{ id, title: cleanText(title), abstract: cleanText(abstract) }];
  });
}
