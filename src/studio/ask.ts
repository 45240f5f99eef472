// What is asked of the studio, as it stands in an address: a day, a reader, a view. So every look can be bookmarked.
import { PaperroundError } from '../errors.ts';
import { DayText } from '../papers/paper.ts';
import type { Day } from '../store/schema.ts';
import { Preferences } from '../subscribers/preferences.ts';
import { type Fields, LISTS, readPreferences, SINGLE } from '../web/preferences-form.ts';
import { SPECIMENS, type SpecimenSlug } from './specimens.ts';

/** The reader whom nobody knows: with the preferences that the address says. No mail address can be this word. */
export const MADE_UP = 'made-up';

/** Whose digest of which day. */
export interface Ask {
  /** A day, one of the extremes, or undefined for the latest edition. */
  day: Day | SpecimenSlug | undefined;
  /** An address, `MADE_UP`, or '' for a reader without preferences. */
  reader: string;
  /** What a made-up reader wants. */
  wants: Preferences;
}

export const isSpecimen = (day: string): day is SpecimenSlug => Object.hasOwn(SPECIMENS, day);

/**
 * Reads what an address asks for.
 * @throws PaperroundError `usage` that names the field and what is allowed
 */
export function readAsk(fields: Fields): Ask {
  const { day = '', reader = '' } = Object.fromEntries(
    Object.entries(fields).map(([name, [value = '']]) => [name, value.trim()]),
  );
  if (day !== '' && !isSpecimen(day) && !DayText.safeParse(day).success)
    throw new PaperroundError('usage', `day: “${day.slice(0, 40)}” is no day`, {
      hint: `Allowed: a day such as 2026-08-20, or one of ${Object.keys(SPECIMENS).join(', ')}.`,
    });
  return {
    day: day === '' ? undefined : day,
    reader,
    wants: reader === MADE_UP ? readPreferences(fields) : Preferences.parse({}),
  };
}

/** The address that asks for it: what `readAsk` reads. `more` are further fields of the address. */
export function fieldsOf({ day, reader, wants }: Ask, more: Readonly<Record<string, string>> = {}): string {
  const fields = new URLSearchParams();
  if (day !== undefined) fields.set('day', day);
  fields.set('reader', reader);
  if (reader === MADE_UP) {
    for (const slug of wants.themes) fields.append('themes', slug);
    for (const name of LISTS) if (wants[name].length > 0) fields.set(name, wants[name].join('\n'));
    const usual = Preferences.parse({});
    for (const name of SINGLE) if (wants[name] !== usual[name]) fields.set(name, String(wants[name]));
  }
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  return String(fields);
}
