// Edits the tags and the style sheets of a page and leaves every other byte of it as it is.
import { Parser } from 'htmlparser2';

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
  const parser = new Parser({
    onopentag(name, attributes, implied) {
      if (implied) return;
      const edited = editTag({ name, attributes });
      const text = edited === null || typeof edited === 'string' ? (edited ?? '') : written(edited);
      if (name === 'style') style = { from: parser.startIndex, textFrom: parser.endIndex + 1, tag: text };
      else put(parser.startIndex, parser.endIndex + 1, text);
    },
    onclosetag(name, implied) {
      if (name !== 'style' || style === undefined) return;
      const textTo = implied ? html.length : parser.startIndex;
      const text = editCss(html.slice(style.textFrom, textTo));
      const to = implied ? html.length : parser.endIndex + 1;
      put(style.from, to, text === null ? '' : `${style.tag}${text}</style>`);
      style = undefined;
    },
  });
  parser.end(html);
  return [...pieces, html.slice(done)].join('');
}

function written({ name, attributes }: Tag): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${pairs.join('')}>`;
}

/** A text as it may stand in an attribute or between tags. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
