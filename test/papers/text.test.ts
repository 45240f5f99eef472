// What every text from outside is promised to be before anything else in the program sees it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/papers/text.ts';

describe('a reader sees what the author typed, however often a feed escaped it', () => {
  it.each([
    ['Q&amp;A', 'Q&A'],
    ['Q&amp;amp;A', 'Q&A'],
    ['p &lt; 0.05 &#38; more', 'p < 0.05 & more'],
    ['Andr&eacute; &#x2014; R&D, AT&T', 'André — R&D, AT&T'],
    ['&#36;\\alpha&#36;-VAE', 'α-VAE'],
    ['$\\alpha$-VAE\n  for   everyone ', 'α-VAE for everyone'],
  ])('%s reads %s', (source, shown) => {
    expect(cleanText(source)).toBe(shown);
  });

  it('a third layer of escaping is left, since only the author could have meant it', () => {
    expect(cleanText('&amp;amp;amp;')).toBe('&amp;');
  });
});

describe('nothing hides in a title', () => {
  it.each([
    ['a NUL', 'a\0b', 'ab'],
    ['an escape sequence', 'a\u001b[31mb\u0007', 'a[31mb'],
    ['a C1 control', 'a\u009bb', 'ab'],
    ["a digest template's own marker", 'a\ue000b\uf8ffc', 'abc'],
    ['a marker written as an entity', 'a&#xE000;b', 'ab'],
    ['a marker written in TeX', '$\\unicode{xE000}$ab', 'ab'],
    ['text turned around', '\u202eevil\u202c \u2066x\u2069', 'evil x'],
    ['zero-width characters', 'a\u200bb\ufeffc', 'abc'],
    ['half a surrogate pair', 'a\ud800b\udc00c', 'abc'],
    ['a line break that would start a mail header', 'Title\r\nBcc: someone', 'Title Bcc: someone'],
    ['tabs, no-break spaces and line separators', '\ta\u00a0b\u2028c\u0085d\v', 'a b c d'],
  ])('%s', (_what, source, shown) => {
    expect(cleanText(source)).toBe(shown);
  });

  it('an accent typed as two characters becomes one letter', () => {
    expect(cleanText('Andre\u0301')).toBe('Andr\u00e9');
  });

  it('emoji and scripts from all over the world arrive whole', () => {
    expect(cleanText('🎉 漢字 العربية हिन्दी 👩‍🔬')).toBe('🎉 漢字 العربية हिन्दी 👩‍🔬');
  });
});

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
const UNWANTED = /[\p{Cc}\p{Surrogate}\ue000-\uf8ff\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u;

describe('whatever arrives', () => {
  it('is one trimmed line without an unwanted character', () => {
    fc.assert(
      fc.property(anyText, source => {
        const text = cleanText(source);
        expect(text).not.toMatch(UNWANTED);
        expect(text).not.toMatch(/\s\s|^\s|\s$|[^\S ]/);
        expect(text).toBe(text.normalize('NFC'));
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same after a second cleaning, where it holds neither TeX nor entities', () => {
    fc.assert(
      fc.property(anyText, source => {
        const text = cleanText(source.normalize('NFC').replace(/[\\${}`~^_&'"-]/g, ''));
        expect(cleanText(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['&amp;', '&', ' ', '\n', '\ud800', '\ue000', '\u200b', '&#36;', 'e\u0301', '"'])(
    '100,000 times %j is read in a moment',
    unit => {
      const started = performance.now();
      cleanText(`$x$${unit.repeat(100_000)}`);
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );
});
