// The formats of a file of papers, each recognised by content, never by file name.
import { PaperroundError } from '../../errors.ts';
import type { Day } from '../../store/schema.ts';
import { elementLines, excerpt, parseJson } from '../../text-file.ts';
import { announce, type Candidate } from '../announce.ts';
import type { Announcement, Dropped } from '../paper.ts';
import { readDailyPapersPage } from './daily-papers-page.ts';
import { huggingFacePaper, isHuggingFacePaper } from './hugging-face.ts';
import { jsonPaper } from './json-papers.ts';
import type { Batch } from './source.ts';

const ALLOWED =
  'Allowed: a Hugging Face daily_papers JSON array; JSON or JSON Lines of objects with "title" and "abstract"; ' +
  'the text of a Daily Papers page (title, blank line, abstract, blank line, …).';

/**
 * Reads the papers of the text `text` of the file `path`.
 * @param today resolves a page's heading that names no year
 * @throws PaperroundError `input`, with file and line, when the text as a whole cannot be understood
 */
export function readPapers(text: string, path: string, today: Day): Batch {
  const start = text.trimStart();
  if (start.startsWith('[')) return readArray(text, path);
  if (start.startsWith('{')) return readObjects(text, path);
  if (start.startsWith('<')) throw unknown(path, 'looks like XML or HTML');
  if (/^@\w+\s*[{(]/.test(start)) throw unknown(path, 'looks like BibTeX');
  const page = readDailyPapersPage(text, today);
  if (page === undefined) throw unknown(path, `starts with "${excerpt(start)}"`);
  return batch('Daily Papers page', page.day, page.candidates, page.dropped);
}

function unknown(path: string, why: string): PaperroundError {
  return new PaperroundError('input', `${path}: the format is not known: the file ${why}`, { hint: ALLOWED });
}

function readArray(text: string, path: string): Batch {
  const elements = parseJson(text, path) as unknown[];
  const lines = elementLines(text);
  const located = elements.map((value, index) => ({
    value,
    where: `${path}, line ${lines[index] ?? 1} (paper ${index + 1})`,
  }));
  return readLocated(located);
}

/** One object per line (JSON Lines), or one object alone: a paper, or `{"papers": […]}`. */
function readObjects(text: string, path: string): Batch {
  const whole = parsedWhole(text);
  if (whole !== undefined) {
    const { papers } = whole as { papers?: unknown };
    if (!Array.isArray(papers)) return readLocated([{ value: whole, where: `${path}, line 1` }]);
    return readLocated(papers.map((value, index) => ({ value, where: `${path}, papers[${index}]` })));
  }
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

function readLocated(located: Located[]): Batch {
  const huggingFace = located.some(({ value }) => isHuggingFacePaper(value));
  const candidates: Candidate[] = [];
  const dropped: Dropped[] = [];
  for (const { value, where } of located) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      dropped.push({ reason: 'unreadable', where, detail: 'not an object with "title" and "abstract"' });
    } else
      candidates.push(isHuggingFacePaper(value) ? huggingFacePaper(value, where) : jsonPaper(value, where));
  }
  const days = new Set(candidates.map(c => c.listedOn).filter(day => day != null));
  const day = days.size === 0 ? null : ([...days].sort().at(-1) ?? null);
  return batch(huggingFace ? 'Hugging Face daily_papers' : 'JSON papers', day, candidates, dropped);
}

function batch(format: string, day: Day | null, candidates: Candidate[], dropped: Dropped[]): Batch {
  const announcements: Announcement[] = [];
  const problems = [...dropped];
  for (const candidate of candidates) {
    const result = announce(candidate);
    if ('paper' in result) announcements.push(result);
    else problems.push(result);
  }
  return { format, day, announcements, dropped: problems };
}
