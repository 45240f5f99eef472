// Reads an XML document as a stream: its entries as small trees, one after the other, and what its head says apart.
// A fault ends the reading, and what stood before it is kept. Depth, entries and elements are bounded.
import { decodeXML } from 'entities/decode';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { PaperroundError } from '../../errors.ts';
import { excerpt } from '../../text-file.ts';
import { type Vocabulary, vocabularyOf, type XmlElement } from './elements.ts';
import { mend } from './xml-mending.ts';

export const XML_LIMITS = {
  depth: 100,
  entries: 20_000,
  elements: 100_000,
  headElements: 1_000,
  faults: 1_000,
};

export interface XmlDocument {
  /** The outermost element, without content; undefined: there is none. */
  root: XmlElement | undefined;
  /** The children of the channel or feed that are no entries. */
  head: XmlElement;
  /** What ended the reading early, with its line. */
  fault?: string;
}

/** What a kind of document calls its entries, and the element whose children are its head (undefined: the root). */
export interface Shape {
  entries: readonly string[];
  head: string | undefined;
}

// Faults after which saxes has lost its place, or what follows belongs to another document.
const FATAL =
  /unexpected close tag|unclosed tag|unexpected end|inappropriately located doctype|one root|incorrect syntax/;

class Stop extends Error {}

/** What is being read: one frame for each open element; those of no interest have no element. */
interface Frame {
  tag: string;
  element: XmlElement | undefined;
}

interface State {
  parser: SaxesParser<{ xmlns: true }>;
  open: Frame[];
  root: XmlElement | undefined;
  rootUri: string;
  shape: Shape | undefined;
  head: XmlElement;
  headElements: number;
  /** The entry that is open, and how many elements it has. */
  entry: XmlElement | undefined;
  elements: number;
  done: XmlElement[];
  count: number;
  /** The frame that the last event closed: saxes closes first and says then that the closing tag was wrong. */
  closed: Frame | undefined;
  /** Whether the last event was a tag, and saxes waits for the text after it. */
  inText: boolean;
  tagLine: number;
  vocabularies: Map<string, Vocabulary>;
}

/**
 * Reads the document `text`.
 * @param shapeOf says what kind of document has this root; it may throw, and then nothing is read
 * @param onEntry gets each entry that is complete, in order
 * @throws PaperroundError `input` when the document declares entities of its own, and whatever `shapeOf` throws
 */
export function readElements(
  text: string,
  where: string,
  shapeOf: (root: XmlElement) => Shape,
  onEntry: (entry: XmlElement, root: XmlElement) => void,
): XmlDocument {
  const state = newState();
  listen(state, where, shapeOf);
  const source = mend(text);
  let fault: string | undefined;
  for (let at = 0; fault === undefined && at < source.length; ) {
    const end = state.inText ? textEnd(source, at) : afterTag(source, at);
    const piece = source.slice(at, end);
    at = end;
    if (state.inText) takeText(state, piece);
    else fault = guarded(state, () => state.parser.write(piece));
    if (state.done.length > 0)
      for (const entry of state.done.splice(0)) onEntry(entry, state.root as XmlElement);
  }
  fault ??= guarded(state, () => state.parser.close());
  const { root, head } = state;
  return fault === undefined ? { root, head } : { root, head, fault };
}

function textEnd(source: string, from: number): number {
  const end = source.indexOf('<', from);
  return end < 0 ? source.length : end;
}

function afterTag(source: string, from: number): number {
  return source.indexOf('>', from) + 1 || source.length;
}

/**
 * Takes the text between two tags past saxes, which looks at each character: that is two thirds of the time. After the
 * mending it holds nothing but text and XML's own references.
 */
function takeText(state: State, piece: string): void {
  const text = piece.includes('\r') ? piece.replace(/\r\n?/g, '\n') : piece;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) state.parser.line++;
  state.inText = false;
  addText(state, decodeXML(text));
}

function addText(state: State, text: string): void {
  if (text !== '') state.open.at(-1)?.element?.content.push(text);
}

function guarded({ parser }: State, read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof PaperroundError) throw error;
    const why = error instanceof Stop ? error.message : 'the XML cannot be read from here on';
    return `line ${parser.line}: ${why}`;
  }
}

function newState(): State {
  return {
    // Documents that call themselves XML 1.1 would lose characters that HTML and feeds do have.
    parser: new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' }),
    open: [],
    root: undefined,
    rootUri: '',
    shape: undefined,
    head: { name: '', vocabulary: 'core', attributes: {}, content: [], line: 1 },
    headElements: 0,
    entry: undefined,
    elements: 0,
    done: [],
    count: 0,
    closed: undefined,
    inText: false,
    tagLine: 1,
    vocabularies: new Map(),
  };
}

