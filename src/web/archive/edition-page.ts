// The front page and the pages of editions: one day, or several together as a reader's mail had them.
import { html } from 'hono/html';
import { cut } from '../../digests/cut.ts';
import { noteLine, type Section, sectionsOf } from '../../digests/sections.ts';
import type { Edition } from '../../editions/edition.ts';
import type { Day } from '../../store/schema.ts';
import { Preferences } from '../../subscribers/preferences.ts';
import { subscribeBox } from '../subscribe-box.ts';
import { frame, type Html, logoOf } from './frame.ts';
import { paperLine, summaryOf, votesOf, words } from './paper-line.ts';
import { paths, type Site } from './site.ts';

/** What stands before and after an edition. */
export interface Beside {
  earlier: Day | null;
  later: Day | null;
}

/** @param front whether this is the front page */
export function editionPage(
  site: Site,
  editions: readonly Edition[],
  { earlier, later }: Beside,
  front: boolean,
): Promise<string> {
  const whole = cut(editions, Preferences.parse({}));
  const sections = sectionsOf(whole);
  const { first, last } = whole;
  const date = first === last ? words.longDay(last) : `${words.shortDay(first)} – ${words.longDay(last)}`;
  const count = summaryLine(sections);
  const home = front ? '/' : first === last ? paths.edition(last) : `/${first}..${last}`;
  const main = html`<header class="mast">${logoOf(site)}<h1>${site.name}</h1><p class="by">by its curators and the research community</p>
${dayNavigation(site, date, earlier, later, front)}</header>
${front ? subscribing(site) : ''}
<p class="sum">${count}</p>${contents(sections)}
${sections.map((section, n) => sectionOf(site, section, n, whole))}
${front ? '' : subscribing(site)}
<nav class="pager" aria-label="Other days">${dayLinks(site, earlier, later)}</nav>`;
  return frame(
    site,
    {
      title: front ? `${site.name} – ${date}` : `${date} – ${site.name}`,
      description: `${count}: ${sections.map(({ name }) => name).join(', ')}`.slice(0, 300),
      home,
      published: last,
      ...(first === last ? { json: paths.editionJson(last) } : {}),
      earlier: earlier === null ? undefined : paths.edition(earlier),
      later: later === null ? undefined : paths.edition(later),
      ...(front ? { current: 'today' as const } : {}),
    },
    main,
  );
}

/** The box for an address, where addresses are taken. */
const subscribing = ({ signUps, at }: Site): Html =>
  signUps === undefined
    ? html``
    : html`<section class="box" aria-label="Subscribe">${subscribeBox(at('/subscribe'))}</section>`;

function summaryLine(sections: readonly Section[]): string {
  const papers = sections.reduce((sum, section) => sum + section.papers.length, 0);
  const themes = sections.filter(({ lead }) => !lead).length;
  const all = papers === 0 ? 'No papers' : words.counted(papers, 'paper');
  return themes === 0 ? all : `${all} in ${words.counted(themes, 'theme')}`;
}

function dayNavigation(
  site: Site,
  date: string,
  earlier: Day | null,
  later: Day | null,
  front: boolean,
): Html {
  return html`<nav class="days" aria-label="Days">${earlier === null ? html`<span></span>` : html`<a href="${site.at(paths.edition(earlier))}" rel="prev">← ${words.shortDay(earlier)}</a>`}
<span class="when">${date}</span>${later === null ? html`<span>${front ? '' : html`<a href="${site.at('/')}">Today</a>`}</span>` : html`<a href="${site.at(paths.edition(later))}" rel="next">${words.shortDay(later)} →</a>`}</nav>`;
}

const dayLinks = (site: Site, earlier: Day | null, later: Day | null): Html =>
  html`${earlier === null ? html`<span></span>` : html`<a href="${site.at(paths.edition(earlier))}">← ${words.longDay(earlier)}</a>`}${later === null ? html`<a href="${site.at('/editions')}">All editions</a>` : html`<a href="${site.at(paths.edition(later))}">${words.longDay(later)} →</a>`}`;

/** Of one section the summary says it all. */
function contents(sections: readonly Section[]): Html {
  if (sections.length < 2) return html``;
  return html`<nav aria-label="Themes of the day"><ul class="toc">${sections.map(
    ({ name, papers }, n) => html`<li><a href="#s${n + 1}">${name}</a> <span>${papers.length}</span></li>
`,
  )}</ul></nav>`;
}

function sectionOf(site: Site, section: Section, n: number, { last, themes }: ReturnType<typeof cut>): Html {
  const all = themes.reduce((sum, theme) => sum + theme.papers.length, 0);
  const theme = site.themes.find(({ name }) => !section.lead && name === section.name);
  const heading = theme
    ? html`<a href="${site.at(paths.theme(theme.slug))}">${section.name}</a>`
    : section.name;
  return html`<section class="sec" aria-labelledby="s${n + 1}"><h2 id="s${n + 1}">${heading} <span>${section.papers.length}</span></h2><ol class="list">${section.papers.map(
    paper =>
      paperLine(site, {
        paper,
        aside: votesOf(paper, last, all),
        says: summaryOf(paper.abstract),
        note: noteLine(paper, section),
      }),
  )}</ol></section>
`;
}

/** The front page before there is anything to read. */
export function emptyFrontPage(site: Site): Promise<string> {
  const main = html`<header class="mast">${logoOf(site)}<h1>${site.name}</h1><p class="by">by its curators and the research community</p></header>
${subscribing(site)}
<p class="sum">No edition has been published yet. The first one will stand here.</p>`;
  const description = 'The day’s new papers by theme, the most talked about first.';
  return frame(site, { title: site.name, description, home: '/', current: 'today' }, main);
}
