// What a reader finds in their digest, and what they are spared.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cut, cut, cutKey } from '../../src/digests/cut.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { edition, paper, wants } from './editions.ts';

const titles = ({ themes }: Cut) => themes.flatMap(({ papers }) => papers.map(({ title }) => title));
const reasons = (result: Cut) => result.themes.flatMap(({ papers }) => papers.map(({ because }) => because));

const DAY = edition({
  agents: [
    paper({
      title: 'Agents that Buy Bread',
      abstract: 'We study multi-agent markets.',
      authors: ['Björn Ommer'],
    }),
    paper({ title: 'A Survey of Agents', abstract: 'Many were surveyed.' }),
  ],
  speech: [
    paper({ title: 'Hearing Voices', abstract: 'Speech from C++ and .NET.', authors: ['J. R. R. Tolkien'] }),
  ],
  vision: [paper({ title: 'Seeing Cats', abstract: 'Time-series of cats.', authors: ['Ada Lovelace'] })],
});

describe('a reader who named nothing', () => {
  it('gets everything, in the order of the edition', () => {
    expect(titles(cut([DAY], wants()))).toEqual([
      'Agents that Buy Bread',
      'A Survey of Agents',
      'Hearing Voices',
      'Seeing Cats',
    ]);
  });

  it('gets everything but what their muted words take away', () => {
    expect(titles(cut([DAY], wants({ mutedWords: ['survey', 'cat'] })))).toEqual([
      'Agents that Buy Bread',
      'Hearing Voices',
    ]);
  });

  it('gets nothing from an edition without papers', () => {
    expect(cut([edition({})], wants())).toEqual({
      first: '2026-08-20',
      last: '2026-08-20',
      days: 1,
      length: 'standard',
      locale: 'en',
      themes: [],
    });
  });
});

describe('a reader with wishes', () => {
  it.each<[string, Partial<Preferences>, string[], string[][]]>([
    ['themes', { themes: ['speech', 'vision'] }, ['Hearing Voices', 'Seeing Cats'], [[], []]],
    ['a keyword', { keywords: ['time series'] }, ['Seeing Cats'], [['Time-series']]],
    ['an author', { authors: ['ada lovelace'] }, ['Seeing Cats'], [['Ada Lovelace']]],
    [
      'a theme and a keyword in another',
      { themes: ['speech'], keywords: ['cat'] },
      ['Hearing Voices', 'Seeing Cats'],
      [[], ['Cats']],
    ],
    ['a theme and a keyword in it', { themes: ['vision'], keywords: ['cat'] }, ['Seeing Cats'], [['Cats']]],
    [
      'a keyword and an author of one paper',
      { keywords: ['bread'], authors: ['Bjorn Ommer'] },
      ['Agents that Buy Bread'],
      [['Bread', 'Björn Ommer']],
    ],
    ['two keywords that mean one word', { keywords: ['cat', 'cats'] }, ['Seeing Cats'], [['Cats']]],
    ['a theme that had no papers', { themes: ['robotics'] }, [], []],
    [
      'muted words that win over a theme',
      { themes: ['agents'], mutedWords: ['survey'] },
      ['Agents that Buy Bread'],
      [[]],
    ],
    ['muted words that win over a keyword', { keywords: ['agent'], mutedWords: ['bread', 'survey'] }, [], []],
    [
      'muted words that win over an author',
      { authors: ['Ada Lovelace'], mutedWords: ['time series'] },
      [],
      [],
    ],
  ])('gets by %s what matches, and is told why', (_what, preferences, chosen, because) => {
    const result = cut([DAY], wants(preferences));
    expect(titles(result)).toEqual(chosen);
    expect(reasons(result)).toEqual(because);
  });
});

const found = (keyword: string, text: string) =>
  titles(cut([edition({ a: [paper({ title: text })] })], wants({ keywords: [keyword] }))).length === 1;

