// Who mistypes a theme is told which one they may have meant.
import { describe, expect, it } from 'vitest';
import { nearestTo } from '../../src/themes/spelling.ts';

const SLUGS = ['image-gen', 'video-gen', 'graphs-ts', 'rl', '3d', 'vision', 'also-today'];

describe('the nearest word', () => {
  it.each([
    ['image-gen', 'image-gen'],
    ['imagegen', 'image-gen'],
    ['Image-Gen ', 'image-gen'],
    ['imgae-gen', 'image-gen'],
    ['vidoe-gen', 'video-gen'],
    ['visoin', 'vision'],
    ['graphs', 'graphs-ts'],
    ['lr', 'rl'],
    ['2d', '3d'],
    ['also today', 'also-today'],
    ['cats', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('to "%.20s" is %s', (given, nearest) => {
    expect(nearestTo(given, SLUGS)).toBe(nearest);
  });
});
