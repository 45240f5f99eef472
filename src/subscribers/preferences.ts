// What a reader wants: about which subjects, how much, and when.
import { z } from 'zod';
import { recent } from '../recent.ts';
import { excerpt } from '../text-file.ts';

const Phrase = z.string().trim().min(1).max(100);
const phrases = z.array(Phrase).max(100).default([]);

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const TimeZone = z.string().refine(isTimeZone, {
  error: issue =>
    `"${excerpt(String(issue.input))}" is not a time zone; allowed: IANA names such as Europe/Paris or UTC`,
});

/** Whether `zone` is a time zone that this runtime knows. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** The longest tag that anybody has to keep (RFC 5646 §4.4.1). */
const LONGEST_TAG = 35;

const Locale = z
  .string()
  .refine(isLocale, {
    error: issue =>
      `"${excerpt(String(issue.input))}" is not a language tag; allowed: tags such as en, de-CH, pt-BR or ar`,
  })
  .transform(canonical);

/** Whether `tag` is well-formed (BCP 47) and short enough to keep. */
function isLocale(tag: string): boolean {
  try {
    return tag.length <= LONGEST_TAG && canonical(tag) !== '';
  } catch {
    return false;
  }
}

/** "PT-br" and "pt-BR" are one. */
function canonical(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0] ?? '';
}

const AT_LEAST = 'allowed: a whole number from 1 to 50';
const HOUR = 'allowed: a whole number from 0 to 23';

export const Preferences = z.strictObject({
  themes: z.array(z.string()).max(200).default([]),
  keywords: phrases,
  authors: phrases,
  mutedWords: phrases,
  length: z.enum(['brief', 'standard', 'full']).default('standard'),
  atLeast: z.int(AT_LEAST).min(1, AT_LEAST).max(50, AT_LEAST).default(1),
  cadence: z.enum(['daily', 'weekdays', 'weekly']).default('daily'),
  weekday: z.enum(WEEKDAYS).default('friday'),
  hour: z.int(HOUR).min(0, HOUR).max(23, HOUR).default(7),
  timeZone: TimeZone.default('UTC'),
  locale: Locale.default('en'),
});

/** Preferences as they are stored: a time zone that this runtime does not know any more must not stop the others. */
const StoredPreferences = Preferences.extend({
  timeZone: TimeZone.catch('UTC'),
  locale: Locale.catch('en'),
});

/**
 * A reader's preferences. With neither `themes`, `keywords` nor `authors` they get everything; with any of them, the
 * papers that match at least one. `mutedWords` always take away. Where fewer than `atLeast` papers are for them, those are
 * kept for a later digest. `weekday` counts for the weekly cadence only; `hour`
 * is an hour of the day in `timeZone`. `locale` is a language tag (BCP 47), by which days and numbers are written.
 */
export type Preferences = z.infer<typeof Preferences>;

const kept = recent<Preferences>(1000);

/**
 * Reads preferences as they are stored. Many readers have the same; those who do get the same object, to be left as it is.
 * @throws SyntaxError, ZodError for what was not stored by us
 */
export const storedPreferences = (text: string): Preferences =>
  kept(text, () => StoredPreferences.parse(JSON.parse(text)));
