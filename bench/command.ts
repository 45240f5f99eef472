// Whole commands, each in a process of its own, and the lines that say what they took.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
/** The command of the package that is published, once it was built. */
export const BUILT_CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** Preloaded into a measured process: prints, when it ends, its CPU milliseconds and peak megabytes. No file of TypeScript: Node's reader of it takes memory. */
const REPORT = `data:text/javascript,${encodeURIComponent(`process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write('\\n#cpu ' + (user + system) / 1000 + ' ' + process.resourceUsage().maxRSS / 1024 + '\\n');
});`)}`;

/** Wall and CPU milliseconds, peak resident megabytes. */
export interface Usage {
  wall: number;
  cpu: number;
  memory: number;
}

/**
 * Runs a command once. `env` are its settings; nothing else of the environment is passed on but PATH.
 * @throws Error with what it printed when it ends with another status than 0, or 3 (papers are missing or late)
 */
export async function run(args: string[], env: Record<string, string>, cli = CLI): Promise<Usage> {
  const started = performance.now();
  const child = spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env.PATH, NODE_OPTIONS: `--import ${REPORT}`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const wall = performance.now() - started;
  const [, cpu, memory] = /#cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
  if (![0, 3].includes(status as number) || cpu === undefined)
    throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
  return { wall, cpu: Number(cpu), memory: Number(memory) };
}

/** Runs a command `times` times, one after the other; `before` gets it ready each time. */
export async function repeat(
  times: number,
  args: string[],
  env: Record<string, string>,
  before: () => void = () => {},
): Promise<Usage[]> {
  const usages: Usage[] = [];
  for (let i = 0; i < times; i++) {
    before();
    usages.push(await run(args, env));
  }
  return usages;
}

/** The upper one of the two in the middle where their number is even. */
export const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** The line above the figures of `line`; the medians are of `runs` runs. */
export function heading(what: string, runs: number): void {
  const [wall, cpu, memory] = ['wall', 'CPU', 'memory'].map(title => title.padStart(9));
  console.log(`${`${what}, median of ${runs}`.padEnd(58)} ${wall} ${cpu} ${memory}`);
}

export function line(what: string, usages: Usage[]): void {
  const of = (key: keyof Usage, unit: string) =>
    `${median(usages.map(u => u[key])).toFixed(0)} ${unit}`.padStart(9);
  console.log(`${what.padEnd(58)} ${of('wall', 'ms')} ${of('cpu', 'ms')} ${of('memory', 'MB')}`);
}
