// Quoted-printable (RFC 2045 §6.7) in pieces that stay valid wherever they land: each begins a line, none needs its
// neighbours to know where its lines end.

/** At the end of a line that goes on: a "=", which takes the last of the 76 characters that a line may have. */
export const SOFT_BREAK = '=\r\n';
const LONGEST = 75;

const HEX = Buffer.from('0123456789ABCDEF', 'latin1');
const [TAB, LF, CR, SPACE, DOT, EQUALS, CAPITAL_F] = [0x09, 0x0a, 0x0d, 0x20, 0x2e, 0x3d, 0x46];

/** 1 for what may stand for itself wherever it stands within a line. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte > SPACE && byte < 0x7f && byte !== EQUALS),
);

/**
 * Encodes text whose first character begins a line. LF and CRLF are line ends; a lone CR is a character. White space at
 * the end of a line is encoded, also at the end of all, where nobody knows what follows. No line begins with a dot or
 * with "From ": servers and mailboxes change such lines (RFC 5321 §4.5.2, RFC 4155).
 * @returns ASCII, in lines of at most 76 characters
 */
export function encodeText(text: string): string {
  const input = Buffer.from(text);
  // A byte takes three characters at most, and a line of 75 a break of three.
  const output = Buffer.allocUnsafe(input.length * 3 + 3 * Math.ceil((input.length * 3) / 60) + 3);
  let [to, column] = [0, 0];
  for (let at = 0; at < input.length; at++) {
    const byte = input[at] as number;
    // Most bytes: a plain one in the midst of a line.
    if (PLAIN[byte] === 1 && column > 0 && column < LONGEST) {
      output[to++] = byte;
      column++;
      continue;
    }
    if (byte === LF || (byte === CR && input[at + 1] === LF)) {
      if (byte === CR) at++;
      to = put(output, to, CR, LF);
      column = 0;
      continue;
    }
    const plain = isPlain(input, at);
    // The bytes of one character stay together.
    const width = plain ? 1 : 3 * sequenceLength(byte);
    if (column > 0 && column + width > LONGEST) {
      to = put(output, to, EQUALS, CR, LF);
      column = 0;
    }
    if (plain && !(column === 0 && needsCover(input, at))) {
      output[to++] = byte;
      column++;
    } else {
      to = put(output, to, EQUALS, HEX[byte >> 4] as number, HEX[byte & 15] as number);
      column += 3;
    }
  }
  return output.toString('latin1', 0, to);
}

function put(output: Buffer, at: number, a: number, b: number, c?: number): number {
  output[at] = a;
  output[at + 1] = b;
  if (c === undefined) return at + 2;
  output[at + 2] = c;
  return at + 3;
}

/** Whether a byte may stand for itself. */
function isPlain(input: Buffer, at: number): boolean {
  const byte = input[at] as number;
  if (byte !== SPACE && byte !== TAB) return PLAIN[byte] === 1;
  const next = input[at + 1];
  return next !== undefined && next !== LF && next !== CR;
}

/** Bytes of the UTF-8 sequence that a byte begins; 1 for those in its middle. */
const sequenceLength = (byte: number) => (byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4);

/** What must not begin a line as it is. */
function needsCover(input: Buffer, at: number): boolean {
  const byte = input[at];
  return byte === DOT || (byte === CAPITAL_F && input.toString('latin1', at, at + 5) === 'From ');
}
