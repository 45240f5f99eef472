// BibTeX: what the entries of a bibliography say of papers. The syntax is read in bibtex-entries.ts.
import type { Day } from '../../store/schema.ts';
import type { Candidate } from '../announce.ts';
import { arxivId, arxivVersion } from '../ids.ts';
import { type Entry, readEntries, startsWithEntry } from './bibtex-entries.ts';
import { isoDay, journalName, webOrNothing } from './json-papers.ts';
import type { Reading } from './source.ts';

/** Whether a text is BibTeX: its first word that is no comment is `@something{` or `@something(`. */
export const isBibtex = startsWithEntry;

/**
 * The papers of a BibTeX text, one for every entry, of whatever type. Entries that cannot be read are dropped with
 * their line. A bibliography speaks of no day; its entries have one where year, month and day are all given.
 * @param where what the text is called in messages, such as the path of its file
 */
export function readBibtex(text: string, where: string): Reading {
  const { entries, broken, open } = readEntries(text);
  return {
    format: 'BibTeX',
    day: null,
    candidates: entries.map(entry => candidateOf(entry, `${where}, line ${entry.line}`)),
    dropped: broken.map(({ line, key, why }) => ({
      reason: 'unreadable',
      where: `${where}, line ${line}`,
      detail: `the entry${named(key)} cannot be read: ${why}`,
    })),
    ...(open && {
      incomplete: `line ${open.line}: the entry${named(open.key)} is not closed; the file is truncated`,
    }),
  };
}

const named = (key: string) => (key === '' ? '' : ` ${key}`);

function candidateOf({ fields }: Entry, where: string): Candidate {
  const field = (...names: string[]) =>
    names.map(name => fields.get(name)).find(value => value !== undefined);
  const plain = (...names: string[]) => unprotected(unescaped(field(...names) ?? ''));
  const [title, subtitle] = [plain('title'), plain('subtitle')];
  const journal = plain('journal', 'journaltitle', 'booktitle');
  const categories = plain('primaryclass', 'eprintclass').split(/[\s,;]+/, 50);
  const day = dayOf(field);
  const url = webText(field('url') ?? '');
  const eprint = eprintOf(field, categories[0] ?? '');
  return {
    where,
    title: subtitle === '' ? title : `${title}: ${subtitle}`,
    abstract: plain('abstract'),
    authors: readNames(field('author') ?? ''),
    id: eprint,
    otherIds: [webText(field('doi') ?? ''), url, ...idsInCitation(journal, plain('volume'), plain('note'))],
    url: webOrNothing(url),
    links: { pdf: webOrNothing(webText(field('pdf') ?? '')) },
    facts: {
      journal: journalName(journal),
      categories,
      comment: plain('note', 'comment', 'comments'),
      version: arxivVersion(eprint ?? ''),
    },
    format: 'bibtex',
    listedOn: day,
    announcedOn: day,
    vote: null,
  };
}

type Field = (...names: string[]) => string | undefined;

/** The arXiv id in `eprint`; an old one may be a bare number whose archive stands in the primary class. */
function eprintOf(field: Field, primaryClass: string): string | undefined {
  const eprint = webText(field('eprint') ?? '');
  const kind = (field('archiveprefix', 'eprinttype') ?? 'arxiv').trim().toLowerCase();
  if (eprint === '' || kind !== 'arxiv') return undefined;
  return arxivId(eprint) === undefined ? `${primaryClass}/${eprint}` : eprint;
}

/** How citations without an `eprint` name arXiv: "arXiv preprint arXiv:ID", CoRR's volume "abs/ID", a note "arXiv:ID". */
function idsInCitation(journal: string, volume: string, note: string): string[] {
  const preprint = /^arxiv(?: preprint)?[ ,:]{1,3}(arxiv:\S+)/i.exec(journal.trim())?.[1];
  const report = /^corr$/i.test(journal.trim()) ? /^abs\/(\S+)$/.exec(volume.trim())?.[1] : undefined;
  return [preprint, report, note].filter(id => id !== undefined);
}

