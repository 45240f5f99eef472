// What programs do that turn every mail dark: light colours become dark, dark ones light, hues stay.
import { withoutComments } from '../../digests/preflight/css.ts';

const NAMED: Readonly<Record<string, string>> = {
  white: '#ffffff',
  black: '#000000',
  gray: '#808080',
  grey: '#808080',
  silver: '#c0c0c0',
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  navy: '#000080',
  maroon: '#800000',
  teal: '#008080',
  purple: '#800080',
  orange: '#ffa500',
  yellow: '#ffff00',
};

const COLOUR = new RegExp(
  `#(?:[\\da-f]{8}|[\\da-f]{6}|[\\da-f]{3,4})(?![\\w-])|rgba?\\([\\d.,%/ ]*\\)|(?<![\\w-])(?:${Object.keys(NAMED).join('|')})(?![\\w-])`,
  'gi',
);

/** The page, its text and its links where the mail says no colours; before every style of the mail. */
export const darkCanvas = () =>
  `<style>html{background:${darkened('#ffffff')};color:${darkened('#000000')}}:where(a:link){color:${darkened('#0000ee')}}</style>`;

/**
 * A style sheet, or the text of a style attribute, with every colour turned. Only the values of properties that hold
 * colours are touched: `#bed` may be a selector, and "Arial Black" is a font.
 */
export function darkenedCss(css: string): string {
  const turned = (_: string, before: string, property: string, value: string) =>
    `${before}${property}${/color|background|border|outline|shadow/i.test(property) ? darkened(value) : value}`;
  return withoutComments(css).replace(/(^\s*|[{;]\s*)([\w-]+\s*:)([^;{}]*)/g, turned);
}

/** A text with every colour in it turned: `#fff`, `#ffffff`, `rgb(…)` and the common names. */
export function darkened(text: string): string {
  return text.replace(COLOUR, colour => {
    const parts = channelsOf(colour.toLowerCase());
    if (parts === undefined) return colour;
    const [r, g, b] = turned(parts.rgb).map(channel => Math.round(Math.min(1, Math.max(0, channel)) * 255));
    return parts.alpha === undefined ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${parts.alpha})`;
  });
}

type Three = readonly [number, number, number];

/** Red, green and blue from 0 to 1, and the alpha as it was written. */
function channelsOf(colour: string): { rgb: Three; alpha?: string } | undefined {
  const text = NAMED[colour] ?? colour;
  if (text.startsWith('#')) {
    const short = text.length < 6;
    const hex = [...text.slice(1)].map(digit => (short ? digit + digit : digit)).join('');
    const [r = 0, g = 0, b = 0, a] = (hex.match(/../g) ?? []).map(pair => Number.parseInt(pair, 16) / 255);
    return a === undefined ? { rgb: [r, g, b] } : { rgb: [r, g, b], alpha: a.toFixed(2) };
  }
  const numbers = text.match(/[\d.]+%?/g) ?? [];
  const [r, g, b] = numbers.map(part => Number.parseFloat(part) / (part.endsWith('%') ? 100 : 255));
  if (r === undefined || g === undefined || b === undefined) return undefined;
  return numbers[3] === undefined ? { rgb: [r, g, b] } : { rgb: [r, g, b], alpha: numbers[3] };
}

/** White becomes the grey that programs have behind their mails. */
const DARKEST = 8;

/** The colour of the opposite lightness (CIE L*), with the same a* and b*. */
function turned(rgb: Three): number[] {
  const [r, g, b] = rgb.map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ];
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
  const root = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const [fx, fy, fz] = [root(x), root(y), root(z)];
  const lightness = 100 - (116 * fy - 16) * (1 - DARKEST / 100);
  const newY = (lightness + 16) / 116;
  const square = (t: number) => (t ** 3 > 216 / 24389 ? t ** 3 : (116 * t - 16) / (24389 / 27));
  const [nx, ny, nz] = [square(newY + fx - fy) * 0.9505, square(newY), square(newY - fy + fz) * 1.089];
  const linear = [
    3.2406 * nx - 1.5372 * ny - 0.4986 * nz,
    -0.9689 * nx + 1.8758 * ny + 0.0415 * nz,
    0.0557 * nx - 0.204 * ny + 1.057 * nz,
  ];
  return linear.map(c => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
}
