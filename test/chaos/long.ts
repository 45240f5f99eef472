// `npm run test:chaos`: the long form of every test in this folder, and its figures into docs/reliability.md. Ended and
// begun again with the same seed, it goes on where it was.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Line } from './rounds.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = `${ROOT}docs/reliability.md`;
const BEGIN = '<!-- figures: npm run test:chaos writes them -->';
const END = '<!-- end of figures -->';

const settings = {
  CHAOS_ROUNDS: '200',
  CHAOS_READERS: '2000',
  CHAOS_SEED: '20260820',
  CHAOS_FIGURES: `${ROOT}data/chaos.jsonl`,
  ...process.env,
};

async function run(): Promise<number> {
  mkdirSync(dirname(settings.CHAOS_FIGURES), { recursive: true });
  const files = process.argv.length > 2 ? process.argv.slice(2) : ['test/chaos'];
  const args = ['vitest', 'run', ...files, '--no-file-parallelism'];
  const child = spawn('npx', args, { cwd: ROOT, env: settings, stdio: 'inherit' });
  const [status] = await once(child, 'exit');
  return status ?? 1;
}

function figures(): string {
  const text = existsSync(settings.CHAOS_FIGURES) ? readFileSync(settings.CHAOS_FIGURES, 'utf8') : '';
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line);
  const kinds = Map.groupBy(lines, ({ chaos, store }) => `${chaos} | ${store}`);
  const sum = (
    of: readonly Line[],
    key: 'readers' | 'kills' | 'lost' | 'times' | 'most' | 'doubled' | 'refused',
  ) => of.reduce((all, line) => all + line[key], 0).toLocaleString('en');
  const rows = [...kinds].map(([kind, of]) => {
    const unknown = `${sum(of, 'times')} (${sum(of, 'most')})`;
    const cells = [
      kind,
      of.length,
      sum(of, 'readers'),
      sum(of, 'kills'),
      sum(of, 'lost'),
      sum(of, 'refused'),
    ];
    return `| ${[...cells, unknown, sum(of, 'doubled')].join(' | ')} |`;
  });
  const seeds = [...new Set(lines.map(({ seed }) => seed))].join(', ');
  return [
    `Seed ${seeds}; Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB.`,
    '',
    '| chaos | store | rounds | messages | kills | lost | refused | unknown (at most) | of them arrived twice |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const status = await run();
const page = readFileSync(PAGE, 'utf8');
const [before] = page.split(BEGIN);
const [, after] = page.split(END);
if (before === undefined || after === undefined) throw new Error(`${PAGE} has no place for the figures`);
writeFileSync(PAGE, `${before}${BEGIN}\n\n${figures()}\n\n${END}${after}`);
process.exitCode = status;
