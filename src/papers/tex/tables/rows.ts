// How the tables of this folder are written: as words between white space.

/** Every two words of the table as a name and what it stands for. */
export function twoColumns(rows: string): [string, string][] {
  const all = rows.trim().split(/\s+/);
  return all.flatMap((word, i) => (i % 2 === 0 ? [[word, all[i + 1] ?? ''] as [string, string]] : []));
}

/** Every word of the table. */
export function words(rows: string): string[] {
  return rows.trim().split(/\s+/);
}
