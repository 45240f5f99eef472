// Makes the day's edition: chooses, ranks and groups the papers that are new, and publishes them once.
import { placeOf } from '../papers/place.ts';
import { indexPapers } from '../papers/search-index.ts';
import { readPapers, type StoredPaper } from '../papers/stored-papers.ts';
import { chunks } from '../papers/told.ts';
import {
  type Clock,
  type Day,
  type Db,
  type Instant,
  instantText,
  shiftDay,
  type Tx,
  transact,
} from '../store/schema.ts';
import { isKnown, readCorrections } from '../themes/corrections.ts';
import type { DayModel } from '../themes/layout.ts';
import type { PaperText } from '../themes/model/answer.ts';
import type { Theme } from '../themes/taxonomy.ts';
import { arrange } from './arrange.ts';
import { type Curation, readCurations } from './curation.ts';
import { type Edition, type EditionPaper, readEdition } from './edition.ts';
import { trendOf } from './trend.ts';
import { countVotes } from './votes.ts';

/** How far back an edition reaches for papers that no earlier edition had, in days. */
export const REACH_BACK_DAYS = 7;

export interface Press {
  db: Db;
  themes: readonly Theme[];
  /**
   * Opens the model in use; asked for each edition anew, because a new one may have been taken into use.
   * @param papers finds those of the edition, for a model that must get ready for them
   */
  model: (papers?: () => Promise<readonly PaperText[]>) => Promise<DayModel>;
  clock: Clock;
}

type OpenPress = Omit<Press, 'model'> & { model: DayModel };

/**
 * What came of publishing. `waiting` papers are new but older than the last edition's, or came after it was published;
 * the next edition takes them.
 */
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
    const waiting = (await unpublished(press.db, date, wanted)).papers.length;
    return { edition: existing, outcome: 'already-published', waiting };
  }
  // Before the transaction: an embedder may think for minutes. A paper that comes between goes without an embedding.
  const model = await press.model(async () => {
    const candidates = await unpublished(press.db, date, wanted);
    const { through } = await editionBefore(press.db, date);
    return hasNews(candidates, date, through) ? candidates.papers : [];
  });
  return transact(press.db, db => publishNew({ ...press, model, db }, date, wanted));
}

async function publishNew(
  press: OpenPress & { db: Tx },
  date: Day,
  wanted: readonly string[],
): Promise<Publication> {
  // Another process may have been first between our look and our turn; what it published is the edition.
  const theirs = await readEdition(press.db, date);
  if (theirs !== undefined) return { edition: theirs, outcome: 'already-published', waiting: 0 };
  const candidates = await unpublished(press.db, date, wanted);
  const previous = await editionBefore(press.db, date);
  if (!hasNews(candidates, date, previous.through))
    return { edition: { date, themes: [] }, outcome: 'quiet', waiting: candidates.papers.length };
  const edition = await makeEdition(press, date, candidates, previous.publishedAt);
  // A paper handed in with a day still to come must not make the days until then look like old news.
  const out = candidates.papers.map(paper => paper.announcedOn).filter(day => day !== null && day <= date);
  await storeEdition(press, edition, out.reduce(laterOf, previous.through));
  return { edition, outcome: 'published', waiting: 0 };
}

/** The edition that `publish` would make of `date` now, or the published one; nothing is stored. */
export async function draftEdition(press: Press, date: Day): Promise<Edition> {
  const existing = await readEdition(press.db, date);
  if (existing !== undefined) return existing;
  const candidates = await unpublished(press.db, date, []);
  const open = { ...press, model: await press.model(async () => candidates.papers) };
  return makeEdition(open, date, candidates, (await editionBefore(press.db, date)).publishedAt);
}

/** The papers that an edition may hold, and what curators said, by PaperId in the order in which they said it. */
interface Candidates {
  papers: StoredPaper[];
  curations: Map<string, Curation>;
  /** The ids of those that belong into it however old they are. */
  handedIn: ReadonlySet<string>;
}

async function unpublished(db: Db, date: Day, wanted: readonly string[]): Promise<Candidates> {
  const curations = await readCurations(db);
  const picked = [...curations.values()].filter(curation => curation.picked).map(({ paperId }) => paperId);
  const announced = await readPapers(db, {
    editionless: true,
    announcedFrom: shiftDay(date, -REACH_BACK_DAYS),
    announcedTo: date,
  });
  const recent = [...announced, ...(await foundSince(db, date, announced))];
  const have = new Set(recent.map(paper => paper.id));
  const others = [...new Set([...wanted, ...picked])].filter(id => !have.has(id));
  const asked: StoredPaper[] = [];
  for (let start = 0; start < others.length; start += 500) {
    asked.push(...(await readPapers(db, { editionless: true, ids: others.slice(start, start + 500) })));
  }
  const papers = [...asked, ...recent].filter(({ id }) => !curations.get(id)?.hidden);
  return { papers, curations, handedIn: new Set(wanted) };
}

