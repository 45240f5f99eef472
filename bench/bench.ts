// `npm run bench` begins here: whole commands, for docs/performance.md. Absolute times depend on the machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heading, line, repeat, run } from './command.ts';

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

rmSync(folder, { recursive: true });
