// Reads HTML as its events, with names in lower case and everything where it stands; nothing is mended on the way.
import { decodeHTML, decodeHTMLAttribute } from 'entities/decode';
import { Tokenizer } from 'htmlparser2';

export interface Attribute {
  name: string;
  /** As it is written, entities and all. */
  raw: string;
}

/** What is told while reading. `at` is where it begins in the source, `end` where the next thing does. */
export interface MarkupReader {
  open(name: string, attributes: readonly Attribute[], at: number, end: number): void;
  close(name: string, at: number, end: number): void;
  /** Text as it is written; inside `style` and `script` too. */
  text(raw: string, at: number): void;
  comment(text: string, at: number): void;
}

/** Elements that hold nothing (HTML, 13.1.2). */
export const VOID: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
);

/** Elements whose words are not shown. */
export const SILENT: ReadonlySet<string> = new Set(['head', 'title', 'style', 'script']);

/** Tells a reader of everything in some HTML, in order. Takes time in proportion to its length, whatever is in it. */
export function readMarkup(html: string, reader: MarkupReader): void {
  let name = '';
  let at = 0;
  let attributes: Attribute[] = [];
  let from = -1;
  let to = 0;
  const opened = (last: number) => reader.open(name, attributes, at, last + 1);
  const none = () => {};
  const tokens = new Tokenizer(
    { xmlMode: false, decodeEntities: false },
    {
      onopentagname(start, end) {
        name = html.slice(start, end).toLowerCase();
        at = start - 1;
        attributes = [];
      },
      onattribname(start, end) {
        attributes.push({ name: html.slice(start, end).toLowerCase(), raw: '' });
        from = -1;
      },
      onattribdata(start, end) {
        if (from < 0) from = start;
        to = end;
      },
      onattribend() {
        const last = attributes.at(-1);
        if (last !== undefined && from >= 0) last.raw = html.slice(from, to);
      },
      onopentagend: opened,
      // In HTML the slash means nothing: <p/> is <p>.
      onselfclosingtag: opened,
      onclosetag(start, end) {
        const last = html.indexOf('>', end);
        reader.close(html.slice(start, end).toLowerCase(), start - 2, last < 0 ? html.length : last + 1);
      },
      ontext: (start, end) => reader.text(html.slice(start, end), start),
      oncomment: (start, end) => reader.comment(html.slice(start, end), start),
      oncdata: none,
      ondeclaration: none,
      onprocessinginstruction: none,
      onattribentity: none,
      ontextentity: none,
      onend: none,
    },
  );
  tokens.write(html);
  tokens.end();
}

/** The text that a piece of source stands for. */
export const textOf = (raw: string) => (raw.includes('&') ? decodeHTML(raw) : raw);

/** The value of an attribute; undefined where it is not there. */
export function attributeOf(attributes: readonly Attribute[], name: string): string | undefined {
  const raw = attributes.find(one => one.name === name)?.raw;
  return raw?.includes('&') ? decodeHTMLAttribute(raw) : raw;
}
