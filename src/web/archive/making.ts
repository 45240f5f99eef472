// Makes the archive's pages: reads what a page shows and says how long it may be kept. A page that is not there is a kind one too.
import * as archive from '../../editions/archive.ts';
import { type Edition, readEdition, readEditionsOf } from '../../editions/edition.ts';
import { votesOverTime } from '../../editions/votes.ts';
import { DayText } from '../../papers/paper.ts';
import { standing } from '../../papers/place.ts';
import { MOST_RANKED, searchPapers } from '../../papers/search.ts';
import { readQuery } from '../../papers/search-words.ts';
import { readPapers } from '../../papers/stored-papers.ts';
import { type Day, shiftDay } from '../../store/schema.ts';
import { ALSO_TODAY } from '../../themes/taxonomy.ts';
import type { Made } from './answers.ts';
import { editionPage, emptyFrontPage } from './edition-page.ts';
import { editionsFeed, themeFeed } from './feeds.ts';
import { nothing } from './frame.ts';
import { editionsPage, type Listed, NO_THEME, themePage, themesPage } from './lists.ts';
import { paperPage } from './paper-page.ts';
import { searchPage } from './search-page.ts';
import { FEED_KINDS, type FeedKind, type Site, type ThemeName } from './site.ts';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
const YEAR = 365 * DAY;

/** A page that is not there. */
export async function missing(
  site: Site,
  title: string,
  text: string,
  status: 400 | 404 = 404,
): Promise<Made> {
  return { body: await nothing(site, title, text), maxAge: 0, status };
}

export async function frontPage(site: Site, latest: Day | null): Promise<Made> {
  const edition = latest === null ? undefined : await readEdition(site.db, latest);
  if (edition === undefined) return { body: await emptyFrontPage(site), maxAge: MINUTE };
  const beside = await archive.neighbours(site.db, edition.date);
  return { body: await editionPage(site, [edition], beside, true), maxAge: MINUTE };
}

/** What is past may only get another neighbour, and that seldom. */
export async function dayPage(site: Site, date: Day, latest: Day | null): Promise<Made> {
  if (!isDay(date)) return missing(site, 'No such day', `The calendar has no ${date}.`);
  const edition = await readEdition(site.db, date);
  if (edition === undefined) return missing(site, 'No such edition', `There is no edition of ${date}.`);
  const body = await editionPage(site, [edition], await archive.neighbours(site.db, date), false);
  return { body, maxAge: date === latest ? 5 * MINUTE : DAY };
}

/** The page to which the mail of a reader leads who gets several days together. */
export async function spanPage(site: Site, first: Day, last: Day): Promise<Made> {
  const editions = await readEditionsOf(site.db, daysBetween(first, last));
  if (editions.length === 0)
    return missing(site, 'No such editions', `There is no edition from ${first} to ${last}.`);
  const { earlier } = await archive.neighbours(site.db, first);
  const { later } = await archive.neighbours(site.db, last);
  return { body: await editionPage(site, editions, { earlier, later }, false), maxAge: DAY };
}

const isDay = (text: string) => DayText.safeParse(text).success;

/** The days from `first` to `last`, at most the 31 last ones; none when either is no day. */
function daysBetween(first: Day, last: Day): Day[] {
  if (!isDay(first) || !isDay(last)) return [];
  return Array.from({ length: 31 }, (_, back) => shiftDay(last, -back)).filter(day => day >= first);
}

/** The edition as it was sent, without what is the operator's alone. */
export async function editionJson(site: Site, date: Day): Promise<Made> {
  const edition = isDay(date) ? await readEdition(site.db, date) : undefined;
  if (edition === undefined) {
    const body = JSON.stringify({ error: `There is no edition of ${date}.` });
    return { body, type: JSON_TYPE, maxAge: 0, status: 404 };
  }
  const themes = edition.themes.map(theme => ({
    ...theme,
    papers: theme.papers.map(({ evidence: _, ...paper }) => paper),
  }));
  return { body: JSON.stringify({ ...edition, themes }), type: JSON_TYPE, maxAge: YEAR, frozen: true };
}

const JSON_TYPE = 'application/json';

/** @param month YYYY-MM; undefined: the newest */
export async function monthPage(site: Site, month?: string): Promise<Made> {
  const months = await archive.editionMonths(site.db);
  const chosen = month ?? months[0]?.month ?? '';
  const editions = await archive.editionsOfMonth(site.db, chosen);
  if (month !== undefined && editions.length === 0)
    return missing(site, 'No such editions', `There is no edition in ${month}.`);
  const body = await editionsPage(site, months, { month: chosen, editions }, month === undefined);
  return { body, maxAge: 10 * MINUTE };
}

export async function allThemesPage(site: Site): Promise<Made> {
  return { body: await themesPage(site, await archive.papersByTheme(site.db)), maxAge: 10 * MINUTE };
}

