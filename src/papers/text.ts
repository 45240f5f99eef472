// The single gateway for text that comes from outside: titles, abstracts, names, whatever a feed holds.
// What leaves here is one line of plain Unicode, safe to escape once and print anywhere.
import { decodeHTMLStrict } from 'entities/decode';
import { texToText } from './tex/tex.ts';

// Three kinds of characters go: control characters; those that turn text around or hide in it (bidi
// overrides and isolates, zero-width space, byte-order mark); and halves of surrogate pairs. Private-use
// characters go too, because the digest templates use U+E000–U+F8FF as their own markers.
// One class of characters: alternatives and a look-ahead take four times as long.
const UNWANTED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are removed
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u200b\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufeff\ud800-\udfff]/gu;
const WHITE_SPACE = /[\s\u0085]+/g;
const ENTITY = /&(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);/;

/** Any text from outside as one clean line: entities and TeX read, odd characters gone, spaces single. */
export function cleanText(source: string): string {
  const given = source.replace(UNWANTED, '').normalize('NFC');
  return texToText(decoded(given)).replace(UNWANTED, '').normalize('NFC').replace(WHITE_SPACE, ' ').trim();
}

// Some feeds escape what was escaped already (`&amp;amp;`). A third round could only undo what an author meant.
function decoded(text: string): string {
  if (!ENTITY.test(text)) return text;
  const once = decodeHTMLStrict(text);
  return ENTITY.test(once) ? decodeHTMLStrict(once) : once;
}