function listen(state: State, where: string, shapeOf: (root: XmlElement) => Shape): void {
  const { parser, open } = state;
  let faults = 0;
  parser.on('error', ({ message }) => {
    if (FATAL.test(message)) throw stopped(state, message);
    if (++faults > XML_LIMITS.faults)
      throw new Stop(`more than ${XML_LIMITS.faults} faults; this is hardly XML`);
  });
  parser.on('doctype', doctype => {
    const subset = doctype.indexOf('[');
    if (subset < 0 || !doctype.includes('ENTITY', subset)) return;
    throw new PaperroundError(
      'input',
      `${where}, line ${parser.line}: the document declares entities of its own`,
      {
        hint: 'Such a document may grow without end or pull in other files. Feeds need none: remove its <!DOCTYPE …>.',
      },
    );
  });
  parser.on('opentagstart', () => {
    // A line break right after the name has been read already.
    state.tagLine = parser.column === 0 ? parser.line - 1 : parser.line;
  });
  parser.on('opentag', tag => {
    state.closed = undefined;
    state.inText = true;
    if (open.length >= XML_LIMITS.depth)
      throw new Stop(`elements stand in one another more than ${XML_LIMITS.depth} deep`);
    open.push({ tag: tag.name, element: opened(state, tag, shapeOf) });
  });
  parser.on('closetag', () => {
    state.closed = open.pop();
    // What stands after the outermost element is no text, and saxes should say so.
    state.inText = open.length > 0;
    if (state.closed?.element !== undefined && state.closed.element === state.entry)
      closeEntry(state, state.entry);
  });
  parser.on('text', text => addText(state, text));
  parser.on('cdata', text => addText(state, text));
}

function closeEntry(state: State, entry: XmlElement): void {
  state.entry = undefined;
  if (++state.count > XML_LIMITS.entries)
    throw new Stop(`there are more than ${XML_LIMITS.entries} entries; the rest is not read`);
  state.done.push(entry);
}

function stopped(state: State, message: string): Stop {
  const { open, closed, entry, done } = state;
  if (message.includes('unexpected close tag')) {
    if (closed?.element !== undefined && closed.element === done.at(-1)) done.pop();
    return new Stop(`<${excerpt(closed?.tag ?? '', 40)}> is not closed, another closing tag stands there`);
  }
  if (message.includes('unclosed tag')) {
    const frame = open.find(({ element }) => element !== undefined && element === entry) ?? open.at(-1);
    return new Stop(`the document ends inside <${excerpt(frame?.tag ?? '', 40)}>; it is truncated`);
  }
  if (message.includes('unexpected end')) return new Stop('the document ends inside a tag; it is truncated');
  return new Stop('a second document starts here; it is not read');
}

/** What becomes of an element that opens: an entry, part of one, part of the head, or nothing. */
function opened(state: State, tag: SaxesTagNS, shapeOf: (root: XmlElement) => Shape): XmlElement | undefined {
  const { root, shape, open } = state;
  if (root === undefined || shape === undefined) {
    state.rootUri = tag.uri;
    state.root = elementOf(state, tag);
    state.shape = shapeOf(state.root);
    return undefined;
  }
  const name = tag.local.toLowerCase();
  const parent = open.at(-1)?.element;
  if (state.entry !== undefined) {
    return parent === undefined || ++state.elements > XML_LIMITS.elements
      ? undefined
      : child(state, tag, parent);
  }
  if (parent === undefined && open.length <= 3 && shape.entries.includes(name)) {
    state.elements = 0;
    state.entry = elementOf(state, tag);
    return state.entry;
  }
  if (parent === undefined && name === shape.head && open.length === 1) return undefined;
  const isHead = shape.head === undefined ? open.length === 1 : isHeadChild(state);
  if ((parent === undefined && !isHead) || ++state.headElements > XML_LIMITS.headElements) return undefined;
  return child(state, tag, parent ?? state.head);
}

function isHeadChild({ open, shape }: State): boolean {
  const local = open.at(-1)?.tag.split(':').at(-1)?.toLowerCase();
  return open.length === 2 && local === shape?.head;
}

function child(state: State, tag: SaxesTagNS, parent: XmlElement): XmlElement {
  const element = elementOf(state, tag);
  parent.content.push(element);
  return element;
}

function elementOf(state: State, tag: SaxesTagNS): XmlElement {
  let vocabulary = state.vocabularies.get(tag.uri);
  if (vocabulary === undefined) {
    vocabulary = vocabularyOf(tag.uri, state.rootUri);
    // A document may declare as many namespaces as it likes.
    if (state.vocabularies.size < 1000) state.vocabularies.set(tag.uri, vocabulary);
  }
  return {
    name: tag.local.toLowerCase(),
    vocabulary,
    attributes: attributesOf(tag),
    content: [],
    line: state.tagLine,
  };
}

function attributesOf({ attributes }: SaxesTagNS): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const { prefix, local, value } of Object.values(attributes)) {
    if (prefix === 'xmlns' || local === 'xmlns') continue;
    const name = local.toLowerCase();
    if (prefix === '' || values[name] === undefined) values[name] = value;
  }
  return values;
}
