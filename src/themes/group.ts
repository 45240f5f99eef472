// Puts a day's ranked papers under themes: papers in, themed groups with names out.
import type { PaperText, ThemeModel } from './keyword-model.ts';
import { ALSO_TODAY, type Theme } from './taxonomy.ts';

/** Papers of one theme, in the order in which they came. */
export interface ThemeGroup<P> {
  slug: string;
  name: string;
  papers: P[];
}

/**
 * Groups papers by their theme. Groups follow their best-ranked paper (the first in `papers`), so the strongest
 * subject of the day leads; papers of no theme come last, under "Also today".
 */
export function group<P extends PaperText>(
  papers: readonly P[],
  themes: readonly Theme[],
  model: ThemeModel,
): ThemeGroup<P>[] {
  const names = new Map(themes.map(theme => [theme.slug, theme.name]));
  const groups = new Map<string, ThemeGroup<P>>();
  const rest: ThemeGroup<P> = { ...ALSO_TODAY, papers: [] };
  for (const paper of papers) {
    const slug = model.classify(paper).theme;
    if (slug === null) {
      rest.papers.push(paper);
      continue;
    }
    const theme = groups.get(slug) ?? { slug, name: names.get(slug) ?? slug, papers: [] };
    theme.papers.push(paper);
    groups.set(slug, theme);
  }
  return rest.papers.length > 0 ? [...groups.values(), rest] : [...groups.values()];
}
