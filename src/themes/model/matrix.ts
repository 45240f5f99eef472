// The two dense steps of a singular value decomposition: orthonormal columns, and the eigenvectors of a small matrix.

/** Makes the `columns` vectors of length `rows` (one after the other in `data`) orthonormal, in place. */
export function orthonormalise(data: Float64Array, rows: number, columns: number): void {
  const vectors = Array.from({ length: columns }, (_, at) => data.subarray(at * rows, (at + 1) * rows));
  for (const [column, own] of vectors.entries()) {
    const before = Math.sqrt(dot(own, own));
    for (const earlier of vectors.slice(0, column)) subtract(own, earlier, dot(own, earlier));
    let length = Math.sqrt(dot(own, own));
    // What is left of a vector that lost most of itself is full of rounding errors: once more.
    if (length < before / 100 && length > 0) {
      for (const earlier of vectors.slice(0, column)) subtract(own, earlier, dot(own, earlier));
      length = Math.sqrt(dot(own, own));
    }
    // One that depends on the earlier ones carries nothing: there are fewer directions than were asked for.
    const scale = length > 1e-9 * before ? 1 / length : 0;
    for (let at = 0; at < rows; at++) own[at] = (own[at] as number) * scale;
  }
}

function subtract(from: Float64Array, vector: Float64Array, times: number): void {
  for (let at = 0; at < from.length; at++) from[at] = (from[at] as number) - times * (vector[at] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

export interface Eigen {
  /** Descending. */
  values: Float64Array;
  /** The vector of value k is `vectors[k]`. */
  vectors: Float64Array[];
}

/** Eigenvalues and eigenvectors of a symmetric matrix (row after row, changed in place) by cyclic Jacobi rotations. */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const vectors = new Float64Array(size * size);
  for (let at = 0; at < size; at++) vectors[at * size + at] = 1;
  for (let sweep = 0; sweep < 30 && offDiagonal(matrix, size) > 1e-20; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(matrix, vectors, size, p, q);
  }
  const order = Array.from({ length: size }, (_, at) => at);
  const value = (at: number) => matrix[at * size + at] as number;
  order.sort((a, b) => value(b) - value(a) || a - b);
  return {
    values: Float64Array.from(order, value),
    vectors: order.map(column =>
      Float64Array.from({ length: size }, (_, row) => vectors[row * size + column] as number),
    ),
  };
}

/** The squares off the diagonal, as a share of all. */
function offDiagonal(matrix: Float64Array, size: number): number {
  let [off, all] = [0, 1e-300];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const square = (matrix[row * size + column] as number) ** 2;
      all += square;
      if (row !== column) off += square;
    }
  }
  return off / all;
}

function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = matrix[p * size + q] as number;
  if (apq === 0) return;
  const theta = ((matrix[q * size + q] as number) - (matrix[p * size + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  turn(matrix, size, p, q, 1, size, c, t * c);
  turn(matrix, size, p, q, size, 1, c, t * c);
  turn(vectors, size, p, q, 1, size, c, t * c);
}

/** Turns two columns (step 1, stride size) or two rows (step size, stride 1) by the angle of cosine c and sine s. */
function turn(
  data: Float64Array,
  size: number,
  p: number,
  q: number,
  step: number,
  stride: number,
  c: number,
  s: number,
) {
  for (let k = 0; k < size; k++) {
    const [atP, atQ] = [p * step + k * stride, q * step + k * stride];
    const [x, y] = [data[atP] as number, data[atQ] as number];
    data[atP] = c * x - s * y;
    data[atQ] = s * x + c * y;
  }
}
