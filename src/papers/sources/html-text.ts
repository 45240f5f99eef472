// The readable text of a piece of HTML as feeds carry it: no tags, no scripts, entities decoded once, in linear time.
import { decodeHTMLStrict } from 'entities/decode';

const words = (text: string) => new Set(text.split(' '));

const BLOCKS = words(
  'address article aside blockquote br caption cite dd details div dl dt fieldset figcaption figure footer form h1 h2 ' +
    'h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead title tr ul sec',
);

const INLINE = words(
  'a abbr acronym area audio b base bdi bdo big body button canvas center code col colgroup data datalist del dfn em ' +
    'embed font frame head html i iframe img input ins kbd label link map mark meta meter noscript object optgroup ' +
    'option output param picture progress q rp rt ruby s samp script select slot small source span strike strong style ' +
    'sub sup svg template textarea time track tt u var video wbr annotation annotation-xml italic bold inf sc ' +
    'math maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms ' +
    'mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics',
);

// What a browser does not show. A formula's annotation says it a second time, mostly in TeX.
const UNREAD = words('script style template annotation annotation-xml textarea iframe noscript');

/** Whether text before and after this element does not belong to one word. */
export const isBlock = (name: string) => BLOCKS.has(localName(name));

/** Whether what stands in this element is nothing to read. */
export const isUnread = (name: string) => UNREAD.has(localName(name));

// JATS and MathML come with a prefix: <jats:p>, <mml:math>.
const localName = (name: string) => name.slice(name.indexOf(':') + 1).toLowerCase();

const TAG = /<\/?([A-Za-z][A-Za-z0-9:-]{0,30})(?=[\s/>])([^<>]{0,4000})>/y;

/**
 * The text of `html` as one line. What no browser would take for a tag stays: in `p < 0.05` and `x<y` the `<` is a
 * less-than. Text of `sub` and `sup` stays where it is; paragraphs and the like are set apart by a space.
 */
export function htmlToText(html: string): string {
  const parts: string[] = [];
  let taken = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    const [end, between] = markupAt(html, at);
    if (end === at) {
      at++;
      continue;
    }
    parts.push(html.slice(taken, at), between);
    taken = end;
    at = end;
  }
  parts.push(html.slice(taken));
  return decodeHTMLStrict(parts.join('')).replace(/\s+/g, ' ').trim();
}

/** Where the markup at `at` ends (at `at` itself: it is none), and what takes its place. */
function markupAt(html: string, at: number): [number, string] {
  if (html.startsWith('<!--', at)) return [after(html, '-->', at + 4), ''];
  if (html.startsWith('<![CDATA[', at)) return [at + 9, ''];
  TAG.lastIndex = at;
  const tag = TAG.exec(html);
  const name = localName(tag?.[1] ?? '');
  if (tag === null || !isKnown(tag[1] ?? '') || !areAttributes(tag[2] ?? '')) return [at, ''];
  const end = at + tag[0].length;
  if (UNREAD.has(name) && !tag[0].startsWith('</') && !tag[0].endsWith('/>'))
    return [endOfUnread(html, tag[1] ?? '', end), ' '];
  return [end, BLOCKS.has(name) ? ' ' : ''];
}

const isKnown = (name: string) =>
  /:\w/.test(name) || BLOCKS.has(name.toLowerCase()) || INLINE.has(name.toLowerCase());

/** In "a<b and c > d" what stands between `<b` and `>` are no attributes. */
const areAttributes = (rest: string) => rest.includes('=') || !/\S\s+\S/.test(rest);

function after(html: string, close: string, from: number): number {
  const end = html.indexOf(close, from);
  return end < 0 ? html.length : end + close.length;
}

function endOfUnread(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}[^<>]{0,100}>`, 'gi');
  close.lastIndex = from;
  return close.exec(html) === null ? html.length : close.lastIndex;
}
