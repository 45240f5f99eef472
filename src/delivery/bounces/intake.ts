// The mails in a file, a mailbox, a folder or a pipe, one after the other, never more than one of them in memory.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PaperroundError, reasonOf } from '../../errors.ts';

/** One mail with where it was found, or why it could not be read. */
export type Taken = { where: string; bytes: Buffer } | { where: string; problem: string };

/** What is kept of one mail; what reports say stands at their beginning. */
const KEPT = 4 * 1024 * 1024;

/**
 * The mails of `path`: a single message, an mbox (RFC 4155), a folder of messages or a Maildir.
 * @throws PaperroundError `input` when there is nothing at `path` that can be read; a single file of a folder is told of
 */
export async function* mailsAt(path: string): AsyncGenerator<Taken> {
  const found = await look(path);
  if (found.isDirectory()) yield* mailsIn(path);
  else
    try {
      yield* mailsOf(createReadStream(path), path);
    } catch (error) {
      throw new PaperroundError('input', `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
    }
}

async function look(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw new PaperroundError('input', `${path} cannot be read: ${reasonOf(error)}`, {
      hint: 'Give a message, an mbox, a folder of messages, a Maildir, or - for standard input.',
      cause: error,
    });
  }
}

/** A folder's files, and those of a Maildir's `new` and `cur`; what is still being written into its `tmp` is not there yet. */
async function* mailsIn(folder: string): AsyncGenerator<Taken> {
  const entries = await readdir(folder, { withFileTypes: true });
  const shown = entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of shown) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === 'new' || entry.name === 'cur') yield* mailsIn(path);
      continue;
    }
    try {
      yield* mailsOf(createReadStream(path), path);
    } catch (error) {
      yield { where: path, problem: reasonOf(error) };
    }
  }
}

/** The mails of a stream: one, or those of an mbox where it begins as one ("From …"). Nothing where it is empty. */
export async function* mailsOf(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<Taken> {
  let rest: Buffer = Buffer.alloc(0);
  let mbox: boolean | undefined;
  let number = 1;
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    if (mbox === undefined && rest.length >= FROM.length) mbox = rest.subarray(0, 5).equals(FROM);
    if (mbox) {
      for (;;) {
        const end = nextFrom(rest);
        if (end === undefined) break;
        yield { where: `${name}, mail ${number++}`, bytes: unquoted(rest.subarray(0, end)) };
        rest = rest.subarray(end);
      }
    }
    // The end stays, for the next mail may begin in it.
    if (rest.length > KEPT + TAIL)
      rest = Buffer.concat([rest.subarray(0, KEPT), rest.subarray(rest.length - TAIL)]);
  }
  if (rest.toString('latin1', 0, 100).trim() === '') return;
  if (mbox) yield { where: `${name}, mail ${number}`, bytes: unquoted(rest) };
  else yield { where: name, bytes: rest };
}

const FROM = Buffer.from('From ');
const TAIL = 1024;

/** Where the next mail of an mbox begins: a line "From … 12:34:56 …" after an empty one, with the line wholly there. */
function nextFrom(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf('\nFrom '); at >= 0; at = bytes.indexOf('\nFrom ', at + 1)) {
    const before = bytes[at - 1] === 0x0d ? bytes[at - 2] : bytes[at - 1];
    const end = bytes.indexOf(0x0a, at + 1);
    if (end < 0) return undefined;
    if (before === 0x0a && /\d\d:\d\d/.test(bytes.toString('latin1', at + 1, Math.min(end, at + 300))))
      return at + 1;
  }
  return undefined;
}

/** A mail of an mbox without its "From " line; lines that were quoted for it (">From ") are as they were. */
function unquoted(bytes: Buffer): Buffer {
  const start = bytes.indexOf(0x0a) + 1;
  const mail = bytes.subarray(start);
  return mail.includes('\n>From ')
    ? Buffer.from(mail.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1')
    : mail;
}
