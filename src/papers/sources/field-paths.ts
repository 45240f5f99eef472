// Paths into JSON: `a.b` (a field of a field), `a[0]` (an element of a list), `a[].b` (of all of them).

/** What a path may look like, in words for people. */
export const PATHS_ALLOWED = 'a path such as "title", "a.b", "a[0].b" or "a[].b", or a list of such paths';

const PATH = /^(?:[^.[\]]{1,100}|\[\d{0,6}\])(?:\.[^.[\]]{1,100}|\[\d{0,6}\])*$/;

/** One step: a field's name, an element's number, or every element. */
type Step = string | number | typeof EVERY;

const EVERY = Symbol('every element');

/** A path as it was written, and its steps. */
export interface Path {
  text: string;
  steps: readonly Step[];
}

/** Whether a text is a path; at most 300 characters, and `[]` at most three times. */
export function isPath(text: string): boolean {
  return text.length <= 300 && PATH.test(text) && text.split('[]').length <= 4;
}

/** The steps of a text that `isPath`. */
export function readPath(text: string): Path {
  const parts = text.match(/\[\d*\]|[^.[\]]+/g) ?? [];
  const steps = parts.map(part => {
    if (part === '[]') return EVERY;
    return part.startsWith('[') ? Number(part.slice(1, -1)) : part;
  });
  return { text, steps };
}

/** What stands at the path; undefined where it leads nowhere. `[]` gives one flat list of what is there at all. */
export function valueAt(value: unknown, { steps }: Path): unknown {
  let here = value;
  for (const [index, step] of steps.entries()) {
    if (step === EVERY) {
      if (!Array.isArray(here)) return undefined;
      const path = { text: '', steps: steps.slice(index + 1) };
      return here.flatMap(one => valueAt(one, path)).filter(isGiven);
    }
    here = typeof step === 'number' ? (Array.isArray(here) ? here[step] : undefined) : own(here, step);
  }
  return here;
}

/** An object's own field; never one that every object has, such as `toString`. */
export function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/** Whether a value says anything. */
export function isGiven(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