function dayOf(field: Field): Day | null {
  const date = isoDay((field('date') ?? '').trim());
  if (date !== null) return date;
  const [year, month, day] = ['year', 'month', 'day'].map(name => (field(name) ?? '').trim());
  const place = 'janfebmaraprmayjunjulaugsepoctnovdec'.indexOf((month || '?').slice(0, 3).toLowerCase());
  const number = place >= 0 && place % 3 === 0 ? String(place / 3 + 1) : (month ?? '');
  return isoDay(`${year}-${number.padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`);
}

/** An address or id as it is typed elsewhere: `\url{…}`, `\_` and `{\_}` undone, the first of several. */
function webText(value: string): string {
  const address = value.slice(0, 4000).replace(/\\href\s?\{([^{}]{1,2000})\}[\s\S]*/, '$1');
  const plain = address.replace(/\\url\b|[{}]/g, '').replace(/\\textasciitilde ?|\\~/g, '~');
  return plain.replaceAll('\\', '').trim().split(/\s/, 1)[0] ?? '';
}

/**
 * The names of an `author` field in reading order: separated by `and` outside braces, "Last, First" and
 * "von Last, Jr, First" turned round, a name in braces left as it is, "and others" dropped.
 */
export function readNames(authors: string): string[] {
  const text = authors.replace(/\s+/g, ' ');
  return splitOutside(text, / and(?= |$)/iy).flatMap(given => {
    const name = given.trim();
    if (/^(?:others|et al\.?|)$/i.test(name)) return [];
    const parts = splitOutside(name, /,/y).map(part => unprotected(part).trim());
    // More commas than a name can have: a list that was written with commas only.
    if (parts.length > 3) return parts;
    const [last = '', ...rest] = parts;
    return [[rest.at(-1), last, ...rest.slice(0, -1)].filter(part => part).join(' ')];
  });
}

/** The pieces of `text` between separators that stand outside braces. */
function splitOutside(text: string, separator: RegExp): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '{') depth++;
    else if (char === '}') depth = Math.max(0, depth - 1);
    if (depth > 0) continue;
    separator.lastIndex = at;
    const length = separator.exec(text)?.[0].length;
    if (length === undefined) continue;
    pieces.push(text.slice(from, at));
    from = at + length;
    at = from - 1;
  }
  return [...pieces, text.slice(from)];
}

/** Some exporters escape a formula sign by sign (`\${\textbackslash}mu\$`); there the formula is what was meant. */
function unescaped(value: string): string {
  if (!value.includes('{\\textbackslash}') || !value.includes('\\$')) return value;
  const signs = value.replace(/\\([${}_^&#%])/g, '$1').replaceAll('{\\textasciicircum}', '^');
  return signs.replaceAll('{\\textbackslash}', '\\');
}

/** A command with the space that it swallows, a sign that means something to TeX, or a run of neither. */
const TEX = /\\[A-Za-z]+\*?\s{0,9}|\\[\s\S]?|[{}$^_\]]|[^\\{}$^_\]]+/g;

/**
 * The value without the braces that only protect capitals or keep words together. Braces that mean something to TeX
 * stay for `cleanText`: arguments (`\emph{x}`, `x_{1}`), special letters (`{\"o}`), and all within dollars.
 */
function unprotected(value: string): string {
  if (!value.includes('{')) return value;
  const out: string[] = [];
  const open: { kept: boolean; isArgument: boolean; inMath: boolean }[] = [];
  // Whether a brace here would open an argument of what stands before it.
  let isArgument = false;
  let inMath = false;
  for (const { 0: token, index } of value.matchAll(TEX)) {
    if (token === '{') {
      const kept = inMath || isArgument || /[\\$^_~`'}-]/.test(value[index + 1] ?? '');
      open.push({ kept, isArgument, inMath });
      isArgument = false;
      if (kept) out.push(token);
    } else if (token === '}') {
      const group = open.pop();
      isArgument = group?.isArgument ?? false;
      inMath = group?.inMath ?? inMath;
      if (group?.kept !== false) out.push(token);
    } else {
      isArgument = /^[\\^_\]]/.test(token);
      if (token === '$') inMath = !inMath;
      out.push(token);
    }
  }
  return out.join('');
}
