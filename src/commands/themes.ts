// `paperround themes list|classify|group|evaluate`: the taxonomy, what it makes of papers, and how well it does.
import { latestEditionDate } from '../editions/edition.ts';
import { COUNTED_DAYS, countThemes, type ThemeCounts } from '../editions/theme-counts.ts';
import { PaperroundError } from '../errors.ts';
import { type Evaluation, evaluate as evaluateThemes, type LabelledPaper } from '../themes/evaluate.ts';
import { group as groupPapers } from '../themes/group.ts';
import type { DayModel } from '../themes/layout.ts';
import type { PaperText } from '../themes/model/answer.ts';
import { type PaperLine, papersOf, papersOfFile } from '../themes/papers-file.ts';
import { ALSO_TODAY, defaultTaxonomy, readTaxonomy, type Theme } from '../themes/taxonomy.ts';
import type { Command, Context } from './context.ts';
import { counted, table } from './terminal.ts';

type Options = { taxonomy?: string; archive?: string; shipped?: boolean };

export const list: Command<Options> = async (context, options) => {
  const themes = await taxonomyFor(context, options);
  const counts = await lately(context);
  const papers = (slug: string) => (counts === null ? null : (counts.of.get(slug) ?? 0));
  const share = (n: number | null) =>
    n === null || counts === null || counts.papers === 0
      ? null
      : Math.round((1000 * n) / counts.papers) / 1000;
  const columns = (n: number | null) =>
    counts === null ? [] : [String(n), `${(100 * (share(n) ?? 0)).toFixed(1)} %`];
  const elsewhere = [...(counts?.of ?? [])].filter(([slug]) => themes.every(theme => theme.slug !== slug));
  const shown = themes.map(theme => ({ ...theme, papers: papers(theme.slug) }));
  const { of: _, ...all } = counts ?? { of: null };
  context.terminal.result(
    {
      themes: shown.map(theme => ({ ...theme, share: share(theme.papers) })),
      lately:
        counts === null ? null : { days: COUNTED_DAYS, ...all, elsewhere: Object.fromEntries(elsewhere) },
    },
    [
      ...table([
        ['theme', 'name', ...(counts === null ? [] : ['papers', 'share']), 'keywords'],
        ...shown.map(theme => [theme.slug, theme.name, ...columns(theme.papers), someOf(theme.keywords)]),
        ...elsewhere.map(([slug, n]) => [
          slug,
          slug === ALSO_TODAY.slug ? ALSO_TODAY.name : '(not in this taxonomy)',
          ...columns(n),
          '',
        ]),
      ]),
      counts === null
        ? 'Nothing is published yet, so papers are not counted.'
        : `${counted(counts.editions, 'edition')} of the last ${COUNTED_DAYS} days, ${counted(counts.papers, 'paper')}.`,
    ],
  );
  return 0;
};

const someOf = (keywords: readonly string[]) =>
  `${keywords.slice(0, 4).join(', ')}${keywords.length > 4 ? ` +${keywords.length - 4}` : ''}`;

/** How many papers each theme had; null where nothing is published yet. No store is made for this. */
async function lately({ config, app }: Context): Promise<ThemeCounts | null> {
  const { hasStore } = await import('../app.ts');
  if (!hasStore((await config()).settings)) return null;
  const open = await app();
  return (await latestEditionDate(open.db)) === undefined ? null : countThemes(open.db, open.today());
}

export const classify: Command<Options & { explain?: boolean }> = async (context, options) => {
  const { themes, model: plain } = await modelFor(context, options);
  const embed = await embedderFor(context, options, themes);
  // With an embedder, which is asked for many at once, all papers are read before the first answer.
  const papers = embed === undefined ? undefined : await Array.fromAsync(papersOf(process.stdin, 'stdin'));
  const model = embed === undefined ? plain : await embed(plain, papers ?? []);
  for await (const paper of papers ?? papersOf(process.stdin, 'stdin')) {
    const { theme, second, score, margin, matched, ranking } = model.classify(paper);
    const answer = { id: paper.id, theme, score, second };
    const evidence = options.explain ? { margin, matched, ranking: ranking?.slice(0, 3) } : {};
    process.stdout.write(`${JSON.stringify({ ...answer, ...evidence })}\n`);
  }
  return 0;
};

export const group: Command<Options> = async (context, options) => {
  const { themes, model: plain } = await modelFor(context, options);
  const embed = await embedderFor(context, options, themes);
  const day = await Array.fromAsync(papersOf(process.stdin, 'stdin'));
  const groups = groupPapers(day, themes, embed === undefined ? plain : await embed(plain, day));
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
  const embed = await embedderFor(context, options, themes);
  const evaluation = evaluateThemes(papers, themes, embed === undefined ? model : await embed(model, papers));
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

/** The themes and their model: fitted on an archive, the installation's own where there is one, or the one that ships. */
async function modelFor(context: Context, options: Options): Promise<{ themes: Theme[]; model: DayModel }> {
  const { archive: path, shipped = false } = options;
  if (shipped && path !== undefined)
    throw new PaperroundError('usage', '--shipped and --archive exclude each other');
  const themes = await taxonomyFor(context, options);
  const { fitModel, priorModel } = await import('../themes/model/model.ts');
  if (path === undefined) {
    const own = shipped ? undefined : await ownModel(context, themes);
    return { themes, model: own ?? priorModel(themes) };
  }
  const archive: PaperText[] = [];
  for await (const { title, abstract } of papersOfFile(path)) archive.push({ title, abstract });
  return { themes, model: fitModel(themes, archive) };
}

/** The operator's embedder, which people who try it out want to fail aloud; undefined where none is set or asked for. */
async function embedderFor({ config }: Context, { shipped }: Options, themes: Theme[]) {
  const { settings } = await config();
  if (shipped || settings.embedder === undefined) return undefined;
  return (await import('../app.ts')).openEmbedderOf(settings, themes);
}

/** The model in use of the installation that is here; undefined where there is none, and none is made. */
async function ownModel({ config, app, terminal }: Context, themes: Theme[]): Promise<DayModel | undefined> {
  const { hasStore } = await import('../app.ts');
  if (!hasStore((await config()).settings)) return undefined;
  const { openModelInUse } = await import('../themes/model-in-use.ts');
  return openModelInUse((await app()).db, themes, terminal.warn);
}
