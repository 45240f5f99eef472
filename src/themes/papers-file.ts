// Papers as JSON Lines, plain or compressed, from a file or a pipe: read line by line, every mistake with its line.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { PaperroundError, reasonOf } from '../errors.ts';
import { cleanText } from '../papers/text.ts';
import { parseJson } from '../text-file.ts';
import { wordsOf } from '../zod-words.ts';

const MEGABYTE = 1024 * 1024;

/** The largest file and the longest line that are read, in bytes, after decompression. */
export const LIMITS = { file: 200 * MEGABYTE, line: MEGABYTE } as const;

const Line = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  title: z.string(),
  abstract: z.string().nullish(),
});

/** One paper of such a file. `fields` holds the whole line as it was. */
export interface PaperLine {
  /** The id that it has, else the number of its line. */
  id: string | number;
  title: string;
  abstract: string;
  line: number;
  fields: Record<string, unknown>;
}

/**
 * The papers of a file of JSON Lines, gzip (known by its first bytes) or plain.
 * @throws PaperroundError `input` when it cannot be read, is too large or has a line that is no paper
 */
export async function* papersOfFile(path: string): AsyncGenerator<PaperLine> {
  let any = false;
  for await (const paper of papersOf(unpacked(path), path)) {
    any = true;
    yield paper;
  }
  if (!any) throw new PaperroundError('input', `${path} is empty`);
}

/**
 * The papers of a stream of JSON Lines of `{id?, title, abstract?}`; empty lines are skipped.
 * @param name what the stream is called in messages
 * @throws PaperroundError `input` that names the line
 */
export async function* papersOf(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<PaperLine> {
  for await (const { text, number } of linesOf(stream, name)) {
    const fields = parseJson(text, name, number);
    const parsed = Line.safeParse(fields);
    if (!parsed.success) {
      const issue = parsed.error.issues[0] as z.core.$ZodIssue;
      throw new PaperroundError(
        'input',
        `${name}, line ${number}: ${issue.path.join('.') || 'line'}: ${wordsOf(issue)}`,
        { hint: 'Each line is a paper: {"id": "…", "title": "…", "abstract": "…"}' },
      );
    }
    const { id = number, title, abstract } = parsed.data;
    yield {
      id,
      title: cleanText(title),
      abstract: cleanText(abstract ?? ''),
      line: number,
      fields: fields as Record<string, unknown>,
    };
  }
}

async function* unpacked(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    const first = await chunks.next();
    if (first.done) return;
    const rest = async function* () {
      yield first.value;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    };
    const compressed = first.value[0] === 0x1f && first.value[1] === 0x8b;
    yield* compressed ? gunzip(rest()) : rest();
  } catch (error) {
    if (error instanceof PaperroundError) throw error;
    throw new PaperroundError('input', `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  } finally {
    file.destroy();
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks);
  const out = createGunzip();
  source.once('error', error => out.destroy(error));
  try {
    yield* source.pipe(out);
  } finally {
    source.destroy();
    out.destroy();
  }
}

async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<{ text: string; number: number }> {
  let pending: Uint8Array[] = [];
  let [held, read, number] = [0, 0, 1];
  const hold = (bytes: Uint8Array) => {
    held += bytes.length;
    if (held > LIMITS.line) throw tooLong(`${name}, line ${number} is too long`, LIMITS.line);
    pending.push(bytes);
  };
  const take = () => {
    const text = held === 0 ? '' : decode(Buffer.concat(pending), `${name}, line ${number}`);
    [pending, held] = [[], 0];
    return { text, number: number++ };
  };
  for await (const chunk of stream) {
    read += chunk.length;
    if (read > LIMITS.file) throw tooLong(`${name} is too large`, LIMITS.file);
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      hold(chunk.subarray(start, end));
      const line = take();
      if (line.text.trim() !== '') yield line;
      start = end + 1;
    }
    hold(chunk.subarray(start));
  }
  const last = take();
  if (last.text.trim() !== '') yield last;
}

function tooLong(what: string, limit: number): PaperroundError {
  return new PaperroundError('input', what, { hint: `At most ${limit / MEGABYTE} MB are read; split it.` });
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PaperroundError('input', `${where} is not text: it is not UTF-8`, {
      hint: 'Give JSON Lines in UTF-8, or such a file compressed with gzip.',
    });
  }
}
