// Figures as people read them: tables of Markdown, and aims with what was reached.

/** One part of the page, and what it says about the aims. */
export interface Part {
  lines: string[];
  aims?: Aim[];
}

/** Something that Paperround wants of its themes. */
export interface Aim {
  what: string;
  aim: number;
  now: number;
  /** Whether less is better. */
  atMost?: boolean;
  unit?: string;
  /** 3 unless said. */
  digits?: number;
}

export const figure = (value: number) => value.toFixed(3);
export const between = ([low, high]: readonly number[]) => `${figure(low ?? 0)}–${figure(high ?? 0)}`;
export const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
export const head = (...cells: string[]) => [row(...cells), `|${'---|'.repeat(cells.length)}`];
export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
export const count = (value: number) => value.toLocaleString('en');

/** Progress for the person who waits: this takes some minutes. */
export const tell = (line: string) => process.stderr.write(`${line}\n`);

/** All aims, those that are missed marked as such. */
export function aimsTable(aims: readonly Aim[]): string[] {
  const rows = aims.map(({ what, aim, now, atMost = false, unit = '', digits = 3 }) => {
    const shown = (value: number) =>
      `${value >= 1000 ? count(Math.round(value)) : value.toFixed(digits)}${unit}`;
    // As it is printed: 0.4799 that reads 0.480 is met.
    const [reached, wanted] = [Number(now.toFixed(digits)), aim];
    const met = atMost ? reached <= wanted : reached >= wanted;
    return row(
      what,
      `${atMost ? 'at most' : 'at least'} ${shown(aim)}`,
      shown(now),
      met ? 'met' : '**missed**',
    );
  });
  return ['### Aims', '', ...head('', 'aim', 'now', ''), ...rows];
}

/** The median of a few runs, in milliseconds, after one to warm up. */
export function median(run: () => unknown): number {
  const times = Array.from({ length: 9 }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return times.slice(1).sort((a, b) => a - b)[4] as number;
}
