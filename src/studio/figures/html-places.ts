// Where things stand in the source of a finished mail: its elements, their words, and the places where tags begin.
import { readMarkup, SILENT, textOf, VOID } from '../../digests/preflight/markup.ts';
import { oneLine, spaced } from '../../digests/preflight/page.ts';

/** A tag that was opened, and where its element ends. Offsets are UTF-16 units of the source. */
export interface Tag {
  start: number;
  end: number;
  around: Tag | null;
}

/** An element with visible words. */
interface Element {
  name: string;
  words: string;
  /** The tags that open right before its words, outermost first, its own last: a row and a cell for a title in it. */
  tags: Tag[];
}

/** Longer elements are not kept: what is looked for are titles and headings, which sources cut long before. */
const LONGEST = 2_000;

/** Nobody wraps a title in more tags; without the bound a deep page would take room in the square of its depth. */
const DEEPEST = 16;

/** An element that is open. */
interface Open {
  name: string;
  from: number;
  tags: Tag[];
}

/**
 * Reads a page in one go.
 * @returns its elements in the order in which they close, and every place where a tag begins, in order. A tag that closes
 * nothing is passed over.
 */
export function htmlPlaces(html: string): { elements: Element[]; begins: number[] } {
  const found: (Open & { to: number })[] = [];
  const begins: number[] = [];
  const pieces: string[] = [];
  const stack: Open[] = [];
  let length = 0;
  let silent = 0;
  // The tags that open one after the other, without words or closing tags between them.
  let run: Tag[] = [];
  const close = (one: Open, at: number) => {
    if (SILENT.has(one.name)) silent--;
    (one.tags.at(-1) as Tag).end = at;
    if (length > one.from && length - one.from <= LONGEST) found.push({ ...one, to: length });
  };
  readMarkup(html, {
    open(name, _attributes, at) {
      begins.push(at);
      if (VOID.has(name)) {
        run = [];
        return;
      }
      run = [
        ...run.slice(1 - DEEPEST),
        { start: at, end: html.length, around: stack.at(-1)?.tags.at(-1) ?? null },
      ];
      stack.push({ name, from: length, tags: run });
      if (SILENT.has(name)) silent++;
    },
    close(name, at) {
      begins.push(at);
      run = [];
      const depth = stack.findLastIndex(one => one.name === name);
      if (depth < 0) return;
      for (const one of stack.splice(depth).toReversed()) close(one, at);
    },
    text(raw) {
      if (silent > 0) return;
      const text = spaced(textOf(raw));
      if (text.trim() !== '') run = [];
      pieces.push(text);
      length += text.length;
    },
    comment() {},
  });
  for (const one of stack.toReversed()) close(one, html.length);
  const words = pieces.join('');
  const elements = found.map(({ name, from, to, tags }) => ({
    name,
    words: oneLine(words.slice(from, to)),
    tags,
  }));
  return { elements, begins };
}
