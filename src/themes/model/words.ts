// Text to words: lower case, without plural s, in any script; a break stands where a phrase cannot go on.

import { isSpelledOut } from '../../papers/spelled-out.ts';

/** Stands between two words that belong to different phrases (a full stop, a bracket, a TeX command). */
export const BREAK = '';

/** Words after this many are not read: no abstract is that long, and a hostile one costs bounded time. */
const MOST_WORDS = 20_000;
const MOST_CHARACTERS = 200_000;
const LONGEST_WORD = 40;

/** Classes of characters: 0 separates words, 1 is part of one, 2 ends a phrase, 3 is a word by itself. */
const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[A-Za-z0-9]/.test(character)) return 1;
  return /[.,;:!?()[\]{}"\\$|<>=]/.test(character) ? 2 : 0;
});
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const PUNCTUATION = /[\p{Po}\p{Ps}\p{Pe}\p{Pi}\p{Pf}]/u;
/** Scripts that put no space between words: each character is taken as a word, and two make a phrase. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const APOSTROPHES = new Set([0x27, 0x2019]);

function classOf(code: number): number {
  if (code < 128) return ASCII[code] as number;
  const character = String.fromCodePoint(code);
  if (LETTER.test(character)) return UNSPACED.test(character) ? 3 : 1;
  return APOSTROPHES.has(code) || !PUNCTUATION.test(character) ? 0 : 2;
}

export type WordReader = (text: string) => string[];

const MOST_REMEMBERED = 50_000;

/** `wordsOf` that knows words again: the same word is one string in memory, and its stem is found once. */
export function wordReader(): WordReader {
  const stems = new Map<string, string>();
  return text =>
    wordsOf(text, word => {
      let stem = stems.get(word);
      if (stem === undefined) {
        stem = singular(word);
        if (stems.size >= MOST_REMEMBERED) stems.clear();
        stems.set(word, stem);
      }
      return stem;
    });
}

/**
 * The words of a text, with `BREAK` between phrases. Hyphens and slashes only separate, so that "vision-language" and
 * "vision language" are the same two words. A text that is spelled out letter by letter has none.
 */
export function wordsOf(text: string, stem: (word: string) => string = singular): string[] {
  if (isSpelledOut(text)) return [];
  const lower = prepared(text);
  const found: string[] = [];
  let start = -1;
  for (let at = 0; at <= lower.length && found.length < MOST_WORDS; at++) {
    const code = at < lower.length ? (lower.codePointAt(at) as number) : 32;
    const kind = code < 128 ? (ASCII[code] as number) : classOf(code);
    if (kind !== 1 && start >= 0) {
      const end = Math.min(at, start + LONGEST_WORD);
      found.push(stem(lower.slice(start, end)));
      start = -1;
    }
    if (kind === 1 && start < 0) start = at;
    else if (kind === 3) found.push(String.fromCodePoint(code));
    else if (kind === 2 && found.length > 0 && found[found.length - 1] !== BREAK) found.push(BREAK);
    if (code > 0xffff) at++;
  }
  return found;
}

function prepared(text: string): string {
  const start = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
  return start.normalize('NFKC').toLowerCase();
}

const NOT_PLURAL = new Set(
  `always across afterwards aids alias amos atlas bias biases canvas chaos christmas corps cosmos ethos gas has his its
  kubernetes lens news perhaps physics robotics graphics dynamics mathematics statistics linguistics genomics
  proteomics mechanics electronics optics acoustics semantics ethics economics politics kinematics photonics series
  species texas this towards unless was yes pancreas versus thus sas less mas cas ros gis dis laos`.split(
    /\s+/,
  ),
);

/** A word without its plural s ("studies" → "study", "agents" → "agent", but "series", "bias", "analysis" stay). */
export function singular(word: string): string {
  const length = word.length;
  if (length < 4 || word.charCodeAt(length - 1) !== 115) return word;
  const before = word.charCodeAt(length - 2);
  if (before === 115 || before === 117 || before === 105) return word;
  if (NOT_PLURAL.has(word)) return word;
  if (before === 101 && length > 4) {
    if (word.charCodeAt(length - 3) === 105) return `${word.slice(0, -3)}y`;
    if (/(?:sses|shes|ches|xes|zzes)$/.test(word)) return word.slice(0, -2);
  }
  return word.slice(0, -1);
}

/** Words that say nothing about a subject; a phrase does not cross them. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above across after again against all almost along already also although always am among an and another any
  are around as at be became because been before behind being below best better between beyond both but by can cannot
  could current currently did do does doing done down due during e each either else et etc even ever every existing few
  first for from full further g given gives had has have having he hence her here highly his how however i if ii in
  indeed instead into introduce introduced introducing is it its itself just key known large lead leads less like made
  main mainly make makes making many may more most mostly much must namely need needs new no nor not novel now of off
  often on once one only onto or other our out outperform outperforming outperforms over overall own paper per perform
  present presented presenting propose proposed proposes proposing provide provided provides providing quite rather
  recent recently regarding result s same second see several she should show showed showing shown significant
  significantly similar since small so some specifically still study such than that the their them themselves then there
  thereby therefore these they third this those though three through throughout thus to together too toward towards two
  under unlike until up upon us use used uses using usually v various very via vs was way we well were what when where
  whereas whether which while who whom whose why will with within without work would yet you your approach
  method art state demonstrate demonstrating demonstrated achieve achieves achieved achieving extensive experiment
  experimental improve improving improved improves github http https com code-available available url www org io`.split(
    /\s+/,
  ),
);

/** Whether a word may say something about a subject: no break, no stop word, no bare number. */
export const isTerm = (word: string) => word !== BREAK && !STOP_WORDS.has(word) && !/^\p{N}+$/u.test(word);
