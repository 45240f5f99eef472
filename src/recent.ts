// What was made last, kept: for what is asked for again and again, and is too much to be kept for ever.

/**
 * Keeps the `most` values that were asked for last.
 * @returns gives the value of a key, made where it is not kept; what cannot be made is not kept
 */
export function recent<T>(most: number): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  return (key, make) => {
    const value = kept.has(key) ? (kept.get(key) as T) : make();
    // A Map keeps the order in which its keys came: the first is the one that was asked for longest ago.
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > most) kept.delete(kept.keys().next().value as string);
    return value;
  };
}
