// What a figure of agreement means, on a choice that can be counted by hand.
import { expect, it } from 'vitest';
import { agreement, betweenAnnotators } from '../../bench/summaries/agreement.ts';
import type { Annotated } from '../../bench/summaries/data.ts';

const PAPER: Annotated = {
  id: '2603.00001',
  abstract: 'One. Two. Three. Four.',
  sentences: ['One.', 'Two.', 'Three.', 'Four.'],
  annotators: [
    { keep: [1, 2], fine: [3] },
    { keep: [1, 3], fine: [] },
  ],
  half: 'held out',
};

it.each([
  ['what one annotator keeps', [[1, 2]], { kept: 0.75, acceptable: 0.75, all: 0.5, length: 11 }],
  ['what nobody keeps', [[0]], { kept: 0, acceptable: 0, all: 0, length: 4 }],
  ['two choices as likely', [[1], [0]], { kept: 0.5, acceptable: 0.5, all: 0.5, length: 4 }],
])('a reader of the page can trust the figures of %s', (_what, choices, wanted) => {
  expect(agreement(PAPER, choices)).toEqual(wanted);
});

it('a reader of the page learns how far the annotators agree with each other, both ways', () => {
  // The second accepts one sentence of the first; the first keeps one of the second and finds the other fine.
  expect(betweenAnnotators(PAPER)).toMatchObject({ kept: 0.5, acceptable: 0.75, all: 0.5 });
});
