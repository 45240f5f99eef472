// What curators say of papers: picked, hidden, a note. They may speak of a paper that no source knows yet.
import { PaperroundError } from '../errors.ts';
import { findPaper } from '../papers/lookup.ts';
import { type CurationTable, type Db, type Instant, transact } from '../store/schema.ts';

/** What holds of one paper. `at` is when it was picked, or when a curator last spoke of it. */
export interface Curation {
  paperId: string;
  /** Whether a source has told of the paper. */
  known: boolean;
  picked: boolean;
  hidden: boolean;
  note: string | null;
  curator: string | null;
  at: Instant;
}

/** What a curator says now; what is left out stays as it is. A note of null takes the note away. */
export interface CuratorsWord {
  picked?: boolean;
  hidden?: boolean;
  note?: string | null;
  curator?: string;
}

/** What came of a curator's word. */
export interface Curated {
  paperId: string;
  known: boolean;
  before: Curation | null;
  now: Curation | null;
}

const LIMITS = { note: 500, name: 100 } as const;

/**
 * Takes down what a curator says of the paper that `id` names, in any form that `findPaper` reads.
 * Picked and hidden exclude each other: the last word counts. One who picks again keeps the place of the pick.
 * @returns what held of the paper before and what holds now; null where nothing is said of it
 * @throws PaperroundError `usage` when `id` names no paper, `input` when a note or a name is empty or too long
 */
export async function curate(db: Db, id: string, word: CuratorsWord, at: Instant): Promise<Curated> {
  const said = await checked(word);
  return transact(db, async tx => {
    const paper = await paperNamed(tx, id);
    const before = (await readCurations(tx)).get(paper.id);
    const curation = { ...after(before, said, at), paperId: paper.id, known: paper.known };
    // Also the rows that were written when the paper was not known, under another of its ids.
    if (before !== undefined) await tx.deleteFrom('curation').where('paper_id', 'in', before.rows).execute();
    const left = curation.picked || curation.hidden || curation.note !== null;
    if (left) await tx.insertInto('curation').values(toRow(curation)).execute();
    return { paperId: paper.id, known: paper.known, before: before ?? null, now: left ? curation : null };
  });
}

async function checked(word: CuratorsWord): Promise<CuratorsWord> {
  const { note, curator } = word;
  return {
    ...word,
    ...(typeof note === 'string' ? { note: await clean('note', note) } : {}),
    ...(curator === undefined ? {} : { curator: await clean('name', curator) }),
  };
}

/**
 * A curator's name as it is kept.
 * @throws PaperroundError `input` when it is empty or too long
 */
export const curatorsName = (given: string) => clean('name', given);

async function clean(what: keyof typeof LIMITS, given: string): Promise<string> {
  const text = await cleaned(given);
  const length = [...text].length;
  if (length > 0 && length <= LIMITS[what]) return text;
  throw new PaperroundError(
    'input',
    length === 0 ? `The ${what} is empty` : `The ${what} is too long: ${length} characters`,
    { hint: `A ${what} has 1 to ${LIMITS[what]} characters.` },
  );
}

/** The reader of TeX is loaded here: those who publish and preview only read what curators said. */
const cleaned = async (text: string) => (await import('../papers/text.ts')).cleanText(text);

/**
 * The paper that a text names, for commands: `findPaper` with a refusal.
 * @throws PaperroundError `usage` when the text names no paper
 */
export async function paperNamed(db: Db, text: string): Promise<{ id: string; known: boolean }> {
  const found = await findPaper(db, text);
  if (found !== undefined) return found;
  throw new PaperroundError('usage', `"${(await cleaned(text)).slice(0, 100)}" names no paper`, {
    hint: 'Give an arXiv id (2511.01234), a DOI (10.1000/182), an address of either, or an id of "paperround papers list".',
  });
}

function after(
  before: Curation | undefined,
  said: CuratorsWord,
  at: Instant,
): Omit<Curation, 'paperId' | 'known'> {
  const picked = said.picked ?? (said.hidden === true ? false : (before?.picked ?? false));
  const hidden = said.hidden ?? (said.picked === true ? false : (before?.hidden ?? false));
  return {
    picked,
    hidden,
    note: said.note === undefined ? (before?.note ?? null) : said.note,
    curator: said.curator ?? before?.curator ?? null,
    at: picked && before?.picked ? before.at : at,
  };
}

/**
 * All that curators said, by PaperId, in the order in which they said it. Ids that no source knew when they were given
 * are looked up again, because the paper may have come since, and under another id (an arXiv paper that has the DOI).
 * `rows`: the ids under which it is stored. Nothing is written.
 */
export async function readCurations(db: Db): Promise<Map<string, Curation & { rows: string[] }>> {
  const stored = await db.selectFrom('curation').selectAll().orderBy('at').orderBy('paper_id').execute();
  const known = await storedPapers(
    db,
    stored.map(row => row.paper_id),
  );
  const curations = new Map<string, Curation & { rows: string[] }>();
  for (const row of stored) {
    const found = known.has(row.paper_id) ? undefined : await findPaper(db, row.paper_id);
    const paper = found ?? { id: row.paper_id, known: known.has(row.paper_id) };
    const earlier = curations.get(paper.id);
    // Of what was said under two ids of one paper, the later word counts, as if both had been said of one id.
    const curation = { paperId: paper.id, known: paper.known, ...after(earlier, wordOf(row), row.at) };
    if (curation.at !== earlier?.at) curations.delete(paper.id);
    curations.set(paper.id, { ...curation, rows: [...(earlier?.rows ?? []), row.paper_id] });
  }
  return curations;
}

async function storedPapers(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let start = 0; start < ids.length; start += 500) {
    const some = ids.slice(start, start + 500);
    const rows = await db.selectFrom('paper').select('id').where('id', 'in', some).execute();
    for (const { id } of rows) known.add(id);
  }
  return known;
}

function wordOf({ picked, hidden, note, curator }: CurationTable): CuratorsWord {
  return {
    ...(picked === 1 ? { picked: true } : {}),
    ...(hidden === 1 ? { hidden: true } : {}),
    ...(note === null ? {} : { note }),
    ...(curator === null ? {} : { curator }),
  };
}

function toRow({ paperId, picked, hidden, note, curator, at }: Curation): CurationTable {
  return { paper_id: paperId, picked: picked ? 1 : 0, hidden: hidden ? 1 : 0, note, curator, at };
}
