// What preflight says: one check, whether it is kept, how bad it is if not, where, and what to do.

/**
 * `failure`: the mail would harm its readers or the sender, or would not be what was promised; it is not sent.
 * `warning`: it can be sent; somebody should look. What one paper's text can cause is never more than that.
 */
export type Level = 'failure' | 'warning';

/** One promise about a mail and whether this one keeps it. `where` and `hint` are null where it does. */
export interface Check {
  name: string;
  ok: boolean;
  level: Level;
  detail: string;
  where: string | null;
  hint: string | null;
}

/** Something that was found wrong, in words, and the place: a paper, an element, a header. */
export interface Found {
  what: string;
  where?: string | null | undefined;
}

/** The promise that a check looks after. */
export interface Promised {
  name: string;
  level: Level;
  /** What to say where all is well. */
  good: string;
  /** What to do where it is not. */
  hint: string;
}

/** A list of more is not read. */
const MOST_TOLD = 4;

/** The check of a promise, given all that was found to break it. */
export function check({ name, level, good, hint }: Promised, found: readonly Found[]): Check {
  const [first] = found;
  if (first === undefined) return { name, ok: true, level, detail: good, where: null, hint: null };
  const kinds = [...new Set(found.map(({ what }) => what))];
  const more = kinds.length - MOST_TOLD;
  const detail = kinds.slice(0, MOST_TOLD).join('; ') + (more > 0 ? `; and ${more} more` : '');
  return { name, ok: false, level, detail, where: first.where ?? null, hint };
}

/** The checks that were not kept, of a level. */
export function broken(checks: readonly Check[], level: Level): Check[] {
  return checks.filter(one => !one.ok && one.level === level);
}
