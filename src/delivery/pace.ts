// The pace of sending: messages a second in all and for each domain, a warm-up, and who asked to be left alone for a while.
import { sql } from 'kysely';
import {
  asGiven,
  type Clock,
  type Day,
  type Db,
  dayIn,
  givenRows,
  type Instant,
  instantText,
  isPostgres,
  type PaceTable,
  statement,
} from '../store/schema.ts';
import { type Claimable, claimSome, isAnyClaimable } from './claim.ts';
import type { Delivery } from './ledger.ts';
import type { Settled } from './settle.ts';

/** How fast mail may go out; what is absent is not limited. All processes of an installation share it. */
export interface Pace {
  /** Messages a second in all, and to any one domain. */
  messagesPerSecond?: number | undefined;
  domainMessagesPerSecond?: number | undefined;
  /** Messages being handed over at once for any one domain. */
  domainConnections?: number | undefined;
  /** Messages on the first day, and by how many percent more each day after it. */
  warmUp?: number | undefined;
  warmUpGrowth?: number | undefined;
  /** In whose days a warm-up counts. */
  timeZone: string;
}

/** Deliveries that were claimed; where there are fewer than wanted, how long to wait for more and why, or that none is left. */
export interface Claimed {
  deliveries: Delivery[];
  wait: Wait | null;
}

/** Nothing may be handed over for so many milliseconds. */
export interface Wait {
  ms: number;
  because: string;
}

/** After a rest so much may go at once, in milliseconds of the rate; the average is never more than the rate. */
const BURST_MS = 1000;
/** A time further off than these was written by a clock that was wrong; it binds nobody. */
const LONGEST_TURN_MS = 10 * 60_000;
const LONGEST_QUIET_MS = 60 * 60_000;
/** How soon to look again whether a domain's connections are free. */
const FULL_MS = 50;
/** The lock under which PostgreSQL lets one process after the other take turns; SQLite has one writer at a time. */
const LOCK = 72_738;

const NEVER = '1970-01-01T00:00:00.000Z';
const OF_DOMAIN = 'domain:';

/**
 * Claims up to `want` deliveries at the pace that is set. To be done in one transaction, so that no two processes take
 * the same turn.
 */
export async function claimInPace(
  tx: Db,
  what: Claimable,
  clock: Clock,
  want: number,
  pace: Pace,
): Promise<Claimed> {
  if (isLimited(pace) && isPostgres(tx)) await sql`select pg_advisory_xact_lock(${LOCK})`.execute(tx);
  const book = await openBook(tx, clock, pace);
  const deliveries: Delivery[] = [];
  const granted = Math.min(want, book.granted());
  if (granted > 0) {
    const isByDomain = pace.domainConnections !== undefined || pace.domainMessagesPerSecond !== undefined;
    // What one claim takes may shut its domain for the next.
    const most = isByDomain ? 1 : granted;
    while (deliveries.length < granted) {
      const more = await claimSome(tx, what, clock, most, book.shut());
      deliveries.push(...more);
      for (const { domain } of more) book.take(domain);
      if (more.length < most || !isByDomain) break;
    }
    await book.close();
  }
  const wait = deliveries.length < want ? book.wait() : null;
  if (wait === null || deliveries.length > 0) return { deliveries, wait };
  return { deliveries, wait: (await isAnyClaimable(tx, what, clock)) ? wait : null };
}

const isLimited = ({ messagesPerSecond, domainMessagesPerSecond, domainConnections, warmUp }: Pace) =>
  [messagesPerSecond, domainMessagesPerSecond, domainConnections, warmUp].some(limit => limit !== undefined);

const inForce = statement((db: Db, { at }: { at: Instant }) =>
  db
    .selectFrom('pace')
    .selectAll()
    .where(({ or, eb }) =>
      or([eb('key', 'in', ['all', 'warm-up']), eb('free_at', '>', at), eb('quiet_until', '>', at)]),
    ),
);

