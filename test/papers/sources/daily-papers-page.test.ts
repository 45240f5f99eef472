// The text of a Daily Papers page, as people select, paste and trim it.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readPapers } from '../../../src/papers/sources/formats.ts';

const page = await readFile(new URL('../../../samples/daily-papers-page.txt', import.meta.url), 'utf8');
const TODAY = '2026-11-23';
const read = (text: string) => readPapers(text, 'page.txt', { today: TODAY });
const titles = (text: string) => read(text).announcements.map(a => a.paper.title);

const HEADER =
  'new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n';
const abstract = (n: number) =>
  `Abstract ${n}: We show that a model which reads ${n} papers every morning knows more than one which does not. It is easy to train.`;
const papers = (count: number) =>
  Array.from({ length: count }, (_, i) => `Title ${i + 1}: a paper\n\n${abstract(i + 1)}\n`).join('\n');

describe('the page that ships with Paperround', () => {
  const batch = read(page);

  it('holds 71 papers of 20 August, each with its abstract, none dropped', () => {
    expect(batch).toMatchObject({ format: 'Daily Papers page', day: '2026-08-20', dropped: [] });
    expect(batch.announcements).toHaveLength(71);
    expect(new Set(batch.announcements.map(a => a.paper.id)).size).toBe(71);
    expect(batch.announcements.every(a => a.announcedOn === '2026-08-20')).toBe(true);
    expect(batch.announcements.every(a => a.paper.abstract.length > 100)).toBe(true);
    expect(batch.announcements[0]?.paper.title).toBe(
      'ACDiT: Interpolating Autoregressive Conditional Modeling and Diffusion Transformer',
    );
  });

  it.each([
    ['on Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['on an old Mac', (text: string) => text.replaceAll('\n', '\r')],
    ['with trailing blanks', (text: string) => text.replaceAll('\n', ' \t\n')],
    ['with more empty lines', (text: string) => `\n\n${text.replaceAll('\n\n', '\n\n\n \n')}\n\n`],
  ])('reads the same when it was saved %s', (_how, saved) => {
    expect(read(saved(page)).announcements).toEqual(batch.announcements);
  });

  it('is read without its header lines, but then belongs to no day', () => {
    const bare = page.slice(page.indexOf('ACDiT: Interpolating'));
    expect(read(bare)).toMatchObject({ day: null, dropped: [] });
    expect(titles(bare)).toEqual(batch.announcements.map(a => a.paper.title));
  });

  it('is read when only the day was cut off', () => {
    const dayless = page.replace('Aug 20\n', '');
    expect(read(dayless)).toMatchObject({ day: null, dropped: [] });
    expect(titles(dayless)).toEqual(batch.announcements.map(a => a.paper.title));
  });
});

describe('what people do to a page before they hand it in', () => {
  it('a page of a weekend is Friday’s', () => {
    const batch = read(`${HEADER}Aug 22\n\n${papers(2)}`);
    expect(batch.day).toBe('2026-08-22');
    expect(batch.announcements.map(a => a.announcedOn)).toEqual(['2026-08-21', '2026-08-21']);
  });

  it('a title that lost its abstract is dropped with its line, and the next paper keeps its own', () => {
    const batch = read(
      `${HEADER}Aug 20\n\n${papers(1)}\nA title alone\n\nAnother title\n\n${abstract(9)}\n\nThe end\n`,
    );
    expect(batch.announcements.map(a => [a.paper.title, a.paper.abstract])).toEqual([
      ['Title 1: a paper', abstract(1)],
      ['Another title', abstract(9)],
    ]);
    expect(batch.dropped).toEqual([
      { reason: 'no abstract', where: 'line 17', detail: '"A title alone" is followed by no abstract' },
      { reason: 'no abstract', where: 'line 23', detail: '"The end" is followed by no abstract' },
    ]);
  });

  it('an abstract of two paragraphs is one abstract', () => {
    const batch = read(`${HEADER}Aug 20\n\nTitle\n\n${abstract(1)}\n\n${abstract(2)}\n\n${papers(1)}`);
    expect(batch.announcements.map(a => a.paper.abstract)).toEqual([
      `${abstract(1)} ${abstract(2)}`,
      abstract(1),
    ]);
    expect(batch.dropped).toEqual([]);
  });

  it('a title or abstract that was wrapped is one line again', () => {
    const [first] = read(
      `${HEADER}Aug 20\n\nA title over\n  two lines\n\n${abstract(1).replaceAll('. ', '.\n')}`,
    ).announcements;
    expect(first?.paper).toMatchObject({ title: 'A title over two lines', abstract: abstract(1) });
  });

  it('a short abstract between two titles is still an abstract', () => {
    const batch = read(`${HEADER}Aug 20\n\nTitle\n\nWe withdraw this paper.\n\n${papers(1)}`);
    expect(batch.announcements.map(a => a.paper.abstract)).toEqual(['We withdraw this paper.', abstract(1)]);
  });

  it('a paper titled like the machine it describes does not swallow those above it', () => {
    expect(titles(`${papers(2)}\nOctave 2\n\n${abstract(3)}\n`)).toEqual([
      'Title 1: a paper',
      'Title 2: a paper',
      'Octave 2',
    ]);
  });

  it('the title "0" is a title', () => {
    expect(titles(`${HEADER}Aug 20\n\n0\n\n${abstract(1)}`)).toEqual(['0']);
  });

  it('an abstract beyond all measure is dropped, the others stay', () => {
    const batch = read(`${HEADER}Aug 20\n\nLong\n\n${'word '.repeat(300_000)}\n\n${papers(1)}`);
    expect(batch.announcements.map(a => a.paper.title)).toEqual(['Title 1: a paper']);
    expect(batch.dropped).toMatchObject([{ reason: 'too long', where: 'line 13' }]);
  });
});

describe('a text that is no page is refused, with what is allowed', () => {
  it.each([
    ['a letter', 'Dear all,\n\nhere are the papers.\n\nBest,\nAna\n'],
    ['a word', 'hello'],
    ['prose', `${abstract(1)}\n\n${abstract(2)}\n`],
    ['CSV', 'title,abstract\nA,B\nC,D\n'],
    ['a page without papers', `${HEADER}Aug 20\n`],
    ['fifteen megabytes of one line', 'la '.repeat(5_000_000)],
  ])('%s', (_what, text) => {
    const started = performance.now();
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'input',
        message: expect.stringMatching(/^page\.txt: the format is not known: it starts with "[^\n]{1,60}"$/),
        hint: expect.stringContaining('the text of a Daily Papers page (title, blank line, abstract'),
      }),
    );
    expect(performance.now() - started).toBeLessThan(1500);
  });
});
