// Numbers in one byte each: a row, or a column, shares a scale.

/** A matrix of small integers; a cell stands for `cells[row * columns + column]` times its scale. */
export interface Bytes {
  columns: number;
  /** One a row (`quantiseRows`) or one a column (`quantiseColumns`). */
  scales: Float32Array;
  cells: Int8Array;
}

/** Each row by its own largest number. */
export function quantiseRows(data: Float32Array, columns: number): Bytes {
  return quantise(data, columns, columns === 0 ? 0 : data.length / columns, row => row);
}

/** Each column by its own largest number. */
export function quantiseColumns(data: Float32Array, columns: number): Bytes {
  return quantise(data, columns, columns, (_, column) => column);
}

function quantise(
  data: Float32Array,
  columns: number,
  scaleCount: number,
  scaleOf: (row: number, column: number) => number,
): Bytes {
  const scales = new Float32Array(scaleCount);
  const cells = new Int8Array(data.length);
  const rows = columns === 0 ? 0 : data.length / columns;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const scale = scaleOf(row, column);
      scales[scale] = Math.max(scales[scale] as number, Math.abs(data[at] as number) / 127);
    }
  }
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const scale = scales[scaleOf(row, column)] as number;
      // A scale is rounded to four bytes: the largest number may come out a little above 127.
      if (scale > 0) cells[at] = Math.max(-127, Math.min(127, Math.round((data[at] as number) / scale)));
    }
  }
  return { columns, scales, cells };
}
