// Which source said what: the announcements in the database, and those that may speak of the same works.
import type { AnnouncementTable, Day, Db, Instant, Tx } from '../store/schema.ts';
import { counterpart } from './identity.ts';
import { type Content, laterWord, type Told } from './merge.ts';
import type { Announcement, Format } from './paper.ts';

/** A told record, with the paper to which it belongs so far (undefined: it is new). */
export type StoredTold = Told & { paperId?: string };

/** Few enough that a statement stays under every database's limit of parameters. */
const CHUNK = 500;

export function* chunks<T>(list: readonly T[], size = CHUNK): Generator<T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}

/** What an announcement becomes in the store. */
export function toldBy(
  { paper, keys, format, announcedOn }: Announcement,
  source: string,
  at: Instant,
): Told {
  const { id: ownId, ...content } = paper;
  const version = paper.facts.version ?? 0;
  return { source, ownId, keys, format, version, announcedOn, content, firstAt: at, saidAt: at };
}

/**
 * All that is known together with what is told now: every record that shares a key with one of them, or with one that
 * does. The latest word of each source about each paper counts.
 * @returns the records by source and id, those of `now` among them
 */
export async function knownTogetherWith(tx: Tx, now: readonly Told[]): Promise<StoredTold[]> {
  const records = new Map<string, StoredTold>();
  const asked = new Set<string>();
  let open = now.flatMap(({ keys }) => keys.map(counterpart).concat(keys));
  while (open.length > 0) {
    const keys = [...new Set(open)].filter(key => !asked.has(key));
    for (const key of keys) asked.add(key);
    const found = (await recordsWith(tx, keys)).filter(record => !records.has(nameOf(record)));
    for (const record of found) records.set(nameOf(record), record);
    open = found.flatMap(record => record.keys.map(counterpart).concat(record.keys));
  }
  for (const told of now) {
    const known = records.get(nameOf(told));
    const said = laterWord(known, told);
    records.set(nameOf(told), known?.paperId === undefined ? said : { ...said, paperId: known.paperId });
  }
  return [...records.values()];
}

/** What a source said of one version of a paper is one record. */
export const nameOf = ({ source, ownId, version }: Told) => `${source}\n${ownId}\n${version}`;

async function recordsWith(tx: Tx, keys: readonly string[]): Promise<StoredTold[]> {
  const found: StoredTold[] = [];
  for (const some of chunks(keys)) {
    const rows = await tx
      .selectFrom('announcement')
      .selectAll()
      .where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('source', 'own_id'),
          'in',
          selectFrom('announcement_key')
            .select(['source', 'own_id'])
            .where('key', 'in', some)
            .$asTuple('source', 'own_id'),
        ),
      )
      .execute();
    found.push(...(await withKeys(tx, rows)));
  }
  return found;
}

async function withKeys(db: Db | Tx, rows: readonly AnnouncementTable[]): Promise<StoredTold[]> {
  const keys = new Map<string, string[]>();
  for (const some of chunks([...new Set(rows.map(row => row.own_id))])) {
    const found = await db.selectFrom('announcement_key').selectAll().where('own_id', 'in', some).execute();
    for (const { key, source, own_id } of found) {
      const name = `${source}\n${own_id}`;
      keys.set(name, [...(keys.get(name) ?? []), key]);
    }
  }
  return rows.map(row => fromRow(row, keys.get(`${row.source}\n${row.own_id}`) ?? []));
}

function fromRow(row: AnnouncementTable, keys: string[]): StoredTold & { paperId: string } {
  return {
    source: row.source,
    ownId: row.own_id,
    paperId: row.paper_id,
    keys,
    format: row.format as Format,
    version: row.version,
    announcedOn: row.announced_on,
    content: JSON.parse(row.content) as Content,
    firstAt: row.first_at,
    saidAt: row.said_at,
  };
}

/** Writes what sources say now, each with its paper. */
export async function storeTold(tx: Tx, records: readonly (Told & { paperId: string })[]): Promise<void> {
  for (const some of chunks(records)) {
    await tx
      .insertInto('announcement')
      .values(some.map(toRow))
      .onConflict(c =>
        c.columns(['source', 'own_id', 'version']).doUpdateSet(({ ref }) => ({
          paper_id: ref('excluded.paper_id'),
          format: ref('excluded.format'),
          announced_on: ref('excluded.announced_on'),
          content: ref('excluded.content'),
          first_at: ref('excluded.first_at'),
          said_at: ref('excluded.said_at'),
        })),
      )
      .execute();
  }
  const keys = records.flatMap(({ source, ownId, keys }) =>
    keys.map(key => ({ key, source, own_id: ownId })),
  );
  for (const some of chunks(keys)) {
    await tx
      .insertInto('announcement_key')
      .values(some)
      .onConflict(c => c.doNothing())
      .execute();
  }
}

function toRow({
  source,
  ownId,
  paperId,
  format,
  version,
  ...told
}: Told & { paperId: string }): AnnouncementTable {
  return {
    source,
    own_id: ownId,
    paper_id: paperId,
    format,
    version,
    announced_on: told.announcedOn,
    content: JSON.stringify(told.content),
    first_at: told.firstAt,
    said_at: told.saidAt,
  };
}

/** What each source said of the paper `paperId`, the first to tell of it first. */
export async function whoSaidWhat(
  db: Db,
  paperId: string,
): Promise<{ source: string; ownId: string; announcedOn: Day | null; firstAt: Instant; content: Content }[]> {
  const query = db.selectFrom('announcement').selectAll().where('paper_id', '=', paperId);
  const rows = await query.orderBy('first_at').orderBy('source').orderBy('version').execute();
  return rows.map(row => fromRow(row, []));
}
