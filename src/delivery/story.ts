// The life of one delivery in words: what happened, attempt by attempt, where it stands, and what to do.
import type { AttemptTable, Day, Db, Instant } from '../store/schema.ts';
import { type Delivery, HELD, isGivenUp, NOTHING } from './ledger.ts';
import type { Quiet } from './standing.ts';
import type { Stop } from './stop.ts';

export type Attempt = Omit<AttemptTable, 'delivery_id'>;

/**
 * All attempts of a delivery, first to last. The one that was taken stands in the delivery's own row; where an operator said that it
 * arrived, the row has their word as its reason, and nothing was heard of the server.
 */
export async function readAttempts(
  db: Db,
  { id, state, attempts, settled_at, reason, receipt }: Delivery,
): Promise<Attempt[]> {
  const kept: Attempt[] = await db
    .selectFrom('attempt')
    .select(['number', 'at', 'outcome', 'answer'])
    .where('delivery_id', '=', id)
    .orderBy('number')
    .execute();
  const isTold = reason !== null || kept.some(({ number }) => number === attempts);
  if (state === 'sent' && !isTold && settled_at !== null && receipt !== null)
    kept.push({ number: attempts, at: settled_at, outcome: 'sent', answer: receipt });
  return kept;
}

/** What is known of a delivery beside its row. */
export interface Surroundings {
  attempts: readonly Attempt[];
  /** What stops its edition. */
  stop: Stop | null;
  /** Other deliveries of the reader that have its papers. */
  others: readonly Pick<Delivery, 'edition_date' | 'state' | 'settled_at'>[];
  /** Whether an unknown delivery is sent again by itself. */
  resend: boolean;
  /** Who asked to be left alone, the mail server or the reader's domain, until when and in what words. */
  quiet: Quiet | null;
}

/** A delivery's life: what happened in the order of time, where it stands now, and what the operator can do. */
export interface Story {
  events: { at: Instant; what: string }[];
  now: string;
  todo: string;
}

const NOTHING_TO_DO = 'nothing';

export function storyOf(delivery: Delivery, around: Surroundings): Story {
  const { planned_at, editions, attempts: tries, receipt, settled_at } = delivery;
  const events = [
    { at: planned_at, what: `planned; it covers ${editionsInWords(JSON.parse(editions) as Day[])}` },
  ];
  for (const { number, at, outcome, answer } of around.attempts)
    events.push({ at, what: `attempt ${number}: ${MEANINGS[outcome]}: ${answer}` });
  // Attempts of releases that kept only the last answer.
  if (around.attempts.length === 0 && tries > 0 && receipt !== null)
    events.push({
      at: settled_at ?? planned_at,
      what: `the last of ${tries} attempts was answered: ${receipt}`,
    });
  const { now, todo } = standing(delivery, around);
  const papers = around.others.map(
    other =>
      ` Its papers are in the digest of ${other.edition_date}: ${other.state}${other.settled_at ? ` at ${other.settled_at}` : ''}.`,
  );
  return { events, now: `${now}.${delivery.state === 'sent' ? '' : papers.join('')}`, todo };
}

/** "the edition of 2026-08-20", "3 editions: 2026-08-18, …". */
function editionsInWords(dates: readonly Day[]): string {
  return dates.length === 1 ? `the edition of ${dates[0]}` : `${dates.length} editions: ${dates.join(', ')}`;
}

const MEANINGS: Record<Attempt['outcome'], string> = {
  sent: 'the mail server took it',
  deferred: 'the mail server said "not now"',
  refused: 'the mail server refused it for good',
  unknown: 'lost after it was handed over; nobody knows whether it arrived',
  unavailable: 'nothing was handed over',
  held: 'held back',
};

type Standing = Omit<Story, 'events'>;

