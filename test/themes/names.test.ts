// What readers see above a group that no taxonomy names: words that its papers share, or nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupNames } from '../../src/themes/names.ts';

const paper = (title: string, abstract = '') => ({ title, abstract });
const papers = (...titles: string[]) => titles.map(title => paper(title));
const OTHERS = papers('On porcelain', 'Of cups', 'Saucers', 'Teapots and spoons', 'A plate', 'Knives');

/** The name of a group in a day with six papers about other things. */
const nameOf = (...group: ReturnType<typeof paper>[]) => groupNames([group, OTHERS])[0];

describe('a group is named', () => {
  it('by the phrase that its papers share', () => {
    expect(
      nameOf(
        ...papers('Fast speculative decoding', 'Speculative decoding, sorted', 'On speculative decoding'),
      ),
    ).toBe('Speculative decoding');
  });

  it.each([
    ['small letters where some writers use them', 'Speculative Decoding (SD)', 'speculative decoding'],
    ['plurals as they are mostly written', 'speculative decodings', 'speculative decoding'],
  ])('%s', (_what, first, second) => {
    const group = [
      paper('One', `We like ${first}.`),
      paper('Two', `We like ${second}.`),
      paper('Three', `We like ${second}.`),
    ];
    expect(nameOf(...group)).toBe('Speculative decoding');
  });

  it('by words with hyphens as they are written', () => {
    const group = ['One', 'Two', 'Three'].map(title => paper(title, 'We study text-to-speech synthesis.'));
    expect(nameOf(...group)).toBe('Text-to-speech synthesis');
  });

  it('by a proper name with its own letters', () => {
    const group = ['One', 'Two', 'Three'].map(title => paper(title, 'For iOS apps and ARKit scenes.'));
    expect(['iOS apps', 'ARKit scenes']).toContain(nameOf(...group));
  });

  it('by the longer phrase where nearly all that have the shorter have it', () => {
    const group = papers(
      ...Array.from({ length: 4 }, (_, i) => `${i} Time series forecasting`),
      'Time series',
    );
    expect(nameOf(...group)).toBe('Time series forecasting');
    expect(nameOf(...group, ...papers('A time series', 'Time series again'))).toBe('Time series');
  });

  it('by a single word only where nearly all titles have it', () => {
    expect(nameOf(...papers('Whales', 'A whale', 'Whale'))).toBe('Whale');
    const inAbstracts = ['One', 'Two', 'Three'].map(title => paper(title, 'It is about whales.'));
    expect(nameOf(...inAbstracts)).toBeNull();
  });
});

describe('no name is better than a wrong one', () => {
  it.each([
    ['two papers are no subject', papers('Speculative decoding', 'Speculative decoding')],
    [
      'a phrase of less than half of them',
      papers(...Array(3).fill('Polar ice'), ...['A', 'B', 'C', 'D'].map(x => `Other ${x}`)),
    ],
    [
      'words of any subject',
      ['A', 'B', 'C'].map(x => paper(x, 'A novel framework with strong performance.')),
    ],
    ['phrases across a full stop', ['A', 'B', 'C'].map(x => paper(x, 'We heard a whale. Sonar.'))],
    ['numbers', papers('2026 200', '2026 200', '2026 200')],
    ['nothing', papers('', '', '')],
  ])('%s', (_what, group) => {
    expect(nameOf(...group)).toBeNull();
  });

  it('what the whole day is about names none of its groups', () => {
    const day = (word: string) => papers(...[1, 2, 3, 4].map(i => `Autoregressive models ${i}: ${word}`));
    expect(groupNames([day('polar ice'), day('desert wind')])).toEqual(['Polar ice', 'Desert wind']);
  });

  it('no two groups have the same name: the larger has it', () => {
    const group = (n: number) => papers(...Array.from({ length: n }, (_, i) => `Polar ice ${i}`));
    const [small, large] = groupNames([group(3), group(5), ...Array(9).fill(OTHERS)]);
    expect([small, large]).toEqual([null, 'Polar ice']);
  });
});

describe('whatever the words are', () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom('polar ice', 'Whale', '漢字', 'العربية', '-', 'iOS'),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 8 },
  );
  const group = fc.array(
    fc.record({ title: text.map(t => t.join(' ')), abstract: text.map(t => t.join(' ')) }),
    { maxLength: 6 },
  );

  it('a name is words that a paper of the group has', () => {
    fc.assert(
      fc.property(fc.array(group, { maxLength: 4 }), groups => {
        const names = groupNames(groups);
        expect(names).toHaveLength(groups.length);
        for (const [i, name] of names.entries()) {
          if (name === null) continue;
          const said = groups[i]?.map(({ title, abstract }) => `${title} ${abstract}`.replace(/\s+/g, ' '));
          expect(said?.join(' ').toLowerCase()).toContain(name.toLowerCase());
        }
      }),
    );
  });
});
