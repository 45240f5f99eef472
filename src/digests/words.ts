// The small words of a digest: numbers with their nouns, days, and texts cut to a length.
import { type Day, shiftDay } from '../store/schema.ts';

/** Numbers and days as the readers of one locale write them. The nouns around them are English. */
export interface Words {
  locale: string;
  rtl: boolean;
  number(n: number): string;
  /** A number with its noun: 1 paper, 2 papers, 1,234 papers. */
  counted(n: number, noun: string): string;
  /** Thursday, 20 August 2026. */
  longDay(day: Day): string;
  /** 20 Aug. */
  shortDay(day: Day): string;
}

/** English that has no country is written with the day before the month, which nobody misreads. */
const formsOf = (locale: string) => (locale === 'en' ? 'en-GB' : locale);

const known = new Map<string, Words>();

/** @param locale a language tag in its canonical form (BCP 47); what ICU does not know is written as in English */
export function wordsFor(locale: string): Words {
  const found = known.get(locale) ?? makeWords(locale);
  known.set(locale, found);
  return found;
}

function makeWords(locale: string): Words {
  // Without the second choice ICU would take the language of the machine.
  const forms = [formsOf(locale), 'en-GB'];
  const numbers = new Intl.NumberFormat(forms);
  const long = new Intl.DateTimeFormat(forms, { dateStyle: 'full', timeZone: 'UTC' });
  const short = new Intl.DateTimeFormat(forms, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  // Two numbers in Arabic digits with only a dot between them would change places in an English line.
  const written = (n: number) => numbers.format(n).replace(/[\u0660-\u0669\u06f0-\u06f9]$/, '$&\u200e');
  // ICU takes its time, and nearly all numbers of a digest are small.
  const small = Array.from({ length: 200 }, (_, n) => written(n));
  const number = (n: number) => small[n] ?? written(n);
  return {
    locale,
    rtl: new Intl.Locale(locale).getTextInfo().direction === 'rtl',
    number,
    counted: (n, noun) => `${number(n)} ${noun}${n === 1 ? '' : 's'}`,
    longDay: remembered(day => long.format(noon(day))),
    shortDay: remembered(day => short.format(noon(day))),
  };
}

/** A digest names the same few days again and again. */
function remembered(write: (day: Day) => string): (day: Day) => string {
  const written = new Map<Day, string>();
  return day => {
    const text = written.get(day) ?? write(day);
    written.set(day, text);
    return text;
  };
}

const noon = (day: Day) => new Date(`${day}T12:00:00Z`);

/** A number with its noun, for those who work here rather than for readers. */
export const counted = (n: number, noun: string) => wordsFor('en').counted(n, noun);

/** How a digest of `today` names the time since `day`: "today", "since yesterday", "since 17 Aug". */
export function sinceWhen(day: Day, today: Day, { shortDay }: Words): string {
  if (day === today) return 'today';
  return day === shiftDay(today, -1) ? 'since yesterday' : `since ${shortDay(day)}`;
}

let graphemes: Intl.Segmenter | undefined;

/**
 * The start of the character, as a reader sees it, that holds `offset`: an accent, the other half of a pair and the rest
 * of an emoji belong to what stands before them (UAX #29).
 */
export function startOfCharacter(text: string, offset: number): number {
  // Two ASCII letters are never one character, and nearly all texts are of these.
  if (text.charCodeAt(offset - 1) < 0x80 && text.charCodeAt(offset) < 0x80) return offset;
  if (offset <= 0 || offset >= text.length) return offset;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  // One character is far shorter than this; without the bound a long text would be searched from its start each time.
  const from = Math.max(0, offset - 200);
  return from + (graphemes.segment(text.slice(from, offset + 200)).containing(offset - from)?.index ?? 0);
}

/** Cuts at a word where there is one, with an ellipsis; never inside what a reader sees as one character. */
export function clip(text: string, length: number): string {
  // No character has fewer code units than one.
  if (text.length <= length) return text;
  const characters = [...text];
  if (characters.length <= length) return text;
  const most = characters.slice(0, length - 1).join('').length;
  const head = text.slice(0, startOfCharacter(text, most));
  const space = head.lastIndexOf(' ');
  return `${(space > length / 2 ? head.slice(0, space) : head).replace(/[\s,:;–-]+$/, '')}…`;
}
