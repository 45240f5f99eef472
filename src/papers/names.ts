// One string of authors' names as people, feeds and BibTeX write it, split into names in the order they are read.
// TeX stays as it is: a comma inside braces separates nothing.

const SUFFIX = /^(?:jr|sr|ii|iii|iv)\.?$/i;
const INITIALS = /^(?:\p{Lu}\p{M}?\.?[ -]?){1,4}$/u;
const OTHERS = /^(?:et\.? al\.?|others|and others|…|\.\.\.)$/i;

/**
 * The names in `text`. Names are separated by `;`, by commas outside parentheses and braces, or by " and "; what stands
 * in parentheses after a name (affiliations, "for the X Collaboration") goes, and so does "et al.". "Smith, John" is
 * turned round where it is sure to be one name: in a BibTeX list, between semicolons, before initials. Linear time.
 */
export function splitNames(text: string): string[] {
  const [lead, people] = collaboration(withoutAsides(text.replace(/\s+/g, ' ')));
  return [lead, ...namesIn(people)]
    .map(name => name.replace(/^(?:and|&) /i, '').trim())
    .map(name =>
      name
        .replace(/,? et\.? al\.?$/i, '')
        .replace(/^on behalf of (?:the )?/i, '')
        .trim(),
    )
    .filter(name => /[\p{L}\p{N}]/u.test(name) && !OTHERS.test(name));
}

function namesIn(text: string): string[] {
  const bySemicolon = cut(text, semicolonAt);
  if (bySemicolon.length > 1) return bySemicolon.flatMap(part => listed(part) ?? inOrder(part) ?? [part]);
  const byAnd = cut(text, andAt).filter(part => !OTHERS.test(part.trim()));
  // BibTeX writes "Last, First and Last, First": the commas there are inside names.
  const inBibtex = byAnd.length > 1 || text.endsWith(' and others') ? byAnd.map(inOrder) : [];
  if (inBibtex.length > 0 && inBibtex.every(name => name !== undefined)) return inBibtex;
  return joinSuffixes(pairInitials(byAnd.flatMap(part => cut(part, commaAt))));
}

/** "ATLAS Collaboration: G. Aad, …": the collaboration, and the people in it. */
function collaboration(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 0 || colon > 200) return ['', text];
  const lead = text.slice(0, colon);
  return /\b(?:collaborations?|consortium|group|team)\s*$/i.test(lead) && !/[,;]/.test(lead)
    ? [lead, text.slice(colon + 1)]
    : ['', text];
}

/** "Smith, John" or "Smith, Jr., John" in reading order, "{X Collaboration}" as it is; undefined: another thing. */
function inOrder(text: string): string | undefined {
  const parts = cut(text, commaAt).map(part => part.trim());
  if (parts.length === 1 && /^\{.*\}$/.test(text.trim())) return text;
  const [family = '', ...others] = parts;
  const suffix = others.find(part => SUFFIX.test(part));
  const given = others.filter(part => part !== suffix);
  // "A. One, B. Two" are two names; "John Smith, Jr." is one that stands in order already.
  const isName = family !== '' && given.length === 1 && given[0] !== '' && !/^\p{Lu}\./u.test(family);
  return isName ? `${given[0]} ${family}${suffix === undefined ? '' : `, ${suffix}`}` : undefined;
}

/** What stands between two semicolons may be several names with initials in front; undefined: it is one name. */
function listed(text: string): string[] | undefined {
  return /^\s*(?:and )?\p{Lu}\./u.test(text)
    ? joinSuffixes(cut(text, andAt).flatMap(part => cut(part, commaAt)))
    : undefined;
}

/** bioRxiv writes "Smith, J., Doe, A. B.": each second part is initials. */
function pairInitials(parts: string[]): string[] {
  const given = parts.map(part => part.replace(/^ ?(?:and|&) /i, '').trim()).filter(part => part !== '');
  const names = given.filter(part => !OTHERS.test(part));
  const isPaired = names.length >= 2 && names.length % 2 === 0;
  if (!isPaired || !names.every((part, index) => INITIALS.test(part) === (index % 2 === 1))) return given;
  return names.flatMap((part, index) => (index % 2 === 1 ? [] : [`${names[index + 1]} ${part}`]));
}

function joinSuffixes(parts: string[]): string[] {
  const names: string[] = [];
  for (const part of parts) {
    if (SUFFIX.test(part.trim()) && names.length > 0) names.push(`${names.pop()}, ${part.trim()}`);
    else names.push(part);
  }
  return names;
}

const commaAt = (text: string, at: number) => (text[at] === ',' ? 1 : 0);

const andAt = (text: string, at: number) =>
  text[at] !== ' ' ? 0 : text.startsWith(' and ', at) ? 4 : text.startsWith(' & ', at) ? 2 : 0;

/** A semicolon that does not end an entity such as `&eacute;`. */
const semicolonAt = (text: string, at: number) =>
  text[at] === ';' && !/&#?\w{1,32}$/.test(text.slice(Math.max(0, at - 34), at)) ? 1 : 0;

/** Splits where `lengthAt` finds a separator, outside TeX's braces and not behind a backslash. */
function cut(text: string, lengthAt: (text: string, at: number) => number): string[] {
  const heedBraces = bracesMatch(text);
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (heedBraces && character === '{') depth++;
    else if (heedBraces && character === '}') depth--;
    else if (depth === 0) {
      const length = lengthAt(text, at);
      if (length === 0) continue;
      parts.push(text.slice(start, at));
      start = at + length;
      at = start - 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function bracesMatch(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length && depth >= 0; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '{') depth++;
    else if (text[at] === '}') depth--;
  }
  return depth === 0;
}

/** `text` without what stands in parentheses, however deep; one that is never closed ends at the next separator. */
function withoutAsides(text: string): string {
  if (!/[()]/.test(text)) return text;
  const unclosed = unclosedIn(text);
  const kept: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '(' && unclosed.has(at)) {
      if (depth > 0) continue;
      kept.push(text.slice(start, at));
      while (at + 1 < text.length && text[at + 1] !== ',' && text[at + 1] !== ';') at++;
      start = at + 1;
    } else if (character === '(') {
      if (depth++ === 0) kept.push(text.slice(start, at));
    } else if (character === ')') {
      depth = Math.max(0, depth - 1);
      if (depth === 0) start = at + 1;
    }
  }
  return kept.join('') + (depth === 0 ? text.slice(start) : '');
}

function unclosedIn(text: string): Set<number> {
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '(') open.push(at);
    else if (text[at] === ')') open.pop();
  }
  return new Set(open);
}
