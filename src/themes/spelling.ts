// Which of the allowed words somebody may have meant.

/** Longer words are not compared: nobody mistypes one that much. */
const LONGEST = 80;

/**
 * The word that is nearest to `given` by letters that were left out, put in, changed or swapped with a neighbour.
 * @returns undefined when none is near: more than a third of its letters would have to change
 */
export function nearestTo(given: string, allowed: readonly string[]): string | undefined {
  const word = given.trim().toLowerCase().slice(0, LONGEST);
  const near = allowed
    .map(candidate => ({ candidate, steps: distance(word, candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps * 3 <= Math.max(candidate.length, 3))
    .sort((a, b) => a.steps - b.steps);
  // A word that somebody began to write counts too: "image" for "image-gen".
  const begun =
    word.length >= 3 ? allowed.find(candidate => candidate.toLowerCase().startsWith(word)) : undefined;
  return near[0]?.candidate ?? begun;
}

/** The optimal string alignment distance. */
function distance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let steps = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + same,
      );
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) steps = Math.min(steps, (before[j - 2] as number) + 1);
      row.push(steps);
    }
    [before, last] = [last, row];
  }
  return last[b.length] as number;
}
