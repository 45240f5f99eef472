// The commands that take arguments, and how they read in plain text.
import type { Kind } from '../piece.ts';
import { words } from './rows.ts';
import { scriptFor } from './small-characters.ts';

/** A command with arguments: m, t, c = read as math, text or as around it; r = raw; o = optional [..]. */
interface Macro {
  readonly takes: string;
  readonly kind: Kind;
  readonly write: (...parts: string[]) => string;
}

/** What a script is written on: one letter or number, a √, or something already in brackets. */
const SINGLE = /^√?(?:[\d.,]+|\p{L})(?:[^\s\p{Ll}\p{Lu}\d+\-=/()]*)$|^√?\([^()]*\)$/u;
const PRODUCT = /^[\p{L}\p{N}.,√∞°′‖]+$/u;

function fraction(above: string, below: string): string {
  if (below === '') return above || 'frac';
  const over = PRODUCT.test(above) || SINGLE.test(above) ? above : `(${above})`;
  return `${over}/${SINGLE.test(below) ? below : `(${below})`}`;
}

function root(degree: string, of: string): string {
  const sign = degree === '3' ? '∛' : degree === '4' ? '∜' : `${scriptFor('^', degree) ?? `${degree} `}√`;
  return sign + (of === '' || SINGLE.test(of) ? of : `(${of})`);
}

// Only the double-struck letters of the basic plane: the others break in Outlook and in screen readers.
function blackboard(text: string): string {
  return text.replace(/[RNZQCPH]/g, letter => 'ℝℕℤℚℂℙℍ'['RNZQCPH'.indexOf(letter)] ?? letter);
}

function link(address: string, label: string): string {
  const bare = (text: string) => text.replace(/^https?:\/\//, '').replace(/\/$/, '');
  if (label === '' || bare(label) === bare(address)) return address;
  return /^https?:/.test(label) ? label : `${label} (${address})`;
}

function measure(amount: string, unit: string): string {
  return /^[%°‰]/.test(unit) || unit === '' ? amount + unit : `${amount} ${unit}`;
}

function numbered(hexOrDecimal: string): string {
  const code = Number(hexOrDecimal.replace(/^x/i, '0x'));
  return code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    ? String.fromCodePoint(code)
    : '';
}

// \ding{n} counts through the Zapf Dingbats font, where the first circled digits come from another block.
function dingbat(position: string): string {
  const n = Number(position);
  if (!Number.isInteger(n) || n < 33 || n > 254) return '';
  if (n >= 172 && n <= 181) return String.fromCodePoint(0x2460 + n - 172);
  return String.fromCodePoint(n >= 182 ? 0x2776 + n - 182 : 0x2700 + n - 32);
}

function roman(digits: string): string {
  return ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'][Number(digits) - 1] ?? digits;
}

const same = (text: string) => text;
const second = (_first: string, text: string) => text;
const nothing = () => '';
const raised = (text: string) => (/^\p{L}+$/u.test(text) ? text : (scriptFor('^', text) ?? text));
const lowered = (text: string) => scriptFor('_', text) ?? text;

function macros(
  names: string,
  takes: string,
  write: Macro['write'],
  kind: Kind = 'plain',
): [string, Macro][] {
  return words(names).map(name => [name, { takes, kind, write }]);
}

/** The commands that take arguments; every other command with an argument simply gives that argument. */
export const MACROS: ReadonlyMap<string, Macro> = new Map([
  ...macros('text textbf textit texttt textsc textsf textrm textnormal textup textmd textsl', 't', same),
  ...macros('emph mbox hbox fbox intertext uline ul sout', 't', same),
  ...macros(
    'mathrm mathbf mathit mathcal mathsf mathtt mathfrak mathscr mathnormal boldsymbol bm pmb',
    'c',
    same,
  ),
  ...macros('underline overline underbrace overbrace smash mathop mathord mathbin mathrel boxed', 'c', same),
  ...macros('uppercase lowercase MakeUppercase ensuremath', 'c', same),
  ...macros('operatorname operatorname*', 'm', same, 'function'),
  ...macros('frac dfrac tfrac cfrac nicefrac sfrac', 'mm', fraction, 'fraction'),
  ...macros('sqrt', 'om', root),
  ...macros('binom dbinom tbinom', 'mm', (n, k) => `(${n} choose ${k})`),
  ...macros('mathbb mathds mathbbm', 'c', blackboard),
  ...macros('overset underset stackrel', 'mm', second, 'relation'),
  ...macros('pmod', 'm', text => ` (mod ${text})`),
  ...macros('url path nolinkurl', 'r', same),
  ...macros('href hyperlink', 'rt', link),
  ...macros('hyperref', 'ot', second),
  ...macros('textcolor colorbox scalebox raisebox', 'rc', second),
  ...macros('resizebox', 'rrc', (_width, _height, text) => text ?? ''),
  ...macros('SI qty', 'tt', measure),
  ...macros('ang', 't', text => `${text}°`),
  ...macros('textsuperscript', 't', raised),
  ...macros('textsubscript', 't', lowered),
  ...macros('unicode symbol char', 'r', numbered),
  ...macros('ding', 'r', dingbat),
  ...macros('romannumeral', 'r', roman),
  ...macros('color label tag index pagestyle bibliographystyle bibliography', 'r', nothing, 'dropped'),
  ...macros('vspace hspace vskip hskip phantom hphantom vphantom includegraphics', 'or', nothing, 'dropped'),
  ...macros('footnote footnotetext thanks marginpar todo', 'or', nothing, 'dropped'),
  ...macros('ref eqref cref Cref autoref pageref nameref nocite', 'r', nothing, 'dropped'),
]);
