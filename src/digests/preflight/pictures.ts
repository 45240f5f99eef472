// Whether the pictures of a mail come with it, and say what they show to those who do not see them.
import type { Logo } from '../logo.ts';
import type { Found } from './check.ts';
import { attributeOf } from './markup.ts';
import { unknownTo } from './support.ts';
import type { Tree } from './tree.ts';

/** What is wrong with pictures that are not fetched; of those that are, `remoteElement` tells. */
export function badPictures({ elements }: Tree, logo: Logo | null | undefined): Found[] {
  return elements.flatMap(({ name, attributes }) => {
    const found: Found[] = [];
    const source = (attributeOf(attributes, 'src') ?? attributeOf(attributes, 'background') ?? '').trim();
    const where = `<${name}>`;
    if (/^cid:/i.test(source) && source !== logo?.src)
      found.push({
        what: `${source.slice(0, 60)} is not in the mail: only the logo is, as {{logo.src}}`,
        where,
      });
    if (/^data:/i.test(source))
      found.push({ what: `a picture as data: is unknown to ${unknownTo('a picture as data:')}`, where });
    if (name === 'img') {
      if (source === '') found.push({ what: 'a picture has no source', where });
      if (attributeOf(attributes, 'alt') === undefined)
        found.push({ what: 'a picture has no alt: with pictures off, nothing stands for it', where });
    }
    return found;
  });
}
