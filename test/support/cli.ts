// The command line as people use it: a real process, its exit status and everything it printed.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { storeOf } from './stores.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = `${ROOT}src/cli.ts`;

export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  env?: Record<string, string>;
  cwd?: string;
  stdin?: string | Buffer;
  /** No file may become larger than so many bytes, as on a disk that is full. */
  most?: number;
}

/** The command line of `paperround`; a limit is set by the shell, and stays with the process that takes its place. */
function commandLine(args: readonly string[], most?: number): [string, string[]] {
  const own = [CLI, ...args];
  if (most === undefined) return [process.execPath, own];
  // POSIX counts in blocks of 512 bytes.
  return ['sh', ['-c', `ulimit -f ${Math.ceil(most / 512)} && exec "$@"`, 'sh', process.execPath, ...own]];
}

/** A clean environment: nothing of the machine's own settings reaches the command. Its store is the one of its data folder. */
async function environment(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const { databaseUrl } = more.DATA_DIR === undefined ? {} : await storeOf(more.DATA_DIR);
  return { PATH, HOME, TMPDIR, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}), ...more };
}

/** Runs `paperround` with arguments and waits for its end. */
export async function paperround(
  args: readonly string[],
  { env, cwd = ROOT, stdin, most }: Surroundings = {},
): Promise<Finished> {
  const clean = await environment(env);
  return new Promise((resolve, reject) => {
    const child = spawn(...commandLine(args, most), { cwd, env: clean });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => (stdout += chunk));
    child.stderr.on('data', chunk => (stderr += chunk));
    child.on('error', reject);
    child.on('close', status => resolve({ status, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(stdin ?? '');
  });
}

/** The JSON document that a command printed; fails with all that it said when it printed none. */
export function documentOf<T = Record<string, unknown>>({ stdout, stderr }: Finished): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`no JSON document on stdout:\n${stdout}\n${stderr}`);
  }
}

/** Starts `paperround` and leaves it running; ended with the test at the latest. */
export function start(args: readonly string[], { env, cwd = ROOT }: Surroundings = {}) {
  let child: ChildProcess | undefined;
  let output = '';
  const ended = environment(env).then(clean => {
    const begun = spawn(process.execPath, [CLI, ...args], { cwd, env: clean });
    child = begun;
    begun.stdout.on('data', chunk => (output += chunk));
    begun.stderr.on('data', chunk => (output += chunk));
    return new Promise<number | null>(resolve => begun.on('close', resolve));
  });
  onTestFinished(() => void (child?.exitCode === null && child.kill('SIGKILL')));
  return {
    ended,
    kill: (signal: NodeJS.Signals) => child?.kill(signal),
    output: () => output,
    isOver: () => child !== undefined && (child.exitCode !== null || child.signalCode !== null),
    /** Resolves with the match once the output has it; fails with the output when the process ends first. */
    async says(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        if (child !== undefined && child.exitCode !== null)
          throw new Error(`ended with ${child.exitCode} before it said ${pattern}:\n${output}`);
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
  };
}
