// `npm run bench` begins here: startup and rendering, for docs/performance.md. Absolute times depend on the machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cut } from '../src/digests/cut.ts';
import { renderDigest } from '../src/digests/digest.ts';
import { openTemplates } from '../src/digests/template.ts';
import { compileMjml } from '../src/digests/template-mjml.ts';
import { Edition } from '../src/editions/edition.ts';
import { Preferences } from '../src/subscribers/preferences.ts';
import { heading, line, median, repeat, run } from './command.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RUNS = 9;
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
const sample = (name: string) => join(ROOT, 'samples', name);

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}\n`);
heading('whole command', RUNS);
const data = join(folder, 'data');
const env = { DATA_DIR: data };
line('--help', await repeat(RUNS, ['--help'], env));
const demo = { DATA_DIR: join(folder, 'demo') };
const forget = () => rmSync(demo.DATA_DIR, { recursive: true, force: true });
line('demo --once, first time (median of 3)', await repeat(3, ['demo', '--once'], demo, forget));
await run(['publish', '--from', sample('huggingface-2026-06-12.json')], env);
await run(['publish', '--from', sample('daily-papers-page.txt')], env);
const preview = (date: string) => ['preview', '--out', join(folder, 'out'), '--date', date];
await run(preview('2026-06-12'), env);
line('preview --out, 30 papers, warm', await repeat(RUNS, preview('2026-06-12'), env));
line('preview --out, 71 papers, warm', await repeat(RUNS, preview('2026-08-20'), env));
line('send, nothing to send', await repeat(RUNS, ['send'], env));

const source = readFileSync(join(ROOT, 'templates/digest.mjml'), 'utf8');
const file = { path: 'digest.mjml', written: source, source };
const compiled = performance.now();
await compileMjml(file);
const first = performance.now() - compiled;
const compiles: number[] = [];
for (let i = 0; i < RUNS; i++) {
  const from = performance.now();
  await compileMjml(file);
  compiles.push(performance.now() - from);
}
const templates = await openTemplates(join(ROOT, 'templates'), join(folder, 'cache'));
const { editions } = JSON.parse(
  spawnSync(process.execPath, ['--input-type=module', '-e', READ_EDITIONS(join(data, 'paperround.db'))], {
    encoding: 'utf8',
  }).stdout,
) as { editions: unknown[] };
console.log(`\n${'in one process'.padEnd(58)} ${'each'.padStart(9)}`);
console.log(`${'compile MJML, first (with loading mjml)'.padEnd(58)} ${first.toFixed(1).padStart(6)} ms`);
console.log(
  `${'compile MJML, again: the price per mail of others'.padEnd(58)} ${median(compiles).toFixed(1).padStart(6)} ms`,
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
  console.log(`${what.padEnd(58)} ${each.toFixed(1).padStart(6)} ms`);
}
rmSync(folder, { recursive: true });

function READ_EDITIONS(path: string): string {
  return `import { DatabaseSync } from 'node:sqlite';
    const rows = new DatabaseSync(${JSON.stringify(path)}).prepare('select content from edition order by date').all();
    console.log(JSON.stringify({ editions: rows.map(row => JSON.parse(row.content)) }));`;
}
