// E-mail addresses: what may be one, and when two are the same.
import { domainToASCII } from 'node:url';
import { excerpt } from '../text-file.ts';

/** An address as its reader wrote it, and the key under which it is unique. */
export interface Address {
  address: string;
  key: string;
}

const ATOM = /^[^\s\p{Cc}\p{Cf}\p{Co}\p{Cs}()<>[\]:;@\\,."]+$/u;
/** What `domainToASCII` would read as the end of a URL's host, or decode, instead of refusing it. */
const URL_SYNTAX = /[/\\?#%:]/;

/**
 * Reads one bare address (RFC 5321 §4.1.2 dot-string, RFC 6531 for other scripts; no quoted local part, no comment, no
 * display name). The domain becomes its ASCII form; the key folds case, since hosts that tell `Ada` from `ada` are rarer
 * than people who type both.
 * @returns the address, or the problem in words
 */
export function readAddress(text: string): Address | { problem: string } {
  const shown = `"${excerpt(text)}"`;
  if (/[\r\n]/.test(text.trim()))
    return { problem: `${shown} holds a line break; allowed: one address, name@example.org` };
  const bare = text.trim().normalize('NFC');
  const at = bare.lastIndexOf('@');
  const [local, domain] = [bare.slice(0, at), bare.slice(at + 1)];
  const wrong = { problem: `${shown} is not an e-mail address; allowed: name@example.org` };
  if (at < 1 || !local.split('.').every(part => ATOM.test(part))) return wrong;
  const ascii = URL_SYNTAX.test(domain) ? '' : domainToASCII(domain);
  const address = `${local}@${ascii}`;
  if (!isHost(ascii) || Buffer.byteLength(local) > 64 || Buffer.byteLength(address) > 254) return wrong;
  return { address, key: `${local.toLowerCase()}@${ascii}` };
}

function isHost(ascii: string): boolean {
  const labels = ascii.split('.');
  const plain = labels.every(label => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  const named = labels.length > 1 && /[a-z]/.test(labels.at(-1) ?? '');
  return plain && (named || ascii === 'localhost') && ascii.length <= 253;
}
