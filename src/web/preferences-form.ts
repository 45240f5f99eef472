// The form of what a reader wants: its fields as HTML, and what was sent of it as Preferences.
import { html } from 'hono/html';
import { PaperroundError } from '../errors.ts';
import { Preferences, WEEKDAYS } from '../subscribers/preferences.ts';
import { wordsOf } from '../zod-words.ts';
import { timeZoneSelect } from './time-zones.ts';

/** The fields of an address or a form, each with the texts that stand there. */
export type Fields = Readonly<Record<string, readonly string[]>>;

/** Typed one a line. */
export const LISTS = ['keywords', 'authors', 'mutedWords'] as const;
export const SINGLE = ['length', 'cadence', 'weekday', 'locale', 'timeZone', 'hour', 'atLeast'] as const;
const USUAL = Preferences.parse({});
const NUMBERS: readonly string[] = ['hour', 'atLeast'] satisfies (typeof SINGLE)[number][];

/**
 * What a form says. A field that is empty is as usual; one that is missing is as before, but for themes: no box that is
 * ticked is no field.
 * @param before what the reader has: one of its phrases is left whole, whatever signs stand in it
 * @throws PaperroundError `usage` that names each preference which is wrong, and what is allowed
 */
export function readPreferences(fields: Fields, before: Preferences = USUAL): Preferences {
  const lists = LISTS.map(name => {
    const texts = fields[name];
    return [name, texts === undefined ? before[name] : phrasesOf(texts, name, before[name])] as const;
  });
  const single = SINGLE.map(name => {
    const value = fields[name]?.[0]?.trim();
    if (value === undefined) return [name, before[name]] as const;
    if (value === '') return [name, USUAL[name]] as const;
    return [name, NUMBERS.includes(name) && /^\d{1,3}$/.test(value) ? Number(value) : value] as const;
  });
  const themes = [...new Set(fields.themes ?? [])].filter(slug => slug !== '');
  return parsePreferences({ themes, ...Object.fromEntries([...lists, ...single]) });
}

/** @throws PaperroundError `usage` that names each preference which is wrong, and what is allowed */
export function parsePreferences(wants: unknown): Preferences {
  const parsed = Preferences.safeParse(wants);
  if (parsed.success) return parsed.data;
  throw new PaperroundError('usage', 'There can be no reader with these preferences', {
    details: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${wordsOf(issue)}`),
  });
}

/** Names hold commas ("Lovelace, Ada"), and words between commas are several words. */
const PARTED = { authors: /;/, keywords: /[,;]/, mutedWords: /[,;]/ };

function phrasesOf(
  texts: readonly string[],
  name: (typeof LISTS)[number],
  known: readonly string[],
): string[] {
  const lines = texts.flatMap(text => text.split(/\r\n|\r|\n/)).map(line => line.trim());
  const phrases = lines.flatMap(line => (known.includes(line) ? [line] : line.split(PARTED[name])));
  return [...new Set(phrases.map(phrase => phrase.trim()))].filter(phrase => phrase !== '');
}

/** The fields of the form, filled in. */
export function preferencesFields(themes: readonly { slug: string; name: string }[], wants: Preferences) {
  const lines = (name: (typeof LISTS)[number], label: string, placeholder: string) =>
    html`<label for="${name}">${label}</label><textarea id="${name}" name="${name}" rows="${Math.min(6, Math.max(2, wants[name].length))}" placeholder="${placeholder}">${wants[name].join('\n')}</textarea>`;
  const select = (
    name: string,
    label: string,
    options: readonly (readonly [string, string])[],
    value: string,
  ) =>
    html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(([option, words]) => html`<option value="${option}" ${option === value ? html`selected` : ''}>${words}</option>`)}</select></div>`;
  // What is not on the list any more stays chosen.
  const slugs = new Set(themes.map(({ slug }) => slug));
  const gone = wants.themes.filter(slug => !slugs.has(slug)).map(slug => ({ slug, name: slug }));
  return html`<fieldset><legend>Themes (none: all)</legend><div class="checks" tabindex="0" role="group" aria-label="Themes">${[
    ...themes,
    ...gone,
  ].map(
    ({ slug, name }) =>
      html`<label><input type="checkbox" name="themes" value="${slug}" ${wants.themes.includes(slug) ? html`checked` : ''}>${name}</label>`,
  )}</div></fieldset>
${lines('keywords', 'Keywords, one a line', 'diffusion\nrobot')}
${lines('authors', 'Authors, one a line', 'Ada Lovelace')}
${lines('mutedWords', 'Without the words, one a line', 'survey')}
<div class="pair">${select('cadence', 'How often', CADENCES, wants.cadence)}${select('weekday', 'If weekly, on', WEEKDAY_NAMES, wants.weekday)}</div>
<div class="pair">${select('hour', 'At what hour', HOURS, String(wants.hour))}<div><label for="timeZone">Time zone</label>${timeZoneSelect(wants.timeZone)}</div></div>
<div class="pair">${select('length', 'Length', LENGTHS, wants.length)}<div><label for="atLeast">At least so many papers</label><input id="atLeast" name="atLeast" type="number" min="1" max="50" value="${wants.atLeast}"></div></div>
<label for="locale">Days and numbers as in</label><input id="locale" name="locale" value="${wants.locale}" placeholder="en, de-CH, ar">`;
}

const LENGTHS = [
  ['brief', 'brief: titles'],
  ['standard', 'standard: two sentences'],
  ['full', 'full: abstracts'],
] as const;
const CADENCES = [
  ['daily', 'every day'],
  ['weekdays', 'on weekdays'],
  ['weekly', 'once a week'],
] as const;
const WEEKDAY_NAMES = WEEKDAYS.map(day => [day, day.charAt(0).toUpperCase() + day.slice(1)] as const);
const HOURS = Array.from(
  { length: 24 },
  (_, hour) => [String(hour), `${String(hour).padStart(2, '0')}:00`] as const,
);
