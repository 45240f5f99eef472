// `npm run bench`: the figures of docs/performance.md. Medians of several runs; absolute times depend on the machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cut } from '../src/digests/cut.ts';
import { renderDigest } from '../src/digests/digest.ts';
import { compileMjml, openTemplates } from '../src/digests/template.ts';
import { Edition } from '../src/editions/edition.ts';
import { Preferences } from '../src/subscribers/preferences.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RUNS = 9;
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
const sample = (name: string) => join(ROOT, 'samples', name);

interface Usage {
  wall: number;
  cpu: number;
  memory: number;
}

/** Runs a command once in a process of its own: wall and CPU milliseconds, peak resident megabytes. */
function run(args: string[], dataDir: string): Usage {
  const started = performance.now();
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    NODE_OPTIONS: `--import ${new URL('report-cpu.ts', import.meta.url).href}`,
  };
  const { stderr, status } = spawnSync(process.execPath, [join(ROOT, 'src/cli.ts'), ...args], {
    env,
    encoding: 'utf8',
  });
  const wall = performance.now() - started;
  const [, cpu, memory] = /#cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
  if (status !== 0 || cpu === undefined) throw new Error(`${args.join(' ')}: ${stderr}`);
  return { wall, cpu: Number(cpu), memory: Number(memory) };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

function line(what: string, usages: Usage[]): void {
  const of = (key: keyof Usage, unit: string) =>
    `${median(usages.map(u => u[key])).toFixed(0)} ${unit}`.padStart(9);
  console.log(`${what.padEnd(52)} ${of('wall', 'ms')} ${of('cpu', 'ms')} ${of('memory', 'MB')}`);
}

const repeat = (args: string[], dataDir: string) => Array.from({ length: RUNS }, () => run(args, dataDir));

console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}; medians of ${RUNS} runs\n`,
);
console.log(
  `${'whole command'.padEnd(52)} ${'wall'.padStart(9)} ${'CPU'.padStart(9)} ${'memory'.padStart(9)}`,
);
const data = join(folder, 'data');
line('--help', repeat(['--help'], data));
line(
  'demo --once, first time',
  Array.from({ length: 3 }, (_, i) => run(['demo', '--once'], join(folder, `demo${i}`))),
);
run(['publish', '--from', sample('huggingface-2026-06-12.json')], data);
run(['publish', '--from', sample('daily-papers-page.txt')], data);
const preview = (date: string) => ['preview', '--out', join(folder, 'out'), '--date', date];
run(preview('2026-06-12'), data);
line('preview --out, 30 papers, warm', repeat(preview('2026-06-12'), data));
line('preview --out, 71 papers, warm', repeat(preview('2026-08-20'), data));
line('send, nothing to send', repeat(['send'], data));

const source = readFileSync(join(ROOT, 'templates/digest.mjml'), 'utf8');
const compiled = performance.now();
await compileMjml(source, 'digest.mjml');
const first = performance.now() - compiled;
const compiles: number[] = [];
for (let i = 0; i < RUNS; i++) {
  const from = performance.now();
  await compileMjml(source, 'digest.mjml');
  compiles.push(performance.now() - from);
}
const templates = await openTemplates(join(ROOT, 'templates'), join(folder, 'cache'));
const { editions } = JSON.parse(
  spawnSync(process.execPath, ['--input-type=module', '-e', READ_EDITIONS(join(data, 'paperround.db'))], {
    encoding: 'utf8',
  }).stdout,
) as { editions: unknown[] };
console.log(`\n${'in one process'.padEnd(52)} ${'each'.padStart(9)}`);
console.log(`${'compile MJML, first (with loading mjml)'.padEnd(52)} ${first.toFixed(1).padStart(6)} ms`);
console.log(
  `${'compile MJML, again: the price per mail of others'.padEnd(52)} ${median(compiles).toFixed(1).padStart(6)} ms`,
);
const masthead = { name: 'Daily Papers', postalAddress: null, webUrl: null };
for (const content of editions) {
  const edition = Edition.parse(content);
  const everything = cut([edition], Preferences.parse({}));
  const papers = everything.themes.reduce((sum, theme) => sum + theme.papers.length, 0);
  for (let i = 0; i < 30; i++) renderDigest(everything, masthead, templates);
  const started = performance.now();
  for (let i = 0; i < 100; i++) renderDigest(everything, masthead, templates);
  const each = (performance.now() - started) / 100;
  const bytes = Buffer.byteLength(renderDigest(everything, masthead, templates).html);
  const what = `render a cut of ${papers} papers (${bytes.toLocaleString('en')} bytes)`;
  console.log(`${what.padEnd(52)} ${each.toFixed(1).padStart(6)} ms`);
}
rmSync(folder, { recursive: true });

function READ_EDITIONS(path: string): string {
  return `import { DatabaseSync } from 'node:sqlite';
    const rows = new DatabaseSync(${JSON.stringify(path)}).prepare('select content from edition order by date').all();
    console.log(JSON.stringify({ editions: rows.map(row => JSON.parse(row.content)) }));`;
}
