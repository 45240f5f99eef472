// The mail as programs show it: in light, in dark, turned dark by force, without its style sheet, without pictures.
import { escapeHtml } from '../../digests/escape.ts';
import { SOURCES } from '../../digests/preflight/remote.ts';
import { darkCanvas, darkened, darkenedCss } from './forced-dark.ts';
import { type Edit, editPage, type Tag } from './tags.ts';

export const LOOKS = {
  light: 'Light',
  dark: 'Dark',
  'forced-dark': 'Forced dark',
  'no-styles': 'No styles',
  'images-off': 'Images off',
} as const;
export type Look = keyof typeof LOOKS;

/** How wide a mail is looked at, in CSS pixels. */
export const WIDTHS = { phone: 375, desktop: 640 } as const;

/**
 * The mail as a program in that mode shows it, whatever mode the browser is in. Links open outside the frame. Nothing
 * is loaded from anywhere: a picture that is not part of the mail becomes a box that says so.
 */
export function inLook(html: string, look: Look): string {
  const start = `<base target="_blank">${look === 'forced-dark' ? darkCanvas() : ''}`;
  let hasHead = false;
  const { tag, css } = editFor(look);
  const edited = editPage(html, {
    css,
    tag: given => {
      if (given.name !== 'head' || hasHead) return tag(given);
      hasHead = true;
      return `<head>${start}`;
    },
  });
  return hasHead ? edited : `${start}${edited}`;
}

const COLOURED = ['bgcolor', 'color', 'text', 'link', 'vlink', 'alink'];
const isOwn = (address: string | undefined) => address?.trim().toLowerCase().startsWith('data:') ?? false;

function editFor(look: Look): Edit {
  const css = (text: string) => {
    const own = inScheme(withoutLoading(text), look === 'dark');
    return look === 'forced-dark' ? darkenedCss(own) : own;
  };
  return {
    css: text => (look === 'no-styles' ? null : css(text)),
    tag: tag => {
      if (tag.name === 'img') return picture(tag, look);
      if (tag.name === 'link' || (tag.name === 'meta' && 'http-equiv' in tag.attributes && isRefresh(tag)))
        return null;
      return { name: tag.name, attributes: attributesIn(tag, look, css) };
    },
  };
}

const isRefresh = ({ attributes }: Tag) => attributes['http-equiv']?.trim().toLowerCase() === 'refresh';

function attributesIn({ name, attributes }: Tag, look: Look, css: (text: string) => string) {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (SOURCES.includes(key) && !isOwn(value)) continue;
    if (look === 'no-styles' && key === 'class') continue;
    if (key === 'style') kept[key] = css(value);
    else if (key === 'media') kept[key] = inScheme(value, look === 'dark');
    else kept[key] = look === 'forced-dark' && COLOURED.includes(key) ? darkened(value) : value;
  }
  if (name === 'meta' && /^(?:supported-)?color-schemes?$/i.test(attributes.name ?? ''))
    kept.content = look === 'dark' ? 'dark' : 'light';
  return kept;
}

/** Takes the mail's own dark scheme on or off: one of two conditions that hold always and never. */
function inScheme(css: string, dark: boolean): string {
  const [always, never] = ['(min-width:0)', '(max-width:-1px)'];
  return css
    .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/gi, dark ? always : never)
    .replace(/\(\s*prefers-color-scheme\s*:\s*light\s*\)/gi, dark ? never : always)
    .replace(/(?<![\w-])(color-scheme\s*:)[^;{}]*/gi, `$1${dark ? 'dark' : 'light'}`);
}

/** A style sheet that loads nothing; pictures that stand in it as data stay. */
const withoutLoading = (css: string) =>
  css.replace(/@import[^;@]*;?/gi, '').replace(/url\((?!\s*(?:["']\s*)?data:)[^()]*\)/gi, 'none');

/** A picture, or the box that stands in its place: with its alt text where pictures are off or it is not in the mail. */
function picture({ name, attributes }: Tag, look: Look): Tag | string {
  const { src, alt = '' } = attributes;
  if (look !== 'images-off' && isOwn(src)) {
    const { srcset: _, ...kept } = attributes;
    return { name, attributes: kept };
  }
  const kind = src?.trim().toLowerCase().startsWith('cid:') ? 'attached picture' : 'remote picture';
  const words = look === 'images-off' ? alt : [kind, alt].filter(Boolean).join(': ');
  if (words === '') return '';
  // In the colours of the text around it, so that it can be read in every look.
  return `<span style="display:inline-block;max-width:100%;box-sizing:border-box;padding:6px 10px;border:1px dashed;font:13px/1.4 sans-serif">${escapeHtml(words)}</span>`;
}
