// Header fields: encoded and folded by nodemailer's own rules (RFC 2047, RFC 5322 §2.2.3, RFC 6532), one at a time.
import { encodeWord, foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { recent } from '../recent.ts';

/** RFC 5322 §2.1.1: no line has more, its end not counted. */
const LONGEST_LINE = 998;

type Value = Parameters<typeof MimeNode.encodeHeaderValue>[1];

/** Most fields of a digest are those of all others, and nodemailer makes a node of MIME to encode one. */
const kept = recent<string>(100);

/** One header field, encoded, folded, with its line end. */
export const field = (name: string, value: Value): string =>
  kept(JSON.stringify([name, value]), () => encoded(name, value));

function encoded(name: string, value: Value): string {
  const folded = foldLines(`${name}: ${MimeNode.encodeHeaderValue(name, value)}`, 76);
  if (typeof value !== 'string' || folded.split('\r\n').every(line => line.length <= LONGEST_LINE))
    return `${folded}\r\n`;
  // A word without an end: it can only be parted where it is encoded.
  return `${foldLines(`${name}: ${encodeWord(value, 'Q', 52)}`, 76)}\r\n`;
}

/** The field To. An address in plain ASCII stands for itself; others go by nodemailer's rules, in UTF-8 (RFC 6532). */
export function toField(address: string): string {
  return PLAIN_ADDRESS.test(address) && address.length < 300
    ? `To: ${address}\r\n`
    : field('To', { name: '', address });
}

const PLAIN_ADDRESS = /^[\w.+-]+@[a-z\d.-]+$/i;

/** The field Date, in the one form of RFC 5322 §3.3 that is the same everywhere. */
export const dateField = (date: Date) => `Date: ${date.toUTCString().replace('GMT', '+0000')}\r\n`;

/** A field as DKIM signs it (RFC 6376 §3.4.2): unfolded, its name in small letters, white space made one space. */
export function relaxedField(folded: string): { name: string; line: string } {
  const colon = folded.indexOf(':');
  const name = folded.slice(0, colon).trimEnd().toLowerCase();
  const value = folded
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ');
  return { name, line: `${name}:${value.replace(/^ | $/g, '')}\r\n` };
}
