// Whether words can be read on what they stand on, in the light and the dark scheme (WCAG 2.2, 1.4.3).
import { excerpt } from '../../text-file.ts';
import { contrast } from '../palette.ts';
import { hasDark, type Scheme, sheetOf } from './cascade.ts';
import type { Found } from './check.ts';
import { attributeOf } from './markup.ts';
import type { Element, Tree } from './tree.ts';

/** The contrast that text needs, and large text: from 24 px, or bold from 18.66 px (18 and 14 pt). */
const NORMAL = 4.5;
const LARGE = 3;

/** How an element's words look; null where the source alone does not say. */
interface Look {
  color: string | null;
  on: string | null;
  size: number;
  bold: boolean;
  hidden: boolean;
}

/** What browsers do by themselves. */
const START: Record<Scheme, Look> = {
  light: { color: '#000000', on: '#ffffff', size: 16, bold: false, hidden: false },
  // A dark page without colours of its own looks different in every program.
  dark: { color: null, on: null, size: 16, bold: false, hidden: false },
};
const OWN_SIZES: Record<string, number> = { h1: 2, h2: 1.5, h3: 1.17, h5: 0.83, h6: 0.67, small: 0.83 };
const BOLD = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'b', 'strong', 'th']);

/**
 * The words of a mail whose colours are too near to those behind them, each pair of colours once. What cannot be decided
 * from the source (pictures, transparency, states, rules by attribute) is left out: no finding is no proof.
 */
export function poorContrast(tree: Tree): Found[] {
  const schemes: Scheme[] = hasDark(tree.rules) ? ['light', 'dark'] : ['light'];
  return schemes.flatMap(scheme => poorIn(tree, scheme));
}

function poorIn({ elements, rules }: Tree, scheme: Scheme): Found[] {
  const declared = sheetOf(rules, scheme);
  const looks = new Map<Element, Look>();
  const found = new Map<string, Found>();
  for (const element of elements) {
    const around = (element.parent && looks.get(element.parent)) ?? START[scheme];
    const look = lookOf(element, declared(element), around, scheme);
    looks.set(element, look);
    const { color, on, size, bold, hidden } = look;
    if (hidden || color === null || on === null || element.text.trim() === '') continue;
    if (!isWithinBody(element)) continue;
    const ratio = contrast(color, on);
    const needed = size >= 24 || (bold && size >= 18.66) ? LARGE : NORMAL;
    if (ratio >= needed) continue;
    const shown = (Math.floor(ratio * 100) / 100).toFixed(2);
    const what = `${scheme}: ${color} on ${on} is ${shown}:1, at least ${needed}:1`;
    if (!found.has(what))
      found.set(what, { what, where: `${tagOf(element)} ${excerpt(element.text.trim(), 40)}` });
  }
  return [...found.values()];
}

function isWithinBody(element: Element): boolean {
  if (['style', 'script', 'title'].includes(element.name)) return false;
  for (let one: Element | null = element; one !== null; one = one.parent)
    if (one.name === 'body') return true;
  return false;
}

const tagOf = ({ name, classes }: Element) =>
  classes.size === 0 ? `<${name}>` : `<${name} class="${[...classes].join(' ')}">`;

function lookOf(element: Element, declared: Map<string, string>, around: Look, scheme: Scheme): Look {
  const { name, attributes } = element;
  const color = declared.get('color');
  const background = declared.get('background-color') ?? attributeOf(attributes, 'bgcolor');
  const weight = declared.get('font-weight');
  const isLink = name === 'a' && attributeOf(attributes, 'href') !== undefined;
  const ownColor = isLink ? (scheme === 'light' ? '#0000ee' : null) : around.color;
  const ownSize = around.size * (OWN_SIZES[name] ?? 1);
  const size = declared.get('font-size');
  return {
    color: color === undefined ? ownColor : colourOf(color, around.color),
    on:
      background === undefined
        ? around.on
        : isTransparent(background)
          ? around.on
          : colourOf(background, around.on),
    size: size === undefined ? ownSize : pixels(size, around.size),
    bold: weight === undefined ? around.bold || BOLD.has(name) : weight === 'bold' || Number(weight) >= 700,
    hidden: around.hidden || declared.get('display') === 'none' || declared.get('visibility') === 'hidden',
  };
}

const isTransparent = (value: string) => /^(?:transparent|none|initial|unset|0(?: 0)?)$/i.test(value);

const NAMED: Record<string, string> = {
  black: '#000000',
  silver: '#c0c0c0',
  gray: '#808080',
  grey: '#808080',
  white: '#ffffff',
  maroon: '#800000',
  red: '#ff0000',
  purple: '#800080',
  green: '#008000',
  lime: '#00ff00',
  olive: '#808000',
  yellow: '#ffff00',
  navy: '#000080',
  blue: '#0000ff',
  teal: '#008080',
  orange: '#ffa500',
};

/** A colour as #rrggbb; null for what is none, has more in it than a colour, or lets others shine through. */
function colourOf(value: string, inherited: string | null): string | null {
  const text = value.trim().toLowerCase();
  if (text === 'inherit' || text === 'currentcolor') return inherited;
  if (NAMED[text] !== undefined) return NAMED[text];
  if (/^#[\da-f]{6}$/.test(text)) return text;
  if (/^#[\da-f]{3}$/.test(text)) return `#${[...text.slice(1)].map(digit => digit + digit).join('')}`;
  const [, ...parts] = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(text) ?? [];
  if (parts.length !== 3) return null;
  return `#${parts.map(part => Math.min(Number(part), 255).toString(16).padStart(2, '0')).join('')}`;
}

function pixels(value: string, around: number): number {
  const [, number = '', unit = ''] = /^([\d.]+)(px|pt|em|rem|%)?$/.exec(value) ?? [];
  if (number === '') return around;
  const by: Record<string, number> = { px: 1, pt: 4 / 3, em: around, rem: 16, '%': around / 100 };
  return Number(number) * (by[unit] ?? 1);
}
