// Small faults that real feeds have, mended before the XML reader sees them: each would cost it the feed or the text.
import { decodeHTMLStrict } from 'entities/decode';

// XML 1.0 section 2.2: characters that no document may hold, not even written as a reference.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are removed
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

// Sections whose text is taken as it stands, a `<` that opens no tag, and every `&` but those of XML's own entities.
// No feed has tags with other letters than these; a `<` before a Greek letter is a less-than.
const SUSPECT = /<!--|<!\[CDATA\[|<\?|<(?!\/?[A-Za-z_:]|!DOCTYPE)|&(?!(?:amp|lt|gt|quot|apos);)/g;

const REFERENCE = /&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});/y;

const CLOSES: Record<string, string> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };

/**
 * The document `text` without forbidden characters, with HTML's entities read (`&eacute;`) and with a bare `&` or `<`
 * written as XML wants it. Lines stay where they are. An entity that neither XML nor HTML knows becomes plain text.
 */
export function mend(text: string): string {
  const source = text.toWellFormed().replace(FORBIDDEN, '');
  const parts: string[] = [];
  let taken = 0;
  SUSPECT.lastIndex = 0;
  for (let found = SUSPECT.exec(source); found !== null; found = SUSPECT.exec(source)) {
    const close = CLOSES[found[0]];
    if (close !== undefined) {
      const end = source.indexOf(close, SUSPECT.lastIndex);
      if (end < 0) break;
      SUSPECT.lastIndex = end + close.length;
      continue;
    }
    const [length, mended] = found[0] === '<' ? [1, '&lt;'] : mendReference(source, found.index);
    parts.push(source.slice(taken, found.index), mended);
    taken = found.index + length;
    SUSPECT.lastIndex = taken;
  }
  return parts.join('') + source.slice(taken);
}

/** How many characters of `source` the reference at `at` takes, and what stands in their place. */
function mendReference(source: string, at: number): [number, string] {
  REFERENCE.lastIndex = at;
  const reference = REFERENCE.exec(source)?.[0];
  if (reference === undefined) return [1, '&amp;'];
  if (reference[1] === '#' && isCharacter(numberIn(reference))) return [reference.length, reference];
  // HTML reads &#150; as the dash that Windows had there, and what is no character as U+FFFD, which tells nobody anything.
  const meant = decodeHTMLStrict(reference).replace('\ufffd', '').replace(FORBIDDEN, '');
  if (meant === reference) return [1, '&amp;'];
  return [reference.length, meant.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)];
}

function numberIn(reference: string): number {
  const digits = reference.slice(2, -1);
  return /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits);
}

/** Whether XML and HTML agree that this number is a character (surrogates and what is forbidden are none). */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0x7f || (code > 0x9f && code < 0xd800) || (code > 0xdfff && code < 0xfffe) || isAstral(code);
}

const isAstral = (code: number) => code > 0xffff && code <= 0x10ffff;
