// How delivering stands, for the operator: what waits and until when, why mail was refused, who is left alone, how warm the address is.
import { type Clock, type Day, type Db, type Instant, instantText, shiftDay } from '../store/schema.ts';
import { LOOK_BACK_DAYS } from './plan.ts';

/** What is open of the latest edition and of those that may still be sent. */
export interface Open {
  /** Deliveries that wait: queued or deferred. */
  waiting: number;
  /** When the first of them is tried next; null: none waits. */
  next: Instant | null;
  /** Deliveries of which nobody knows whether they arrived. */
  unknown: number;
  /** Mails that went out in the last minute, whichever process sent them. */
  lastMinute: number;
}

/** Counts what is open of the editions up to `latest` that a digest may still cover. */
export async function countOpen(db: Db, latest: Day, clock: Clock): Promise<Open> {
  const rows = await db
    .selectFrom('delivery')
    .select(({ fn }) => ['state', fn.countAll().as('n'), fn.min('next_attempt_at').as('next')])
    .where('edition_date', '>=', shiftDay(latest, -LOOK_BACK_DAYS))
    .where('edition_date', '<=', latest)
    .where('state', 'in', ['queued', 'deferred', 'unknown'])
    .groupBy('state')
    .execute();
  const { sent } = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll().as('sent'))
    .where('edition_date', '>=', shiftDay(latest, -LOOK_BACK_DAYS))
    .where('edition_date', '<=', latest)
    .where('state', '=', 'sent')
    .where('settled_at', '>', instantText(clock().subtract({ minutes: 1 })))
    .executeTakeFirstOrThrow();
  const of = (state: string) => Number(rows.find(row => row.state === state)?.n ?? 0);
  const next = rows.filter(({ state }) => state !== 'unknown').map(row => row.next as Instant);
  return {
    waiting: of('queued') + of('deferred'),
    next: next.sort()[0] ?? null,
    unknown: of('unknown'),
    lastMinute: Number(sent),
  };
}

/** As many different answers are looked at: with addresses in them, no two are the same. */
const MOST_ANSWERS = 1000;

/**
 * Why mails of an edition are refused or deferred: the answers with what is one reader's own taken out, the most frequent
 * first.
 */
export async function topReasons(
  db: Db,
  edition: Day,
  state: 'refused' | 'deferred',
  most: number,
): Promise<{ reason: string; times: number }[]> {
  const rows = await db
    .selectFrom('delivery')
    .select(({ fn }) => ['reason', fn.countAll().as('n')])
    .where('edition_date', '=', edition)
    .where('state', '=', state)
    .groupBy('reason')
    .orderBy('n', 'desc')
    .limit(MOST_ANSWERS)
    .execute();
  const times = new Map<string, number>();
  for (const { reason, n } of rows) {
    const alike = withoutNames(reason ?? 'no answer');
    times.set(alike, (times.get(alike) ?? 0) + Number(n));
  }
  const sorted = [...times].map(([reason, n]) => ({ reason, times: n })).sort((a, b) => b.times - a.times);
  return sorted.slice(0, most);
}

/** An answer without addresses and numbers of its own, so that equal answers are equal. */
const withoutNames = (answer: string) =>
  answer
    .replace(/<?[^\s<>]+@[^\s<>]+>?/g, '…')
    .replace(/\b(?=[\w-]*\d)[\w-]{10,}\b/g, '…')
    .replace(/\s+/g, ' ')
    .trim();

/** Who asked to be left alone: the mail server, or a domain by its name. */
export interface Quiet {
  who: string;
  until: Instant;
  answer: string | null;
}

/** Who is left alone, until when and why; and what went out today of a warm-up. */
export interface PaceNow {
  quiet: Quiet[];
  warmUp: { since: Day; day: Day; used: number } | null;
}

const MAIL_SERVER = 'the mail server';

/** Who keeps a mail to a domain from going out now, the longest; null: nobody. */
export async function quietFor(db: Db, domain: string, clock: Clock): Promise<Quiet | null> {
  const { quiet } = await readPace(db, clock);
  return quiet.findLast(({ who }) => who === MAIL_SERVER || who === domain) ?? null;
}

/** Reads the pace that all processes share. */
export async function readPace(db: Db, clock: Clock): Promise<PaceNow> {
  const rows = await db
    .selectFrom('pace')
    .selectAll()
    .where(({ or, eb }) => or([eb('quiet_until', '>', instantText(clock())), eb('key', '=', 'warm-up')]))
    .orderBy('quiet_until')
    .limit(MOST_ANSWERS)
    .execute();
  const warm = rows.find(({ key }) => key === 'warm-up');
  return {
    quiet: rows
      .filter(({ key }) => key !== 'warm-up')
      .map(({ key, quiet_until, answer }) => ({
        who: key === 'all' ? MAIL_SERVER : key.replace(/^domain:/, ''),
        until: quiet_until,
        answer,
      })),
    warmUp:
      warm?.since == null || warm.day === null
        ? null
        : { since: warm.since, day: warm.day, used: Number(warm.used) },
  };
}