/**
 * Papers that were found since the last edition, however long ago that was, and were recent when they were found: a
 * source that was late, moderators who held one, a week without editions. What a new source has of months is not.
 */
async function foundSince(db: Db, date: Day, have: readonly StoredPaper[]): Promise<StoredPaper[]> {
  const { publishedAt } = await editionBefore(db, date);
  if (publishedAt === null) return [];
  const known = new Set(have.map(({ id }) => id));
  const found = await readPapers(db, { editionless: true, collectedAfter: publishedAt, announcedTo: date });
  return found.filter(({ id, announcedOn, collectedAt }) => {
    const oldest = shiftDay(collectedAt.slice(0, 10), -2 * REACH_BACK_DAYS);
    return !known.has(id) && (announcedOn === null || announcedOn >= oldest);
  });
}

/**
 * A day has news when a paper was announced after the newest one of the last edition, or its source named no day.
 * Papers that a source adds late to a day that already went out (a weekend page repeats Friday, with one or two more)
 * do not make an edition of their own; they ride along with the next. A paper that was handed in and is older than an
 * edition reaches back could not, so it is news too. So is every pick: a curator means it to go out.
 */
function hasNews({ papers, curations, handedIn }: Candidates, date: Day, through: Day | null): boolean {
  if (through === null) return papers.length > 0;
  const reach = shiftDay(date, -REACH_BACK_DAYS);
  return papers.some(({ id, announcedOn: day }) => {
    if (curations.get(id)?.picked || day === null || day > through) return true;
    return day < reach && handedIn.has(id);
  });
}

async function editionBefore(
  db: Db,
  date: Day,
): Promise<{ through: Day | null; publishedAt: Instant | null }> {
  const row = await db
    .selectFrom('edition')
    .select(['through', 'published_at'])
    .where('date', '<', date)
    .orderBy('date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { through: row?.through ?? null, publishedAt: row?.published_at ?? null };
}

const laterOf = (a: Day | null, b: Day | null) => (a === null || (b !== null && b > a) ? b : a);

/** Picks lead, in the order in which they were picked. */
async function makeEdition(
  { db, themes, model }: OpenPress,
  date: Day,
  { papers, curations }: Candidates,
  previously: Instant | null,
): Promise<Edition> {
  const counts = await countVotes(
    db,
    papers.map(({ id }) => id),
    previously,
  );
  const judged = papers.map(({ announcedOn, collectedAt: _, position: __, ...paper }) => ({
    ...paper,
    trend: trendOf(counts.get(paper.id), { links: paper.links, announcedOn }, date),
    ...wordsOn(curations.get(paper.id)),
  }));
  const places = new Map([...curations.keys()].map((id, place) => [id, place]));
  const place = ({ id }: { id: string }) => places.get(id) ?? 0;
  const picks = judged.filter(({ pick }) => pick !== null).sort((a, b) => place(a) - place(b));
  const others = judged.filter(({ pick }) => pick === null);
  return arrange(date, { picks, others }, { themes, model, corrected: await correctedThemes(db, themes) });
}

/** What curators said of papers' themes; undefined of those of which they said nothing, or a theme that is gone. */
async function correctedThemes(db: Db, themes: readonly Theme[]) {
  const corrections = await readCorrections(db);
  return ({ id }: { id: string }) => {
    const theme = corrections.get(id)?.theme;
    return theme !== undefined && isKnown(theme, themes) ? theme : undefined;
  };
}

/** What an edition says of a curator's pick or note. */
function wordsOn(curation: Curation | undefined): Pick<EditionPaper, 'pick' | 'note'> {
  if (curation === undefined) return { pick: null, note: null };
  const { picked, note, curator: by } = curation;
  if (picked) return { pick: { by, note }, note: null };
  return { pick: null, note: note === null ? null : { by, text: note } };
}

async function storeEdition(
  { db, clock }: OpenPress & { db: Tx },
  edition: Edition,
  through: Day | null,
): Promise<void> {
  const content = JSON.stringify(edition);
  await db
    .insertInto('edition')
    .values({ date: edition.date, through, published_at: instantText(clock()), content })
    .execute();
  const { date: edition_date } = edition;
  const rows = edition.themes.flatMap(({ slug, papers }) =>
    papers.map(({ id: paper_id, rank, theme }) => {
      return { paper_id, edition_date, place: placeOf(edition_date, rank), theme: theme?.slug ?? slug };
    }),
  );
  for (const some of chunks(rows)) await db.insertInto('edition_paper').values(some).execute();
  await indexPapers(
    db,
    rows.map(({ paper_id }) => paper_id),
  );
}
