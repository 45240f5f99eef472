// Makes src/digests/preflight/client-support.ts of caniemail's data: `npm run clients`, after an update of that package.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** As far as it is used: a feature, and for each version of each program whether it knows it ("y", "n", "a #1", "u"). */
interface Feature {
  slug: string;
  title: string;
  description: string;
  category: string;
  stats: Record<string, Record<string, Record<string, string>>>;
}

/** The programs that most readers have, and where each is in the data. */
const CLIENTS: Record<string, string> = {
  'Gmail:web': 'gmail.desktop-webmail',
  'Gmail:iOS': 'gmail.ios',
  'Gmail:Android': 'gmail.android',
  'Outlook:Windows': 'outlook.windows',
  'Outlook:macOS': 'outlook.macos',
  'Outlook:web': 'outlook.outlook-com',
  'Outlook:iOS': 'outlook.ios',
  'Outlook:Android': 'outlook.android',
  'Apple Mail:macOS': 'apple-mail.macos',
  'Apple Mail:iOS': 'apple-mail.ios',
  'Yahoo:web': 'yahoo.desktop-webmail',
  'Yahoo:iOS': 'yahoo.ios',
  'Yahoo:Android': 'yahoo.android',
  'Samsung Email:': 'samsung-email.android',
  'Proton Mail:web': 'protonmail.desktop-webmail',
  'Proton Mail:iOS': 'protonmail.ios',
  'Proton Mail:Android': 'protonmail.android',
  'Thunderbird:': 'thunderbird.macos',
};

const words = (text: string) => text.split(' ');

/** What the checker calls a feature whose title does not say it plainly. Empty: the checker cannot see it. */
const NAMES: Record<string, string[]> = {
  amp: [],
  bimi: [],
  'css-block-inline-size': words('block-size inline-size'),
  'css-border-inline-block-individual': words(
    'border-inline-start border-inline-end border-block-start border-block-end',
  ),
  'css-border-inline-block-longhand': words(
    'border-inline-color border-inline-style border-inline-width border-block-color border-block-style border-block-width',
  ),
  'css-border-inline-block': words('border-inline border-block'),
  'css-border-radius-logical': words(
    'border-start-start-radius border-start-end-radius border-end-start-radius border-end-end-radius',
  ),
  'css-color-scheme': ['color-scheme'],
  'css-column-layout-properties': words('columns column-fill column-rule column-span column-width'),
  'css-comments': ['a CSS comment'],
  'css-flex-direction': ['flex-direction'],
  'css-flex-wrap': ['flex-wrap'],
  'css-font': ['font'],
  'css-gap': words('gap column-gap row-gap'),
  'css-grid-template': words('grid-template grid-template-areas grid-template-columns grid-template-rows'),
  'css-important': ['!important'],
  'css-inert-attribute': ['the attribute inert'],
  'css-intrinsic-size': words('fit-content min-content max-content'),
  'css-left-right-top-bottom': words('left right top bottom'),
  'css-margin-block-start-end': words('margin-block-start margin-block-end'),
  'css-margin-inline-block': words('margin-inline margin-block'),
  'css-margin-inline-start-end': words('margin-inline-start margin-inline-end'),
  'css-nesting': [],
  'css-padding-block-start-end': words('padding-block-start padding-block-end'),
  'css-padding-inline-block': words('padding-inline padding-block'),
  'css-padding-inline-start-end': words('padding-inline-start padding-inline-end'),
  'css-pseudo-class-lang': [':lang'],
  'css-selector-adjacent-sibling': ['the selector a+b'],
  'css-selector-attribute': ['the selector [a]'],
  'css-selector-chaining': ['the selector .a.b'],
  'css-selector-child': ['the selector a>b'],
  'css-selector-class': [],
  'css-selector-descendant': [],
  'css-selector-general-sibling': ['the selector a~b'],
  'css-selector-grouping': [],
  'css-selector-id': ['the selector #a'],
  'css-selector-type': [],
  'css-selector-universal': ['the selector *'],
  'css-unit-calc': ['calc()'],
  'css-unit-initial': ['initial'],
  'css-variables': ['var()'],
  'html-address': ['<address>'],
  'html-anchor-links': ['a link within the mail'],
  'html-base': ['<base>'],
  'html-comments': [],
  'html-doctype': [],
  'html-h1-h6': words('<h1> <h2> <h3> <h4> <h5> <h6>'),
  'html-image-maps': words('<map> <area>'),
  'html-lists': words('<ul> <ol> <dl>'),
  'html-mailto-links': [],
  'html-meta-color-scheme': [],
  'html-srcset': ['the attribute srcset', 'the attribute sizes'],
  'html-svg': ['<svg>'],
  'image-base64': ['a picture as data:'],
};

