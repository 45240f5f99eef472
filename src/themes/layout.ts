// The sections of a day: by theme on an ordinary day, by what the papers share on a day that is all about one subject.
import { emergentGroups, type Likeness } from './emergent.ts';
import { type ChosenBy, type Evidence, evidenceOf, type PlacedBy } from './evidence.ts';
import type { PaperText } from './model/answer.ts';
import { groupNames } from './names.ts';
import { ALSO_TODAY, type Theme } from './taxonomy.ts';

/** What a model says of one paper; a plain one says no more than the theme. */
export interface Opinion {
  theme: string | null;
  /** Another theme that is nearly as near. */
  second?: string | null;
  /** How strongly; how far ahead of the second; the phrases that spoke for it. */
  score?: number;
  margin?: number;
  matched?: readonly string[];
  /** All themes, the likeliest first, with scores of any scale. */
  ranking?: readonly { theme: string; score: number }[];
  /** Who chose the theme; the model, unless said. */
  by?: ChosenBy;
}

/** A model that can also compare papers; without `vector` and `terms`, a day is only ever laid out by theme. */
export interface DayModel {
  classify(paper: PaperText): Opinion;
  vector?(paper: PaperText): Float32Array;
  terms?(paper: PaperText): ReadonlyMap<string, number>;
}

type Named = Pick<Theme, 'slug' | 'name'>;

/**
 * Papers under one heading, in the order in which they came. `slug` is the theme that most of them have; two sections
 * of a narrow day may have the same, with different names. `strays` are those whose own theme is another one: readers
 * who chose that theme still want them.
 */
export interface ThemeGroup<P> extends Named {
  papers: P[];
  strays: Map<P, Named>;
  /** Why each of its papers stands here. */
  evidence: Map<P, Evidence>;
}

/** A paper with its place in the day and what the model says of it. */
export interface Placed<P> extends Opinion {
  paper: P;
  place: number;
}

/** A section before its papers are in order and its slug is known. */
interface Draft<P> {
  name: string;
  slug?: string;
  papers: Placed<P>[];
}

/** A day of fewer papers is never narrow: one theme may hold half of it by chance. */
const NARROW_FROM = 20;
/** Every two papers are compared; above this a day is read by theme whatever it is about. */
const NARROW_TO = 1_500;
const NARROW_SHARE = 0.35;
/** The mean cosine of the terms of two papers: 0.02 to 0.033 on days of all machine learning, 0.06 or more on one subject. */
const NARROW_COSINE = 0.045;
/** A group that no phrase names is called by the theme of at least this share of its papers. */
const MAJORITY = 0.5;

/**
 * Whether a day is all about one subject: one theme holds more than a third of it, or its papers share their terms.
 * @param terms those of a sample of the day
 */
export function isNarrow(
  themes: readonly (string | null)[],
  terms: readonly ReadonlyMap<string, number>[],
): boolean {
  const n = themes.length;
  if (n < NARROW_FROM || n > NARROW_TO) return false;
  const sizes = [...Map.groupBy(themes, theme => theme).values()].map(({ length }) => length);
  return Math.max(...sizes) / n > NARROW_SHARE || meanCosine(terms) > NARROW_COSINE;
}

/** The length of the sum of unit vectors tells how alike they are on average, without comparing each two. */
function meanCosine(terms: readonly ReadonlyMap<string, number>[]): number {
  const n = terms.length;
  if (n < 2) return 0;
  const sum = new Map<string, number>();
  for (const paper of terms) {
    const length = Math.hypot(...paper.values()) || 1;
    for (const [term, weight] of paper) sum.set(term, (sum.get(term) ?? 0) + weight / length);
  }
  const squared = sum.values().reduce((total, weight) => total + weight * weight, 0);
  return (squared - n) / (n * (n - 1));
}

/**
 * Sections by theme. A paper that is alone under its theme moves to its runner-up, where it has one that
 * has papers today; elsewhere it stays alone. Papers of no theme go under "Also today".
 */
export function byTheme<P>(papers: readonly Placed<P>[], themes: readonly Named[]): Draft<P>[] {
  const sizes = Map.groupBy(papers, ({ theme }) => theme);
  const sectionOf = (placed: Placed<P>) => {
    const { theme, second = null } = placed;
    const alone = theme !== null && sizes.get(theme)?.length === 1;
    const joins = alone && second !== null && (sizes.get(second)?.length ?? 0) > 1;
    return joins ? second : theme;
  };
  const names = new Map(themes.map(({ slug, name }) => [slug, name]));
  return [...Map.groupBy(papers, sectionOf)].map(([slug, own]) =>
    slug === null ? { ...ALSO_TODAY, papers: own } : { slug, name: names.get(slug) ?? slug, papers: own },
  );
}

/**
 * Sections of a narrow day: the groups that its papers form, called by a phrase that they share or by the theme that
 * half of them have. Papers of the others go by theme, where two share one; the rest goes under "Also today".
 */
