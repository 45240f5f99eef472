// MIME built once for a cut and spliced for each reader: what is theirs is a few lines, the rest is copied as it is.
import { createHash, type Hash } from 'node:crypto';
import type { ReaderParts } from './digest.ts';
import type { Logo } from './logo.ts';
import { dateField, field, relaxedField, toField } from './mime-fields.ts';
import { bodyOf, filled, type Piece, relaxedText, type Segment } from './mime-parts.ts';

/** What all readers of a cut share: the header fields, in order, and both parts with slots. */
export interface Mould {
  fields: readonly { name: string; value: Parameters<typeof field>[1] }[];
  html: readonly Piece[];
  text: readonly Piece[];
  logo: Logo | null;
}

/** A mould as bytes. Made by `compileMessage`, used by `spliceMessage`. */
export interface CompiledMessage {
  mould: Mould;
  /** The shared header fields, and the empty line that ends the header. */
  head: Buffer;
  segments: readonly Segment[];
  /** For a seal: the names of all fields in the order in which they are signed, the readers' own last. */
  names: readonly string[];
  /** For a seal: the shared fields as DKIM signs them. */
  relaxed: string;
  /** For a seal: SHA-256 over the body up to its first slot, made when it is first asked for. */
  begun?: Hash;
}

/** What is one reader's own in a message. */
export interface OwnParts {
  parts: ReaderParts;
  to: string;
  messageId: string;
  date: Date;
  /** Value of List-Unsubscribe: RFC 2369 §3.2; null in a mail to somebody who has nothing to leave. */
  leave: string | null;
}

/**
 * Signs a message (DKIM, RFC 6376).
 * @param names of its header fields, each once, in the order of `fields`; the same array for all messages of a cut
 * @param fields the fields, canonical by "relaxed"
 * @param bodyHash SHA-256 of the body, canonical by "relaxed", as base64
 * @returns the field or fields to put first, folded, each with its line end
 */
export type Seal = (names: readonly string[], fields: string, bodyHash: string) => Promise<string>;

const OWN = ['to', 'message-id', 'date', 'list-unsubscribe'];

/** Encodes and folds all that the readers of a cut share: milliseconds, once a cut. */
export function compileMessage(mould: Mould): CompiledMessage {
  const { contentType, segments } = bodyOf(mould.text, mould.html, mould.logo);
  const fields = [
    ...mould.fields.map(({ name, value }) => field(name, value)),
    'MIME-Version: 1.0\r\n',
    `Content-Type: ${contentType.replace('; ', ';\r\n ')}\r\n`,
    // A value of nothing is no field.
  ].filter(line => relaxedField(line).line.length > relaxedField(line).name.length + 3);
  const relaxed = fields.map(relaxedField);
  return {
    mould,
    head: Buffer.from(`${fields.join('')}\r\n`),
    segments,
    names: [...relaxed.map(({ name }) => name), ...OWN],
    relaxed: relaxed.map(({ line }) => line).join(''),
  };
}

/**
 * The message of one reader, as it goes over the wire: CRLF alone ends its lines, none begins with a dot, and a line of
 * one dot ends it (RFC 5321 §4.1.1.4). Microseconds. The same parts give the same bytes.
 */
export function spliceMessage(compiled: CompiledMessage, own: OwnParts): Buffer {
  return joinedUp(compiled, '', ownFields(own), slotsOf(compiled, own));
}

/** The same, signed where there is a seal: it takes as long as the signature. */
export async function spliceSealed(
  compiled: CompiledMessage,
  own: OwnParts,
  seal: Seal | null,
): Promise<Buffer> {
  const [fields, slots] = [ownFields(own), slotsOf(compiled, own)];
  const sealed = await seal?.(compiled.names, signed(compiled, fields), hashed(compiled, slots));
  return joinedUp(compiled, sealed ?? '', fields, slots);
}

/** What stands in the slots, each at the place of its segment. */
const slotsOf = ({ segments }: CompiledMessage, { parts }: OwnParts) =>
  segments.map(segment => ('slot' in segment ? filled(segment, parts) : ''));

function joinedUp(
  { head, segments }: CompiledMessage,
  sealed: string,
  fields: readonly string[],
  slots: readonly string[],
): Buffer {
  const start = `${sealed}${fields.join('')}`;
  let length = Buffer.byteLength(start) + head.length + END.length;
  for (const [n, segment] of segments.entries())
    length += 'slot' in segment ? (slots[n] as string).length : segment.bytes.length;
  const wire = Buffer.allocUnsafe(length);
  let at = wire.write(start);
  at += head.copy(wire, at);
  for (const [n, segment] of segments.entries())
    at += 'slot' in segment ? wire.write(slots[n] as string, at, 'latin1') : segment.bytes.copy(wire, at);
  END.copy(wire, at);
  return wire;
}

/** What ends a message on the wire, after its last line's end. */
export const END = Buffer.from('.\r\n');

const PLAIN_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>$/;
const PLAIN_LEAVE = /^<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>(?:, <[\x21-\x3b\x3d\x3f-\x7e]{1,900}>)?$/;

/** Nodemailer's rules make room for anything; what is plain is the same by them and need not wait for them. */
function ownFields({ to, messageId, date, leave }: OwnParts): string[] {
  const fields = [
    toField(to),
    PLAIN_ID.test(messageId) ? `Message-ID: ${messageId}\r\n` : field('Message-ID', messageId),
    dateField(date),
  ];
  if (leave !== null)
    fields.push(
      PLAIN_LEAVE.test(leave)
        ? `List-Unsubscribe: ${leave.replace(', ', ',\r\n ')}\r\n`
        : field('List-Unsubscribe', leave),
    );
  return fields;
}

const signed = (compiled: CompiledMessage, fields: readonly string[]) =>
  compiled.relaxed + fields.map(line => relaxedField(line).line).join('');

/** The body's hash. What stands before the first slot is hashed once for all readers. */
function hashed(compiled: CompiledMessage, slots: readonly string[]): string {
  const { segments } = compiled;
  const first = segments.findIndex(segment => 'slot' in segment);
  const from = first < 0 ? segments.length : first;
  if (compiled.begun === undefined) {
    compiled.begun = createHash('sha256');
    for (const segment of segments.slice(0, from))
      if (!('slot' in segment)) compiled.begun.update(segment.canonical);
  }
  const hash = compiled.begun.copy();
  for (let n = from; n < segments.length; n++) {
    const segment = segments[n] as Segment;
    hash.update('slot' in segment ? relaxedText(slots[n] as string) : segment.canonical);
  }
  return hash.digest('base64');
}
