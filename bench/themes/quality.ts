// `node bench/themes/quality.ts FOLDER`: measures themes on labelled papers and writes the figures into docs/quality.md.
// FOLDER holds archive.jsonl.gz, iclr26_accepted.jsonl.gz, days.dev.json and themes.iclr21.json (docs/quality.md says what).
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDailyPapersPage } from '../../src/papers/sources/daily-papers-page.ts';
import { cleanText } from '../../src/papers/text.ts';
import { evaluate } from '../../src/themes/evaluate.ts';
import { group } from '../../src/themes/group.ts';
import { keywordModel, type PaperText } from '../../src/themes/keyword-model.ts';
import type { DayModel } from '../../src/themes/layout.ts';
import { adjustedMutualInformation, adjustedRand, interval } from '../../src/themes/metrics.ts';
import { fitModel, priorModel } from '../../src/themes/model/model.ts';
import { seededRandom } from '../../src/themes/model/random.ts';
import { type PaperLine, papersOfFile } from '../../src/themes/papers-file.ts';
import { defaultTaxonomy, readTaxonomy, type Theme } from '../../src/themes/taxonomy.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = join(ROOT, 'docs/quality.md');
const MARKS = ['<!-- figures: start -->', '<!-- figures: end -->'] as const;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node bench/themes/quality.ts FOLDER');
const papers = await Array.fromAsync(papersOfFile(join(folder, 'iclr26_accepted.jsonl.gz')));
const archive: PaperText[] = await Array.fromAsync(
  papersOfFile(join(folder, 'archive.jsonl.gz')),
  ({ title, abstract }) => ({ title, abstract }),
);
const areas = await readTaxonomy(join(folder, 'themes.iclr21.json'));
const themes = defaultTaxonomy();

interface Contender {
  name: string;
  model(themes: readonly Theme[]): DayModel;
}

const fitted = new Map<string, DayModel>();
const learnt = (size: number): Contender => ({
  name: `learnt from ${size.toLocaleString('en')} papers`,
  model: of =>
    fitted.getOrInsertComputed(`${size} ${of[0]?.slug}`, () => fitModel(of, archive.slice(0, size))),
});
const keywords: Contender = { name: 'keywords only', model: keywordModel };
const shipped: Contender = { name: 'the model that ships', model: priorModel };
const CONTENDERS = [keywords, shipped, learnt(3_000), learnt(archive.length)];

const figure = (value: number) => value.toFixed(3);
const between = ([low, high]: readonly number[]) => `${figure(low ?? 0)}–${figure(high ?? 0)}`;
const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
const head = (...cells: string[]) => [row(...cells), `|${'---|'.repeat(cells.length)}`];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Progress for the person who waits: this takes a few minutes. */
const tell = (line: string) => process.stderr.write(`${line}\n`);

function classification(): string[] {
  const labelled = papers.flatMap(({ title, abstract, fields }) =>
    typeof fields.area === 'string' ? [{ title, abstract, labels: [fields.area] }] : [],
  );
  const rows = CONTENDERS.map(({ name, model }) => {
    tell(`classification: ${name}`);
    const f = evaluate(labelled, areas, model(areas));
    const [accuracy, f1] = [`${figure(f.accuracy)} (${between(f.accuracyInterval)})`, figure(f.macroF1)];
    return row(name, accuracy, f1, figure(f.top2), figure(f.top3), figure(f.ami));
  });
  return [
    `### Right themes: ${labelled.length.toLocaleString('en')} papers, the 21 areas that their authors chose from`,
    '',
    ...head('', 'accuracy (95 %)', 'macro-F1', 'in the best two', 'in the best three', 'AMI'),
    ...rows,
  ];
}

type Days = Record<string, { lab: string; days: string[][] }>;

async function days(): Promise<string[]> {
  const sets = JSON.parse(await readFile(join(folder as string, 'days.dev.json'), 'utf8')) as Days;
  const byId = new Map(papers.map(paper => [String(paper.id), paper]));
  const lines = [
    '### Random days of 30, 60 and 100 papers, laid out as an edition lays them out',
    '',
    ...head('days', 'sections by', 'AMI (95 %)', 'ARI', 'sections a day'),
  ];
  for (const [name, { lab, days: ids }] of Object.entries(sets)) {
    const taxonomy = lab === 'area' ? areas : themes;
    const all = ids.map(day => day.flatMap(id => byId.get(id) ?? []));
    const label = (paper: PaperLine) => paper.fields[lab];
    for (const contender of [chance(), ...CONTENDERS]) {
      tell(`days: ${name}, ${contender.name}`);
      const model = contender.model(taxonomy);
      const scored = all.map(day => agreement(group(day, taxonomy, model), day, label));
      const amis = scored.map(({ ami }) => ami);
      lines.push(
        row(
          name,
          contender.name,
          `${figure(mean(amis))} (${between(interval(amis, mean))})`,
          figure(mean(scored.map(({ ari }) => ari))),
          mean(scored.map(({ sections }) => sections)).toFixed(1),
        ),
      );
    }
  }
  return lines;
}