export function byLikeness<P extends PaperText>(
  papers: readonly Placed<P>[],
  likeness: readonly Likeness[],
  themes: readonly Named[],
): Draft<P>[] {
  const groups = emergentGroups(likeness).map(group => group.map(place => papers[place] as Placed<P>));
  const phrases = groupNames(groups.map(group => group.map(({ paper }) => paper)));
  const themeNames = new Set(themes.map(({ name }) => name));
  const drafts: Draft<P>[] = [];
  const others: Placed<P>[] = [];
  for (const [index, group] of groups.entries()) {
    const name = phrases[index] ?? nameByTheme(group, themes);
    if (name === null) others.push(...group);
    else drafts.push({ name, papers: group });
  }
  const left = byTheme(
    others.map(placed => ({ ...placed, second: null })),
    themes,
  );
  const rest = left.filter(({ slug, papers: own }) => slug === ALSO_TODAY.slug || own.length < 2);
  drafts.push(...left.filter(draft => !rest.includes(draft)));
  // Phrases first: a theme may join one, a phrase joins no theme.
  drafts.sort((a, b) => Number(themeNames.has(a.name)) - Number(themeNames.has(b.name)));
  const last = { ...ALSO_TODAY, papers: rest.flatMap(({ papers: own }) => own) };
  return [...joined(drafts, themeNames), ...(rest.length > 0 ? [last] : [])];
}

function nameByTheme<P>(group: readonly Placed<P>[], themes: readonly Named[]): string | null {
  const theme = themes.find(({ slug }) => {
    const having = group.filter(placed => placed.theme === slug).length;
    return having >= 2 && having >= MAJORITY * group.length;
  });
  return theme?.name ?? null;
}

/**
 * Sections of one name are one section: two groups of a theme, or a phrase and a theme whose name has that phrase
 * ("Image generation" and "Image generation and editing"); the phrase is then the heading.
 */
function joined<P>(drafts: readonly Draft<P>[], themeNames: ReadonlySet<string>): Draft<P>[] {
  const sections: Draft<P>[] = [];
  for (const draft of drafts) {
    const has = (phrase: string) => ` ${draft.name} `.toLowerCase().includes(` ${phrase} `.toLowerCase());
    const same = sections.find(
      ({ name }) => name === draft.name || (themeNames.has(draft.name) && !themeNames.has(name) && has(name)),
    );
    if (same === undefined) sections.push({ ...draft });
    else same.papers = [...same.papers, ...draft.papers];
  }
  return sections;
}

/** Finishes sections: papers in the order of the day, the section of the best paper first, "Also today" last. */
export function inOrder<P>(drafts: readonly Draft<P>[], themes: readonly Named[]): ThemeGroup<P>[] {
  const known = new Map<string | null, Named>(themes.map(({ slug, name }) => [slug, { slug, name }]));
  const own = ({ theme }: Opinion): Named =>
    theme === null ? ALSO_TODAY : (known.get(theme) ?? { slug: theme, name: theme });
  const isLast = ({ slug, name }: Named) => slug === ALSO_TODAY.slug && name === ALSO_TODAY.name;
  return drafts
    .map(({ name, slug, papers }) => {
      const sorted = papers.toSorted((a, b) => a.place - b.place);
      const section = { slug: slug ?? mostCommon(sorted.map(placed => own(placed).slug)), name };
      const strays = sorted.filter(placed => own(placed).slug !== section.slug);
      const why = sorted.map(placed => {
        const reason = slug === undefined ? 'likeness' : placedUnder(slug, own(placed).slug);
        return [placed.paper, evidenceOf(placed, reason)] as const;
      });
      return {
        section,
        sorted,
        strays: new Map(strays.map(placed => [placed.paper, own(placed)])),
        evidence: new Map(why),
      };
    })
    .sort(
      (a, b) =>
        Number(isLast(a.section)) - Number(isLast(b.section)) ||
        (a.sorted[0]?.place ?? 0) - (b.sorted[0]?.place ?? 0),
    )
    .map(({ section, sorted, strays, evidence }) => ({
      ...section,
      papers: sorted.map(({ paper }) => paper),
      strays,
      evidence,
    }));
}

function placedUnder(section: string, own: string): PlacedBy {
  if (section === ALSO_TODAY.slug) return 'rest';
  return own === section ? 'theme' : 'second';
}

/** The theme of most; a theme before "Also today", and the first of equals. */
function mostCommon(slugs: readonly string[]): string {
  const counts = [...Map.groupBy(slugs, slug => slug)].map(([slug, { length }]) => ({ slug, length }));
  const themes = counts.filter(({ slug }) => slug !== ALSO_TODAY.slug);
  return themes.sort((a, b) => b.length - a.length)[0]?.slug ?? ALSO_TODAY.slug;
}
