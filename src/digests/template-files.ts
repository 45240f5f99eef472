// The files of a template as they stand in their folder, and a fault in one of them: its file, its line, what stands there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PaperroundError, reasonOf } from '../errors.ts';
import { paint } from './palette.ts';

/** One file: what is written in it, and the same in the operator's colours. Both have the same lines. */
export interface TemplateFile {
  path: string;
  written: string;
  source: string;
}

export interface TemplateFiles {
  mjml: TemplateFile;
  text: TemplateFile;
  /** By the name that a template uses: `paper` for `partials/paper.hbs`. */
  partials: Record<string, TemplateFile>;
}

/** The mails that have a template: the readers' digest, and the mail that asks for a confirmation. */
export type MailName = 'digest' | 'confirmation';

/**
 * Reads `digest.mjml`, `digest.txt.hbs` and `partials/*.hbs`; or the same of another mail.
 * @throws PaperroundError `template` when one cannot be read
 */
export function readTemplateFiles(
  folder: string,
  colours: ReadonlyMap<string, string>,
  mail: MailName = 'digest',
): TemplateFiles {
  const partials = join(folder, 'partials');
  const files = existsSync(partials) ? readdirSync(partials).filter(file => file.endsWith('.hbs')) : [];
  const painted = (path: string): TemplateFile => {
    const written = read(path);
    return { path, written, source: paint(written, colours) };
  };
  const textPath = join(folder, `${mail}.txt.hbs`);
  const text = read(textPath);
  return {
    mjml: painted(join(folder, `${mail}.mjml`)),
    text: { path: textPath, written: text, source: text },
    partials: Object.fromEntries(
      files.sort().map(file => [file.slice(0, -'.hbs'.length), painted(join(partials, file))]),
    ),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new PaperroundError('template', `The template ${path} cannot be read: ${reasonOf(error)}`, {
      place: { file: path, line: null, excerpt: [] },
      cause: error,
    });
  }
}

/** A place in a file; the line from 1, the column from 0. */
export interface At {
  line: number;
  column: number;
}

/** The place of a character of some text. */
export function atOffset(text: string, offset: number): At {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) };
}

/** An error in a template. `at` is null where nobody can say the line. */
export function templateFault(
  { path, written }: TemplateFile,
  at: At | null,
  what: string,
  more: { details?: readonly string[]; hint?: string; cause?: unknown } = {},
): PaperroundError {
  const place = {
    file: path,
    line: at?.line ?? null,
    excerpt: at === null ? [] : excerptAround(written, at),
  };
  return new PaperroundError('template', `${path}${at === null ? '' : `, line ${at.line}`}: ${what}`, {
    ...more,
    place,
  });
}

const WIDEST = 160;
const AROUND = 2;

/** The lines around a place, each with its number, the one that is meant with ">". */
function excerptAround(text: string, { line, column }: At): string[] {
  const lines = text.split('\n');
  const first = Math.max(1, line - AROUND);
  const shown = lines.slice(first - 1, line + AROUND);
  const width = String(first + shown.length - 1).length;
  return shown.map((content, place) => {
    const number = first + place;
    const mark = number === line ? '>' : ' ';
    return `${mark} ${String(number).padStart(width)} | ${clipped(content, number === line ? column : 0)}`;
  });
}

// Control characters steer a terminal, bidi overrides turn text around.
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** At most 160 characters of a line, so that what stands at the column is among them. */
function clipped(line: string, column: number): string {
  const text = line.trimEnd().replace(UNPRINTABLE, ' ');
  if (text.length <= WIDEST) return text;
  const from = column < WIDEST - 40 ? 0 : Math.min(column - 60, text.length - WIDEST + 1);
  const start = from === 0 ? '' : '…';
  const room = WIDEST - start.length;
  const rest = text.slice(from + start.length);
  return start + (rest.length > room ? `${rest.slice(0, room - 1)}…` : rest);
}
