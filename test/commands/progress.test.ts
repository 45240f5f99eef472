// What long work says on a terminal: how far it is, how fast it goes now, and how long the rest will take.
import { expect, it } from 'vitest';
import { paceWords } from '../../src/commands/terminal.ts';

const MINUTE = 60_000;

it.each([
  ['a fast one', [0, 0], [1000, 5000], 10_000, ', 5000 a second, 1 s left'],
  ['one of minutes', [5000, 100], [15_000, 520], 8000, ', 42 a second, 3 min left'],
  ['one of hours', [0, 0], [10_000, 30], 50_000, ', 3 a second, 4.6 h left'],
  ['a slow one', [0, 2], [MINUTE, 8], 20, ', 6 a minute, 2 min left'],
  ['one that is done', [0, 0], [1000, 10], 10, ', 10 a second, 0 s left'],
  ['one that had more to do than was known', [0, 0], [1000, 12], 10, ', 12 a second, 0 s left'],
  ['one that stands still says no rate', [0, 5], [10_000, 5], 10, ''],
] as const)('%s', (_what, [began, first], [at, done], all, words) => {
  expect(
    paceWords(
      [
        { at: began, done: first },
        { at, done },
      ],
      all,
    ),
  ).toBe(words);
});

it('says no rate at its first mark', () => {
  expect(paceWords([{ at: 0, done: 1 }], 10)).toBe('');
});
