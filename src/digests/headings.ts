// The headings of a cut: what a section is called, and under which one the papers of an older day stand.
import type { Edition, EditionPaper } from '../editions/edition.ts';

/** A theme, and what its papers stand under: its own name, or what a day about one subject has found in it. */
export interface Heading {
  slug: string;
  name: string;
}

/** Equal for headings that are the same. */
export const headingKey = ({ slug, name }: Heading) => `${slug}\n${name}`;

/** Where a reader's choice leaves nothing of a section but papers of another theme, that theme is its heading. */
export function headingOf(section: Heading, chosen: readonly Pick<EditionPaper, 'theme'>[]): Heading {
  const own = chosen[0]?.theme;
  const { slug, name } = own && chosen.every(({ theme }) => theme?.slug === own.slug) ? own : section;
  return { slug, name };
}

/**
 * What each theme is called, as the newest of some editions says that does. A section whose papers stand there because
 * they are alike may be called by a phrase, so its name is nobody's; nor is it known where editions tell no reasons.
 * @returns names by slug
 */
export function themeNames(editions: readonly Edition[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const edition of editions.toReversed())
    for (const [slug, name] of toldBy(edition)) if (!names.has(slug)) names.set(slug, name);
  return names;
}

const told = new WeakMap<Edition, ReadonlyMap<string, string>>();

/** An edition is the same for thousands of cuts. */
function toldBy(edition: Edition): ReadonlyMap<string, string> {
  const known = told.get(edition) ?? new Map(edition.themes.flatMap(namesIn));
  told.set(edition, known);
  return known;
}

function namesIn({ slug, name, papers }: Edition['themes'][number]): [slug: string, name: string][] {
  const strays = papers.flatMap(({ theme }) => theme ?? []).map(theme => [theme.slug, theme.name] as const);
  const byTheme = papers.some(({ evidence }) => evidence !== null && evidence.placed !== 'likeness');
  return [...strays, ...(byTheme ? [[slug, name] as const] : [])].map(([of, called]) => [of, called]);
}
