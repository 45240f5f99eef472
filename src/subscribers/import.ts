// Import and export of readers: a JSON array of objects, or CSV with a header. All or nothing, every problem named.
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { PaperroundError, reasonOf } from '../errors.ts';
import { type Clock, type Db, transact } from '../store/schema.ts';
import { elementLines, excerpt, parseJson, readTextFile, readTextStream } from '../text-file.ts';
import { quoted, wordsOf } from '../zod-words.ts';
import { readAddress } from './address.ts';
import { Preferences } from './preferences.ts';
import {
  type NewSubscriber,
  STATUSES,
  type Status,
  type Stored,
  type Subscriber,
  storeSubscriber,
} from './subscriber.ts';

const MAX_FILE = 256 * 1024 * 1024;

const Entry = Preferences.extend({
  email: z.string({ error: 'missing; every subscriber needs an address such as name@example.org' }),
  name: z.string().trim().max(200).nullish(),
  status: z.enum(STATUSES).optional(),
});

const FIELDS = Object.keys(Entry.shape);
const LISTS = ['themes', 'keywords', 'authors', 'mutedWords'];
const NUMBERS = ['atLeast', 'hour'];

interface Row {
  where: string;
  value: unknown;
}

/** What came of an import; the sum of all is the number of entries in the file. */
export type ImportCounts = Record<Stored, number> & { merged: number };

/** What a file is called in messages; "-" is standard input. */
export const nameOf = (path: string) => (path === '-' ? 'standard input' : path);

/**
 * Reads a file of readers without storing anything. Entries of one address are merged, the later one's fields winning.
 * @param themes the slugs that may be chosen
 * @param status for entries that name none: `active` (the operator vouches for their consent) or `pending`
 * @throws PaperroundError `input` that lists every problem of the file with its line and field
 */
export async function readSubscriberFile(
  path: string,
  themes: readonly string[],
  status: Status = 'active',
): Promise<{ readers: NewSubscriber[]; merged: number }> {
  const name = nameOf(path);
  const text =
    name === path ? await readTextFile(path, MAX_FILE) : await readTextStream(name, process.stdin, MAX_FILE);
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text, name) : csvRows(text, name);
  const entries = new Map<string, { value: Record<string, unknown>; where: string }>();
  const details: string[] = [];
  let merged = 0;
  for (const { value, where } of rows) {
    const problems = problemsOf(value, themes);
    for (const problem of problems) details.push(`${where}: ${problem}`);
    if (problems.length > 0) continue;
    const entry = value as Record<string, unknown> & { email: string };
    const address = readAddress(entry.email);
    if ('problem' in address) continue;
    const earlier = entries.get(address.key);
    if (earlier) merged++;
    entries.set(address.key, { value: { ...earlier?.value, ...entry }, where });
  }
  if (details.length > 0) throw refused(name, details);
  return { readers: [...entries.values()].map(({ value }) => toReader(value, status)), merged };
}

function refused(path: string, details: string[]): PaperroundError {
  const shown = details.slice(0, 50);
  if (details.length > shown.length) shown.push(`… and ${details.length - shown.length} more`);
  const many = details.length === 1 ? '1 problem' : `${details.length} problems`;
  return new PaperroundError('input', `${path}: ${many}; nobody was imported`, {
    details: shown,
    hint: `Fields: ${FIELDS.join(', ')}; only email is required.`,
  });
}

function jsonRows(text: string, path: string): Row[] {
  const value = parseJson(text, path);
  if (!Array.isArray(value)) {
    throw new PaperroundError('input', `${path}: a JSON file of subscribers is an array of objects`, {
      hint: 'For example [{"email": "ada@example.org", "themes": ["image-gen"]}].',
    });
  }
  const lines = elementLines(text);
  const oneLine = lines.some((line, index) => line === lines[index - 1]);
  const which = (index: number) => (oneLine ? ` (subscriber ${index + 1})` : '');
  return value.map((element, index) => ({
    value: element,
    where: `${path}, line ${lines[index] ?? 1}${which(index)}`,
  }));
}