describe('a keyword', () => {
  it.each([
    ['agent', 'AGENT systems', true],
    ['AGENT', 'an agent', true],
    ['agent', 'many agents', true],
    ['agent', 'agentic systems', false],
    ['agent', 'reagent', false],
    ['time series', 'Time-Series', true],
    ['time-series', 'time series', true],
    ['time  -  series', 'time series', true],
    ['time series', 'timeseries', false],
    ['multi-agent', 'Multi-Agents', true],
    ['LLM', '(LLMs)', true],
    ['LLM', 'LLM-based', true],
    ['LLM', 'vLLM', false],
    ['3D', '3D-aware', true],
    ['3D', '13D', false],
    ['C++', 'in C++ and Rust', true],
    ['C++', 'in C', false],
    ['.NET', 'the .NET runtime', true],
    ['a.b', 'axb', false],
    ['(', 'f(x)', false],
    ['[a-z', 'the [a-z class', true],
    ['.*', 'anything at all', false],
    ['a|b', 'only a', false],
    ['\\d+', '42', false],
    ['\\', 'one \\ two', true],
    ['^', 'start', false],
    ['$', 'price', false],
    ['-', 'state-of-the-art, well-known', true],
    ['-', 'no such mark', false],
    ['---', 'a - b', false],
    ['diffusión', 'DIFFUSIÓN', true],
    ['cafe\u0301', 'the café', true],
    ['日本', '日本 語', true],
    ['日本', '日本語', false],
    ['größe', 'GRÖßE', true],
    ['émile', 'Maémile', false],
  ])('"%s" in "%s": %s', (keyword, text, matches) => {
    expect(found(keyword, text)).toBe(matches);
  });

  it('of two words is not found across the end of a title', () => {
    const day = edition({ a: [paper({ title: 'On Image', abstract: 'Generation of noise.' })] });
    expect(titles(cut([day], wants({ keywords: ['image generation'] })))).toEqual([]);
  });

  it('is found in an abstract too', () => {
    const day = edition({ a: [paper({ abstract: 'We study image generation.' })] });
    expect(reasons(cut([day], wants({ keywords: ['Image generation'] })))).toEqual([['image generation']]);
  });

  it('may be any text at all, and never stops a digest', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(text, fc.string({ unit: 'grapheme' }), (word, title) => {
        cut(
          [edition({ a: [paper({ title })] })],
          wants({ keywords: [word.trim() || 'x'], mutedWords: [word.trim() || 'x'] }),
        );
      }),
    );
  });

  it('of 100 characters is looked for in 20,000 without delay', () => {
    const keyword = 'a '.repeat(50);
    const day = edition({
      a: [paper({ abstract: 'a '.repeat(10_000) }), paper({ abstract: '- '.repeat(10_000) })],
    });
    const started = performance.now();
    cut([day], wants({ keywords: [keyword, '-'.repeat(99)] }));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('an author is followed', () => {
  it.each([
    ['Bjorn Ommer', 'Björn Ommer', true],
    ['BJÖRN OMMER', 'Björn Ommer', true],
    ['Björn Ommer', 'Bjo\u0308rn Ommer', true],
    ['J R R Tolkien', 'J. R. R. Tolkien', true],
    ['J.R.R. Tolkien', 'J. R. R. Tolkien', true],
    [' Ada   Lovelace ', 'Ada Lovelace', true],
    ['Lovelace', 'Ada Lovelace', false],
    ['Ada', 'Ada Lovelace', false],
    ['Ada Lovelac.', 'Ada Lovelace', false],
  ])('"%s" writes as "%s": %s', (author, name, same) => {
    const result = cut([edition({ a: [paper({ authors: ['Bo', name] })] })], wants({ authors: [author] }));
    expect(reasons(result)).toEqual(same ? [[name]] : []);
  });
});

const words = fc.subarray(['agent', 'Agents', 'time series', 'cat', 'C++', 'bread', 'Market']);
const wishes = fc.record({
  themes: fc.subarray(['agents', 'speech', 'vision']),
  keywords: words,
  authors: fc.subarray(['Ada Lovelace', 'Björn Ommer', 'J R R Tolkien']),
  mutedWords: fc.subarray(['survey', 'voice', 'Cat']),
  length: fc.constantFrom('brief', 'standard', 'full'),
});

/** The same wishes as another person would type them. */
const retyped = ({ themes, keywords, authors, mutedWords, length }: Preferences): Preferences =>
  wants({
    themes: [...themes, ...themes].reverse(),
    keywords: [...keywords.map(word => word.toUpperCase()), ...keywords].reverse(),
    authors: authors.map(name => name.toLowerCase()).reverse(),
    mutedWords: mutedWords.map(word => word.toUpperCase()).reverse(),
    length,
    hour: 23,
    cadence: 'weekly',
    timeZone: 'Asia/Tokyo',
  });

describe('readers who want the same', () => {
  it('share a cut, whatever order and case they typed their lists in, and whenever they want it', () => {
    fc.assert(
      fc.property(wishes, wish => {
        const [one, other] = [Preferences.parse(wish), retyped(Preferences.parse(wish))];
        expect(cutKey(other)).toBe(cutKey(one));
        expect(cut([DAY], other)).toEqual(cut([DAY], one));
      }),
    );
  });

  it.each<[string, Partial<Preferences>]>([
    ['themes', { themes: ['agents'] }],
    ['keywords', { keywords: ['agents'] }],
    ['authors', { authors: ['agents'] }],
    ['muted words', { mutedWords: ['agents'] }],
    ['length', { length: 'full' }],
    ['keywords with a comma', { keywords: ['a","b'] }],
    ['keywords that are two', { keywords: ['a', 'b'] }],
  ])('and others do not: another choice of %s is another cut', (_what, preferences) => {
    const others = [{}, { themes: ['x'] }, { keywords: ['x'] }, { authors: ['x'] }, { keywords: ['a,b'] }];
    for (const other of others) expect(cutKey(wants(preferences))).not.toBe(cutKey(wants(other)));
  });
});

describe('a day about one subject, laid out by what its papers share', () => {
  const agents = { slug: 'agents', name: 'Agents' };
  const bread = paper({ title: 'Bread' });
  const cats = paper({ title: 'Cats', theme: agents });
  const dogs = paper({ title: 'Dogs' });
  const narrow = {
    ...edition({}),
    themes: [
      { slug: 'vision', name: 'Image generation', papers: [bread, cats] },
      { slug: 'vision', name: 'Video generation', papers: [dogs] },
    ],
  };

  it('keeps its headings for a reader of everything', () => {
    expect(cut([narrow], wants()).themes.map(({ name, papers }) => [name, papers.length])).toEqual([
      ['Image generation', 2],
      ['Video generation', 1],
    ]);
  });

  it('gives the readers of a theme the papers of that theme, wherever they stand', () => {
    expect(cut([narrow], wants({ themes: ['agents'] })).themes).toMatchObject([
      { ...agents, papers: [{ title: 'Cats' }] },
    ]);
    expect(titles(cut([narrow], wants({ themes: ['vision'] })))).toEqual(['Bread', 'Dogs']);
  });

  it('gives them one section where that theme has papers in several, in the order of the day', () => {
    const [owls, mice] = ['Owls', 'Mice'].map((title, n) => paper({ title, theme: agents, rank: n + 2 }));
    const [images, videos] = narrow.themes.map(({ papers, ...section }, n) => ({
      ...section,
      papers: [...papers, n === 0 ? mice : owls].flatMap(one => one ?? []),
    }));
    const day = { ...narrow, themes: [images, videos].flatMap(section => section ?? []) };
    const { themes } = cut([day], wants({ themes: ['agents'] }));
    expect(themes.map(({ name, papers }) => [name, papers.map(({ title }) => title)])).toEqual([
      ['Agents', ['Cats', 'Owls', 'Mice']],
    ]);
  });
});
