// Themes that nobody taught: the areas of a conference, part by part of the model, and ten sciences.
import { evaluate, type LabelledPaper } from '../../src/themes/evaluate.ts';
import type { Theme } from '../../src/themes/taxonomy.ts';
import { type Contender, fittedBy, KEYWORDS, LATENT, SHIPPED, UNTAUGHT } from './contenders.ts';
import type { BenchData } from './data.ts';
import { type Aim, between, count, figure, head, type Part, row, tell } from './tables.ts';

const COLUMNS = [
  '',
  'accuracy (95 %)',
  'macro-F1',
  'in the best two',
  'in the best three',
  'AMI',
  'no theme',
];

export function conference(data: BenchData): Part {
  const papers = data.iclr.flatMap(({ title, abstract, fields }) =>
    typeof fields.area === 'string' ? [{ title, abstract, labels: [fields.area] }] : [],
  );
  const { alone, withArchive, taughtBy } = fittedBy(data);
  const contenders = [
    KEYWORDS,
    LATENT,
    UNTAUGHT,
    alone(1_000),
    alone(3_000),
    alone(10_000),
    taughtBy(0, 'guides that were self-taught, no labels'),
    taughtBy(4, 'guides taught by 25 % of the labels'),
    taughtBy(2, 'guides taught by 50 % of the labels'),
    { ...SHIPPED, name: 'all of them: the model that ships' },
    withArchive(1_000),
    withArchive(3_000),
    withArchive(10_000),
    withArchive(data.archive.length),
  ];
  const { rows, aims } = compare(papers, data.areas, contenders);
  return {
    lines: [
      `### Themes that nobody taught: ${count(papers.length)} papers of a conference, the 21 areas that their authors chose from`,
      '',
      ...head(...COLUMNS),
      ...rows,
      '',
      'An archive of fewer than 3,000 papers gives the model that ships back: they would not teach it more than it knows.',
    ],
    aims,
  };
}

function compare(
  papers: readonly LabelledPaper[],
  themes: readonly Theme[],
  contenders: readonly Contender[],
): { rows: string[]; aims: Aim[] } {
  const aims: Aim[] = [];
  const rows = contenders.map(({ name, model }) => {
    tell(`${themes.length} themes: ${name}`);
    const f = evaluate(papers, themes, model(themes));
    if (name.includes(SHIPPED.name))
      aims.push(
        { what: 'themes that nobody taught: accuracy', aim: 0.48, now: f.accuracy },
        { what: 'themes that nobody taught: macro-F1', aim: 0.48, now: f.macroF1 },
        { what: 'themes that nobody taught: in the best three', aim: 0.76, now: f.top3 },
      );
    const accuracy = `${figure(f.accuracy)} (${between(f.accuracyInterval)})`;
    const others = [f.macroF1, f.top2, f.top3, f.ami].map(figure);
    return row(name, accuracy, ...others, f.papers - f.answered);
  });
  return { rows, aims };
}

/** Which science each category of arXiv belongs to; a star stands for every one that begins so. */
const SCIENCES: Record<string, readonly string[]> = {
  genomics: ['q-bio.GN'],
  proteins: ['q-bio.BM'],
  brain: ['q-bio.NC'],
  populations: ['q-bio.PE'],
  'chemistry-materials': ['physics.chem-ph', 'cond-mat.mtrl-sci', 'cond-mat.soft'],
  quantum: ['quant-ph'],
  'astro-particles': ['astro-ph*', 'gr-qc', 'hep-*', 'nucl-*'],
  'earth-climate': ['physics.ao-ph', 'physics.geo-ph'],
  fluids: ['physics.flu-dyn'],
  economics: ['econ.*', 'q-fin.*'],
};

export function sciences(data: BenchData): Part {
  const papers = data.archive.flatMap(({ title, abstract, fields }) => {
    const categories = Array.isArray(fields.cats) ? fields.cats.map(String) : [];
    const labels = Object.entries(SCIENCES)
      .filter(([, own]) => categories.some(category => own.some(pattern => matches(category, pattern))))
      .map(([slug]) => slug);
    return labels.length === 0 ? [] : [{ title, abstract, labels }];
  });
  const { withArchive, alone } = fittedBy(data);
  const all = data.archive.length;
  const contenders = [KEYWORDS, LATENT, UNTAUGHT, SHIPPED, withArchive(all), alone(all)];
  const { rows } = compare(papers, data.sciences, contenders);
  return {
    lines: [`### Another field: ${papers.length} papers, ten sciences`, '', ...head(...COLUMNS), ...rows],
  };
}

const matches = (category: string, pattern: string) =>
  pattern.endsWith('*') ? category.startsWith(pattern.slice(0, -1)) : category === pattern;
