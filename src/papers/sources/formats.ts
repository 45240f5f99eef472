// The formats of papers, each recognised by content, never by the name of a file or the type that a server gives.
import { PaperroundError } from '../../errors.ts';
import type { Day } from '../../store/schema.ts';
import { elementLines, excerpt, parseJson } from '../../text-file.ts';
import { announce, type Candidate } from '../announce.ts';
import type { Announcement, Dropped } from '../paper.ts';
import { isBibtex, readBibtex } from './bibtex.ts';
import { readDailyPapersPage } from './daily-papers-page.ts';
import { type FieldMapping, mapPapers, recogniseMapping, refuseIdsAlone } from './field-mapping.ts';
import { huggingFacePaper, isHuggingFacePaper } from './hugging-face.ts';
import { readJsonFeed } from './json-feed.ts';
import { jsonPaper } from './json-papers.ts';
import { completeElements } from './partial-json.ts';
import type { Batch, Reading } from './source.ts';
import { readXml } from './xml-papers.ts';

const ALLOWED =
  'Allowed: a Hugging Face daily_papers JSON array; JSON or JSON Lines of objects with "title" and "abstract"; RSS, ' +
  'Atom or JSON Feed; arXiv Atom or RSS; PubMed XML; BibTeX; answers of OpenAlex and Semantic Scholar; the text of a ' +
  'Daily Papers page (title, blank line, abstract, blank line, …).';

/** How to read a text. `today` resolves a page's heading that names no year. */
export interface ReadOptions {
  today: Day;
  mapping?: FieldMapping | undefined;
  /** It came over the web: text without the header of a Daily Papers page is some message. */
  fromWeb?: boolean | undefined;
  /** Why the text is known to end too early; what is whole in it is read. */
  incomplete?: string | undefined;
}

/**
 * Reads the papers of the text `text`, which came from `path` (a file or an address).
 * @throws PaperroundError `input`, with file and line, when the text as a whole cannot be understood
 */
export function readPapers(text: string, path: string, options: ReadOptions): Batch {
  const reading = readAsFarAsItGoes(text, path, options);
  if (reading.refusal !== undefined)
    throw new PaperroundError('source', `${path} answers: ${excerpt(reading.refusal, 200)}`);
  // That the connection was cut says more than where the text ends.
  const error = options.incomplete ?? reading.incomplete;
  return {
    ...announceAll(reading),
    ...(error === undefined ? {} : { incomplete: { error: `${path}: ${error}` } }),
  };
}

/** Of what was cut off before anything could be told, that it was cut off says more than that it is no paper. */
function readAsFarAsItGoes(text: string, path: string, options: ReadOptions): Reading {
  try {
    return readText(text, path, options);
  } catch (error) {
    if (options.incomplete === undefined || !(error instanceof PaperroundError)) throw error;
    throw new PaperroundError('source', `${path}: ${options.incomplete}`, { cause: error });
  }
}

/** "line 9" stands before "line 10". */
const ORDER = new Intl.Collator('en', { numeric: true });

/** More than any day, category or shelf holds; less than would block everybody else for minutes. */
const MOST_PAPERS = 20_000;

/** Passes every candidate of a reading, at most twenty thousand, through the gate of `announce`. */
export function announceAll({ format, day, candidates, dropped }: Reading): Batch {
  const announcements: Announcement[] = [];
  const problems = [...dropped];
  for (const candidate of candidates.slice(0, MOST_PAPERS)) {
    const result = announce(candidate);
    if ('paper' in result) announcements.push(result);
    else problems.push(result);
  }
  const sorted = problems.sort((a, b) => ORDER.compare(a.where, b.where));
  const batch = { format, day, announcements, dropped: sorted };
  if (candidates.length <= MOST_PAPERS) return batch;
  return {
    ...batch,
    incomplete: { error: `it holds more than ${MOST_PAPERS} papers; the rest is left out` },
  };
}

