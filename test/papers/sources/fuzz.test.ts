// Whatever document is handed in: a batch of sound papers, or a refusal in one sentence; never anything else.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../../src/errors.ts';
import { Paper } from '../../../src/papers/paper.ts';
import { readPapers } from '../../../src/papers/sources/formats.ts';

function holdsItsPromise(text: string): void {
  let batch: ReturnType<typeof readPapers>;
  try {
    batch = readPapers(text, 'f', { today: '2026-11-23' });
  } catch (error) {
    if (!(error instanceof PaperroundError)) throw error;
    expect(error.code).toBe('input');
    expect(error.message).toMatch(/^f[,:] [^\r\n]{1,200}$/);
    return;
  }
  for (const { paper, announcedOn, vote } of batch.announcements) {
    expect(Paper.parse(paper)).toEqual(paper);
    expect(paper.title.trim()).not.toBe('');
    if (announcedOn !== null) expect(announcedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    if (vote !== null) expect(vote.upvotes).toBeGreaterThanOrEqual(0);
  }
  for (const { where, detail } of batch.dropped) {
    expect(where).not.toBe('');
    expect(detail).toMatch(/^[^\r\n]{1,300}$/);
  }
}

const KEYS = [
  'paper',
  'papers',
  'title',
  'abstract',
  'summary',
  'authors',
  'name',
  'id',
  'doi',
  'url',
  'pdf',
];
const MORE = [
  'upvotes',
  'githubRepo',
  'submittedOnDailyAt',
  'publishedAt',
  'date',
  'hidden',
  '__proto__',
  'toString',
];
const words = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '2511.01234',
    '10.1234/\ud800',
    'https://[',
    '2026-08-22T00:00:00Z',
    '2026-08-22',
    '0',
    '$\\x',
    '&#0;',
  ),
);
const { paperish } = fc.letrec<{ paperish: unknown; value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    words,
    fc.constantFrom(null, true, -1, 0.5, 2503.0213, 1e300),
    tie('paperish'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
  paperish: fc.dictionary(fc.constantFrom(...KEYS, ...MORE), tie('value'), { maxKeys: 6 }),
}));

const title = fc.constantFrom(
  'A title',
  'Daily Papers',
  'Aug 20',
  'Dec 99',
  'by AK',
  '0',
  '\ufeff',
  '@x',
  '{',
  '[',
  '<a>',
);
const block = fc.oneof(title, words, fc.constant(`${'An abstract. '.repeat(12)}`));
const page = fc.array(block, { maxLength: 30 }).map(blocks => blocks.join('\n\n'));

describe('whatever document is handed in', () => {
  it.each([
    ['any text', fc.string({ unit: 'binary', size: 'medium' })],
    ['any JSON', fc.json()],
    ['JSON that looks like papers', fc.array(paperish, { maxLength: 6 }).map(list => JSON.stringify(list))],
    [
      'lines that look like papers',
      fc.array(paperish, { maxLength: 6 }).map(list => list.map(p => JSON.stringify(p)).join('\n')),
    ],
    ['text that looks like a page', page],
  ])('%s gives a batch or one sentence', (_kind, documents) => {
    fc.assert(fc.property(documents, holdsItsPromise), { numRuns: 1500 });
  });
});

const fixture = async (path: string) =>
  (await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')).slice(0, 6000);

const day = await fixture('fixtures/huggingface-2024.json');
const pasted = await fixture('../samples/daily-papers-page.txt');

describe('a good document after an accident', () => {
  it.each([
    ['a day of Hugging Face', day],
    ['a pasted page', pasted],
    [
      'JSON Lines',
      '{"title":"One","abstract":"A","id":"2511.01234"}\n{"title":"Two","url":"https://e.org"}\n',
    ],
  ])('%s', (_kind, good) => {
    const cut = fc.record({ at: fc.nat(good.length), remove: fc.nat(40), insert: fc.oneof(words, title) });
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 5 }), fc.boolean(), (cuts, truncate) => {
        let text = good;
        for (const { at, remove, insert } of cuts)
          text = text.slice(0, at) + insert + text.slice(at + remove);
        holdsItsPromise(truncate ? text.slice(0, cuts[0]?.at) : text);
      }),
      { numRuns: 600 },
    );
  });
});
