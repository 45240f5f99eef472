// Makes the day's edition: chooses, ranks and groups the papers that are new, and publishes them once.
import { readPapers, type StoredPaper } from '../papers/stored-papers.ts';
import { type Clock, type Day, type Db, instantText, shiftDay } from '../store/schema.ts';
import { group } from '../themes/group.ts';
import type { ThemeModel } from '../themes/keyword-model.ts';
import type { Theme } from '../themes/taxonomy.ts';
import { Edition, type EditionPaper, readEdition } from './edition.ts';
import { rank } from './rank.ts';

/** How far back an edition reaches for papers that no earlier edition had, in days. */
export const REACH_BACK_DAYS = 7;

export interface Press {
  db: Db;
  themes: readonly Theme[];
  model: ThemeModel;
  clock: Clock;
}

/** What came of publishing. `waiting` papers are new but older than the last edition's; the next edition takes them. */
export interface Publication {
  edition: Edition;
  outcome: 'published' | 'already-published' | 'quiet';
  waiting: number;
}

/**
 * Publishes the edition of `date`, unless it exists or there is nothing new. Safe to run twice, late, or on two
 * machines at once: the edition's date and every paper in it are unique keys, looked for and written in one
 * transaction, so that a publisher of another day is before this one or after it.
 * @param wanted ids that belong into it however old they are (the papers of `--from`)
 */
export async function publish(press: Press, date: Day, wanted: readonly string[] = []): Promise<Publication> {
  const existing = await readEdition(press.db, date);
  if (existing !== undefined) {
    const waiting = (await unpublished(press.db, date, wanted)).length;
    return { edition: existing, outcome: 'already-published', waiting };
  }
  return press.db.transaction().execute(db => publishNew({ ...press, db }, date, wanted));
}

async function publishNew(press: Press, date: Day, wanted: readonly string[]): Promise<Publication> {
  // Another process may have been first between our look and our turn; what it published is the edition.
  const theirs = await readEdition(press.db, date);
  if (theirs !== undefined) return { edition: theirs, outcome: 'already-published', waiting: 0 };
  const papers = await unpublished(press.db, date, wanted);
  const last = await lastThrough(press.db, date);
  if (!hasNews(papers, date, last))
    return { edition: { date, themes: [] }, outcome: 'quiet', waiting: papers.length };
  const edition = makeEdition(press, date, papers);
  // A paper handed in with a day still to come must not make the days until then look like old news.
  const out = papers.map(paper => paper.announcedOn).filter(day => day !== null && day <= date);
  await storeEdition(press, edition, out.reduce(laterOf, last));
  return { edition, outcome: 'published', waiting: 0 };
}

/** The edition that `publish` would make of `date` now, or the published one; nothing is stored. */
export async function draftEdition(press: Press, date: Day): Promise<Edition> {
  const existing = await readEdition(press.db, date);
  return existing ?? makeEdition(press, date, await unpublished(press.db, date, []));
}

async function unpublished(db: Db, date: Day, wanted: readonly string[]): Promise<StoredPaper[]> {
  const recent = await readPapers(db, {
    editionless: true,
    announcedFrom: shiftDay(date, -REACH_BACK_DAYS),
    announcedTo: date,
  });
  const have = new Set(recent.map(paper => paper.id));
  const others = wanted.filter(id => !have.has(id));
  const handedIn: StoredPaper[] = [];
  for (let start = 0; start < others.length; start += 500) {
    handedIn.push(...(await readPapers(db, { editionless: true, ids: others.slice(start, start + 500) })));
  }
  return [...handedIn, ...recent];
}

/**
 * A day has news when a paper was announced after the newest one of the last edition, or its source named no day.
 * Papers that a source adds late to a day that already went out (a weekend page repeats Friday, with one or two more)
 * do not make an edition of their own; they ride along with the next. A paper that was handed in and is older than an
 * edition reaches back could not, so it is news too.
 */
function hasNews(papers: readonly StoredPaper[], date: Day, lastThrough: Day | null): boolean {
  if (lastThrough === null) return papers.length > 0;
  const reach = shiftDay(date, -REACH_BACK_DAYS);
  return papers.some(({ announcedOn: day }) => day === null || day > lastThrough || day < reach);
}

async function lastThrough(db: Db, before: Day): Promise<Day | null> {
  const row = await db
    .selectFrom('edition')
    .select('through')
    .where('date', '<', before)
    .orderBy('date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.through ?? null;
}

const laterOf = (a: Day | null, b: Day | null) => (a === null || (b !== null && b > a) ? b : a);

function makeEdition({ themes, model }: Press, date: Day, papers: readonly StoredPaper[]): Edition {
  const ranked = rank(papers).map((paper, index): EditionPaper => {
    const { announcedOn: _, collectedAt: __, position: ___, ...kept } = paper;
    return { ...kept, rank: index + 1 };
  });
  return Edition.parse({ date, themes: group(ranked, themes, model) });
}

async function storeEdition({ db, clock }: Press, edition: Edition, through: Day | null): Promise<void> {
  const content = JSON.stringify(edition);
  await db
    .insertInto('edition')
    .values({ date: edition.date, through, published_at: instantText(clock()), content })
    .execute();
  const ids = edition.themes.flatMap(theme => theme.papers.map(paper => paper.id));
  for (let start = 0; start < ids.length; start += 500) {
    const rows = ids.slice(start, start + 500).map(paper_id => ({ paper_id, edition_date: edition.date }));
    await db.insertInto('edition_paper').values(rows).execute();
  }
}
