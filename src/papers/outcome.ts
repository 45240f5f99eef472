// What a source's answer means: five outcomes that must never be taken for one another, each with its reason.
import type { Day, Instant } from '../store/schema.ts';
import type { Calendar } from './calendar.ts';
import type { Ask, Batch } from './sources/source.ts';

/**
 * ok: the papers are here · quiet: there is nothing new, as expected · not-yet: the day's papers are still to come ·
 * stale: they should be here and are not · failed: the source could not be asked or understood
 */
export type Outcome = 'ok' | 'quiet' | 'not-yet' | 'stale' | 'failed';

/** What an earlier answer of the same source held. */
export interface PastBatch {
  /** The day that was asked for. */
  day: Day;
  /** The day of which the answer said it was. */
  listDay: Day | null;
  at: Instant;
  fetched: number;
  fingerprint: string;
}

/** What is known of an answer once it is stored. */
export interface Answered extends Pick<Batch, 'day' | 'notYet' | 'usual'> {
  /** How many papers it has of those that were asked for. */
  fetched: number;
  /** How many of them this source had not named before. */
  fresh: number;
  fingerprint: string;
  /** How many others it has, which were not asked for (replacements, say). */
  others?: number;
}

/** arXiv is some hours late now and then; an older batch is called stale only after that. */
const GRACE_HOURS = 4;
/** A source with fewer papers a day has days without any: at 5 a day, one in 150 (Poisson). */
const FEW = 5;

type Verdict = { outcome: Outcome; reason: string | null };

const OK: Verdict = { outcome: 'ok', reason: null };

/**
 * Judges an answer by the source's calendar and by its earlier answers.
 * @param past earlier answers that held papers, the newest first
 */
export function judge(
  answer: Answered,
  asked: Pick<Ask, 'day' | 'today' | 'now'>,
  calendar: Calendar | undefined,
  past: readonly PastBatch[],
): Verdict {
  if (answer.notYet !== undefined) return { outcome: 'not-yet', reason: answer.notYet };
  if (calendar === undefined) return withoutCalendar(answer, past[0]);
  const last = past.find(batch => batch.day < asked.day);
  // What is heard for the first time cannot be old news: it is taken for the day of which it says it is.
  // In the evening of California arXiv's feed is of the day that begins in the East.
  const isAhead = answer.day !== null && answer.day > asked.day;
  const ask = last === undefined || isAhead ? { ...asked, day: answer.day ?? asked.day } : asked;
  const quiet = calendar.quietBecause(ask.day);
  // A weekend's list repeats Friday's, with some late ones; one that is mostly new is no such list.
  if (quiet !== null) return 2 * answer.fresh > answer.fetched ? OK : { outcome: 'quiet', reason: quiet };
  const moment = momentOf(ask, calendar);
  if (answer.fetched === 0) return (last && tooOld(answer, ask, moment)) ?? empty(answer, ask, moment, past);
  const same = past.filter(batch => batch.fingerprint === answer.fingerprint);
  const old = same.find(batch => batch === last || redated(batch, answer));
  if (old !== undefined) return unchanged(answer, ask, moment, old);
  return (last && tooOld(answer, ask, moment)) ?? renewed(answer, moment, last, same[0]);
}

const redated = (same: PastBatch, { day }: Answered) =>
  same.listDay !== null && day !== null && day > same.listDay;

function renewed(answer: Answered, moment: Moment, last?: PastBatch, same?: PastBatch): Verdict {
  if (answer.fresh > 0) return OK;
  if (same !== undefined) return { outcome: 'quiet', reason: `nothing new since it was asked at ${same.at}` };
  const outcome =
    answer.fetched < FEW || last === undefined ? 'quiet' : moment === 'after' ? 'stale' : 'not-yet';
  return { outcome, reason: `all ${answer.fetched} papers were there before` };
}

/** Feeds and files may be quiet for as long as they like; since when is said. */
function withoutCalendar({ fetched, fresh }: Answered, last: PastBatch | undefined): Verdict {
  if (fresh > 0) return OK;
  if (fetched === 0) return { outcome: 'quiet', reason: 'it lists no papers' };
  return { outcome: 'quiet', reason: last === undefined ? null : `nothing new; last asked for ${last.day}` };
}

/** Where `now` stands: before the day's papers are out, in the hours in which they may be late, or after. */
type Moment = 'before' | 'late' | 'after';

function momentOf({ day, today, now }: Pick<Ask, 'day' | 'today' | 'now'>, calendar: Calendar): Moment {
  const due = calendar.dueAt(day);
  if (due === null) return day < today ? 'after' : 'before';
  if (Temporal.Instant.compare(now, due) < 0) return 'before';
  return Temporal.Instant.compare(now, due.add({ hours: GRACE_HOURS })) < 0 ? 'late' : 'after';
}

function empty(
  answer: Answered,
  { day }: Pick<Ask, 'day'>,
  moment: Moment,
  past: readonly PastBatch[],
): Verdict {
  if ((answer.others ?? 0) > 0)
    return { outcome: 'quiet', reason: 'nothing of the chosen types was announced' };
  if (moment !== 'after') return { outcome: 'not-yet', reason: `the list of ${day} is still empty` };
  const usual = answer.usual ?? median(past.map(batch => batch.fetched));
  if (usual !== null && usual < FEW)
    return { outcome: 'quiet', reason: `no papers on ${day}, and there are seldom many` };
  return { outcome: 'stale', reason: `no papers on ${day}, which is a day of announcements` };
}

function unchanged(answer: Answered, { day }: Pick<Ask, 'day'>, moment: Moment, last: PastBatch): Verdict {
  const same = `the same ${answer.fetched} papers as on ${last.listDay ?? last.day}`;
  // A list that says itself that it is of this day is not going to become another one.
  if (moment === 'after' || answer.day === day)
    return { outcome: 'stale', reason: `${same}${answer.day === day ? ', under a new date' : ''}` };
  return { outcome: 'not-yet', reason: `${same}; those of ${day} are not out yet` };
}

/** A list that is of an earlier day, as it says itself. East of New York that is the newest there is for hours. */
function tooOld(answer: Answered, { day }: Pick<Ask, 'day'>, moment: Moment): Verdict | null {
  if (answer.day === null || answer.day >= day || (moment === 'before' && answer.fresh > 0)) return null;
  const reason = `its list is of ${answer.day}`;
  return moment === 'after' ? { outcome: 'stale', reason } : { outcome: 'not-yet', reason };
}

function median(numbers: readonly number[]): number | null {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? null;
}
