// The pages that list: themes, the papers of one, editions by month.
import { html } from 'hono/html';
import type { EditionLine, Entry } from '../../editions/archive.ts';
import type { StoredPaper } from '../../papers/stored-papers.ts';
import { ALSO_TODAY } from '../../themes/taxonomy.ts';
import { feedLinks, frame, type Html } from './frame.ts';
import { paperLine, summaryOf, words } from './paper-line.ts';
import { paths, type Site, type ThemeName } from './site.ts';

/** A published paper with what is known of it now. */
export interface Listed extends Entry {
  paper: StoredPaper;
}

/** Every theme with how many papers it has had; those of no theme last. */
export function themesPage(site: Site, counts: ReadonlyMap<string, number>): Promise<string> {
  const known = site.themes.map(theme => theme.slug);
  // Themes that are in the taxonomy no more keep their papers and their page.
  const gone = [...counts.keys()].filter(slug => !known.includes(slug) && slug !== ALSO_TODAY.slug).sort();
  const rows: ThemeName[] = [...site.themes, ...gone.map(slug => ({ slug, name: slug }))];
  const main = html`<h1>Themes</h1><p class="lead">Each paper has one. Subscribers choose theirs, and each has feeds of its own.</p>
<ul class="rows">${rows.map(({ slug, name, description }) => {
    const papers = counts.get(slug) ?? 0;
    return html`<li><a href="${site.at(paths.theme(slug))}">${name}</a><span class="n">${papers === 0 ? 'no papers yet' : words.counted(papers, 'paper')}</span>${description ? html`<small>${description}</small>` : ''}</li>
`;
  })}${counts.has(ALSO_TODAY.slug) ? html`<li><a href="${site.at(paths.theme(ALSO_TODAY.slug))}">${NO_THEME.name}</a><span class="n">${words.counted(counts.get(ALSO_TODAY.slug) ?? 0, 'paper')}</span></li>` : ''}</ul>`;
  const description = `The ${rows.length} themes by which ${site.name} sorts the day’s papers.`;
  return frame(
    site,
    { title: `Themes – ${site.name}`, description, home: '/themes', current: 'themes' },
    main,
  );
}

/** Papers that belong to no theme. */
export const NO_THEME: ThemeName = {
  slug: ALSO_TODAY.slug,
  name: 'Papers of no theme',
  description: 'What came out and belongs to none of the themes.',
};

/** Some papers of a theme. `page` counts from 1. */
export function themePage(
  site: Site,
  theme: ThemeName,
  papers: readonly Listed[],
  { page, pages, total }: Paged,
): Promise<string> {
  const path = paths.theme(theme.slug);
  const main = html`<p class="kick"><a href="${site.at('/themes')}">Themes</a></p><h1>${theme.name}</h1>
${theme.description ? html`<p class="lead">${theme.description.replace(/\.?$/, '.')}</p>` : ''}<p class="sum">${total === 0 ? 'No papers yet.' : `${words.counted(total, 'paper')}, the newest first.`} <span>Feeds of this theme: ${feedLinks(site, theme.slug)}</span></p>
${papers.length > 0 ? html`<h2 class="hid">Papers</h2>` : ''}<ol class="list">${papers.map(listed => listedLine(site, listed))}</ol>${pager(site, path, page, pages)}`;
  return frame(
    site,
    {
      title: `${theme.name}${page > 1 ? `, page ${page}` : ''} – ${site.name}`,
      description: theme.description ?? `Papers about ${theme.name}, the newest first.`,
      home: page > 1 ? `${path}?page=${page}` : path,
      theme,
      current: 'themes',
    },
    main,
  );
}

/** Where one is in a list of many pages. */
export interface Paged {
  page: number;
  pages: number;
  total: number;
}

/** A paper of a list over several days. */
export function listedLine(
  site: Site,
  { paper, date }: Listed,
  more: Partial<Parameters<typeof paperLine>[1]> = {},
): Html {
  const votes = paper.vote?.upvotes ?? 0;
  const aside = votes < 1 ? html`` : html`<b>${words.number(votes)}</b> ${votes === 1 ? 'vote' : 'votes'}`;
  return paperLine(site, { paper, aside, says: summaryOf(paper.abstract), date, ...more });
}

/** @param path with or without a query of its own */
export function pager(site: Site, path: string, page: number, pages: number): Html {
  if (pages < 2) return html``;
  const to = (n: number) => site.at(n === 1 ? path : `${path}${path.includes('?') ? '&' : '?'}page=${n}`);
  return html`<nav class="pager" aria-label="Pages">${page > 1 ? html`<a href="${to(page - 1)}" rel="prev">← Page ${page - 1}</a>` : html`<span></span>`}<span>Page ${words.number(page)} of ${words.number(pages)}</span>${page < pages ? html`<a href="${to(page + 1)}" rel="next">Page ${page + 1} →</a>` : html`<span></span>`}</nav>`;
}

/** Every month that has editions, and those of one of them. */
export function editionsPage(
  site: Site,
  months: readonly { month: string; editions: number }[],
  { month, editions }: { month: string; editions: readonly EditionLine[] },
  newest: boolean,
): Promise<string> {
  const years = Map.groupBy(months, one => one.month.slice(0, 4));
  const title = newest ? 'Editions' : `Editions of ${monthName(month)}`;
  const main = html`${newest ? '' : html`<p class="kick"><a href="${site.at('/editions')}">Editions</a></p>`}<h1>${title}</h1>
<ul class="rows">${editions.map(
    ({ date, papers, lead }) =>
      html`<li><a href="${site.at(paths.edition(date))}">${words.longDay(date)}</a><span class="n">${words.counted(papers, 'paper')}</span>${lead === null ? '' : html`<small dir="auto">${lead}</small>`}</li>
`,
  )}</ul>${
    months.length === 0
      ? html`<p class="lead">No edition has been published yet.</p>`
      : html`<section class="years" aria-label="Months">${[...years].map(
          ([year, of]) =>
            html`<h2>${year}</h2><ul>${of.map(
              one => html`<li>${one.month === month ? html`<strong>${monthName(one.month)}</strong>` : html`<a href="${site.at(paths.month(one.month))}">${monthName(one.month)}</a>`} <span class="m">${one.editions}</span></li>
`,
            )}</ul>`,
        )}</section>`
  }`;
  return frame(
    site,
    {
      title: `${title} – ${site.name}`,
      description: newest
        ? `Every edition of ${site.name}, by month.`
        : `${words.counted(editions.length, 'edition')} of ${monthName(month)}.`,
      home: newest ? '/editions' : paths.month(month),
      current: 'editions',
    },
    main,
  );
}

const MONTHS = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const monthName = (month: string) => MONTHS.format(new Date(`${month}-15T12:00:00Z`));