/** Themes by the throw of dice: what a figure means is seen from what chance gets. */
function chance(): Contender {
  const random = seededRandom(1);
  return {
    name: 'chance',
    model: of => ({ classify: () => ({ theme: of[Math.floor(random() * of.length)]?.slug ?? null }) }),
  };
}

function agreement<P>(sections: readonly { papers: P[] }[], all: readonly P[], label: (paper: P) => unknown) {
  const places = new Map(sections.flatMap((section, place) => section.papers.map(paper => [paper, place])));
  const [found, wanted] = [all.map(paper => places.get(paper)), all.map(label)];
  return {
    ami: adjustedMutualInformation(found, wanted),
    ari: adjustedRand(found, wanted),
    sections: sections.length,
  };
}

async function narrowDay(): Promise<string[]> {
  const read = async (path: string) => readFile(join(ROOT, path), 'utf8');
  const page = readDailyPapersPage(await read('samples/daily-papers-page.txt'), '2026-08-20');
  const wanted = JSON.parse(await read('bench/themes/page-groups.json')) as Record<string, number[]>;
  const groupOf = new Map(Object.entries(wanted).flatMap(([name, places]) => places.map(p => [p, name])));
  const day = (page?.candidates ?? []).map(({ title, abstract }, place) => ({
    title: cleanText(String(title)),
    abstract: cleanText(String(abstract)),
    group: groupOf.get(place + 1),
  }));
  const lines = [
    `### A day about one subject: the ${day.length} papers of samples/daily-papers-page.txt, against a grouping by hand`,
    '',
    ...head('', 'AMI', 'ARI', 'sections'),
  ];
  let sections: string[] = [];
  for (const { name, model } of CONTENDERS) {
    const groups = group(day, themes, model(themes));
    const { ami, ari } = agreement(groups, day, paper => paper.group);
    lines.push(row(name, figure(ami), figure(ari), groups.length));
    if (name === shipped.name)
      sections = groups.map(({ name: title, papers: own }) => `${title} (${own.length})`);
  }
  return [...lines, '', `Its sections, with the model that ships: ${sections.join(' · ')}.`];
}

/** The median of a few runs, in milliseconds, after one to warm up. */
function median(run: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return times.slice(1).sort((a, b) => a - b)[4] as number;
}

function speed(): string[] {
  const model = priorModel(themes);
  const wide = papers.slice(0, 100);
  const narrow = papers.filter(({ fields }) => fields.area === 'reinforcement-learning').slice(0, 100);
  const learn = (size: number) => {
    const started = performance.now();
    fitModel(themes, archive.slice(0, size));
    return (performance.now() - started) / 1000;
  };
  tell('speed');
  return [
    '### Time',
    '',
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}; a busy machine doubles them.`,
    '',
    ...head('', 'takes'),
    row('classify one paper', `${(median(() => wide.map(model.classify)) / 100).toFixed(2)} ms`),
    row('lay out an ordinary day of 100 papers', `${median(() => group(wide, themes, model)).toFixed(0)} ms`),
    row(
      'lay out a narrow day of 100 papers, with names',
      `${median(() => group(narrow, themes, model)).toFixed(0)} ms`,
    ),
    row('learn from 3,000 papers', `${learn(3_000).toFixed(1)} s`),
    row('learn from 10,000 papers', `${learn(10_000).toFixed(1)} s`),
  ];
}

const parts = [classification(), await days(), await narrowDay(), speed()];
const text = await readFile(PAGE, 'utf8');
const [before = '', rest = ''] = text.split(MARKS[0]);
const figures = parts.map(lines => lines.join('\n')).join('\n\n');
await writeFile(PAGE, `${before}${MARKS[0]}\n\n${figures}\n\n${MARKS[1]}${rest.split(MARKS[1])[1] ?? ''}`);
tell(`${PAGE} has the new figures`);
