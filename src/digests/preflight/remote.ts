// What makes a mail program fetch something when a mail is opened: the sender would learn who reads, and when.
import { type Attribute, attributeOf } from './markup.ts';

const ALWAYS = new Set(['script', 'iframe', 'frame', 'object', 'embed', 'applet', 'base', 'portal']);
/** Attributes by which an element fetches something, or tells somebody. */
export const SOURCES = ['src', 'srcset', 'poster', 'background', 'data', 'ping', 'longdesc'];

/** Pictures that come with the mail. */
const WITHIN = /^\s*(?:cid:|data:)/i;

/** What an element fetches, in words, or undefined. */
export function remoteElement(name: string, attributes: readonly Attribute[]): string | undefined {
  if (ALWAYS.has(name)) return `<${name}>`;
  if (name === 'link') return `<link href="${attributeOf(attributes, 'href') ?? ''}">`;
  if (name === 'meta' && /^refresh$/i.test(attributeOf(attributes, 'http-equiv') ?? ''))
    return '<meta http-equiv="refresh">';
  for (const attribute of attributes) {
    if (attribute.name === 'style') {
      const found = remoteStyle(attributeOf([attribute], 'style') ?? '');
      if (found !== undefined) return `${found} in the style of <${name}>`;
    } else if (SOURCES.includes(attribute.name)) {
      const value = attributeOf([attribute], attribute.name) ?? '';
      if (value.trim() !== '' && !WITHIN.test(value)) return `<${name} ${attribute.name}="${value}">`;
    }
  }
  return undefined;
}

/** What some CSS fetches, or undefined. */
export function remoteStyle(css: string): string | undefined {
  if (/@import/i.test(css)) return '@import';
  for (const [, address = ''] of css.matchAll(/(?:url|src|image|image-set)\(\s*["']?([^)]{0,200})/gi))
    if (!WITHIN.test(address)) return `url(${address.replace(/["']$/, '')})`;
  return undefined;
}

/** What Outlook would fetch by a conditional comment, which it alone reads. */
export function remoteComment(comment: string): string | undefined {
  if (!/^\s*\[if\b/i.test(comment)) return undefined;
  const source = /\b(?:src|background)\s*=\s*["']?\s*((?:https?:)?\/\/[^\s"'>]{0,200})/i.exec(comment)?.[1];
  return source === undefined ? remoteStyle(comment) : `${source} in a comment for Outlook`;
}
