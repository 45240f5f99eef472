// What templates may call: safe links, marked words, wrapped lines.
import { createRequire } from 'node:module';
import type Handlebars from 'handlebars';
import { pieces } from './match.ts';

const require = createRequire(import.meta.url);

let SafeString: typeof Handlebars.SafeString | undefined;

/** HTML that stays as it is where a template names it. */
function asHtml(html: string): string {
  SafeString ??= (require('handlebars/runtime') as typeof Handlebars).SafeString;
  return new SafeString(html) as unknown as string;
}

/** Only web and mail addresses become links: Handlebars escapes HTML, but lets `javascript:` through. */
function safeUrl(url: unknown): string {
  const text = String(url ?? '');
  return /^(?:https?:\/\/|mailto:|\ue000)/i.test(text) ? text : '#';
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes what ends a text or a quoted attribute. Handlebars writes "=" and "`" as entities too, which takes room. */
const escaped = (text: string) => text.replace(/[&<>"']/g, c => ENTITIES[c] as string);
/** Escapes text between tags, where an apostrophe does nothing. A quote would look like a link's to a simple reader. */
const escapedText = (text: string) => text.replace(/[&<>"]/g, c => ENTITIES[c] as string);

/** `{{mark text patterns}}`: the text with what the patterns find in bold. For text between tags only. */
function mark(text: unknown, patterns: unknown): string {
  const whole = String(text ?? '');
  const sought = Array.isArray(patterns) ? (patterns as RegExp[]) : [];
  if (sought.length === 0) return asHtml(escapedText(whole));
  const marked = pieces(whole, sought).map(({ text: piece, hit }) =>
    hit ? `<b>${escapedText(piece)}</b>` : escapedText(piece),
  );
  return asHtml(marked.join(''));
}

/** Puts pieces of text together, so that they can be wrapped as one. */
const concat = (...parts: unknown[]) => parts.slice(0, -1).join('');

/** Fills up to a width with spaces: behind the text, or before it where the width is negative. */
function pad(text: unknown, width: unknown): string {
  const word = String(text ?? '');
  const spaces = ' '.repeat(Math.max(0, Math.abs(Number(width) || 0) - columnsOf(word)));
  return Number(width) < 0 ? spaces + word : word + spaces;
}

const COLUMNS = 72;

/** Wraps text at 72 columns, each line after the first indented by `indent` spaces; long words (links) stay whole. */
function wrap(text: unknown, indent: unknown): string {
  const margin = Number(indent) || 0;
  const lines: string[] = [];
  let [line, width] = ['', 0];
  for (const word of String(text ?? '').split(' ')) {
    const columns = columnsOf(word);
    if (line !== '' && margin + width + 1 + columns > COLUMNS) {
      lines.push(line);
      [line, width] = [word, columns];
    } else if (line === '') [line, width] = [word, columns];
    else {
      line += ` ${word}`;
      width += 1 + columns;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(margin)}`);
}

/** Letters that a terminal shows in two columns (UAX #11: wide and fullwidth), and marks that take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_COLUMN = /[\p{M}\u200b-\u200f\u2066-\u2069]/u;

function columnsOf(word: string): number {
  if (/^[\x20-\u02ff]*$/.test(word)) return word.length;
  let columns = 0;
  for (const letter of word) columns += NO_COLUMN.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return columns;
}

/** For the text part, where nothing is escaped and nothing is bold. */
export const HELPERS = { concat, pad, safeUrl, wrap, mark: (text: unknown) => String(text ?? '') };

/** For the HTML part. */
export const HTML_HELPERS = {
  concat,
  pad,
  wrap,
  mark,
  safeUrl: (url: unknown) => asHtml(escaped(safeUrl(url))),
};
