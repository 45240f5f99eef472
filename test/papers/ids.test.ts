// One work has one id, however its address was written down.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arxivId, doi, homeOf, identify } from '../../src/papers/ids.ts';
import { Paper } from '../../src/papers/paper.ts';

const paperId = (id: unknown, url: unknown, title: string, author?: string) =>
  identify([id, url], title, author).own;

describe('an arXiv paper is recognised however somebody refers to it', () => {
  it.each([
    ['2511.01234', '2511.01234'],
    ['2511.01234v2', '2511.01234'],
    ['arXiv:2511.01234v12', '2511.01234'],
    ['ARXIV: 2511.01234', '2511.01234'],
    [' 2511.01234\n', '2511.01234'],
    ['https://arxiv.org/abs/2511.01234', '2511.01234'],
    ['http://www.arxiv.org/abs/2511.01234v3', '2511.01234'],
    ['https://export.arxiv.org/pdf/2511.01234v1.pdf', '2511.01234'],
    ['https://arxiv.org/pdf/2511.01234', '2511.01234'],
    ['https://arxiv.org/html/2511.01234v1#S3', '2511.01234'],
    ['https://arxiv.org/abs/2511.01234?context=cs.CL', '2511.01234'],
    ['https://huggingface.co/papers/2511.01234', '2511.01234'],
    ['https://hf.co/papers/2511.01234#community', '2511.01234'],
    ['10.48550/arXiv.2511.01234', '2511.01234'],
    ['doi:10.48550/arXiv.2511.01234', '2511.01234'],
    ['https://doi.org/10.48550/ARXIV.2511.01234', '2511.01234'],
    ['0704.0001', '0704.0001'],
    ['1412.9999v1', '1412.9999'],
    ['math/9701001', 'math/9701001'],
    ['math.GT/0309136v1', 'math/0309136'],
    ['https://arxiv.org/abs/quant-ph/0201082v1', 'quant-ph/0201082'],
    ['https://arxiv.org/pdf/cond-mat/0703470.pdf', 'cond-mat/0703470'],
  ])('%s', (text, id) => {
    expect(arxivId(text)).toBe(id);
    expect(paperId(text, undefined, 'Any title')).toBe(`arxiv:${id}`);
    expect(paperId(undefined, text, 'Any title')).toBe(`arxiv:${id}`);
  });

  it.each([
    [2503.0213, '2503.02130'],
    [2511.1, '2511.10000'],
    [1409.05, '1409.0500'],
  ])('%d, an id that a spreadsheet made a number of, gets its zeros back', (number, id) => {
    expect(paperId(number, undefined, 'Any title')).toBe(`arxiv:${id}`);
  });

  it.each(['', '2513.01234', '2511.012345', '1412.12345', '2511', 'https://example.org/abs/2511.01234', '0'])(
    '%j is not one',
    text => {
      expect(arxivId(text)).toBeUndefined();
    },
  );
});

describe('a published work is known by its DOI, in any case and form', () => {
  it.each([
    ['10.1038/S41586-021-03819-2', '10.1038/s41586-021-03819-2'],
    ['doi: 10.1145/3292500.3330701', '10.1145/3292500.3330701'],
    ['https://doi.org/10.1145/3292500.3330701', '10.1145/3292500.3330701'],
    ['http://dx.doi.org/10.1002/(SICI)1097#x?', '10.1002/(sici)1097#x?'],
  ])('%s', (text, id) => {
    expect(doi(text)).toBe(id);
    expect(paperId(text, undefined, 'Any title')).toBe(`doi:${id}`);
  });

  it.each(['10.1/x', '10.1234/', '10.1234/a b', '10.1234/<a>', '10.1234/a\u0000b', '10.1234/\ud800'])(
    '%j is none',
    text => {
      expect(doi(text)).toBeUndefined();
    },
  );

  it('its address leads to it, whatever signs the DOI holds', () => {
    expect(homeOf('doi:10.1002/(sici)1097#x?y')).toBe('https://doi.org/10.1002/(sici)1097%23x%3Fy');
    expect(homeOf('title:00')).toBeNull();
  });

  it('the id a source gives counts before its address', () => {
    expect(paperId('2511.01234', 'https://doi.org/10.1234/x', 'T')).toBe('arxiv:2511.01234');
    expect(paperId('internal-7', 'https://arxiv.org/abs/2511.01234', 'T')).toBe('arxiv:2511.01234');
  });
});

describe('a paper without an id is the same paper tomorrow', () => {
  const print = (title: string, author?: string) => paperId(undefined, undefined, title, author);
  const title = 'Attention Is All You Need: A Re-Reading';

  it.each([
    ['in capitals', title.toUpperCase()],
    ['with other punctuation', 'Attention is all you need — a “re-reading”!'],
    ['over two lines', 'Attention Is All\n  You Need:\tA Re-Reading '],
    ['with a ligature typed out', 'Attention Is All You Need: A Re‐Reading'],
  ])('when its title is written %s', (_how, other) => {
    expect(print(other, 'Ana Ó')).toBe(print(title, 'ANA O\u0301'));
  });

  it('and another one when a word or the first author differs', () => {
    const all = [
      print(title),
      print(`${title} 2`),
      print(title, 'Ana'),
      print(title, 'Ben'),
      print('?'),
      print('!'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('whatever is added that is neither letter nor digit', () => {
    const letters = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    const noise = fc.stringMatching(/^[ \t\n.,;:!?()'"–-]{1,5}$/);
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1 }), noise, (words, between) => {
        expect(print(words.join(between).toUpperCase())).toBe(print(words.join(' ')));
      }),
    );
  });
});

describe('whatever stands in the id fields', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary' }).map(tail => `10.1234/${tail}`),
    fc.constantFrom('2511.01234', 'math/9701001').chain(id => fc.string().map(s => `${s}${id}${s}`)),
  );

  it('the id is canonical and its own address is safe', () => {
    fc.assert(
      fc.property(anything, fc.string(), (given, title) => {
        const id = paperId(given, undefined, title);
        const paper = { id, title: 'T', abstract: '', authors: [], url: homeOf(id), links: {}, facts: {} };
        expect(Paper.parse(paper)).toEqual(paper);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['?', '?\n', 'v1', 'a', '10.1234/', ' ', '\ud800'])(
    '100,000 times %j is read in a moment',
    unit => {
      const started = performance.now();
      paperId(`${unit.repeat(100_000)}\nx`, undefined, 'T');
      paperId(`10.1234/${unit.repeat(100_000)}`, undefined, 'T');
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );
});