function namesOf({ slug, title, description, category }: Feature): string[] {
  const given = NAMES[slug];
  if (given !== undefined) return given;
  if (category === 'image') return [];
  if (slug === 'html-semantics') return description.match(/<\w+>/g) ?? [];
  const element = /^<(\w+)(?: type="\w+")?> element$/.exec(title)?.[1];
  if (element !== undefined) return [`<${element}>`];
  const attribute = /^([\w-]+) attribute$/.exec(title)?.[1];
  if (attribute !== undefined) return [`the attribute ${attribute}`];
  const unit = /^(\S+) unit$/.exec(title)?.[1];
  if (unit !== undefined) return [`${unit} unit`];
  const plain = title.replace(/ property$/, '').trim();
  const names = plain.split(', ').map(name => name.replace(/^(::?[\w-]+)\(\)$/, '$1'));
  if (names.every(name => /^(?:[a-z-]+(?::[a-z]+|\(\))?|::?[a-z-]+|@[\w-]+(?: \([\w-]+\))?)$/.test(name)))
    return names;
  throw new Error(`${slug}, "${title}": say in NAMES what the checker calls it`);
}

/** Newest last: years and months of web mails first, then the versions of programs. */
function byAge(a: string, b: string): number {
  const parts = (version: string) => version.split(/[.-]/).map(part => Number.parseInt(part, 10) || 0);
  const [x, y] = [parts(a), parts(b)];
  const isYear = ([first = 0]: number[]) => Number(first >= 2000);
  const place = x.findIndex((part, i) => part !== (y[i] ?? 0));
  return isYear(y) - isYear(x) || (place < 0 ? x.length - y.length : (x[place] ?? 0) - (y[place] ?? 0));
}

/** Whether the newest version of a program does not know a feature at all. What it knows in part counts as known. */
function fails({ stats }: Feature, client: string): boolean {
  const [family = '', platform = ''] = client.split('.');
  const versions = stats[family]?.[platform] ?? {};
  const newest = Object.keys(versions).sort(byAge).at(-1);
  return newest !== undefined && versions[newest]?.startsWith('n') === true;
}

/** The text of src/digests/preflight/client-support.ts. */
export function clientSupport(): string {
  const require = createRequire(import.meta.url);
  const all = JSON.parse(readFileSync(require.resolve('caniemail/caniemail.json'), 'utf8')) as {
    last_update_date: string;
    data: Feature[];
  };
  const clients = Object.entries(CLIENTS);
  const failing = new Map<string, Set<number>>();
  for (const feature of all.data)
    for (const name of namesOf(feature)) {
      const set = failing.get(name) ?? new Set<number>();
      failing.set(name, set);
      for (const [place, [, client]] of clients.entries()) if (fails(feature, client)) set.add(place);
    }
  const lines = new Map<string, string[]>();
  for (const [name, places] of failing) {
    const key = [...places].sort((a, b) => a - b).map(place => place.toString(36));
    lines.set(key.join(''), [...(lines.get(key.join('')) ?? []), name]);
  }
  const table = [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, names]) => `${key}\t${names.sort().join('\t')}`);
  return `// Which mail programs do not know which HTML and CSS: caniemail.com, MIT licence. Made by \`npm run clients\`.

/** The day of the data. */
export const CLIENT_DATA = '${all.last_update_date.slice(0, 10)}';

/** The programs, each with where it runs. */
export const CLIENTS = \`
${clients.map(([name]) => name).join('\n')}
\`;

/** A line: the places of the programs that do not know it (in base 36), then the features, each behind a tab. */
export const UNKNOWN_TO = \`
${table.join('\n')}
\`;
`;
}

export const CLIENT_SUPPORT_FILE = fileURLToPath(
  new URL('../../src/digests/preflight/client-support.ts', import.meta.url),
);

if (import.meta.main) writeFileSync(CLIENT_SUPPORT_FILE, clientSupport());
