// Finds the DOI in what publishers write in its place: in links, guids, and lines of small print.
import { doi } from '../ids.ts';

// Publishers' links: /doi/full/10.1021/…, /article/10.1007/…, /content/10.1101/…v1, ?id=10.1371/…
const IN_LINK = /[/=](10\.\d{4,9}\/[^\s?#&"<>]{1,300})/;
const IN_WORDS = /\bdoi:? ?(?:https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/[^\s"<>]{1,300})/i;

/** The DOI that `text` is, or that stands in it as a link; undefined: there is none. */
export function doiIn(text: string): string | undefined {
  const bare = text.trim().replace(/^(?:info:doi\/|urn:doi:)/i, '');
  const itself = doi(bare);
  if (itself !== undefined || !/^(?:https?|tag|info|urn):/i.test(bare)) return itself;
  const found = IN_LINK.exec(unescaped(bare.slice(0, 2000)))?.[1];
  return found === undefined ? undefined : doi(withoutView(found));
}

/** The DOI in a line of small print ("Journal of X, Published online: …; doi:10.…"), or undefined. */
export function doiInWords(text: string): string | undefined {
  const found = IN_WORDS.exec(text.slice(0, 2000))?.[1];
  return found === undefined ? undefined : doi(found.replace(/[.,;)\]]+$/, ''));
}

/** A link's DOI without what names a view of the article, or bioRxiv's version. */
function withoutView(found: string): string {
  const work = found
    .replace(/\/(?:full|abstract|abs|meta|html|pdf|epdf|full-text)\/?$/i, '')
    .replace(/\.pdf$/i, '');
  return (work.startsWith('10.1101/') ? work.replace(/v\d{1,2}(?:\.\w+)*$/, '') : work).replace(/\/$/, '');
}

function unescaped(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}
