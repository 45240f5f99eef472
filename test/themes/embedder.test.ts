// The door for embeddings: what an embedder is asked, which answers are refused, and that nobody waits for ever.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH, type Embedder, embedDay, paperText, withinSeconds } from '../../src/themes/embedder.ts';
import type { PaperText } from '../../src/themes/model/answer.ts';
import type { Theme } from '../../src/themes/taxonomy.ts';
import subwords from '../fixtures/embedders/subwords.mjs';

const THEMES: Theme[] = [
  { slug: 'sea', name: 'The sea', description: 'Oceans', keywords: ['whale', 'reef'] },
  { slug: 'sky', name: 'The sky', description: '', keywords: ['eagle'] },
];
const papersOf = (count: number): PaperText[] =>
  Array.from({ length: count }, (_, at) => ({ title: `Paper ${at}`, abstract: `About ${at}.` }));

const embed = (embedder: Embedder, papers: PaperText[] = papersOf(3), seconds = 60) =>
  withinSeconds(seconds, embedder.name, within => embedDay(embedder, THEMES, papers, within));

/** An embedder that keeps what it was asked. */
function asked(
  answer: (texts: readonly string[]) => unknown = texts => texts.map(() => Float32Array.of(3, 4)),
) {
  const batches: string[][] = [];
  const embedder: Embedder = {
    name: 'test',
    embed: async texts => {
      batches.push([...texts]);
      return answer(texts) as Float32Array[];
    },
  };
  return { embedder, batches };
}

describe('an embedder', () => {
  it('is asked for the themes first, and then for each paper once, at most 32 texts at a time', async () => {
    const { embedder, batches } = asked();
    const papers = papersOf(70);
    const { papers: vectors } = await embed(embedder, [...papers, ...papers]);
    expect(batches[0]).toEqual(['The sea. Oceans. whale, reef', 'The sky. . eagle']);
    expect(batches.slice(1).map(({ length }) => length)).toEqual([BATCH, BATCH, 6]);
    expect(batches.slice(1).flat().sort()).toEqual(papers.map(paperText).sort());
    expect([...vectors.values()].every(vector => Math.hypot(...vector) > 0.999)).toBe(true);
  });

  it('is asked the same whatever the order of the day', async () => {
    const [one, other] = [asked(), asked()];
    await embed(one.embedder, papersOf(40));
    await embed(other.embedder, papersOf(40).reverse());
    expect(one.batches).toEqual(other.batches);
  });

  it('may give numbers of any size, and zeros where it knows nothing', async () => {
    const { papers } = await embed(
      asked(texts =>
        texts.map(text => (text.startsWith('Paper 1') ? new Float32Array(2) : Float32Array.of(3e38, 3e38))),
      ).embedder,
    );
    expect([...(papers.get('Paper 1. About 1.') ?? [])]).toEqual([0, 0]);
    expect(papers.get('Paper 0. About 0.')?.[0]).toBeCloseTo(Math.SQRT1_2);
  });

  const vector = Float32Array.of(1, 2);
  it.each<[string, (texts: readonly string[]) => unknown, RegExp]>([
    [
      'no list',
      () => 'vectors',
      /^The embedder test answered with no list of vectors, for themes 1 to 2 of 2$/,
    ],
    ['nothing', () => undefined, /no list of vectors/],
    ['too few vectors', () => [vector], /1 vectors for 2 texts, for themes 1 to 2/],
    [
      'something that is no vector',
      texts => texts.map(() => [1, 2]),
      /no Float32Array, for the theme "The sea\. Oceans/,
    ],
    ['empty vectors', texts => texts.map(() => new Float32Array()), /a vector of 0 numbers/],
    ['endless vectors', texts => texts.map(() => new Float32Array(10_001)), /a vector of 10001 numbers/],
    ['NaN', texts => texts.map(() => Float32Array.of(1, Number.NaN)), /NaN as number 2 of a vector/],
    ['infinity', texts => texts.map(() => Float32Array.of(Infinity)), /Infinity as number 1/],
    [
      'vectors of different length',
      texts => texts.map((_, at) => new Float32Array(at + 1).fill(1)),
      /a vector of 2 numbers after one of 1, for the theme "The sky/,
    ],
    [
      'other dimensions for papers than for themes',
      texts => texts.map(text => new Float32Array(text.startsWith('Paper') ? 3 : 2).fill(1)),
      /a vector of 3 numbers after one of 2, for the paper "Paper 0\. About 0\."/,
    ],
    [
      'an error',
      () => {
        throw new Error('out of memory\n  at x');
      },
      /^The embedder test failed: out of memory \(themes 1 to 2 of 2\)$/,
    ],
    ['a rejection that is no error', () => Promise.reject('no'), /^The embedder test failed: no /],
  ])('that answers with %s is refused, with what and where', async (_what, answer, message) => {
    await expect(embed(asked(answer).embedder)).rejects.toMatchObject({
      name: 'PaperroundError',
      code: 'config',
      message: expect.stringMatching(message),
    });
  });

  it('that throws before it promises anything is refused in the same words', async () => {
    const embedder = {
      name: 'test',
      embed: () => {
        throw new Error('broken');
      },
    };
    await expect(embed(embedder)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('broken'),
    });
  });

  it('that never answers is not waited for longer than was said', async () => {
    const embedder = { name: 'silent', embed: () => new Promise<never>(() => {}) };
    await expect(embed(embedder, papersOf(1), 0.05)).rejects.toMatchObject({
      code: 'config',
      message: 'The embedder silent did not answer in 0.05 s (themes 1 to 2 of 2)',
    });
  });

  it('has one span of time for all its answers together', async () => {
    const embedder = {
      name: 'slow',
      embed: async (texts: readonly string[]) => {
        await new Promise(resolve => setTimeout(resolve, 40));
        return texts.map(() => vector);
      },
    };
    await expect(embed(embedder, papersOf(BATCH * 40), 0.3)).rejects.toThrow(/did not answer/);
  });
});

describe('the embedder of the tests', () => {
  it('keeps the contract: one vector a text, whoever stands beside it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { maxLength: 8 }), async texts => {
        const together = await subwords.embed(texts);
        expect(together.length).toBe(texts.length);
        for (const [at, text] of texts.entries()) {
          expect(together[at]).toBeInstanceOf(Float32Array);
          expect(together[at]).toEqual((await subwords.embed([text]))[0]);
          expect(together[at]?.every(Number.isFinite)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});
