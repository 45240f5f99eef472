// How long the disk takes to keep something for good: what every commit of the ledger waits for.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './command.ts';

/** Median milliseconds of an fdatasync(2) of 4 KB, rounded to two digits. */
export function measureSync(folder: string): string {
  const file = openSync(join(folder, 'disk'), 'w');
  const page = Buffer.alloc(4096);
  const times = Array.from({ length: 101 }, (_, n) => {
    writeSync(file, page, 0, page.length, n * page.length);
    const started = performance.now();
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  return median(times).toFixed(2);
}
