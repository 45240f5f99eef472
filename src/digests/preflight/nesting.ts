// Whether elements are opened and closed as HTML wants it: what browsers mend, each mail program mends in its own way.
import { VOID } from './markup.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Elements whose end tag may be left out (HTML, 13.1.2.4). */
const MAY_STAY_OPEN = words('p li dt dd option tr td th tbody thead tfoot colgroup');

/** What ends an open paragraph (HTML, 4.4.1). */
const ENDS_PARAGRAPH = words(
  'address article aside blockquote center details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul',
);

/** What ends an open element of its own kind beside it. */
const ENDS_SIBLING: Record<string, ReadonlySet<string>> = {
  li: words('li'),
  dt: words('dt dd'),
  dd: words('dt dd'),
  tr: words('tr td th'),
  td: words('td th'),
  th: words('td th'),
  tbody: words('tbody thead tr td th'),
};

/** What may stand in the parts of a table; anything else is moved out of it by the reader's program. */
const IN_TABLE: Record<string, ReadonlySet<string>> = {
  table: words('caption colgroup thead tbody tfoot tr script template style'),
  tbody: words('tr script template'),
  thead: words('tr script template'),
  tfoot: words('tr script template'),
  tr: words('td th script template'),
};

/** What may stand in the head. */
const IN_HEAD = words('title meta link style script base noscript template');

/** Follows what is open. Each function returns what is wrong, in words, or undefined. */
export interface Nesting {
  open(name: string): string | undefined;
  close(name: string): string | undefined;
  text(): string | undefined;
  end(): string[];
  /** Whether such an element is open. */
  within(name: string): boolean;
}

export function nesting(): Nesting {
  const stack: string[] = [];
  const counts = new Map<string, number>();
  const within = (name: string) => (counts.get(name) ?? 0) > 0;
  const count = (name: string, by: 1 | -1) => counts.set(name, (counts.get(name) ?? 0) + by);
  const push = (name: string) => {
    stack.push(name);
    count(name, 1);
  };
  /** Takes everything from a place on away. */
  const cut = (from: number) => {
    const left = stack.splice(from);
    for (const name of left) count(name, -1);
    return left;
  };
  let bodies = 0;
  const top = () => stack.at(-1) ?? '';
  const outside = (what: string) =>
    within('body') || (within('head') && top() !== 'head') ? undefined : `${what} stands outside the body`;
  return {
    open(name) {
      if (top() === 'p' && ENDS_PARAGRAPH.has(name)) cut(-1);
      while (ENDS_SIBLING[name]?.has(top())) cut(-1);
      const parent = top();
      if (name === 'body') bodies++;
      const frame = name === 'html' || name === 'head' || name === 'body';
      const wrong =
        IN_TABLE[parent]?.has(name) === false
          ? `<${name}> cannot stand in <${parent}>`
          : frame || (parent === 'head' && IN_HEAD.has(name))
            ? undefined
            : outside(`<${name}>`);
      if (!VOID.has(name)) push(name);
      return wrong;
    },
    close(name) {
      if (VOID.has(name)) return undefined;
      if (!within(name)) return `</${name}> closes nothing`;
      const left = cut(stack.lastIndexOf(name)).slice(1);
      const open = left.find(one => !MAY_STAY_OPEN.has(one));
      return open === undefined ? undefined : `<${open}> is not closed before </${name}>`;
    },
    text() {
      const parent = top();
      return parent in IN_TABLE ? `text cannot stand in <${parent}>` : outside('text');
    },
    end() {
      const open = stack.filter(name => !MAY_STAY_OPEN.has(name)).map(name => `<${name}> is never closed`);
      return bodies === 1
        ? open
        : [...open, bodies === 0 ? 'there is no <body>' : 'there are several bodies'];
    },
    within,
  };
}
