// Where the sentences of an abstract begin and end, among abbreviations, brackets, list numbers and addresses.

const LONGEST_ENCLOSURE = 600;
const LONGEST_ENDING = 60;

/** Abbreviations after which a sentence never ends. */
const ABBREVIATION =
  /(?:^|[^a-z\d])(?:et al|e\.?g|i\.e|cf|vs|resp|approx|viz|incl|w\.r\.t|a\.k\.a|s\.t)\.[\s"')\]]*$/i;
/** Abbreviations only when a number follows: "No. 5" is one, "the answer is no." ends a sentence. */
const NUMBERED =
  /(?:^|[^a-z\d])(?:figs?|eqs?|eqns?|secs?|sects?|refs?|tabs?|nos?|vol|ch|chap|thm|def|prop|lem|alg|app|pp?|ver)\.\s*$/i;
const NUMBER_AHEAD = /^[([]?(?:\d|[A-Z]?\d|[IVX]+\b)/;
const INITIAL = /(?:^|[^\p{L}\p{N}])(?:(?:\p{Lu}\.[ -]?)+|(?:Dr|Prof|Mrs?|Ms)\.)$/u;
/** Words that begin sentences rather than surnames: after "Appendix B." these mean a new sentence. */
const OPENER =
  /^(?:We|Our|The|This|These|That|Those|It|Its|They|In|On|At|By|To|For|From|With|As|And|But|An?|I|If|When|While|Where|Since|Using|Here|Then|Thus|Hence|However|Although|Despite|Moreover|Furthermore|Additionally|Finally|Experiments?|Extensive|Empirical\w*|Results|Across|Code|Unlike|Both|Each|All|Such|There)\b/;
const ENUMERATOR = /(?:^|[:;]\s*)\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]$/;

let segmenter: Intl.Segmenter | undefined;

/** Where each short enough bracket or quotation opens (+1) and closes (-1), by text offset. */
function enclosures(text: string): Int32Array {
  const change = new Int32Array(text.length + 2);
  const open: Record<string, number[]> = { ')': [], ']': [], '}': [], '”': [], '"': [] };
  const closer: Record<string, string> = { '(': ')', '[': ']', '{': '}', '“': '”' };
  const enclose = (from: number | undefined, to: number) => {
    if (from === undefined || to - from > LONGEST_ENCLOSURE) return;
    change[from + 1] = (change[from + 1] ?? 0) + 1;
    change[to + 1] = (change[to + 1] ?? 0) - 1;
  };
  for (const { 0: mark, index } of text.matchAll(/[()[\]{}“”"]/g)) {
    const opens = closer[mark];
    if (opens) open[opens]?.push(index);
    else if (mark === '"' && /^$|[\s([{—–-]/.test(text.charAt(index - 1))) open[mark] = [index];
    else enclose(open[mark]?.pop(), index);
  }
  return change;
}

/** Whether a cut proposed between `before` (the end of one piece) and `after` splits a sentence in two. */
function splitsSentence(before: string, after: string): boolean {
  // Only scripts written without spaces end a sentence with no space behind it; "watch?V=1" does not.
  if (/[.?!]$/.test(before) && /^[!-~]/.test(after)) return true;
  // Every rule below looks at the last word or two; a whole sentence would be searched from its start.
  const end = before.trim().slice(-LONGEST_ENDING);
  if (/[?!]["'”’)\]]*$/.test(end) && /^\p{Ll}/u.test(after)) return true;
  if (ABBREVIATION.test(end)) return true;
  if (NUMBERED.test(end) && NUMBER_AHEAD.test(after)) return true;
  if (INITIAL.test(end) && /^\p{Lu}/u.test(after) && !OPENER.test(after)) return true;
  return ENUMERATOR.test(end);
}

/** Where sentences may end: the cuts of UAX #29, which misses the end of one that a bare address follows. */
function* cuts(text: string): Generator<number> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'sentence' });
  for (const { index, segment } of segmenter.segment(text)) {
    for (const before of segment.matchAll(/[.!?]\s(?=https?:\/\/)/g)) yield index + before.index + 2;
    yield index + segment.length;
  }
}

/**
 * The sentences of a single-line, TeX-free text, each a verbatim slice of it without outer space; together
 * they hold all its non-space text. Cuts are those of Unicode's UAX #29, less the ones that fall after an
 * abbreviation, an initial or a list number, or inside a bracket or quotation of at most 600 characters.
 */
export function sentences(text: string): string[] {
  const change = enclosures(text);
  const found: string[] = [];
  let [start, scanned, depth] = [0, 0, 0];
  for (const cut of cuts(text)) {
    for (; scanned <= cut; scanned++) depth += change[scanned] ?? 0;
    const before = text.slice(Math.max(start, cut - 32), cut);
    const wrong = depth > 0 || splitsSentence(before, text.slice(cut, cut + 24));
    if (cut < text.length && wrong) continue;
    const sentence = text.slice(start, cut).trim();
    if (sentence) found.push(sentence);
    start = cut;
  }
  return found;
}
