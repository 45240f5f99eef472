// Which declarations hold for an element: the cascade of CSS (CSS Cascading 4, §6), as far as mail needs it.
import type { Declaration, Rule } from './css.ts';
import type { Element } from './tree.ts';

export type Scheme = 'light' | 'dark';

interface Compound {
  name: string;
  id: string;
  classes: string[];
}

/** A selector that can be decided: compounds from right to left, each with how it is bound to the next one outwards. */
interface Selector {
  compounds: { compound: Compound; parent: boolean }[];
  specificity: number;
}

interface Sheet {
  selector: Selector;
  declarations: Declaration[];
}

/** The rules that hold in a scheme, ready to be asked for an element. Rules for small screens alone are left out. */
export function sheetOf(rules: readonly Rule[], scheme: Scheme): (element: Element) => Map<string, string> {
  const sheets: Sheet[] = rules
    .filter(({ conditions }) => conditions.every(condition => holds(condition, scheme)))
    .flatMap(({ selectors, declarations }) =>
      selectors.flatMap(text => {
        const selector = readSelector(text);
        return selector === undefined ? [] : [{ selector, declarations }];
      }),
    );
  return element => {
    const won = new Map<string, { value: string; weight: number }>();
    const apply = (declaration: Declaration, base: number) => {
      const weight = base + (declaration.important ? 1e9 : 0);
      for (const [property, value] of longhands(declaration))
        if (weight >= (won.get(property)?.weight ?? -1)) won.set(property, { value, weight });
    };
    for (const { selector, declarations } of sheets)
      if (matches(element, selector.compounds))
        for (const declaration of declarations) apply(declaration, selector.specificity);
    for (const declaration of element.style) apply(declaration, 1e8);
    return new Map([...won].map(([property, { value }]) => [property, value]));
  };
}

/** The parts of a shorthand that decide how text is read. */
function longhands({ property, value }: Declaration): [string, string][] {
  if (property === 'background') return [['background-color', value]];
  if (property !== 'font') return [[property, value]];
  const size = /(?:^|\s)([\d.]+(?:px|pt|r?em|%))/.exec(value)?.[1];
  const weight = /(?:^|\s)(bold|[1-9]00)(?:\s|$)/.exec(value)?.[1] ?? '400';
  return size === undefined
    ? []
    : [
        ['font-size', size],
        ['font-weight', weight],
      ];
}

/** Whether any rule is for the dark scheme. */
export const hasDark = (rules: readonly Rule[]) =>
  rules.some(({ conditions }) => conditions.some(text => /prefers-color-scheme\s*:\s*dark/i.test(text)));

function holds(condition: string, scheme: Scheme): boolean {
  const asked = /prefers-color-scheme\s*:\s*(dark|light)/i.exec(condition)?.[1]?.toLowerCase();
  if (asked !== undefined) return asked === scheme;
  return /^@media\s+(?:only\s+)?(?:screen|all)\s*$/i.test(condition);
}

const COMPOUND = /^([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)$/i;

/** Undefined for what cannot be decided from the source alone: states, attributes, neighbours. */
function readSelector(text: string): Selector | undefined {
  const compounds: Selector['compounds'] = [];
  let specificity = 0;
  let parent = false;
  for (const piece of text
    .replaceAll('>', ' > ')
    .split(/\s+/)
    .filter(one => one !== '')
    .reverse()) {
    if (piece === '>') {
      parent = true;
      continue;
    }
    const [whole, name = '', rest = ''] = COMPOUND.exec(piece) ?? [];
    if (whole === undefined) return undefined;
    const parts = rest.split(/(?=[.#])/).filter(one => one !== '');
    const classes = parts.filter(one => one.startsWith('.')).map(one => one.slice(1));
    const id = parts.find(one => one.startsWith('#'))?.slice(1) ?? '';
    compounds.push({ compound: { name: name === '*' ? '' : name.toLowerCase(), id, classes }, parent });
    specificity += (id === '' ? 0 : 1e6) + classes.length * 1e3 + (name === '' || name === '*' ? 0 : 1);
    parent = false;
  }
  return compounds.length === 0 ? undefined : { compounds, specificity };
}

/** Whether `element` fits the compound at `from`, and those around it the others. */
function matches(element: Element, compounds: Selector['compounds'], from = 0): boolean {
  const step = compounds[from];
  if (step === undefined || !fits(element, step.compound)) return false;
  const next = compounds[from + 1];
  if (next === undefined) return true;
  for (let one = element.parent; one !== null; one = one.parent) {
    if (matches(one, compounds, from + 1)) return true;
    if (next.parent) return false;
  }
  return false;
}

function fits(element: Element, { name, id, classes }: Compound): boolean {
  return (
    (name === '' || name === element.name) &&
    (id === '' || id === element.id) &&
    classes.every(one => element.classes.has(one))
  );
}
