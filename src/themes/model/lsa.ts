// Latent semantic analysis: the directions along which an archive's papers differ most, so that papers about one
// subject are near each other although they use different words.
import { orthonormalise, symmetricEigen } from './matrix.ts';
import { seededRandom } from './random.ts';
import type { Sparse } from './tfidf.ts';

/** Terms in a space of few dimensions: row after row of `dimensions` numbers, one row a term. */
export interface Lsa {
  dimensions: number;
  terms: Float32Array;
}

/** More directions than are kept, so that the kept ones are exact enough. */
const SPARE = 10;
const PASSES = 4;

/**
 * The leading right singular vectors of the papers × terms matrix by randomised subspace iteration (Halko,
 * Martinsson, Tropp 2011, algorithm 4.4). Only terms numbered below `size` take part.
 * @param power a direction counts with its singular value to this power (1: as in the data; 0: all alike)
 */
export function fitLsa(
  papers: readonly Sparse[],
  size: number,
  wanted: number,
  seed: number,
  power: number,
): Lsa {
  const width = Math.min(wanted + SPARE, papers.length, size);
  const dimensions = Math.min(wanted, width);
  let basis: Float64Array = new Float64Array(size * width);
  const random = seededRandom(seed);
  for (let at = 0; at < basis.length; at++) basis[at] = random() - 0.5;
  for (let pass = 0; pass < PASSES; pass++)
    basis = orthonormal(multiply(papers, basis, size, width), size, width);
  const { values, vectors } = symmetricEigen(gram(papers, basis, size, width), width);
  const terms = new Float32Array(size * dimensions);
  const scale = Array.from(
    { length: dimensions },
    (_, k) => Math.max(values[k] as number, 1e-12) ** ((power - 1) / 2),
  );
  for (let term = 0; term < size; term++) {
    for (let k = 0; k < dimensions; k++) {
      const vector = vectors[k] as Float64Array;
      let sum = 0;
      for (let j = 0; j < width; j++) sum += (basis[term * width + j] as number) * (vector[j] as number);
      terms[term * dimensions + k] = sum * (scale[k] as number);
    }
  }
  return { dimensions, terms };
}

/** The papers' coordinates in a basis: A × W, one paper. */
function along(paper: Sparse, basis: Float64Array, size: number, width: number, out: Float64Array): void {
  out.fill(0);
  const { ids, values } = paper;
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number;
    if (id >= size) break;
    const value = values[at] as number;
    for (let j = 0, from = id * width; j < width; j++)
      out[j] = (out[j] as number) + value * (basis[from + j] as number);
  }
}

/** AᵀA × W without keeping A × W. */
function multiply(papers: readonly Sparse[], basis: Float64Array, size: number, width: number): Float64Array {
  const product = new Float64Array(basis.length);
  const row = new Float64Array(width);
  for (const paper of papers) {
    along(paper, basis, size, width, row);
    const { ids, values } = paper;
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] as number;
      if (id >= size) break;
      const value = values[at] as number;
      for (let j = 0, to = id * width; j < width; j++)
        product[to + j] = (product[to + j] as number) + value * (row[j] as number);
    }
  }
  return product;
}

/** WᵀAᵀA W. */
function gram(papers: readonly Sparse[], basis: Float64Array, size: number, width: number): Float64Array {
  const sums = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (const paper of papers) {
    along(paper, basis, size, width, row);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++)
        sums[i * width + j] = (sums[i * width + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  return sums;
}

function orthonormal(rows: Float64Array, size: number, width: number): Float64Array {
  const columns = transposed(rows, size, width);
  orthonormalise(columns, size, width);
  return transposed(columns, width, size);
}

function transposed(data: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = data[row * columns + column] as number;
  }
  return out;
}
