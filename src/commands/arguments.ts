// What the values of options must be.
import { InvalidArgumentError } from 'commander';

/** A day as YYYY-MM-DD that exists. */
export function day(text: string): string {
  const match = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  if (!match || new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('Give a day as YYYY-MM-DD, for example 2026-08-20.');
  }
  return text;
}

/** A port; 0 for any free one. */
export function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Give a whole number from 0 to 65535.');
  return Number(text);
}

/** A whole number of at most six digits. */
export function whole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}
