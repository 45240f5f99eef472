// A model as bytes, to be kept in a file or a database row: "PRTM", version, SHA-256, then a JSON header and arrays.
import { createHash } from 'node:crypto';
import { PaperroundError } from '../../errors.ts';
import type { StoredBackground } from './background.ts';
import type { Machines } from './machines.ts';

export interface StoredModel {
  background: StoredBackground;
  /** Of the themes that it was fitted for. */
  machines: Machines | null;
  /** Those of the model on which it was built: another view of every paper, whatever the themes are. */
  guides: Machines | null;
}

const MAGIC = 'PRTM';
const VERSION = 2;
const START = MAGIC.length + 1 + 32;

interface Header {
  papers: number;
  /** One a line. */
  words: string;
  pairs: number;
  dimensions: number;
  placed: number;
  /** Machines and guides. */
  taught: (Pick<Machines, 'slugs' | 'keywords'> | null)[];
}

/** The bytes of a model; equal models have equal bytes. */
export function pack({ background, machines, guides }: StoredModel): Uint8Array {
  const { vocabulary, lsa } = background;
  const header: Header = {
    papers: vocabulary.papers,
    words: vocabulary.words.join('\n'),
    pairs: vocabulary.pairs.length / 2,
    dimensions: lsa.columns,
    placed: lsa.scales.length,
    taught: [machines, guides].map(set => set && { slugs: set.slugs, keywords: set.keywords }),
  };
  const head = Buffer.from(JSON.stringify(header));
  const body = Buffer.concat([
    numbers([head.length], 'writeUInt32LE'),
    head,
    numbers(vocabulary.counts, 'writeUInt32LE'),
    numbers(vocabulary.pairs, 'writeUInt32LE'),
    numbers(lsa.scales, 'writeFloatLE'),
    Buffer.from(lsa.cells),
    ...[machines, guides].flatMap(set => [
      numbers(set?.biases ?? [], 'writeFloatLE'),
      numbers(set?.weights.scales ?? [], 'writeFloatLE'),
      Buffer.from(set?.weights.cells ?? []),
    ]),
  ]);
  return Uint8Array.from(Buffer.concat([Buffer.from(MAGIC), Buffer.from([VERSION]), digest(body), body]));
}

/** Four bytes each, little-endian on every machine. */
function numbers(values: ArrayLike<number>, write: 'writeUInt32LE' | 'writeFloatLE'): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (let at = 0; at < values.length; at++) bytes[write](values[at] as number, at * 4);
  return bytes;
}

const digest = (body: Uint8Array) => createHash('sha256').update(body).digest();

/**
 * Reads what `pack` wrote.
 * @throws PaperroundError `storage` when the bytes are no model, of another version, cut short or changed
 */
export function unpack(packed: Uint8Array): StoredModel {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (bytes.length < START || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw broken('it does not begin as one');
  const version = bytes[MAGIC.length];
  if (version !== VERSION)
    throw broken(`it has version ${version}, and this Paperround reads version ${VERSION}`);
  const body = bytes.subarray(START);
  if (!digest(body).equals(bytes.subarray(MAGIC.length + 1, START)))
    throw broken('its checksum is wrong; it is cut short or damaged');
  try {
    return read(body);
  } catch (error) {
    throw broken('its parts do not fit together', error);
  }
}

function broken(why: string, cause?: unknown): PaperroundError {
  return new PaperroundError('storage', `the stored theme model cannot be read: ${why}`, {
    hint: 'Delete it and fit it again; Paperround works without it, with the model that ships.',
    cause,
  });
}

/** Takes arrays from the front of the body, one after the other. */
function reader(body: Buffer) {
  let at = 0;
  const take = (length: number) => {
    if (at + length > body.length) throw new RangeError('too short');
    at += length;
    return body.subarray(at - length, at);
  };
  const view = (length: number) => {
    const { buffer, byteOffset } = take(length * 4);
    return new DataView(buffer, byteOffset, length * 4);
  };
  return {
    bytes: take,
    integers: (length: number) => {
      const array = new Int32Array(length);
      const from = view(length);
      for (let index = 0; index < length; index++) array[index] = from.getInt32(index * 4, true);
      return array;
    },
    floats: (length: number) => {
      const array = new Float32Array(length);
      const from = view(length);
      for (let index = 0; index < length; index++) array[index] = from.getFloat32(index * 4, true);
      return array;
    },
    cells: (length: number) => new Int8Array(new Uint8Array(take(length)).buffer),
    end: () => {
      if (at !== body.length) throw new RangeError('too long');
    },
  };
}

function read(body: Buffer): StoredModel {
  const from = reader(body);
  // The checksum has shown that `pack` wrote it; a schema would cost more than all the rest.
  const header = JSON.parse(from.bytes(from.integers(1)[0] as number).toString()) as Header;
  const words = header.words === '' ? [] : header.words.split('\n');
  const size = words.length + header.pairs;
  const counts = from.integers(size);
  const pairs = from.integers(header.pairs * 2);
  if (header.placed > size || pairs.some(word => word < 0 || word >= words.length))
    throw new RangeError('terms');
  const lsa = {
    scales: from.floats(header.placed),
    cells: from.cells(header.placed * header.dimensions),
    columns: header.dimensions,
  };
  const background = { vocabulary: { words, pairs, counts, papers: header.papers }, lsa };
  const [machines = null, guides = null] = header.taught.map(set => set && readMachines(from, set, size));
  from.end();
  return { background, machines, guides };
}

function readMachines(
  from: ReturnType<typeof reader>,
  { slugs, keywords }: Pick<Machines, 'slugs' | 'keywords'>,
  size: number,
): Machines {
  const columns = slugs.length;
  if (keywords.length !== columns) throw new RangeError('themes');
  const biases = from.floats(columns);
  const weights = { scales: from.floats(columns), cells: from.cells(size * columns), columns };
  return { slugs, keywords, biases, weights };
}
