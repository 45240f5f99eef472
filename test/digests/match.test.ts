// What a reader asked for is bold where it stands, and nothing else is: no half letters, no half entities, no tags.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HTML_HELPERS } from '../../src/digests/helpers.ts';
import { nameAsWritten, phrase, pieces, searched, seeker } from '../../src/digests/match.ts';

const mark = (text: string, ...patterns: RegExp[]) => String(HTML_HELPERS.mark(text, patterns));

describe('a word that a reader asked for', () => {
  it.each<[string, string, string[], string]>([
    ['is bold', 'An agent buys bread', ['agent'], 'An <b>agent</b> buys bread'],
    ['is bold wherever it stands', 'Agents and agents', ['agent'], '<b>Agents</b> and <b>agents</b>'],
    ['is not bold inside another word', 'A reagent', ['agent'], 'A reagent'],
    ['is bold across a hyphen', 'Time-series of cats', ['time series'], '<b>Time-series</b> of cats'],
    ['is bold at both ends', 'agent of an agent', ['agent'], '<b>agent</b> of an <b>agent</b>'],
    [
      'is bold once where two of them overlap',
      'a large language model here',
      ['large language', 'language model'],
      'a <b>large language model</b> here',
    ],
    [
      'is bold once where one holds another',
      'language model',
      ['language model', 'model'],
      '<b>language model</b>',
    ],
    ['may be a mark of HTML', 'a < b & c', ['<'], 'a <b>&lt;</b> b &amp; c'],
    ['never cuts an entity', 'AT&T and amp', ['amp'], 'AT&amp;T and <b>amp</b>'],
    [
      'takes the accent of its last letter with it',
      'the cafe\u0301 x\u0301',
      ['x'],
      'the cafe\u0301 <b>x\u0301</b>',
    ],
    ['takes a whole emoji', 'a 👩‍🔬 works', ['👩'], 'a <b>👩‍🔬</b> works'],
    ['takes a whole flag', 'in 🇩🇰 now', ['🇩'], 'in <b>🇩🇰</b> now'],
    ['that is not there changes nothing', 'bread', ['agent'], 'bread'],
  ])('%s', (_what, text, words, marked) => {
    expect(mark(text, ...words.map(phrase))).toBe(marked);
  });

  it('may be a name, as it is written', () => {
    expect(mark('Björn Ommer, Bjorn Ommerson', nameAsWritten('Björn Ommer'))).toBe(
      '<b>Björn Ommer</b>, Bjorn Ommerson',
    );
    expect(mark('Vo +2 · 3 Votes', nameAsWritten('Vo'))).toBe('<b>Vo</b> +2 · 3 Votes');
  });
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        'agent',
        'a',
        '-',
        ' ',
        '<',
        '&',
        '&amp;',
        '"',
        '\u0301',
        '👩‍🔬',
        '🇩🇰',
        '\u200d',
        '각',
        'क्षि',
      ),
    )
    .map(parts => parts.join('')),
);
const words = fc.array(
  text.map(word => phrase(word.trim() || 'a')),
  { maxLength: 5 },
);

describe('whatever is sought in whatever text', () => {
  it('the pieces are the text, and no two that follow each other are alike', () => {
    fc.assert(
      fc.property(text, words, (whole, patterns) => {
        const parts = pieces(whole, patterns);
        expect(parts.map(piece => piece.text).join('')).toBe(whole);
        for (const [n, piece] of parts.entries()) {
          expect(piece.text).not.toBe('');
          expect(parts[n + 1]?.hit).not.toBe(piece.hit);
        }
      }),
    );
  });

  it('no character is cut, as a reader sees characters', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(text, words, (whole, patterns) => {
        const borders = new Set([...graphemes.segment(whole)].map(({ index }) => index));
        let at = 0;
        for (const piece of pieces(whole, patterns)) {
          expect(borders).toContain(at);
          at += piece.text.length;
        }
      }),
    );
  });

  it('the HTML has no tag but <b>, and without it is the text escaped', () => {
    fc.assert(
      fc.property(text, words, (whole, patterns) => {
        const html = mark(whole, ...patterns);
        expect(html.replace(/<\/?b>/g, '')).toBe(mark(whole));
        expect(mark(whole)).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)/);
      }),
    );
  });
});

describe('a search for many readers', () => {
  it.each([
    ['große straße', 'GROẞE STRASSE, Große-STRAẞE', 'Große-STRAẞE'],
    ['klassisch', 'ſ and \u212alaſſiſch', '\u212alaſſiſch'],
    ['λόγος', 'ΛΌΓΟΣ', 'ΛΌΓΟΣ'],
    ['---', 'a --- b', '---'],
    ['agent', 'reagent', undefined],
    ['time series', 'series of time', undefined],
  ])('for "%s" in "%s" finds %s', (keyword, text, words) => {
    expect(seeker(keyword)(searched(text))?.words).toBe(words);
  });

  it('passes over no text in which the pattern finds something: no letter of Europe in any case', () => {
    const letters = Array.from({ length: 0x2_200 }, (_, point) => point)
      .map(point => String.fromCodePoint(point))
      .filter(letter => letter.toLowerCase() !== letter || letter.toUpperCase() !== letter);
    const all = letters.join('');
    for (const letter of letters)
      for (const [other] of all.matchAll(new RegExp(letter, 'giu')))
        expect(seeker(letter)(searched(other))?.words, `${letter} in ${other}`).toBe(
          phrase(letter).exec(other)?.[0],
        );
  });

  it('finds what the pattern finds, the second time too', () => {
    fc.assert(
      fc.property(text, text, (keyword, whole) => {
        const sought = keyword.trim() || 'a';
        const where = searched(`${whole} ${keyword}`);
        const found = phrase(sought).exec(where.text)?.[0];
        expect([1, 2].map(() => seeker(sought)(where)?.words)).toEqual([found, found]);
      }),
    );
  });
});