function csvRows(text: string, path: string): Row[] {
  let columns: string[] = [];
  try {
    const records = parse(text, {
      bom: true,
      columns: (header: string[]) => (columns = header.map(fieldNamed)),
      info: true,
      skip_empty_lines: true,
      trim: true,
      max_record_size: 100_000,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    if (!columns.includes('email')) throw noHeader(path, text);
    return records.map(({ record, info }) => ({
      value: fromCsv(record),
      where: `${path}, line ${info.lines}`,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = error.lines === undefined ? '' : `, line ${error.lines}`;
    throw new PaperroundError('input', `${path}${line}: not valid CSV: ${excerpt(reasonOf(error), 160)}`, {
      cause: error,
    });
  }
}

function noHeader(path: string, text: string): PaperroundError {
  return new PaperroundError(
    'input',
    `${path}: the first line "${excerpt(text)}" is no CSV header with "email"`,
    {
      hint: `Give a JSON array of objects, or CSV whose first line names the columns: ${FIELDS.join(', ')}.`,
    },
  );
}

/** A column's field, whatever the case of its letters; an unknown name stays, to be named as unknown. */
function fieldNamed(column: string): string {
  const name = column.trim();
  return FIELDS.find(field => field.toLowerCase() === name.toLowerCase()) ?? name;
}

/** Lists in a cell are separated by semicolons; by commas where there is none, but for authors ("Last, First"). */
const separatorOf = (field: string, cell: string) => (field === 'authors' || cell.includes(';') ? ';' : ',');

/** CSV cells are text; an empty one is an absent field. */
function fromCsv(record: Record<string, string>): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  for (const [field, cell] of Object.entries(record)) {
    if (field === 'email') entry.email = cell;
    else if (cell === '') continue;
    else if (LISTS.includes(field))
      entry[field] = cell
        .split(separatorOf(field, cell))
        .map(part => part.trim())
        .filter(part => part !== '');
    else entry[field] = NUMBERS.includes(field) && /^\d+$/.test(cell) ? Number(cell) : cell;
  }
  return entry;
}

function problemsOf(value: unknown, themes: readonly string[]): string[] {
  const parsed = Entry.safeParse(value);
  if (!parsed.success)
    return parsed.error.issues.map(issue => `${issue.path.join('.') || 'entry'}: ${wordsOf(issue, FIELDS)}`);
  const problems: string[] = [];
  const address = readAddress(parsed.data.email);
  if ('problem' in address) problems.push(`email: ${address.problem}`);
  const unknown = parsed.data.themes.filter(slug => !themes.includes(slug));
  if (unknown.length > 0) {
    problems.push(`themes: ${quoted(unknown)} unknown; allowed: ${themes.join(', ')}`);
  }
  return problems;
}

function toReader(value: Record<string, unknown>, status: Status): NewSubscriber {
  const { email, name, status: given, ...all } = Entry.parse(value);
  // Without the defaults: what an entry leaves out, a known reader keeps.
  const preferences = Object.fromEntries(Object.entries(all).filter(([field]) => field in value));
  const address = readAddress(email);
  if ('problem' in address) throw new Error('checked before');
  return { address, name: name || null, status: given, initialStatus: status, preferences };
}

/** Stores readers in one transaction: all of them or none. */
export async function importSubscribers(
  db: Db,
  { readers, merged }: { readers: readonly NewSubscriber[]; merged: number },
  clock: Clock,
): Promise<ImportCounts> {
  return transact(db, async tx => {
    const counts: ImportCounts = { added: 0, updated: 0, unchanged: 0, left: 0, merged };
    for (const reader of readers) counts[await storeSubscriber(tx, reader, clock)]++;
    return counts;
  });
}

/** Readers in the form that `readSubscriberFile` takes. */
export function exportSubscribers(subscribers: readonly Subscriber[]): object[] {
  return subscribers.map(({ address, name, status, preferences }) => ({
    email: address,
    ...(name === null ? {} : { name }),
    status,
    ...preferences,
  }));
}