/** What stands in the table, and what is taken from it in one transaction. */
async function openBook(tx: Db, clock: Clock, pace: Pace) {
  const now = clock().epochMilliseconds;
  const at = instantText(clock());
  const found = await inForce(tx, { at });
  const rows = new Map(found.map(row => [row.key, row]));
  const full = pace.domainConnections === undefined ? new Map() : await beingSent(tx);
  const changed = new Set<string>();
  const row = (key: string) => {
    const known = rows.get(key) ?? newRow(key);
    rows.set(key, known);
    return known;
  };
  const today = dayIn(pace.timeZone, clock());
  const warmth = pace.warmUp === undefined ? null : warmUpOf(row('warm-up'), today, pace);
  const turns = (key: string, rate: number | undefined) =>
    rate === undefined ? Number.POSITIVE_INFINITY : turnsLeft(rows.get(key)?.free_at ?? NEVER, now, rate);
  const shutFor = (domain: string): Wait | null => {
    const known = rows.get(OF_DOMAIN + domain);
    const quiet = known === undefined ? null : quietOf(known, now);
    if (quiet !== null) return { ms: quiet, because: `${domain} asked to be left alone: ${known?.answer}` };
    const left = turns(OF_DOMAIN + domain, pace.domainMessagesPerSecond);
    if (left < 1)
      return { ms: msToTurn(left, pace.domainMessagesPerSecond), because: `the pace of ${domain}` };
    const { domainConnections } = pace;
    const isFull = domainConnections !== undefined && (full.get(domain) ?? 0) >= domainConnections;
    return isFull ? { ms: FULL_MS, because: `the connections of ${domain}` } : null;
  };
  const domains = () =>
    new Set([
      ...full.keys(),
      ...[...rows.keys()].flatMap(key => (key.startsWith(OF_DOMAIN) ? key.slice(OF_DOMAIN.length) : [])),
    ]);
  const shutForAll = (): Wait | null => {
    const all = row('all');
    const quiet = quietOf(all, now);
    if (quiet !== null)
      return { ms: quiet, because: `the mail server asked to be left alone: ${all.answer}` };
    if (warmth !== null && warmth.used >= warmth.limit)
      return {
        ms: msToTomorrow(clock(), pace.timeZone),
        because: `the warm-up allows ${warmth.limit} messages today`,
      };
    const left = turns('all', pace.messagesPerSecond);
    return left < 1
      ? { ms: msToTurn(left, pace.messagesPerSecond), because: 'the pace of all messages' }
      : null;
  };
  const take = (key: string, rate: number | undefined) => {
    if (rate === undefined) return;
    const one = row(key);
    one.free_at = textOf(Math.max(readTurn(one.free_at, now), now - burstMs(rate)) + 1000 / rate);
    changed.add(key);
  };
  return {
    granted(): number {
      if (shutForAll() !== null) return 0;
      const warm = warmth === null ? Number.POSITIVE_INFINITY : warmth.limit - warmth.used;
      return Math.floor(Math.min(turns('all', pace.messagesPerSecond), warm));
    },
    shut: () => [...domains()].filter(domain => shutFor(domain) !== null),
    take(domain: string): void {
      take('all', pace.messagesPerSecond);
      take(OF_DOMAIN + domain, pace.domainMessagesPerSecond);
      full.set(domain, (full.get(domain) ?? 0) + 1);
      if (warmth === null) return;
      warmth.used++;
      Object.assign(row('warm-up'), { since: warmth.since, day: today, used: warmth.used });
      changed.add('warm-up');
    },
    wait(): Wait | null {
      const waits = [shutForAll() ?? [], [...domains()].map(shutFor)].flat(2).filter(one => one !== null);
      return waits.sort((a, b) => a.ms - b.ms)[0] ?? null;
    },
    async close(): Promise<void> {
      for (const key of changed) await store(tx, row(key));
    },
  };
}

const newRow = (key: string): PaceTable => ({
  key,
  free_at: NEVER,
  quiet_until: NEVER,
  quiet_count: 0,
  answer: null,
  since: null,
  day: null,
  used: 0,
});

async function store(tx: Db, { key, ...values }: PaceTable): Promise<void> {
  await tx
    .insertInto('pace')
    .values({ key, ...values })
    .onConflict(c => c.column('key').doUpdateSet(values))
    .execute();
}

/** How many messages each domain is being handed now, by all processes. */
async function beingSent(tx: Db): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('delivery')
    .select(({ fn }) => ['domain', fn.countAll().as('n')])
    // In these very words, so that both databases use the index of what is being sent (migration 0006).
    .where(sql<boolean>`state = 'sending'`)
    .groupBy('domain')
    .execute();
  return new Map(rows.map(({ domain, n }) => [domain, Number(n)]));
}