function readText(text: string, path: string, options: ReadOptions): Reading {
  const start = text.trimStart();
  if (options.incomplete !== undefined && /^[[{]/.test(start))
    return readValues(completeElements(text), path, options.mapping && { fields: options.mapping.fields });
  if (options.mapping !== undefined) return mapPapers(parseJson(text, path), options.mapping, path);
  if (start.startsWith('[')) return readArray(text, path);
  if (start.startsWith('{')) return readObjects(text, path);
  if (start.startsWith('<')) return readXml(text, path);
  if (isBibtex(start)) return readBibtex(text, path);
  const page = readDailyPapersPage(text, options.today, options.fromWeb);
  if (page !== undefined) return { format: 'Daily Papers page', ...page };
  const why = start === '' ? 'is empty' : `starts with "${excerpt(start)}"`;
  throw new PaperroundError('input', `${path}: the format is not known: it ${why}`, { hint: ALLOWED });
}

/** The whole papers of a list of which the rest is missing. */
function readValues(elements: readonly unknown[], path: string, given: FieldMapping | undefined): Reading {
  const mapping = given ?? recogniseMapping(elements);
  return mapping === undefined ? readElements(elements, path) : mapPapers(elements, mapping, path);
}

function readArray(text: string, path: string): Reading {
  const elements = parseJson(text, path) as unknown[];
  const mapping = recogniseMapping(elements);
  if (mapping !== undefined) return mapPapers(elements, mapping, path);
  const lines = elementLines(text);
  const where = (index: number) => `${path}, line ${lines[index] ?? 1} (paper ${index + 1})`;
  return readLocated(elements.map((value, index) => ({ value, where: where(index) })));
}

/** One object per line (JSON Lines), or one object alone: a paper, a feed, an answer, or `{"papers": […]}`. */
function readObjects(text: string, path: string): Reading {
  const whole = parsedWhole(text);
  if (whole === undefined) return readLines(text, path);
  const feed = readJsonFeed(whole, path);
  if (feed !== undefined) return feed;
  const mapping = recogniseMapping(whole);
  if (mapping !== undefined) return mapPapers(whole, mapping, path);
  refuseIdsAlone(whole, path);
  const { papers } = whole as { papers?: unknown };
  return Array.isArray(papers)
    ? readElements(papers, `${path}, papers`)
    : readLocated([{ value: whole, where: `${path}, line 1` }]);
}

const readElements = (elements: readonly unknown[], path: string) =>
  readLocated(elements.map((value, index) => ({ value, where: `${path}[${index}]` })));

function readLines(text: string, path: string): Reading {
  const located: Located[] = [];
  const broken: Dropped[] = [];
  let first: unknown;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${path}, line ${index + 1}`;
    try {
      located.push({ value: parseJson(line, path, index + 1), where });
    } catch (error) {
      first ??= error;
      broken.push({ reason: 'unreadable', where, detail: 'this line is not valid JSON' });
    }
  }
  if (located.length === 0) throw first;
  const read = readLocated(located);
  return { ...read, dropped: [...read.dropped, ...broken] };
}

function parsedWhole(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Located {
  value: unknown;
  where: string;
}

function readLocated(located: readonly Located[]): Reading {
  const huggingFace = located.some(({ value }) => isHuggingFacePaper(value));
  const candidates: Candidate[] = [];
  const dropped: Dropped[] = [];
  for (const { value, where } of located) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      dropped.push({ reason: 'unreadable', where, detail: 'not an object with "title" and "abstract"' });
    } else
      candidates.push(isHuggingFacePaper(value) ? huggingFacePaper(value, where) : jsonPaper(value, where));
  }
  const days = candidates.flatMap(c => c.listedOn ?? []).sort();
  const format = huggingFace ? 'Hugging Face daily_papers' : 'JSON papers';
  return { format, day: days.at(-1) ?? null, candidates, dropped };
}
