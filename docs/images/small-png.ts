// Makes a browser's picture small: at most 256 colours, one byte a pixel. Pictures of text lose nothing that is seen.
import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** The same picture with a palette. `png` is as browsers write it: 8 bits a channel, not interlaced (RFC 2083). */
export function smallPng(png: Buffer): Buffer {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const pixels = unfiltered(inflateSync(dataOf(png)), width * channels, channels);
  const colours = new Uint32Array(width * height);
  for (let n = 0; n < colours.length; n++) colours[n] = pixels.readUIntBE(n * channels, 3);
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = paletteOf(common);
  const places = new Map(common.map(colour => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (const [n, colour] of colours.entries())
    rows[n + Math.floor(n / width) + 1] = places.get(colour) as number;
  const header = Buffer.from(png.subarray(16, 29));
  header[9] = 3;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9, strategy: constants.Z_DEFAULT_STRATEGY })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const channelsOf = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The most common colours that do not look alike, so that a rare one, such as a link's, has its place too. */
function paletteOf(common: readonly number[]): number[] {
  const palette: number[] = [];
  for (const colour of common) {
    if (palette.length === 256) break;
    const like = palette[nearest(palette, colour)];
    if (like === undefined || distance(like, colour) > ALIKE) palette.push(colour);
  }
  return palette;
}

/** The square of the way between two colours below which nobody sees a difference in a letter's edge. */
const ALIKE = 100;

function distance(one: number, other: number): number {
  const [a, b] = [channelsOf(one), channelsOf(other)];
  return a.reduce((sum, channel, n) => sum + (channel - (b[n] as number)) ** 2, 0);
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [place, one] of palette.entries()) {
    const way = distance(one, colour);
    if (way < least) [best, least] = [place, way];
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** What all IDAT chunks hold together. */
function dataOf(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return Buffer.concat(parts);
}

/** Undoes the filters of PNG (RFC 2083 §6): each row says in its first byte from which neighbours it was taken. */
function unfiltered(rows: Buffer, stride: number, step: number): Buffer {
  const out = Buffer.alloc((rows.length / (stride + 1)) * stride);
  for (let row = 0; row * (stride + 1) < rows.length; row++) {
    const filter = rows[row * (stride + 1)];
    for (let n = 0; n < stride; n++) {
      const at = row * stride + n;
      const left = n < step ? 0 : (out[at - step] as number);
      const up = row === 0 ? 0 : (out[at - stride] as number);
      const corner = row === 0 || n < step ? 0 : (out[at - stride - step] as number);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter as number] as number;
      out[at] = ((rows[row * (stride + 1) + 1 + n] as number) + guess) & 255;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