const A_PAGE = 30;

/** @param page as it was typed; undefined: the first */
export async function oneThemePage(site: Site, slug: string, page: string | undefined): Promise<Made> {
  const total = await archive.countOfTheme(site.db, slug);
  const theme = themeOf(site, slug, total);
  if (theme === undefined) return missing(site, 'No such theme', 'There is no theme of this name here.');
  const paged = pagedBy(page, total, A_PAGE);
  if (paged === undefined) return missing(site, 'No such page', `${theme.name} has no page of this number.`);
  const entries = await archive.entriesOfTheme(site.db, slug, { from: paged.from, most: A_PAGE });
  return { body: await themePage(site, theme, await listed(site, entries), paged), maxAge: 10 * MINUTE };
}

/** The theme of a slug. One that is in the taxonomy no more is still there for its papers. */
function themeOf({ themes }: Site, slug: string, papers: number): ThemeName | undefined {
  if (slug === ALSO_TODAY.slug) return NO_THEME;
  return themes.find(theme => theme.slug === slug) ?? (papers > 0 ? { slug, name: slug } : undefined);
}

/** Which of the pages of a list was asked for; undefined where there is no such page. The first one is always there. */
function pagedBy(typed: string | undefined, total: number, most: number) {
  const pages = Math.max(1, Math.ceil(total / most));
  const page = typed === undefined ? 1 : /^[1-9]\d{0,6}$/.test(typed) ? Number(typed) : 0;
  return page < 1 || page > pages ? undefined : { page, pages, total, from: (page - 1) * most };
}

/** The papers of some entries, in their order. */
async function listed({ db }: Site, entries: readonly archive.Entry[]): Promise<Listed[]> {
  if (entries.length === 0) return [];
  const papers = new Map((await readPapers(db, { ids: entries.map(({ id }) => id) })).map(p => [p.id, p]));
  return entries.flatMap(entry => {
    const paper = papers.get(entry.id);
    return paper === undefined ? [] : { ...entry, paper };
  });
}

/** The page of a paper under the id that it has now; undefined where it was not published, or is hidden. */
export async function onePaperPage(site: Site, id: string): Promise<Made | undefined> {
  const entry = await archive.entryOfPaper(site.db, id);
  const [paper] = entry === undefined ? [] : await listed(site, [entry]);
  if (paper === undefined) return undefined;
  const edition = await readEdition(site.db, paper.date);
  const { rank } = standing(paper.place);
  const printed = edition && rankedIn(edition, rank);
  const theme = themeOf(site, paper.theme, paper.theme === ALSO_TODAY.slug ? 0 : 1);
  const votes = await votesOverTime(site.db, id);
  return {
    body: await paperPage(site, paper, printed, theme === NO_THEME ? undefined : theme, votes),
    maxAge: 10 * MINUTE,
  };
}

/** By its rank: it may have got another id since. */
const rankedIn = ({ themes }: Edition, rank: number) =>
  themes.flatMap(theme => theme.papers).find(paper => paper.rank === rank);

const LONGEST_QUERY = 300;
const RESULTS = 20;

export async function resultsPage(site: Site, text: string, page: string | undefined): Promise<Made> {
  if (text.length > LONGEST_QUERY)
    return missing(site, 'Too long', `A search has at most ${LONGEST_QUERY} characters.`, 400);
  const sought = readQuery(text);
  const most = pagedBy(page, MOST_RANKED, RESULTS);
  const found = await searchPapers(site.db, sought, { from: most?.from ?? 0, most: RESULTS });
  const paged = pagedBy(page, found.total, RESULTS);
  if (paged === undefined) return missing(site, 'No such page', 'So many papers were not found.');
  const entries = await archive.entriesOf(site.db, found.papers);
  const papers = await listed(site, entries);
  const body = await searchPage(site, { text, sought }, papers, paged, found.total >= MOST_RANKED);
  return { body, maxAge: MINUTE };
}

const FEED_EDITIONS = 10;

export async function allFeed(site: Site, kind: FeedKind): Promise<Made> {
  const body = await editionsFeed(site, kind, await archive.lastEditions(site.db, FEED_EDITIONS));
  return { body, type: feedType(kind), maxAge: 15 * MINUTE };
}

export async function oneThemeFeed(site: Site, kind: FeedKind, slug: string): Promise<Made> {
  const entries = await archive.entriesOfTheme(site.db, slug, { from: 0, most: A_PAGE });
  const theme = themeOf(site, slug, entries.length);
  if (theme === undefined) return missing(site, 'No such theme', 'There is no theme of this name here.');
  const body = await themeFeed(site, kind, theme, await listed(site, entries));
  return { body, type: feedType(kind), maxAge: 15 * MINUTE };
}

const feedType = (kind: FeedKind) => `${FEED_KINDS[kind].type}; charset=utf-8`;
