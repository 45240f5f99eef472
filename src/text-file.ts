// Reading a text file that somebody handed in: its size, its encoding and its JSON, with errors that name the line.
import { open, readFile } from 'node:fs/promises';
import { PaperroundError, reasonOf } from './errors.ts';

const MEGABYTE = 1024 * 1024;

// Control characters steer a terminal, bidi overrides turn text around.
const UNPRINTABLE = /[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

/** A short, printable excerpt of untrusted text for a message: one line, at most `length` characters. */
export function excerpt(text: string, length = 60): string {
  const line = text.slice(0, length * 4).replace(UNPRINTABLE, ' ');
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/**
 * Reads a whole text file (UTF-8, or UTF-16 with a byte order mark).
 * @param limit largest size in bytes
 * @throws PaperroundError `input` when it is missing, too large, empty or not text
 */
export async function readTextFile(path: string, limit = 20 * MEGABYTE): Promise<string> {
  return textOf(path, await readBounded(path, limit));
}

/**
 * Reads a whole text that is piped in, as `readTextFile` reads a file.
 * @param name what it is called in messages
 */
export async function readTextStream(
  name: string,
  stream: AsyncIterable<Buffer>,
  limit = 20 * MEGABYTE,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw tooLarge(name, size, limit);
    chunks.push(chunk);
  }
  return textOf(name, Buffer.concat(chunks));
}

function textOf(name: string, bytes: Buffer): string {
  const text = decode(name, bytes);
  if (text.trim() === '') throw new PaperroundError('input', `${name} is empty`);
  return text;
}

async function readBounded(path: string, limit: number): Promise<Buffer> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    handle = await open(path, 'r');
    const { size } = await handle.stat();
    if (size > limit) throw tooLarge(path, size, limit);
    return await readFile(handle);
  } catch (error) {
    if (error instanceof PaperroundError) throw error;
    throw new PaperroundError('input', `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  } finally {
    await handle?.close();
  }
}

const tooLarge = (name: string, size: number, limit: number) =>
  new PaperroundError('input', `${name} is too large: ${megabytes(size)} MB`, {
    hint: `At most ${megabytes(limit)} MB are read at once; split the file.`,
  });

const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0);

function decode(path: string, bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw notText(path, `byte ${nul + 1} is a NUL`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notText(path, 'it is not UTF-8');
  }
}

function notText(path: string, why: string): PaperroundError {
  return new PaperroundError('input', `${path} is not a text file: ${why}`, {
    hint: 'Give a text file in UTF-8 (or UTF-16 with a byte order mark).',
  });
}

/** The line (from 1) in which the character at `offset` of `text` stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/**
 * Parses JSON that came from the file `path`, whose first line is line `firstLine`.
 * @throws PaperroundError `input` with file, line and what was expected
 */
export function parseJson(text: string, path: string, firstLine = 1): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const end = text.trimEnd().length;
    const fault = Math.min(faultAt(text, message), end);
    const line = firstLine - 1 + lineAt(text, fault);
    const why = fault === end ? 'the file ends too early; is it truncated?' : plain(message);
    throw new PaperroundError('input', `${path}, line ${line}: not valid JSON: ${why}`, { cause: error });
  }
}

/** Where the fault stands. V8 names no place for an unexpected token: the shortest beginning that has it ends in it. */
function faultAt(text: string, message: string): number {
  if (!isUnexpectedToken(message)) return Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
  let [without, having] = [0, text.length];
  while (having - without > 1) {
    const middle = (without + having) >> 1;
    if (isUnexpectedToken(faultOf(text.slice(0, middle)))) having = middle;
    else without = middle;
  }
  return having - 1;
}

const isUnexpectedToken = (message: string) => message.startsWith('Unexpected token');

function faultOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** V8 quotes the neighbourhood of the fault; keep its reason, drop the quotation, which may be megabytes or binary. */
function plain(message: string): string {
  const reason = isUnexpectedToken(message)
    ? message.replace(/^(Unexpected token '.*?'), .*$/s, '$1')
    : message.replace(/ (?:in JSON )?at position.*$/s, '');
  return excerpt(reason, 80);
}

/** The line (from 1) at which each element of the JSON array `text` starts; `text` must already have parsed. */
export function elementLines(text: string): number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  let expecting = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '\n') line++;
    if (c <= ' ') continue;
    if (expecting && depth === 1 && c !== ']') {
      lines.push(line);
      expecting = false;
    }
    if (c === '"') at = endOfString(text, at);
    else if (c === '[' || c === '{') expecting = ++depth === 1;
    else if (c === ']' || c === '}') depth--;
    else if (c === ',') expecting = depth === 1;
  }
  return lines;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
