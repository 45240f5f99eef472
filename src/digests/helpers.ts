// What templates may call: safe links, marked words, wrapped lines.
import { createRequire } from 'node:module';
import type Handlebars from 'handlebars';
import { columnsOf } from './columns.ts';
import { escapeHtml, escapeText } from './escape.ts';
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

/** `{{mark text patterns}}`: the text with what the patterns find in bold. For text between tags only. */
function mark(text: unknown, patterns: unknown): string {
  const whole = String(text ?? '');
  const sought = Array.isArray(patterns) ? (patterns as RegExp[]) : [];
  if (sought.length === 0) return asHtml(escapeText(whole));
  const marked = pieces(whole, sought).map(({ text: piece, hit }) =>
    hit ? `<b>${escapeText(piece)}</b>` : escapeText(piece),
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

/** For the text part, where nothing is escaped and nothing is bold. */
export const HELPERS = { concat, pad, safeUrl, wrap, mark: (text: unknown) => String(text ?? '') };

/** For the HTML part. */
export const HTML_HELPERS = {
  concat,
  pad,
  wrap,
  mark,
  safeUrl: (url: unknown) => asHtml(escapeHtml(safeUrl(url))),
};