interface Warmth {
  since: Day;
  used: number;
  limit: number;
}

/** What a warm-up allows today: `warmUp` messages on its first day, and `warmUpGrowth` percent more each day since. */
function warmUpOf(
  { since, day, used }: PaceTable,
  today: Day,
  { warmUp = 0, warmUpGrowth = 50 }: Pace,
): Warmth {
  const first = since ?? today;
  const days = Math.max(0, Temporal.PlainDate.from(first).until(today).days);
  // A number that no list reaches: days go on for ever, and a float does not.
  const limit = Math.min(1e12, Math.floor(warmUp * (1 + warmUpGrowth / 100) ** days));
  return { since: first, used: day === today ? used : 0, limit };
}

const burstMs = (rate: number) => Math.max(0, BURST_MS - 1000 / rate);

/** A turn that a wrong clock put far away is now. */
function readTurn(freeAt: Instant, now: number): number {
  const ms = Temporal.Instant.from(freeAt).epochMilliseconds;
  return ms - now > LONGEST_TURN_MS ? now : ms;
}

/** How many messages may go now by the generic cell rate algorithm, at `rate` messages a second; below 1: none yet. */
function turnsLeft(freeAt: Instant, now: number, rate: number): number {
  const from = Math.max(readTurn(freeAt, now), now - burstMs(rate));
  return ((now - from) * rate) / 1000 + 1;
}

const msToTurn = (left: number, rate = 1) => Math.max(1, Math.ceil(((1 - left) * 1000) / rate));

const textOf = (ms: number): Instant => instantText(Temporal.Instant.fromEpochMilliseconds(Math.round(ms)));

/** How long it is to be left alone still, or null. */
function quietOf({ quiet_until }: PaceTable, now: number): number | null {
  const ms = Temporal.Instant.from(quiet_until).epochMilliseconds - now;
  return ms > 0 && ms <= LONGEST_QUIET_MS ? ms : null;
}

function msToTomorrow(at: Temporal.Instant, zone: string): number {
  const here = at.toZonedDateTimeISO(zone);
  return here.toPlainDate().add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - at.epochMilliseconds;
}

/**
 * Notes who asked to be left alone (421, 454 and the like): 1, 2, 4 … up to 60 minutes, until a message is taken again.
 * Several connections that hear the same at once count once. In the transaction that settles.
 */
export async function noteQuiet(tx: Db, settled: readonly Settled[], clock: Clock): Promise<void> {
  const now = clock().epochMilliseconds;
  const asked = new Map<string, string>();
  const good = new Set<string>();
  for (const { delivery, outcome } of settled) {
    const isOurs = outcome.outcome !== 'held';
    if (isOurs && outcome.quiet === 'domain') asked.set(OF_DOMAIN + delivery.domain, outcome.answer);
    // Of several relays each is left alone by itself, and that is not kept here.
    if (isOurs && outcome.quiet === 'relay' && outcome.relay === undefined) asked.set('all', outcome.answer);
    if (outcome.outcome === 'sent') good.add('all').add(OF_DOMAIN + delivery.domain);
  }
  for (const [key, answer] of asked) {
    good.delete(key);
    const known =
      (await tx.selectFrom('pace').selectAll().where('key', '=', key).executeTakeFirst()) ?? newRow(key);
    if (quietOf(known, now) !== null) continue;
    const ms = Math.min(60_000 * 2 ** known.quiet_count, LONGEST_QUIET_MS);
    await store(tx, { ...known, quiet_until: textOf(now + ms), quiet_count: known.quiet_count + 1, answer });
  }
  if (good.size === 0) return;
  await takenAgain(tx, { keys: asGiven([...good].map(key => ({ key }))), at: instantText(clock()) });
}

const takenAgain = statement((db: Db, { keys, at }: { keys: string; at: Instant }) =>
  db
    .updateTable('pace')
    .set({ quiet_count: 0 })
    .where('quiet_count', '>', 0)
    // One that still is to be left alone was asked by a message that had been on its way before.
    .where('quiet_until', '<=', at)
    .where('key', 'in', eb =>
      eb.selectFrom(givenRows<{ key: string }>(db, keys, { key: 'text' })).select('given.key'),
    ),
);
