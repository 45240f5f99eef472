// What stands around the papers of a digest: masthead, contents, subject, the lines that say what was left out.
import type { Cut, CutPaper } from './cut.ts';
import type { Place } from './fit.ts';
import type { Logo } from './logo.ts';
import type { Section } from './sections.ts';
import { clip, type Words } from './words.ts';

/** What is the same in every digest of an installation. `webUrl` is null where no web pages are served. */
export interface Masthead {
  name: string;
  postalAddress: string | null;
  webUrl: string | null;
  /** Words of the operator at the foot of each mail. */
  footerText?: string | null;
  logo?: Logo | null;
}

/** More sections than this in the table of contents would push the papers off a phone's first screen. */
const MOST_LISTED = 8;

/** The parts of a digest's view that do not depend on how much of its papers is shown. */
export function frameOf(
  cut: Cut,
  masthead: Masthead,
  sections: readonly Section[],
  ranked: readonly CutPaper[],
  words: Words,
) {
  const counts = sections.map(({ name, papers }) => ({ name, count: words.number(papers.length) }));
  const papers = ranked.length === 0 ? 'No papers' : words.counted(ranked.length, 'paper');
  const themes = sections.filter(({ lead }) => !lead).length;
  const summary = themes === 0 ? papers : `${papers} in ${words.counted(themes, 'theme')}`;
  const names = counts.map(({ name }) => name).join(', ');
  const listed = counts.slice(0, MOST_LISTED);
  const others = counts.length - listed.length;
  return {
    ...masthead,
    footerText: masthead.footerText ?? null,
    logo: shownLogo(masthead),
    webUrl: masthead.webUrl === null ? null : `${masthead.webUrl}/${webPage(cut)}`,
    lang: words.locale,
    dir: words.rtl ? 'rtl' : 'ltr',
    // From right to left a paragraph's side is that of its own words. Not every mail program knows that, so it is said
    // only where it is needed.
    start: words.rtl ? 'inline-start' : 'left',
    end: words.rtl ? 'inline-end' : 'right',
    align: words.rtl ? 'start' : 'left',
    subject: subjectOf(ranked, cut.last, words),
    preheader: names === '' ? summary : clip(`${summary}: ${names}`, 110),
    date:
      cut.first === cut.last
        ? words.longDay(cut.last)
        : `${words.shortDay(cut.first)} – ${words.longDay(cut.last)}`,
    summary,
    // Of one section the summary says it all.
    contents: counts.length > 1 ? listed : [],
    contentsMore: others > 0 ? words.number(others) : '',
  };
}

/** What a template needs to know of the logo. */
function shownLogo({ logo }: Masthead): Pick<Logo, 'src' | 'width' | 'height'> | null {
  return logo ? { src: logo.src, width: logo.width, height: logo.height } : null;
}

/** The page that shows the same editions: one day's, or those of several days together. */
const webPage = ({ first, last }: Cut) => (first === last ? last : `${first}..${last}`);

function subjectOf(ranked: readonly CutPaper[], date: string, words: Words): string {
  const lead = clip(ranked[0]?.title ?? 'No papers', 80);
  const others = ranked.length - 1;
  return `${lead}${others > 0 ? ` and ${words.number(others)} more` : ''} · ${words.shortDay(date)}`;
}

/** "3 more on the web", for papers that a theme, or the whole digest, leaves out. */
export function moreText(more: number, webUrl: string | null, words: Words): string {
  return more === 0
    ? ''
    : `${words.number(more)} more${webUrl === null ? ', left out to keep this mail short' : ' on the web'}`;
}

/** One line for a reader who for want of room gets less than they would; '' where they do not. */
export function shortenedText(places: readonly Place[], words: Words): string {
  const shortened = places.filter(
    ({ why }) => why === 'theme over its share' || why === 'no room for its theme',
  );
  const count = (shown: Place['shown']) => shortened.filter(place => place.shown === shown).length;
  const kinds = [
    { n: count('summary'), what: n => (n === 1 ? 'as a summary' : 'as summaries') },
    { n: count('title'), what: n => (n === 1 ? 'as a title' : 'as titles') },
    { n: count('folded'), what: () => 'left out' },
  ] satisfies { n: number; what: (n: number) => string }[];
  const parts = kinds
    .filter(({ n }) => n > 0)
    .map(({ n, what }, place) => `${place === 0 ? words.counted(n, 'paper') : words.number(n)} ${what(n)}`);
  return parts.length === 0 ? '' : `Shortened to keep this mail whole: ${parts.join(', ')}.`;
}
