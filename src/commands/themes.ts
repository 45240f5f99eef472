// `paperround themes list|classify|group|evaluate`: the taxonomy, what it makes of papers, and how well it does.
import { PaperroundError } from '../errors.ts';
import { type Evaluation, evaluate as evaluateThemes, type LabelledPaper } from '../themes/evaluate.ts';
import { group as groupPapers } from '../themes/group.ts';
import type { PaperText } from '../themes/keyword-model.ts';
import type { DayModel } from '../themes/layout.ts';
import { type PaperLine, papersOf, papersOfFile } from '../themes/papers-file.ts';
import { defaultTaxonomy, readTaxonomy, type Theme } from '../themes/taxonomy.ts';
import type { Command, Context } from './context.ts';
import { counted, table } from './terminal.ts';

type Options = { taxonomy?: string; archive?: string };

export const list: Command<Options> = async (context, options) => {
  const themes = await taxonomyFor(context, options);
  const rows = themes.map(({ slug, name, keywords }) => [slug, name, counted(keywords.length, 'keyword')]);
  context.terminal.result({ themes }, table(rows));
  return 0;
};

export const classify: Command<Options & { explain?: boolean }> = async (context, options) => {
  const { model } = await modelFor(context, options);
  for await (const paper of papersOf(process.stdin, 'stdin')) {
    const { theme, second, score, margin, matched, ranking } = model.classify(paper);
    const answer = { id: paper.id, theme, score, second };
    const evidence = options.explain ? { margin, matched, ranking: ranking?.slice(0, 3) } : {};
    process.stdout.write(`${JSON.stringify({ ...answer, ...evidence })}\n`);
  }
  return 0;
};

export const group: Command<Options> = async (context, options) => {
  const { themes, model } = await modelFor(context, options);
  const groups = groupPapers(await Array.fromAsync(papersOf(process.stdin, 'stdin')), themes, model);
  const shown = groups.map(({ slug, name, papers }) => ({
    theme: slug,
    name,
    papers: papers.map(({ id }) => id),
  }));
  process.stdout.write(`${JSON.stringify({ groups: shown })}\n`);
  return 0;
};

export const evaluate: Command<Options & { label?: string }, [string]> = async (context, options, file) => {
  const { label: field = 'label' } = options;
  const [papers, unlabelled] = await labelledPapers(file, field);
  const { themes, model } = await modelFor(context, options);
  const evaluation = evaluateThemes(papers, themes, model);
  const { unknownLabels } = evaluation;
  if (unknownLabels.length > 0)
    context.terminal.warn(`${file}: no themes of this taxonomy: ${unknownLabels.slice(0, 20).join(', ')}`);
  context.terminal.result({ ...evaluation, unlabelled }, inWords(evaluation, unlabelled));
  return 0;
};

/** The papers that have a label (one slug, or a list of acceptable ones, the best first), and how many have none. */
async function labelledPapers(file: string, field: string): Promise<[LabelledPaper[], number]> {
  const papers: LabelledPaper[] = [];
  let unlabelled = 0;
  let fields: string[] = [];
  for await (const line of papersOfFile(file)) {
    fields = Object.keys(line.fields);
    const labels = labelsOf(line, file, field);
    if (labels.length === 0) unlabelled++;
    else papers.push({ title: line.title, abstract: line.abstract, labels });
  }
  if (papers.length > 0) return [papers, unlabelled];
  throw new PaperroundError('input', `${file}: no paper has a "${field}"`, {
    hint: `Name another field with --label; there are: ${fields.slice(0, 20).join(', ')}.`,
  });
}

function labelsOf({ fields, line }: PaperLine, file: string, field: string): string[] {
  const value = fields[field] ?? [];
  const labels: unknown[] = Array.isArray(value) ? value : [value];
  const wrong = labels.find(label => typeof label !== 'string');
  if (wrong !== undefined)
    throw new PaperroundError(
      'input',
      `${file}, line ${line}: ${field}: allowed: a slug, or a list of slugs`,
    );
  return (labels as string[]).map(label => label.trim()).filter(label => label !== '');
}

function inWords(figures: Evaluation, unlabelled: number): string[] {
  const { papers, answered, accuracyInterval, macroF1Interval } = figures;
  const between = ([low, high]: [number, number]) => `95 %: ${low.toFixed(3)} to ${high.toFixed(3)}`;
  const ignored = unlabelled > 0 ? `, ${unlabelled} without a label ignored` : '';
  return [
    `${counted(papers, 'labelled paper')}${ignored}; ${answered} were given a theme`,
    '',
    ...table([
      ['accuracy', figures.accuracy.toFixed(3), between(accuracyInterval)],
      ['macro-F1', figures.macroF1.toFixed(3), between(macroF1Interval)],
      ['right in the best two', figures.top2.toFixed(3), ''],
      ['right in the best three', figures.top3.toFixed(3), ''],
      ['AMI', figures.ami.toFixed(3), ''],
      ['ARI', figures.ari.toFixed(3), ''],
      ['by the commonest label', figures.majority.toFixed(3), 'accuracy'],
    ]),
    '',
    ...table([
      ['theme', 'papers', 'precision', 'recall', 'F1'],
      ...figures.themes.map(({ slug, papers: count, precision, recall, f1 }) => [
        slug,
        String(count),
        precision.toFixed(3),
        recall.toFixed(3),
        f1.toFixed(3),
      ]),
    ]),
    '',
    ...table([
      ['label', 'was called', 'papers'],
      ...figures.confusions.slice(0, 10).map(({ label, theme, papers: n }) => [label, theme, String(n)]),
    ]),
  ];
}

async function taxonomyFor({ config }: Context, { taxonomy }: Options): Promise<Theme[]> {
  const path = taxonomy ?? (await config()).settings.taxonomy;
  return path === undefined ? defaultTaxonomy() : readTaxonomy(path);
}

/** The themes and their model: the one that ships, or one fitted on an archive. */
async function modelFor(context: Context, options: Options): Promise<{ themes: Theme[]; model: DayModel }> {
  const themes = await taxonomyFor(context, options);
  const { fitModel, priorModel } = await import('../themes/model/model.ts');
  if (options.archive === undefined) return { themes, model: priorModel(themes) };
  const archive: PaperText[] = [];
  for await (const { title, abstract } of papersOfFile(options.archive)) archive.push({ title, abstract });
  return { themes, model: fitModel(themes, archive) };
}
