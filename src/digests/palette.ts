// The colours of a digest, light and dark: an operator gives a few, the others follow, and all can be read.

/** What an operator may set, as #rrggbb: the settings of these names. */
export type Colours = Partial<
  Record<
    'accentColor' | 'paperColor' | 'inkColor' | 'darkAccentColor' | 'darkPaperColor' | 'darkInkColor',
    string | undefined
  >
>;

/** The colours of one scheme. */
interface Scheme {
  /** Links, headings of themes. */
  accent: string;
  /** What the text stands on. */
  paper: string;
  /** Titles. */
  ink: string;
  /** What the paper lies on. */
  sheet: string;
  text: string;
  /** Bylines and the footer. */
  muted: string;
  /** Behind words that a reader asked for. */
  mark: string;
  /** Beside a curator's words. */
  edge: string;
  rule: string;
  /** Between papers. */
  hairline: string;
}

/** The colours that ship. In templates these very values stand for what an operator chose: see `paint`. */
export const LIGHT: Scheme = {
  accent: '#94380f',
  paper: '#fffdf9',
  ink: '#1c1b19',
  sheet: '#efeae0',
  text: '#2b2a27',
  muted: '#625d54',
  mark: '#f8e4cc',
  edge: '#d9a98c',
  rule: '#d9d2c3',
  hairline: '#ece5d7',
};

export const DARK: Scheme = {
  accent: '#f2a56f',
  paper: '#1d1c1a',
  ink: '#f6f2e9',
  sheet: '#131211',
  text: '#e9e5dc',
  muted: '#b3ada0',
  mark: '#4d3826',
  edge: '#8a5a3c',
  rule: '#3b3833',
  hairline: '#2e2c28',
};

/** The contrast that text needs (WCAG 2.2, 1.4.3, level AA). */
const READABLE = 4.5;

/** Two colours that nobody can read together, in words. `key` is the setting that is to blame. */
export interface Unreadable {
  key: keyof Colours;
  problem: string;
}

/** The pairs of an operator's colours whose contrast is below 4.5:1. What is no #rrggbb counts as not given. */
export function unreadable(colours: Colours): Unreadable[] {
  const { light, dark } = basesOf(colours);
  const pair = (front: Key, frontColour: string, back: Key, backColour: string, scheme: string) => {
    const ratio = contrast(frontColour, backColour);
    if (ratio >= READABLE) return [];
    const rounded = (Math.floor(ratio * 100) / 100).toFixed(2);
    const problem = `${front} ${frontColour} on ${back} ${backColour} has a contrast of ${rounded}:1 in the ${scheme} scheme; allowed: at least ${READABLE}:1 (WCAG AA)`;
    return [{ key: colours[front] === undefined ? back : front, problem }];
  };
  return [
    ...pair('accentColor', light.accent, 'paperColor', light.paper, 'light'),
    ...pair('inkColor', light.ink, 'paperColor', light.paper, 'light'),
    ...pair('darkAccentColor', dark.accent, 'darkPaperColor', dark.paper, 'dark'),
    ...pair('darkInkColor', dark.ink, 'darkPaperColor', dark.paper, 'dark'),
  ];
}

type Key = keyof Colours;
type Base = Pick<Scheme, 'accent' | 'paper' | 'ink'>;

function basesOf(given: Colours): { light: Base; dark: Base } {
  const light = {
    accent: low(given.accentColor) ?? LIGHT.accent,
    paper: low(given.paperColor) ?? LIGHT.paper,
    ink: low(given.inkColor) ?? LIGHT.ink,
  };
  const paper = low(given.darkPaperColor) ?? DARK.paper;
  const ink = low(given.darkInkColor) ?? DARK.ink;
  // An accent for light paper alone is made lighter until it can be read on dark paper too.
  const follows = low(given.accentColor) === undefined ? DARK.accent : lighter(light.accent, paper);
  return { light, dark: { accent: low(given.darkAccentColor) ?? follows, paper, ink } };
}

const low = (colour = '') => (/^#[\da-f]{6}$/i.test(colour) ? colour.toLowerCase() : undefined);

function lighter(accent: string, paper: string): string {
  const towards = contrast('#ffffff', paper) > contrast('#000000', paper) ? '#ffffff' : '#000000';
  for (let share = 0; share < 1; share += 0.05) {
    const colour = mix(accent, towards, share);
    if (contrast(colour, paper) >= READABLE + 1) return colour;
  }
  return towards;
}

/**
 * The colours to put in place of those that ship: for each of them, lower case, the one that an operator's choice makes of
 * it. Empty where nothing was chosen.
 */
export function palette(colours: Colours): ReadonlyMap<string, string> {
  const { light, dark } = basesOf(colours);
  const pairs = [...schemePairs(LIGHT, light), ...schemePairs(DARK, dark)];
  return new Map(pairs.filter(([from, to]) => from !== to));
}

function schemePairs(shipped: Scheme, base: Base): [string, string][] {
  const ours = { ...shipped, ...base };
  if (base.paper !== shipped.paper || base.ink !== shipped.ink) {
    // Paper lies on something darker than itself, by day and by night.
    const [under, share] =
      luminance(base.paper) < 0.2 ? (['#000000', 0.35] as const) : ([base.ink, 0.07] as const);
    ours.sheet = mixed(base.paper, under, share, sheet => contrast(base.ink, sheet) >= READABLE);
    const reads = (colour: string) =>
      contrast(colour, base.paper) >= READABLE && contrast(colour, ours.sheet) >= READABLE;
    ours.text = mixed(base.ink, base.paper, 0.07, reads);
    ours.muted = mixed(base.ink, base.paper, 0.32, reads);
    ours.rule = mix(base.paper, base.ink, 0.18);
    ours.hairline = mix(base.paper, base.ink, 0.1);
  }
  if (Object.entries(base).some(([name, colour]) => colour !== shipped[name as keyof Base])) {
    ours.mark = mixed(base.paper, base.accent, 0.18, mark => contrast(ours.muted, mark) >= READABLE);
    ours.edge = mix(base.paper, base.accent, 0.5);
  }
  return (Object.keys(shipped) as (keyof Scheme)[]).map(name => [shipped[name], ours[name]]);
}

/** `from` with as much of `to`, up to `share`, as is `good`; `from` itself where nothing is. */
function mixed(from: string, to: string, share: number, good: (colour: string) => boolean): string {
  for (let part = share; part > 0.005; part -= 0.01) {
    const colour = mix(from, to, part);
    if (good(colour)) return colour;
  }
  return from;
}

/** Puts an operator's colours in place of those that ship, in MJML, HTML or CSS. */
export function paint(source: string, colours: ReadonlyMap<string, string>): string {
  if (colours.size === 0) return source;
  return source.replace(/#[\da-f]{6}(?![\da-f])/gi, found => colours.get(found.toLowerCase()) ?? found);
}

const channels = (colour: string) => [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16));

function mix(from: string, to: string, share: number): string {
  const target = channels(to);
  const parts = channels(from).map((part, n) => Math.round(part + ((target[n] as number) - part) * share));
  return `#${parts.map(part => part.toString(16).padStart(2, '0')).join('')}`;
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map(channel => {
    const part = channel / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
