// The form of what a reader wants: its fields as HTML, and what was sent of it as Preferences.
import { html } from 'hono/html';
import { PaperroundError } from '../errors.ts';
import { Preferences, WEEKDAYS } from '../subscribers/preferences.ts';
import { wordsOf } from '../zod-words.ts';

/** The fields of an address or a form, each with the texts that stand there. */
export type Fields = Readonly<Record<string, readonly string[]>>;

/** Typed as one line of words between commas. */
export const LISTS = ['keywords', 'authors', 'mutedWords'] as const;
export const SINGLE = ['length', 'cadence', 'weekday', 'locale'] as const;

/**
 * What a form says. A field that is missing or empty is as usual; `from` has what no field asks for.
 * @throws PaperroundError `usage` that names each preference which is wrong, and what is allowed
 */
export function readPreferences(fields: Fields, from: Partial<Preferences> = {}): Preferences {
  const lists = LISTS.map(name => [name, (fields[name] ?? []).flatMap(listed)] as const);
  const single = SINGLE.flatMap(name => {
    const value = fields[name]?.[0]?.trim() ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  const themes = (fields.themes ?? []).filter(slug => slug !== '');
  return parsePreferences({ ...from, themes, ...Object.fromEntries([...lists, ...single]) });
}

/** @throws PaperroundError `usage` that names each preference which is wrong, and what is allowed */
export function parsePreferences(wants: unknown): Preferences {
  const parsed = Preferences.safeParse(wants);
  if (parsed.success) return parsed.data;
  throw new PaperroundError('usage', 'There can be no reader with these preferences', {
    details: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${wordsOf(issue)}`),
  });
}

const listed = (text: string) =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');

/** The fields of the form, filled in. */
export function preferencesFields(themes: readonly { slug: string; name: string }[], wants: Preferences) {
  const text = (name: string, label: string, value: string, placeholder: string) =>
    html`<label for="${name}">${label}</label><input id="${name}" name="${name}" value="${value}" placeholder="${placeholder}">`;
  const select = (name: string, label: string, options: Readonly<Record<string, string>>, value: string) =>
    html`<label for="${name}">${label}</label><select id="${name}" name="${name}">${Object.entries(options).map(([option, words]) => html`<option value="${option}" ${option === value ? html`selected` : ''}>${words}</option>`)}</select>`;
  // What is not on the list any more stays chosen.
  const slugs = new Set(themes.map(({ slug }) => slug));
  const gone = wants.themes.filter(slug => !slugs.has(slug)).map(slug => ({ slug, name: slug }));
  return html`${text('keywords', 'Keywords', wants.keywords.join(', '), 'diffusion, robot')}
${text('authors', 'Authors', wants.authors.join(', '), 'Ada Lovelace')}
${text('mutedWords', 'Without the words', wants.mutedWords.join(', '), 'survey')}
${select('length', 'Length', LENGTHS, wants.length)}
${select('cadence', 'How often', CADENCES, wants.cadence)}
${select('weekday', 'Weekly on', WEEKDAY_NAMES, wants.weekday)}
${text('locale', 'Language tag', wants.locale, 'en, de-CH, ar')}
<fieldset><legend>Themes (none: all)</legend><div class="checks" tabindex="0">${[...themes, ...gone].map(
    ({ slug, name }) =>
      html`<label><input type="checkbox" name="themes" value="${slug}" ${wants.themes.includes(slug) ? html`checked` : ''}>${name}</label>`,
  )}</div></fieldset>`;
}

const LENGTHS = { brief: 'brief: titles', standard: 'standard: two sentences', full: 'full: abstracts' };
const CADENCES = { daily: 'every day', weekdays: 'on weekdays', weekly: 'once a week' };
const WEEKDAY_NAMES = Object.fromEntries(
  WEEKDAYS.map(day => [day, day.charAt(0).toUpperCase() + day.slice(1)]),
);
