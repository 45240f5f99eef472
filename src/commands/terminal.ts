// How commands speak: one JSON document or plain lines on stdout, everything else on stderr, colour only on a terminal.
import { styleText } from 'node:util';
import { plainTerminal } from '../config.ts';
import { PaperroundError, reasonOf } from '../errors.ts';

/** Where a command's words go. */
export interface Terminal {
  json: boolean;
  /** A line for people: stdout, or nothing under `--json` and `--quiet`. */
  say(line?: string): void;
  /** The result: the JSON document under `--json`, else the lines for people. */
  result(document: object, lines?: readonly string[]): void;
  /** A warning or a problem, on stderr, in every mode. */
  warn(line: string): void;
  /** Asks a yes-or-no question; where nobody sits at a terminal, the answer is no. */
  asks(question: string): Promise<boolean>;
  /** Shows how far long work has come: on a terminal only, and only once it has taken more than a second. */
  progress(verb: string): { update(done: number, all: number): void; end(): void };
}

export type Style = Parameters<typeof styleText>[0];

/** Text in a style where stdout is a terminal that wants it; the bare text elsewhere. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !plainTerminal() ? styleText(style, text) : text;
}

export function openTerminal({ json = false, quiet = false }: { json?: boolean; quiet?: boolean }): Terminal {
  const say = (line = '') => {
    if (!json && !quiet) process.stdout.write(`${line}\n`);
  };
  return {
    json,
    say,
    result(document, lines = []) {
      if (json) process.stdout.write(`${JSON.stringify(document)}\n`);
      else for (const line of lines) say(line);
    },
    warn(line) {
      process.stderr.write(`${line}\n`);
    },
    asks,
    progress: verb => progressOn(process.stderr, verb, json || quiet),
  };
}

async function asks(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const { createInterface } = await import('node:readline/promises');
  const line = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await line.question(`${question} [y/N] `);
  line.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** How far work had come at a time, in milliseconds. */
export interface Mark {
  at: number;
  done: number;
}

/** So far back is looked for how fast work goes: what was prepared before it began, or an hour ago, says nothing of now. */
const PACE_MS = 10_000;

function progressOn(stream: NodeJS.WriteStream, verb: string, silent: boolean) {
  const started = performance.now();
  const show = stream.isTTY && !silent && !plainTerminal();
  const marks: Mark[] = [];
  let isDrawn = false;
  return {
    update(done: number, all: number) {
      const at = performance.now();
      const last = marks.at(-1);
      if (!show || (last !== undefined && at - last.at < 100 && done < all)) return;
      marks.push({ at, done });
      while (marks.length > 2 && at - (marks[0]?.at ?? at) > PACE_MS) marks.shift();
      if (at - started < 1000) return;
      isDrawn = true;
      stream.write(`\r\u001b[2K${verb} ${done} of ${all}${paceWords(marks, all)}`);
    },
    end() {
      if (isDrawn) stream.write('\r\u001b[2K');
    },
  };
}

/**
 * How fast work goes and how long the rest will take: ", 42 a second, 3 min left"; nothing before there is a rate.
 * @param marks oldest first; the rate is that from the first to the last
 */
export function paceWords(marks: readonly Mark[], all: number): string {
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined || last.done <= first.done || last.at <= first.at) return '';
  const rate = ((last.done - first.done) * 1000) / (last.at - first.at);
  const pace = rate >= 1 ? `${Math.round(rate)} a second` : `${Math.max(1, Math.round(rate * 60))} a minute`;
  const left = Math.ceil(Math.max(0, all - last.done) / rate);
  const time =
    left < 60 ? `${left} s` : left < 5400 ? `${Math.ceil(left / 60)} min` : `${(left / 3600).toFixed(1)} h`;
  return `, ${pace}, ${time} left`;
}

/** Tells of a failure the way a person can use it: what, each detail, what to do. Defects show their stack. */
export function reportFailure(terminal: Pick<Terminal, 'json' | 'warn'>, error: unknown): number {
  if (!(error instanceof PaperroundError)) {
    terminal.warn(
      `paperround: an unforeseen error, please report it: ${error instanceof Error ? error.stack : error}`,
    );
    if (terminal.json) writeError({ code: 'defect', message: reasonOf(error) });
    return 1;
  }
  terminal.warn(`${styled('red', 'paperround:', process.stderr)} ${error.message}`);
  for (const line of error.place?.excerpt ?? []) terminal.warn(`  ${line}`);
  for (const detail of error.details) terminal.warn(`  ${detail}`);
  if (error.hint !== undefined) terminal.warn(`  ${error.hint}`);
  if (terminal.json) {
    const { code, message, details, hint, place } = error;
    writeError({ code, message, details, hint, place });
  }
  return error.exitStatus;
}

function writeError(error: object): void {
  process.stdout.write(`${JSON.stringify({ error })}\n`);
}

/** Columns of text, each as wide as its widest cell; the last one is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map(row =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A number with its noun: 1 paper, 2 papers. */
export const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
