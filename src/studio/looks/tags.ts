// Edits the tags and the style sheets of a page and leaves every other byte of it as it is.
import { escapeHtml } from '../../digests/escape.ts';
import { type Attribute, attributeOf, readMarkup } from '../../digests/preflight/markup.ts';

/** An opening tag with its attributes, entities resolved; names are in lower case. */
export interface Tag {
  name: string;
  attributes: Record<string, string>;
}

/** What becomes of a tag (null: gone) and of the text of a `<style>` (null: the whole element is gone). */
export interface Edit {
  tag: (tag: Tag) => Tag | string | null;
  css: (text: string) => string | null;
}

/** The page with every tag and every style sheet edited; comments, conditional ones too, stay as they are. */
export function editPage(html: string, { tag: editTag, css: editCss }: Edit): string {
  const pieces: string[] = [];
  let done = 0;
  const put = (from: number, to: number, text: string) => {
    pieces.push(html.slice(done, from), text);
    done = to;
  };
  let style: { from: number; textFrom: number; tag: string } | undefined;
  const endStyle = (textTo: number, to: number) => {
    if (style === undefined) return;
    const text = editCss(html.slice(style.textFrom, textTo));
    put(style.from, to, text === null ? '' : `${style.tag}${text}</style>`);
    style = undefined;
  };
  readMarkup(html, {
    open(name, attributes, at, end) {
      const edited = editTag({ name, attributes: valuesOf(attributes) });
      const text = edited === null || typeof edited === 'string' ? (edited ?? '') : written(edited);
      if (name === 'style') style = { from: at, textFrom: end, tag: text };
      else put(at, end, text);
    },
    close(name, at, end) {
      if (name === 'style') endStyle(at, end);
    },
    text() {},
    comment() {},
  });
  endStyle(html.length, html.length);
  return [...pieces, html.slice(done)].join('');
}

/** Of two attributes with one name the first one counts (HTML, 13.2.5.33). */
const valuesOf = (attributes: readonly Attribute[]): Record<string, string> =>
  Object.fromEntries(attributes.map(({ name }) => [name, attributeOf(attributes, name) ?? '']));

function written({ name, attributes }: Tag): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return `<${name}${pairs.join('')}>`;
}
