// A mail's HTML as it is met by its reader: its words, its links and headings, and what is wrong with its markup.
import { excerpt } from '../../text-file.ts';
import { type Attribute, attributeOf, readMarkup, SILENT, textOf } from './markup.ts';
import { nesting } from './nesting.ts';
import { remoteComment, remoteElement, remoteStyle } from './remote.ts';

/** Something at a place in the words. */
export interface At {
  what: string;
  at: number;
}

/** A link: its address, and where in the words its text stands. */
interface Link {
  url: string;
  from: number;
  to: number;
}

export interface Page {
  /** All that is visible, in one line; a space for every border between blocks. */
  words: string;
  links: Link[];
  headings: { level: number; from: number; to: number }[];
  /** Elements that are not nested as they should be. */
  faults: At[];
  /** Attributes that are written carelessly. */
  slips: At[];
  /** What would be fetched. */
  remote: At[];
}

/** Elements that do not part words. */
const INLINE = new Set(
  'a abbr b bdi bdo cite code em i mark q s small span strong sub sup u font'.split(' '),
);

/** An ampersand that begins no character reference (HTML, 13.1.4). */
const BARE_AMPERSAND = /&(?!(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][\da-z]{1,31});)/i;

/** Reads a page in one go: well below a millisecond for 30 papers. */
export function readPage(html: string): Page {
  const page: Page = { words: '', links: [], headings: [], faults: [], slips: [], remote: [] };
  const nest = nesting();
  const pieces: string[] = [];
  let length = 0;
  let last = ' ';
  let silent = 0;
  let link: Link | undefined;
  let heading: Page['headings'][number] | undefined;
  const say = (text: string) => {
    const piece = last === ' ' && text.startsWith(' ') ? text.slice(1) : text;
    if (piece === '') return;
    pieces.push(piece);
    length += piece.length;
    last = piece.at(-1) as string;
  };
  const fault = (what: string | undefined, at: number) => {
    if (what !== undefined)
      page.faults.push({
        what: `${what}: ${excerpt(html.slice(Math.max(0, at - 20), at + 60), 70)}`,
        at: length,
      });
  };
  const fetched = (what: string | undefined) => {
    if (what !== undefined) page.remote.push({ what: excerpt(what, 90), at: length });
  };
  readMarkup(html, {
    open(name, attributes, at) {
      fault(nest.open(name), at);
      if (SILENT.has(name)) silent++;
      if (!INLINE.has(name) && silent === 0) say(' ');
      fetched(remoteElement(name, attributes));
      for (const what of slipsOf(name, attributes)) page.slips.push({ what, at: length });
      const url = name === 'a' || name === 'area' ? attributeOf(attributes, 'href') : undefined;
      if (url !== undefined) {
        link = { url, from: length, to: length };
        page.links.push(link);
      }
      if (/^h[1-6]$/.test(name)) {
        heading = { level: Number(name[1]), from: length, to: length };
        page.headings.push(heading);
      }
    },
    close(name, at) {
      const was = SILENT.has(name) && nest.within(name);
      fault(nest.close(name), at);
      if (was) silent--;
      if (name === 'a' && link) {
        link.to = length;
        link = undefined;
      }
      if (/^h[1-6]$/.test(name) && heading) {
        heading.to = length;
        heading = undefined;
      }
      if (!INLINE.has(name) && silent === 0) say(' ');
    },
    text(raw, at) {
      if (silent > 0) {
        if (nest.within('style')) fetched(remoteStyle(raw));
        return;
      }
      const text = spaced(textOf(raw));
      if (text !== ' ' && text !== '') fault(nest.text(), at);
      say(text);
    },
    comment: text => fetched(remoteComment(text)),
  });
  for (const what of nest.end()) page.faults.push({ what, at: length });
  page.words = pieces.join('');
  return page;
}

const STEERING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text with every run of blanks as one space, and without the marks that only steer its direction. */
export function spaced(text: string): string {
  const plain = text.search(STEERING) < 0 ? text : text.replace(STEERING, '');
  const even = plain.replace(/[^\S ]/g, ' ');
  return even.includes('  ') ? even.replace(/ {2,}/g, ' ') : even;
}

/** A text as it is compared: in one line, without marks of direction and without blanks around it. */
export const oneLine = (text: string) => spaced(text).trim();

function slipsOf(element: string, attributes: readonly Attribute[]): string[] {
  const slips: string[] = [];
  for (const [place, { name, raw }] of attributes.entries()) {
    if (attributes.findIndex(one => one.name === name) < place)
      slips.push(`<${element}> has two attributes ${name}; the second is ignored`);
    if (raw.includes('&') && BARE_AMPERSAND.test(raw))
      slips.push(`an & that should be &amp; in ${name}="${excerpt(raw, 60)}"`);
  }
  return slips;
}
