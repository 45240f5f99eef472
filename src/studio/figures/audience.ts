// The audience of an edition: who gets it and who had it, in which cuts, and when its readers are due again.
import { deliveriesOf, KEPT, NOTHING } from '../../delivery/ledger.ts';
import { digestSpan, editionsOnce } from '../../delivery/plan.ts';
import { planDeliveries } from '../../delivery/planning.ts';
import type { Desk } from '../../delivery/write.ts';
import { cut, cutKey } from '../../digests/cut.ts';
import { type Edition, readEdition } from '../../editions/edition.ts';
import type { Clock, Day, Db, DeliveryTable } from '../../store/schema.ts';
import { type Preferences, storedPreferences } from '../../subscribers/preferences.ts';
import { countSubscribers, readSubscriber, type Status } from '../../subscribers/subscriber.ts';
import { countActive, type DueDay, inOrder, type NextDue, nextDue } from './next-due.ts';
import { preferencesInWords } from './preferences-in-words.ts';

/** More cuts than these are only counted. */
const MOST_CUTS = 50;

/** Addresses that are named of each cut. */
const MOST_ADDRESSES = 3;

/** How it stands with an edition and a reader: not planned yet, owed, had or perhaps had, or nothing or too little for them. */
export type Standing = 'to plan' | 'owed' | 'had' | 'unknown' | 'refused' | 'withdrawn' | 'nothing' | 'kept';

/** Readers who get the same digest. */
interface CutReaders {
  /** What they asked for, in words. */
  wants: string;
  editions: Day[];
  readers: number;
  addresses: string[];
  /** Papers for them; 0: they get nothing, not even an empty mail. */
  papers: number;
  standing: Partial<Record<Standing, number>>;
  /** When they are due again, soonest first. */
  next: DueDay[];
}

/** `draft`: the database does not have the edition, and all of this is what would be. */
export interface Audience {
  day: Day;
  draft: boolean;
  /** All readers by status. */
  readers: Record<Status, number>;
  standing: Partial<Record<Standing, number>>;
  /** Active readers whose cadence does not ask for a digest on this day, and who had none. */
  notDue: number;
  /** The cuts with the most readers. */
  cuts: CutReaders[];
  /** What is not shown. */
  rest: { cuts: number; readers: number };
  /** When active readers are due next, after this day, by cadence; soonest first. */
  next: NextDue[];
}

interface Asked extends Pick<Desk, 'secret' | 'sender'> {
  db: Db;
  clock: Clock;
  /** Published, or a draft. */
  edition: Edition;
  /** For the names of themes. */
  themes: readonly { slug: string; name: string }[];
}

/** A cut while readers are counted. */
interface Group {
  preferences: Preferences;
  /** Null until it is looked up for the first reader of a draft. */
  editions: Day[] | null;
  /** One of its readers. */
  first: string | null;
  readers: number;
  addresses: string[];
  standing: Partial<Record<Standing, number>>;
  next: Map<string, number>;
}

/**
 * Who gets an edition. Reads, and stores nothing. Readers and deliveries are read in pages: only their cuts are held.
 *
 * Of a published edition the cuts are exactly those of sending. Of a draft, which cannot be planned, those with equal
 * preferences whose last digest was of the same day are counted as one, and its papers are those of its first reader.
 */
export async function audienceOf({ db, clock, edition, secret, sender, themes }: Asked): Promise<Audience> {
  const day = edition.date;
  const draft = (await readEdition(db, day)) === undefined;
  const groups = new Map<string, Group>();
  const standing: Audience['standing'] = {};
  const count = (one: Counted) => {
    add(standing, one.standing);
    addToGroup(groups, one, day);
  };
  const { notDue, next } = await countActive(db, day, clock(), reader => {
    if (draft) count({ ...reader, editions: null, standing: 'to plan' });
  });
  if (!draft) {
    await countDeliveries(db, day, count);
    for await (const page of planDeliveries({ db, edition: day, secret, sender, clock, dueOnly: true }))
      for (const { reader, editions, skip } of page)
        count({ ...reader, editions, standing: skip === null ? 'to plan' : standingOf('skipped', skip) });
  }
  const sorted = [...groups.values()].sort((a, b) => b.readers - a.readers);
  const others = sorted.slice(MOST_CUTS);
  const nameOf = new Map([...edition.themes, ...themes].map(({ slug, name }) => [slug, name]));
  const cuts = await Promise.all(sorted.slice(0, MOST_CUTS).map(cutReaders(db, edition, draft, nameOf)));
  return {
    day,
    draft,
    readers: await countSubscribers(db),
    standing: draft ? draftStanding(cuts, others, edition) : standing,
    notDue,
    cuts,
    rest: { cuts: others.length, readers: readersOf(others) },
    next,
  };
}

