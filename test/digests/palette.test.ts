// An operator's colours: few are given, all can be read, and those that cannot are refused with their contrast.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, DARK, LIGHT, paint, palette, unreadable } from '../../src/digests/palette.ts';

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s and %s is %d, whichever comes first', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });
});

describe('the colours that ship', () => {
  it.each([
    ['by day', LIGHT],
    ['by night', DARK],
  ])('can be read %s', (_what, scheme) => {
    const { paper, sheet, mark } = scheme;
    for (const front of [scheme.accent, scheme.ink, scheme.text, scheme.muted])
      expect(contrast(front, paper)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(scheme.muted, sheet)).toBeGreaterThanOrEqual(4.5);
    for (const front of [scheme.ink, scheme.text, scheme.muted])
      expect(contrast(front, mark)).toBeGreaterThanOrEqual(4.5);
  });

  it('stay where nothing is chosen, and where they are what is chosen', () => {
    expect(palette({}).size).toBe(0);
    expect(palette({ accentColor: LIGHT.accent.toUpperCase(), darkAccentColor: DARK.accent }).size).toBe(0);
    expect(unreadable({})).toEqual([]);
  });

  it('are all different, or one would stand for two', () => {
    const all = [...Object.values(LIGHT), ...Object.values(DARK)];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('colours that cannot be read together', () => {
  it.each([
    [
      { accentColor: '#ffcc00' },
      'accentColor',
      'accentColor #ffcc00 on paperColor #fffdf9 has a contrast of 1.48:1 in the light scheme; allowed: at least 4.5:1 (WCAG AA)',
    ],
    [
      { inkColor: '#777777', paperColor: '#FFFFFF' },
      'inkColor',
      'inkColor #777777 on paperColor #ffffff has a contrast of 4.47:1',
    ],
    [
      { darkPaperColor: '#f6f2e9' },
      'darkPaperColor',
      'darkInkColor #f6f2e9 on darkPaperColor #f6f2e9 has a contrast of 1.00:1 in the dark scheme',
    ],
    [
      { darkAccentColor: '#222222' },
      'darkAccentColor',
      'darkAccentColor #222222 on darkPaperColor #1d1c1a has',
    ],
  ])('%j: the first word is the setting to blame', (colours, key, said) => {
    const found = unreadable(colours);
    expect(found.map(one => one.key)).toContain(key);
    expect(found.map(({ problem }) => problem).join('\n')).toContain(said);
  });
});

const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map(n => `#${n.toString(16).padStart(6, '0')}`);
const colours = fc.record(
  {
    accentColor: colour,
    paperColor: colour,
    inkColor: colour,
    darkAccentColor: colour,
    darkPaperColor: colour,
    darkInkColor: colour,
  },
  { requiredKeys: [] },
);

describe('whatever colours are chosen', () => {
  it('if they are not refused, everything that is written can be read', () => {
    fc.assert(
      fc.property(colours, chosen => {
        fc.pre(unreadable(chosen).length === 0);
        const now = palette(chosen);
        for (const shipped of [LIGHT, DARK]) {
          const of = (name: keyof typeof LIGHT) => now.get(shipped[name]) ?? shipped[name];
          for (const front of ['accent', 'ink', 'text', 'muted'] as const)
            expect(contrast(of(front), of('paper'))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(of('muted'), of('sheet'))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(of('muted'), of('mark'))).toBeGreaterThanOrEqual(4.5);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('paint', () => {
  it('puts colours in place of others, in any case, each once', () => {
    const colours = new Map([
      ['#94380f', '#0b5394'],
      ['#0b5394', '#000000'],
    ]);
    expect(paint('a{color:#94380F}b{color:#94380f00;c:#fff}', colours)).toBe(
      'a{color:#0b5394}b{color:#94380f00;c:#fff}',
    );
  });
});
