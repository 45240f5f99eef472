// The body of a message as segments: bytes that all readers of a cut share, and between them places for one's own parts.
import { createHash } from 'node:crypto';
import type { ReaderParts } from './digest.ts';
import { escapeHtml } from './escape.ts';
import type { Logo } from './logo.ts';
import { encodeText, SOFT_BREAK } from './mime-text.ts';

/** A part that is one reader's own. */
export type Slot = keyof ReaderParts;
/** Text of a digest: as it is rendered, and slots. */
export type Piece = string | { slot: Slot };

/** Where a reader's own part goes. Its value begins a line and ends one, by soft breaks that the text does not show. */
export interface Place {
  slot: Slot;
  part: 'html' | 'text';
  open: string;
  close: string;
}

/** Bytes of the body, and the same as DKIM hashes them (RFC 6376 §3.4.4), made when they are asked for. */
interface Shared {
  bytes: Buffer;
  readonly canonical: Buffer;
}

export type Segment = Shared | Place;

// Private-use characters, which `cleanText` takes out of everything that comes from outside: nothing can forge a slot.
const MARK = /\ue002(address|unsubscribeUrl|preferencesUrl)\ue003/;

/** Reader's parts that leave slots where they are put into a digest. */
export const SLOTS = {
  address: '\ue002address\ue003',
  unsubscribeUrl: '\ue002unsubscribeUrl\ue003',
  preferencesUrl: '\ue002preferencesUrl\ue003',
} as const satisfies ReaderParts;

/** A digest into which `SLOTS` were put, in pieces. */
export function piecesOf(text: string): Piece[] {
  return text
    .split(MARK)
    .map((part, n): Piece => (n % 2 === 0 ? part : { slot: part as Slot }))
    .filter(piece => piece !== '');
}

/** The value of a slot as it stands in a part: in HTML, escaped. */
function slotValue(parts: ReaderParts, slot: Slot, part: 'html' | 'text'): string {
  const value = parts[slot] ?? '';
  return part === 'text' ? value : escapeHtml(value);
}

/** The part of one reader, as it was rendered. */
export function joined(pieces: readonly Piece[], parts: ReaderParts, part: 'html' | 'text'): string {
  return pieces
    .map(piece => (typeof piece === 'string' ? piece : slotValue(parts, piece.slot, part)))
    .join('');
}

/** The bytes of a slot for one reader; ASCII. */
export function filled({ slot, part, open, close }: Place, parts: ReaderParts): string {
  const value = slotValue(parts, slot, part);
  if (value !== '') return open + encodeText(value) + close;
  // Nothing stands there, but what follows begins a line.
  return close === '' ? '' : open;
}

/** The body of a message, its content type, and what is shared in it encoded once. RFC 2046 §5.1, RFC 2387. */
export function bodyOf(
  text: readonly Piece[],
  html: readonly Piece[],
  logo: Logo | null,
): { contentType: string; segments: Segment[] } {
  const boundary = boundaryOf(text, html);
  const [outer, inner] = [`${boundary}_1`, `${boundary}_2`];
  const shown = logo !== null && html.some(piece => typeof piece === 'string' && piece.includes(logo.src));
  const related = `Content-Type: multipart/related; type="text/html";\r\n boundary="${inner}"\r\n\r\n--${inner}\r\n`;
  const draft: (string | Place)[] = [
    `--${outer}\r\n${textHeader('plain')}`,
    ...encoded(text, 'text'),
    `\r\n--${outer}\r\n${shown ? related : ''}${textHeader('html')}`,
    ...encoded(html, 'html'),
    shown ? `\r\n--${inner}\r\n${picture(logo)}\r\n--${inner}--\r\n` : '',
    `\r\n--${outer}--\r\n`,
  ];
  return {
    contentType: `multipart/alternative; boundary="${outer}"`,
    segments: merged(draft).map(segment => (typeof segment === 'string' ? shared(segment) : segment)),
  };
}

const textHeader = (kind: string) =>
  `Content-Type: text/${kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;

/** The logo is shown in the text and not beside it (RFC 2183 §2.1). */
function picture({ filename, contentId, type, bytes }: Logo): string {
  const lines = bytes.toString('base64').match(/.{1,76}/g) ?? [];
  return [
    `Content-Type: ${type}; name=${filename}`,
    `Content-ID: <${contentId}>`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: inline; filename=${filename}`,
    '',
    ...lines,
  ].join('\r\n');
}

/** No encoded part can hold "=_" (RFC 2045 §6.7), so no text can end its part early. The same text, the same boundary. */
function boundaryOf(...parts: readonly (readonly Piece[])[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    // A slot is as no text can be: cleaned text has no NUL.
    for (const piece of part) hash.update(typeof piece === 'string' ? piece : `\0${piece.slot}\0`);
    hash.update('\0\0');
  }
  return `=_${hash.digest('hex').slice(0, 24)}`;
}

function encoded(given: readonly Piece[], part: 'html' | 'text'): (string | Place)[] {
  // Each text is encoded as if it began a line: what stands side by side is one.
  const pieces = merged(given);
  let atStart = true;
  return pieces.map((piece, n) => {
    const last = n === pieces.length - 1;
    if (typeof piece === 'string') {
      const text = encodeText(piece);
      atStart = text.endsWith('\r\n');
      return text;
    }
    const place = { slot: piece.slot, part, open: atStart ? '' : SOFT_BREAK, close: last ? '' : SOFT_BREAK };
    atStart = true;
    return place;
  });
}

function merged<T extends object>(draft: readonly (string | T)[]): (string | T)[] {
  const result: (string | T)[] = [];
  for (const segment of draft) {
    const before = result.at(-1);
    if (typeof segment === 'string' && typeof before === 'string')
      result[result.length - 1] = before + segment;
    else result.push(segment);
  }
  return result;
}

/** Encoded text as DKIM hashes it; white space at the end of a line is encoded already. */
export const relaxedText = (text: string) => text.replace(/[ \t]+/g, ' ');

function shared(text: string): Shared {
  const bytes = Buffer.from(text, 'latin1');
  let canonical: Buffer | undefined;
  return {
    bytes,
    get canonical() {
      canonical ??= relaxedBytes(bytes);
      return canonical;
    },
  };
}

function relaxedBytes(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const relaxed = relaxedText(text);
  return relaxed === text ? bytes : Buffer.from(relaxed, 'latin1');
}
