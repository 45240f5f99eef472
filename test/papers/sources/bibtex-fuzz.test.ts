// Whatever bibliography or answer is handed in: sound papers, or a refusal that says where; never anything else.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../../src/errors.ts';
import { announce } from '../../../src/papers/announce.ts';
import { Paper } from '../../../src/papers/paper.ts';
import { isBibtex, readBibtex } from '../../../src/papers/sources/bibtex.ts';
import {
  FieldMapping,
  MAPPINGS,
  mapPapers,
  recogniseMapping,
} from '../../../src/papers/sources/field-mapping.ts';
import { huggingFacePaper, isHuggingFacePaper } from '../../../src/papers/sources/hugging-face.ts';
import { jsonPaper } from '../../../src/papers/sources/json-papers.ts';
import type { Reading } from '../../../src/papers/sources/source.ts';

const fixture = (path: string) => readFile(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');

function isSound({ candidates, dropped, incomplete, refusal }: Reading): void {
  for (const candidate of candidates) {
    const result = announce(candidate);
    if ('reason' in result) {
      expect(result.where).toMatch(/^f, /);
      continue;
    }
    expect(Paper.parse(result.paper)).toEqual(result.paper);
    expect(result.paper.title.trim()).not.toBe('');
    if (result.announcedOn !== null) expect(result.announcedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    if (result.vote !== null) expect(result.vote.upvotes).toBeGreaterThanOrEqual(0);
  }
  for (const { where, detail } of dropped) {
    expect(where).toMatch(/^f, (line|paper) \d+$/);
    expect(detail).toMatch(/^[^\r\n]{1,300}$/);
  }
  if (incomplete !== undefined) expect(incomplete).toMatch(/^line \d+: the entry [^\r\n]{0,45}is not closed/);
  if (refusal !== undefined) expect(refusal).toMatch(/^[^\r\n]{1,200}$/);
}

function isRefusal(error: unknown): void {
  if (!(error instanceof PaperroundError)) throw error;
  expect(error.code).toBe('input');
  expect(error.message).toMatch(/^f: [^\r\n]{1,300}$/);
  expect(error.hint).toMatch(/./);
}

const signs = fc.constantFrom(
  '{',
  '}',
  '"',
  '@',
  ',',
  '=',
  '#',
  '(',
  ')',
  '\\',
  '%',
  '\n',
  ' ',
  '$',
  '\\{',
  '\ud800',
);
const words = fc.constantFrom(
  ...[
    '@article{',
    '\n@misc{k,',
    '@string{',
    '@comment{',
    'title',
    'author',
    'month = jan',
    'day = 1',
    'year = 2024',
  ],
  ...[
    ' and ',
    ', ',
    '{x}',
    '"x"',
    'eprint',
    '2001.01234',
    'url = {https://[',
    '__proto__',
    '\\"o',
    '{\\textbackslash}',
  ],
);
const scribble = fc.oneof(signs, words, fc.string({ unit: 'binary', maxLength: 8 }));
const cuts = (length: number) =>
  fc.array(fc.record({ at: fc.nat(length), remove: fc.nat(60), insert: scribble }), {
    minLength: 1,
    maxLength: 6,
  });

function damaged(text: string, accidents: readonly { at: number; remove: number; insert: string }[]): string {
  return accidents.reduce(
    (now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove),
    text,
  );
}

describe('whatever bibliography is handed in', () => {
  it('made of the signs of BibTeX gives sound papers', () => {
    const texts = fc.array(scribble, { maxLength: 60 }).map(pieces => pieces.join(''));
    fc.assert(
      fc.property(texts, text => {
        isBibtex(text);
        isSound(readBibtex(text, 'f'));
        isSound(readBibtex(`@misc{k, title = {${text}}, author = {${text}}, url = {${text}}}`, 'f'));
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['conference', 'hand-kept'])('%s after an accident gives sound papers', async name => {
    const text = await fixture(`bibtex/${name}.bib`);
    fc.assert(
      fc.property(cuts(text.length), accidents => isSound(readBibtex(damaged(text, accidents), 'f'))),
      { numRuns: 3000 },
    );
  });

  it('cut off anywhere keeps every entry before the cut', async () => {
    const text = await fixture('bibtex/conference.bib');
    const ends = [...text.matchAll(/^\}$/gm)].map(({ index }) => index + 1);
    for (let cut = 0; cut <= text.length; cut++) {
      const { candidates, dropped } = readBibtex(text.slice(0, cut), 'f');
      expect(candidates).toHaveLength(ends.filter(end => end <= cut).length);
      expect(dropped).toEqual([]);
    }
  });
});

describe('a hostile bibliography takes a moment', () => {
  const N = 100_000;
  it.each([
    ['entries in entries', '@a{'.repeat(N)],
    ['values that nobody closed', '@a{x, t = {\n'.repeat(N)],
    ['quotes that nobody closed', '@a{x, t = "\n'.repeat(N)],
    ['escaped braces that nobody closed', '@a{x, t = {\\{\n'.repeat(N)],
    ['comments that nobody closed', '@comment{'.repeat(N)],
    ['signs of an entry', '@ '.repeat(N)],
    ['spaces', `@a{x, t ${' '.repeat(10 * N)}`],
    ['nested braces', `@a{x, title = {${'{'.repeat(N)}${'}'.repeat(N)}}}`],
    ['names', `@a{x, title = {T}, author = {${' and'.repeat(N)}${'{ , '.repeat(N)}}}`],
    ['addresses', `@a{x, title = {T}, url = {${'\\href{a'.repeat(N)}}}`],
    ['formulas', `@a{x, title = {T}, note = {${'\\a{$'.repeat(N)}}}`],
    [
      'doubled macros',
      Array.from({ length: N / 20 }, (_, i) => `@string{a${i + 1} = a${i} # a${i}}`).join('\n'),
    ],
    ['one long macro', `@string{a0 = "${'x'.repeat(1000)}"}\n${'@a{, title = a0}\n'.repeat(N / 10)}`],
  ])('%s', (_what, text) => {
    const started = performance.now();
    isSound(readBibtex(text, 'f'));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

const KEYS = [
  'title',
  'abstract',
  'abstract_inverted_index',
  'authors',
  'authorships',
  'author',
  'display_name',
];
const MORE = [
  'paperId',
  'id',
  'doi',
  'externalIds',
  'ArXiv',
  'DOI',
  'url',
  'data',
  'results',
  'meta',
  'count',
  'total',
];
const ODD = [
  '__proto__',
  'toString',
  'length',
  'paper',
  'date',
  'publicationDate',
  'message',
  'error',
  'upvotes',
  'name',
];
const { answer } = fc.letrec<{ answer: unknown; value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'A title',
      '2001.01234',
      'https://openalex.org/W1',
      'https://[',
      '2024-05-06',
      '',
      ' ',
      '\ud800',
    ),
    fc.constantFrom(null, true, -1, 0, 3, 1e300),
    fc.string({ unit: 'binary' }),
    tie('answer'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
  answer: fc.dictionary(fc.constantFrom(...KEYS, ...MORE, ...ODD), tie('value'), { maxKeys: 7 }),
}));
const name = fc.constantFrom(...KEYS, ...MORE, ...ODD);
const path = fc
  .array(fc.tuple(name, fc.constantFrom('', '[]', '[0]')), { minLength: 1, maxLength: 3 })
  .map(parts => parts.map(([key, at]) => key + at).join('.'));
const mapping = fc.oneof(
  fc.constantFrom(...Object.values(MAPPINGS)),
  fc
    .record({
      papers: path,
      title: path,
      abstract: path,
      authors: path,
      id: path,
      url: path,
      date: path,
      version: path,
    })
    .map(({ papers, ...fields }) => FieldMapping.parse({ papers, fields })),
);

describe('whatever answer is handed in', () => {
  const documents = fc.oneof(answer, fc.array(answer, { maxLength: 4 }), fc.jsonValue());

  it('by whatever mapping gives sound papers or a refusal', () => {
    fc.assert(
      fc.property(documents, mapping, (value, by) => {
        // From text, as answers come: there `__proto__` is a field like any other.
        const parsed: unknown = JSON.parse(JSON.stringify(value));
        try {
          isSound(mapPapers(parsed, recogniseMapping(parsed) ?? by, 'f'));
        } catch (error) {
          isRefusal(error);
        }
      }),
      { numRuns: 6000 },
    );
  });

  it('each of its papers by itself is sound or dropped', () => {
    fc.assert(
      fc.property(answer, value => {
        const read = isHuggingFacePaper(value)
          ? huggingFacePaper(value, 'f, x')
          : jsonPaper(value as object, 'f, x');
        isSound({ format: '', day: null, candidates: [read], dropped: [] });
      }),
      { numRuns: 4000 },
    );
  });

  it.each(['semantic-scholar', 'openalex'])('%s after an accident', async service => {
    const text = JSON.stringify(JSON.parse(await fixture(`json/${service}.json`)));
    const accident = fc.tuple(name, fc.oneof(name, scribble));
    fc.assert(
      fc.property(fc.array(accident, { minLength: 1, maxLength: 4 }), mapping, (accidents, by) => {
        const broken = accidents.reduce(
          (now, [from, to]) => now.replaceAll(`"${from}"`, JSON.stringify(to)),
          text,
        );
        const value: unknown = JSON.parse(broken);
        try {
          isSound(mapPapers(value, recogniseMapping(value) ?? by, 'f'));
        } catch (error) {
          isRefusal(error);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