const readersOf = (groups: readonly { readers: number }[]) =>
  groups.reduce((sum, { readers }) => sum + readers, 0);

/** How it would stand with the readers of one cut of a draft. */
function foreseen(papers: number, { atLeast }: Preferences, readers: number): Audience['standing'] {
  if (papers === 0) return { nothing: readers };
  return papers < atLeast ? { kept: readers } : { 'to plan': readers };
}

/** Of cuts that are not shown, only what the draft itself has for them is looked at. */
function draftStanding(cuts: readonly CutReaders[], others: readonly Group[], edition: Edition) {
  const sum: Audience['standing'] = {};
  const all = [
    ...cuts.map(({ standing }) => standing),
    ...others.map(one => foreseen(papersIn([edition], one.preferences), one.preferences, one.readers)),
  ];
  for (const standing of all)
    for (const [one, readers] of Object.entries(standing) as [Standing, number][])
      sum[one] = (sum[one] ?? 0) + readers;
  return sum;
}

/** How many papers of some editions, oldest first, are for a reader. */
const papersIn = (editions: readonly Edition[], preferences: Preferences) =>
  cut(editions, preferences).themes.reduce((sum, theme) => sum + theme.papers.length, 0);

/** One reader, to be counted. */
interface Counted {
  address: string;
  preferences: Preferences;
  /** Null where it is not known yet. */
  editions: Day[] | null;
  standing: Standing;
  id?: string;
  /** What tells those apart who have had other digests. */
  last?: Day;
}

function addToGroup(groups: Map<string, Group>, one: Counted, day: Day): void {
  const { preferences, editions, address, standing } = one;
  const key = `${editions ?? one.last} ${preferences.atLeast} ${cutKey(preferences)}`;
  const group = groups.get(key) ?? {
    preferences,
    editions,
    first: one.id ?? null,
    readers: 0,
    addresses: [],
    standing: {},
    next: new Map<string, number>(),
  };
  groups.set(key, group);
  group.readers++;
  if (group.addresses.length < MOST_ADDRESSES) group.addresses.push(address);
  add(group.standing, standing);
  const due = nextDue(preferences, day, day);
  group.next.set(due, (group.next.get(due) ?? 0) + 1);
}

const add = (counts: Partial<Record<Standing, number>>, standing: Standing) => {
  counts[standing] = (counts[standing] ?? 0) + 1;
};

const STANDINGS: Record<DeliveryTable['state'], Standing> = {
  queued: 'owed',
  deferred: 'owed',
  sending: 'owed',
  sent: 'had',
  unknown: 'unknown',
  refused: 'refused',
  skipped: 'withdrawn',
};

function standingOf(state: DeliveryTable['state'], reason: string | null): Standing {
  if (reason === NOTHING) return 'nothing';
  return state === 'skipped' && reason?.startsWith(KEPT) ? 'kept' : STANDINGS[state];
}

async function countDeliveries(db: Db, edition: Day, count: (one: Counted) => void): Promise<void> {
  for await (const { address, preferences, editions, state, reason } of deliveriesOf(db, edition))
    count({
      address,
      preferences: storedPreferences(preferences),
      editions: JSON.parse(editions) as Day[],
      standing: standingOf(state, reason),
    });
}

function cutReaders(db: Db, edition: Edition, draft: boolean, nameOf: ReadonlyMap<string, string>) {
  const stored = editionsOnce(db);
  return async (group: Group): Promise<CutReaders> => {
    const { preferences, readers, addresses, standing, next, first } = group;
    const reader = first === null ? undefined : await readSubscriber(db, first);
    const editions =
      group.editions ?? (reader === undefined ? [edition.date] : await digestSpan(db, reader, edition.date));
    const earlier = await stored(editions.filter(date => date !== edition.date));
    const told = editions.includes(edition.date) ? [...earlier, edition] : earlier;
    const papers = papersIn(told, preferences);
    return {
      wants: preferencesInWords(preferences, nameOf),
      editions,
      readers,
      addresses,
      papers,
      standing: draft ? foreseen(papers, preferences, readers) : standing,
      next: [...next].map(([day, n]) => ({ day, readers: n })).sort(inOrder),
    };
  };
}
