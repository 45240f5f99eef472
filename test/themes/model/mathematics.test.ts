// The arithmetic under the model, against what it must be by definition.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLsa } from '../../../src/themes/model/lsa.ts';
import { orthonormalise, symmetricEigen } from '../../../src/themes/model/matrix.ts';
import { quantiseColumns, quantiseRows } from '../../../src/themes/model/quantise.ts';
import { seededRandom, shuffle } from '../../../src/themes/model/random.ts';
import { trainSvm } from '../../../src/themes/model/svm.ts';
import {
  buildVocabulary,
  openTerms,
  type Sparse,
  termName,
  vectorise,
} from '../../../src/themes/model/tfidf.ts';
import { wordsOf } from '../../../src/themes/model/words.ts';

const sparse = (...entries: [number, number][]): Sparse => ({
  ids: Int32Array.from(entries, ([id]) => id),
  values: Float32Array.from(entries, ([, value]) => value),
});
const size = fc.integer({ min: 1, max: 8 });
const seed = fc.integer({ min: 0, max: 1e9 });

describe('symmetric eigenvectors', () => {
  it('solve A v = λ v, descending', () => {
    fc.assert(
      fc.property(size, seed, (n, from) => {
        const random = seededRandom(from);
        const matrix = new Float64Array(n * n);
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random() - 0.5;
        const { values, vectors } = symmetricEigen(matrix.slice(), n);
        expect([...values]).toEqual([...values].sort((a, b) => b - a));
        for (const [k, vector] of vectors.entries()) {
          for (let i = 0; i < n; i++) {
            const row = vector.reduce((sum, x, j) => sum + x * (matrix[i * n + j] as number), 0);
            expect(row).toBeCloseTo((values[k] as number) * (vector[i] as number), 8);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('and orthonormal columns stay independent, with zeros where there are too few directions', () => {
    const columns = Float64Array.from([3, 4, 0, 6, 8, 0, 0, 0, 2]);
    orthonormalise(columns, 3, 3);
    expect([...columns].map(value => Math.abs(Math.round(value * 1e6) / 1e6))).toEqual([
      0.6, 0.8, 0, 0, 0, 0, 0, 0, 1,
    ]);
  });
});

describe('latent directions', () => {
  it('put terms that occur together in one place, and apart from others', () => {
    const papers = Array.from({ length: 40 }, (_, at) =>
      at % 2 === 0 ? sparse([0, 0.7], [1, 0.7]) : sparse([2, 0.7], [3, 0.7]),
    );
    const { dimensions, terms } = fitLsa(papers, 4, 2, 1, 1);
    const row = (term: number) => [...terms.subarray(term * dimensions, (term + 1) * dimensions)];
    const cosine = (a: number[], b: number[]) =>
      a.reduce((sum, x, k) => sum + x * (b[k] as number), 0) / (Math.hypot(...a) * Math.hypot(...b));
    expect(cosine(row(0), row(1))).toBeCloseTo(1, 5);
    expect(Math.abs(cosine(row(0), row(2)))).toBeLessThan(0.99);
  });
});

describe('a support vector machine', () => {
  it('tells apart what can be told apart, and gives no weight to what is always there', () => {
    const examples = Array.from({ length: 60 }, (_, at) => sparse([at % 2, 1], [2, 1]));
    const positive = Uint8Array.from(examples, (_, at) => at % 2);
    const { weights, bias } = trainSvm(examples, positive, 3, 1, 1);
    const score = (id: number) => (weights[id] as number) + (weights[2] as number) + bias;
    expect(score(1)).toBeGreaterThan(0.5);
    expect(score(0)).toBeLessThan(-0.5);
    expect(Math.abs(weights[2] as number)).toBeLessThan(0.2);
  });
});

describe('numbers in one byte', () => {
  it('are off by half a step at most', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 6, maxLength: 6 }),
        list => {
          const data = Float32Array.from(list);
          const rows = quantiseRows(data, 3);
          const columns = quantiseColumns(data, 3);
          for (const [at, value] of data.entries()) {
            const [row, column] = [
              rows.scales[Math.floor(at / 3)] as number,
              columns.scales[at % 3] as number,
            ];
            expect(Math.abs((rows.cells[at] as number) * row - value)).toBeLessThanOrEqual(
              row * 0.5001 + 1e-30,
            );
            expect(Math.abs((columns.cells[at] as number) * column - value)).toBeLessThanOrEqual(
              column * 0.5001 + 1e-30,
            );
          }
        },
      ),
    );
  });
});

describe('a vocabulary', () => {
  const read = (title: string) => ({ title: wordsOf(title), abstract: [] });
  const vocabulary = buildVocabulary(
    ['flow matching of whales', 'flow matching, eagles', 'matching flow 2024', 'whale'].map(read),
    { words: 10, pairs: 10, least: 2 },
  );

  it('has the words and pairs of at least two papers, the commonest first, and no numbers or stop words', () => {
    const names = Array.from(vocabulary.counts, (_, id) => termName(vocabulary, id));
    expect(names).toEqual(['flow', 'matching', 'whale', 'flow matching']);
    expect([...vocabulary.counts]).toEqual([3, 3, 2, 2]);
    expect(vocabulary.papers).toBe(4);
  });

  it('counts no pair across a full stop', () => {
    const space = openTerms(vocabulary);
    expect([...vectorise(space, read('flow matching')).ids]).toEqual([0, 1, 3]);
    expect([...vectorise(space, read('flow. matching')).ids]).toEqual([0, 1]);
  });
});

describe('pseudo-random numbers', () => {
  it('are the same for the same seed on every machine, and a shuffle loses nothing', () => {
    const random = seededRandom(42);
    expect(Array.from({ length: 3 }, () => Math.round(random() * 1e6))).toMatchInlineSnapshot(`
      [
        601104,
        448291,
        852466,
      ]
    `);
    const order = Int32Array.from({ length: 50 }, (_, at) => at);
    shuffle(order, random);
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at));
  });
});
