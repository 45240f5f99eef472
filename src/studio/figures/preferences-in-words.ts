// A reader's preferences in words, as far as they decide what a digest says.
import type { Preferences } from '../../subscribers/preferences.ts';

/** More of one kind are counted: a reader may have a hundred keywords. */
const MOST_NAMED = 6;

const LENGTHS: Record<Preferences['length'], string> = {
  brief: 'titles only',
  standard: '',
  full: 'whole abstracts',
};

/**
 * "Robotics, Vision; with diffusion; by Ada Lovelace; not survey; titles only; in de". Cadence and hour are left out:
 * they decide when, not what.
 * @param nameOf names of themes by slug; a slug that is not in it stands for itself
 */
export function preferencesInWords(preferences: Preferences, nameOf: ReadonlyMap<string, string>): string {
  const { themes, keywords, authors, mutedWords, length, atLeast, locale } = preferences;
  const everything = themes.length + keywords.length + authors.length === 0;
  const parts = [
    everything
      ? 'Everything'
      : listed(
          '',
          themes.map(slug => nameOf.get(slug) ?? slug),
        ),
    listed('with ', keywords.map(quoted)),
    listed('by ', authors),
    listed('not ', mutedWords.map(quoted)),
    LENGTHS[length],
    atLeast === 1 ? '' : `only if at least ${atLeast} papers`,
    locale === 'en' ? '' : `in ${locale}`,
  ];
  return parts.filter(part => part !== '').join('; ');
}

const quoted = (word: string) => `“${word}”`;

function listed(before: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length - MOST_NAMED;
  return `${before}${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
