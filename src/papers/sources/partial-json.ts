// What can be saved of a JSON list of papers that was cut off on its way: the elements that came whole.

/**
 * The whole elements of a JSON array that was cut off in the middle, or of the first array of objects in a JSON object.
 * An element is whole when its end was seen; of numbers, `true`, `false` and `null` that is the comma after them. One
 * that is not valid JSON is left out. Takes linear time and never throws.
 */
export function completeElements(text: string): unknown[] {
  const elements: unknown[] = [];
  let at = listStart(text);
  while (at < text.length) {
    const start = skipSpace(text, at);
    const end = elementEnd(text, start);
    const after = skipSpace(text, end);
    const sign = text[after];
    const isClosed = /["}\]]/.test(text[end - 1] ?? '') || sign === ',' || sign === ']';
    if (end > start && isClosed) elements.push(...parsed(text.slice(start, end)));
    if (sign !== ',') break;
    at = after + 1;
  }
  return elements;
}

/** Just after the bracket that opens the list; the end of the text when there is none. */
function listStart(text: string): number {
  const first = skipSpace(text, 0);
  if (text[first] === '[') return first + 1;
  if (text[first] !== '{') return text.length;
  for (let at = first; at < text.length; at++) {
    if (text[at] === '"') at = stringEnd(text, at) - 1;
    else if (text[at] === '[' && text[skipSpace(text, at + 1)] === '{') return at + 1;
  }
  return text.length;
}

/** Just after the value that starts at `start`; the end of the text when it does not end. */
function elementEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '"') {
      at = stringEnd(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (c === '{' || c === '[') depth++;
    else if (depth === 0 && (c === ',' || c === ']' || c === '}' || c <= ' ')) return at;
    else if ((c === '}' || c === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

/** Just after the closing quote, or the end of the text. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ((text[at] as string) <= ' ' || text[at] === '\ufeff')) at++;
  return at;
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
