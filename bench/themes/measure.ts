// How good and how fast the theme model is: `node bench/themes/measure.ts LABELLED TAXONOMY ARCHIVE`.
// LABELLED and ARCHIVE are JSON Lines (plain or .gz) of {id, title, abstract}; LABELLED also has `label` or `area`, a
// slug of TAXONOMY or a list of them. Labels are only used to measure.
import { evaluate, type LabelledPaper } from '../../src/themes/evaluate.ts';
import { fitModel, openModel, type PaperText, priorModel } from '../../src/themes/model/model.ts';
import { papersOfFile } from '../../src/themes/papers-file.ts';
import { defaultTaxonomy, readTaxonomy } from '../../src/themes/taxonomy.ts';
import { keywordModel } from './keyword-model.ts';

const [labelledFile, taxonomyFile, archiveFile] = process.argv.slice(2);
if (labelledFile === undefined || taxonomyFile === undefined || archiveFile === undefined)
  throw new Error('node bench/themes/measure.ts LABELLED TAXONOMY ARCHIVE');

const labelled: LabelledPaper[] = [];
for await (const { title, abstract, fields } of papersOfFile(labelledFile)) {
  const label = fields.label ?? fields.area;
  if (label !== undefined) labelled.push({ title, abstract, labels: [label].flat() as string[] });
}
const archive: PaperText[] = [];
for await (const { title, abstract } of papersOfFile(archiveFile)) archive.push({ title, abstract });
const themes = await readTaxonomy(taxonomyFile);

/** Seconds of CPU so far: the machine may have other work to do. */
const cpu = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const seconds = (since: number, digits = 1) => (cpu() - since).toFixed(digits);
const megabytes = () => (process.memoryUsage().rss / 1e6).toFixed(0);

function quality(name: string, model: Parameters<typeof evaluate>[2], cost = ''): void {
  const { accuracy, macroF1, top3, ami, answered, papers } = evaluate(labelled, themes, model);
  const figures = [accuracy, macroF1, top3, ami].map(value => value.toFixed(3)).join('  ');
  console.log(`${name.padEnd(38)} ${figures}  ${papers - answered} without a theme  ${cost}`);
}

console.log(`${labelled.length} labelled papers, ${themes.length} themes: accuracy, macro-F1, top-3, AMI`);
quality('keywords only', keywordModel(themes));
quality('what ships', priorModel(themes));
for (const size of [300, 1_000, 3_000, 10_000]) {
  const started = cpu();
  const model = fitModel(themes, archive.slice(0, size));
  quality(`fitted to ${size} of the archive`, model, `${seconds(started)} s, ${megabytes()} MB`);
  if (size > 1_000) continue;
  quality(`fitted to ${size}, nothing borrowed`, fitModel(themes, archive.slice(0, size), { prior: null }));
}
const started = cpu();
quality('fitted to the same papers, unlabelled', fitModel(themes, labelled), `${seconds(started)} s`);

const fitted = fitModel(themes, archive.slice(0, 3_000));
const packed = fitted.pack();
const opening = cpu();
openModel(themes, packed).classify({ title: 'Diffusion', abstract: '' });
console.log(`\nopening a packed model of ${packed.length} bytes: ${seconds(opening, 3)} s`);
for (const [name, model] of [
  ['fitted', fitted],
  ['what ships, default themes', priorModel(defaultTaxonomy())],
] as const) {
  for (const paper of archive.slice(0, 2_000)) model.classify(paper);
  const begun = cpu();
  for (const paper of archive) model.classify(paper);
  const rate = archive.length / (cpu() - begun);
  console.log(`${name}: ${rate.toFixed(0)} abstracts a second of CPU`);
}