function standing(delivery: Delivery, around: Surroundings): Standing {
  const { state, reason, receipt, settled_at, next_attempt_at, deliver_by, lease_until } = delivery;
  const { edition_date: edition, address, message_id } = delivery;
  const one = `${address} --date ${edition}`;
  const until = deliver_by === null ? '' : `, until ${deliver_by}`;
  const quiet = quietInWords(around.quiet);
  if (state === 'sent')
    return {
      now: `Sent at ${settled_at}: ${receipt}`,
      todo: `${NOTHING_TO_DO}. If the reader misses it, look for ${message_id} in the log of your mail server`,
    };
  if (state === 'sending')
    return {
      now: `Being handed over now; if its process was killed, it is unknown after ${lease_until}`,
      todo: `${NOTHING_TO_DO}, or look again after ${lease_until}`,
    };
  if (state === 'refused')
    return {
      now: `Refused for good: ${reason}`,
      todo:
        around.others.length > 0
          ? NOTHING_TO_DO
          : `read the answer. Once its cause is gone: paperround deliveries retry ${one}. Else the next digest has its papers, if the address is taken then`,
    };
  if (state === 'skipped') return skipped(reason ?? '');
  if (state === 'unknown') return unknown(delivery, around);
  if (around.stop !== null) return stopped(edition, around.stop);
  if (reason?.startsWith(HELD))
    return {
      now: `Held back by ${reason}`,
      todo: `mend the template, then paperround send --date ${edition}`,
    };
  if (state === 'deferred')
    return {
      now: `The mail server said "not now": ${reason}. It is tried again from ${next_attempt_at}${until}${quiet}`,
      todo: `paperround send --date ${edition} after that time ("run" does it too)${quiet === '' ? `; at once: paperround deliveries retry ${one}` : ''}`,
    };
  const why = reason === null ? '' : ` (${reason})`;
  return {
    now: `Waiting to be sent${why}${until}${quiet}`,
    todo: `paperround send --date ${edition}${quiet === '' ? '' : ' after that time'} ("run" does it too)`,
  };
}

const quietInWords = (quiet: Quiet | null) =>
  quiet === null
    ? ''
    : `. Nothing goes out before ${quiet.until}: ${quiet.who} asked to be left alone (${quiet.answer})`;

function unknown(
  { reason, next_attempt_at, edition_date, address }: Delivery,
  { resend, stop, quiet }: Surroundings,
): Standing {
  const one = `${address} --date ${edition_date}`;
  const what = `Nobody knows whether it arrived: ${reason}`;
  const tell = `paperround deliveries resolve ${one} --sent (or --not-sent)`;
  if (stop !== null)
    return {
      now: `${what}. Its edition ${stopInWords(stop)}`,
      todo: `look into the log of your mail server, then ${tell}`,
    };
  return resend
    ? {
        now: `${what}. The same message is sent again from ${next_attempt_at}, with the same Message-ID${quietInWords(quiet)}`,
        todo: `paperround send --date ${edition_date} after that time; or, if you know what became of it, ${tell}`,
      }
    : {
        now: `${what}. It is held until you decide (ON_UNKNOWN=hold)`,
        todo: `look into the log of your mail server, then ${tell}; or send it again: paperround deliveries retry ${one}`,
      };
}

const stopInWords = ({ state, at, reason }: Stop) =>
  `${state === 'paused' ? 'is paused since' : 'was cancelled at'} ${at} (${reason})`;

function stopped(edition: Day, stop: Stop): Standing {
  return {
    now: `Waiting: its edition ${stopInWords(stop)}`,
    todo:
      stop.state === 'paused'
        ? `paperround deliveries resume --date ${edition}, then paperround send --date ${edition}`
        : 'nothing: it is skipped by the next run',
  };
}

function skipped(reason: string): Standing {
  if (reason === NOTHING) return { now: `Not sent: ${reason}`, todo: NOTHING_TO_DO };
  if (isGivenUp(reason))
    return {
      now: `Not sent: ${reason}`,
      todo: `${NOTHING_TO_DO}: the reader's next digest has what is still owed`,
    };
  if (reason.startsWith('superseded')) return { now: `Not sent by itself: ${reason}`, todo: NOTHING_TO_DO };
  return {
    now: `Not sent: the reader was ${reason}`,
    todo: `${NOTHING_TO_DO}, or paperround subscribers show, to see what the reader is now`,
  };
}
