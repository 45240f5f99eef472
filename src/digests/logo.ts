// The operator's logo: a small picture that travels in each mail, so that nothing is fetched when a mail is read.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { PaperroundError, reasonOf } from '../errors.ts';

/** A logo. `src` is what an `<img>` in a mail has; `width` and `height` are how large it is shown, in pixels of CSS. */
export interface Logo {
  src: string;
  width: number;
  height: number;
  /** Of the attachment: its name there and its Content-ID (RFC 2392 §2), without brackets. */
  filename: string;
  contentId: string;
  type: PictureType;
  bytes: Buffer;
}

type PictureType = 'image/png' | 'image/jpeg' | 'image/gif';

/** Every mail carries it, a third longer than it is. */
const MOST_BYTES = 50_000;
/** A file may be small and its picture too large to be unpacked on a phone. */
const MOST_PIXELS = 2_000;
const WIDEST = 240;
const HIGHEST = 80;

const ALLOWED = `allowed: a PNG, JPEG or GIF file of at most ${MOST_BYTES / 1000} kB and ${MOST_PIXELS} pixels a side`;

/**
 * Reads the logo of a path.
 * @throws PaperroundError `config` when it is no picture, cut off, too large or not there
 */
export function readLogo(path: string): Logo {
  const bytes = readSmall(path);
  const picture = pngOf(bytes) ?? jpegOf(bytes) ?? gifOf(bytes);
  if (picture === undefined) throw refused(path, 'is not a picture of a kind that all mail programs show');
  const { type, width, height, whole } = picture;
  if (!whole || width < 1 || height < 1) throw refused(path, 'is cut off or damaged');
  if (Math.max(width, height) > MOST_PIXELS) throw refused(path, `is ${width} × ${height} pixels`);
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  const contentId = `logo.${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}@paperround`;
  return {
    src: `cid:${contentId}`,
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    filename: `logo.${type.slice('image/'.length)}`,
    contentId,
    type,
    bytes,
  };
}

const refused = (path: string, why: string, cause?: unknown) =>
  new PaperroundError('config', `logo: ${path} ${why}`, { hint: ALLOWED, cause });

function readSmall(path: string): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    if (size > MOST_BYTES) throw refused(path, `has ${Math.ceil(size / 1000)} kB`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof PaperroundError) throw error;
    throw refused(path, `cannot be read: ${reasonOf(error)}`, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

interface Picture {
  type: PictureType;
  width: number;
  height: number;
  /** Whether the file goes on to its end. */
  whole: boolean;
}

/** PNG (Third Edition) §5.3 and §11.2.1: chunks of length, type, data and checksum, from IHDR to IEND. */
function pngOf(bytes: Buffer): Picture | undefined {
  if (bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined;
  const type = 'image/png';
  if (bytes.length < 33) return { type, width: 0, height: 0, whole: false };
  let [at, whole] = [8, false];
  while (!whole && at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    whole = bytes.toString('latin1', at + 4, at + 8) === 'IEND' && end <= bytes.length;
    at = end;
  }
  return { type, width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), whole };
}

/** JPEG (ITU-T T.81) §B.1.1: segments from SOI; the frame's header has the size; EOI ends it. */
function jpegOf(bytes: Buffer): Picture | undefined {
  if (bytes.length < 3 || bytes.readUIntBE(0, 3) !== 0xffd8ff) return undefined;
  const type = 'image/jpeg';
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    // DHT, JPG and DAC have the numbers of frames and are none.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const whole = bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) > at;
      return { type, height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7), whole };
    }
    // Any number of 0xff may stand before a marker.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return { type, width: 0, height: 0, whole: false };
}

/** GIF89a §18 and §27: the size of the logical screen, and the trailer. */
function gifOf(bytes: Buffer): Picture | undefined {
  if (!/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return undefined;
  const type = 'image/gif';
  if (bytes.length < 14) return { type, width: 0, height: 0, whole: false };
  return { type, width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8), whole: bytes.at(-1) === 0x3b };
}
