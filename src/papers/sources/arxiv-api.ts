// The `arxiv:` source: what was submitted in some categories, or matches any query, by arXiv's query API.
import { type Day, shiftDay } from '../../store/schema.ts';
import type { Candidate } from '../announce.ts';
import type { ArxivCalendar } from '../arxiv-calendar.ts';
import type { Client } from '../client/client.ts';
import type { Announcement } from '../paper.ts';
import { readAll } from './arxiv-query.ts';
import { announceAll } from './formats.ts';
import type { Ask, Batch, Source } from './source.ts';

/** Moderators hold a work for days; for so long it is looked for. As far back as an edition reaches. */
const LOOK_BACK_DAYS = 7;

const CATEGORIES = /^[a-z-]+(?:\.[A-Za-z-]+)?(?:\+[a-z-]+(?:\.[A-Za-z-]+)?)*$/;

/**
 * A source that asks arXiv's API. Its papers have no announcement date: the day follows from the submission and arXiv's
 * schedule. What belongs to the day's batch is its answer; what appears now of earlier batches was held, and is late.
 * @param query categories joined by `+` (`cs.CL+cs.LG`), or any query of the API (`au:hinton AND ti:capsules`)
 */
export function arxivApiSource(
  client: Client,
  calendar: ArxivCalendar,
  query: string,
  base?: string,
): Source {
  return {
    name: `arxiv:${query}`,
    calendar,
    async announce(ask): Promise<Batch> {
      const from = windowStart(ask, calendar);
      const reading = await readAll(client, base, {
        search: searchOf(query, window(ask, from, calendar)),
        signal: ask.signal,
      });
      const dated = reading.candidates.map(candidate => withDay(candidate, { from, day: ask.day, calendar }));
      const isLate = (candidate: Candidate) =>
        candidate.announcedOn != null && candidate.announcedOn < ask.day;
      const late = announceAll({ ...reading, candidates: dated.filter(isLate), dropped: [] });
      // Of any other query than categories nobody knows how often it finds something.
      const few = CATEGORIES.test(query) ? null : 0;
      const usual = usualOf(late.announcements, { from, day: ask.day, calendar }) ?? few;
      return {
        ...announceAll({ ...reading, day: null, candidates: dated.filter(candidate => !isLate(candidate)) }),
        late: late.announcements,
        ...(usual === null ? {} : { usual }),
        ...(reading.incomplete === undefined ? {} : { incomplete: { error: reading.incomplete } }),
      };
    },
  };
}

/** The submissions that are asked for: those of the day's batch at first, later also those of a week before. */
function windowStart({ day, asked }: Ask, calendar: ArxivCalendar): Temporal.Instant {
  const first = asked === undefined || asked.first > day ? day : asked.first;
  const earliest = shiftDay(day, -LOOK_BACK_DAYS);
  return calendar.opensAt(latestBatch(first < earliest ? earliest : first, calendar));
}

/** The day itself, or the last day before it on which arXiv announced. */
function latestBatch(day: Day, calendar: ArxivCalendar): Day {
  return calendar.quietBecause(day) === null ? day : latestBatch(shiftDay(day, -1), calendar);
}

function searchOf(query: string, window: string): string {
  const what = CATEGORIES.test(query)
    ? query
        .split('+')
        .map(category => `cat:${category}`)
        .join(' OR ')
    : query;
  // Whoever names dates in their own query wants those.
  return /submittedDate:|lastUpdatedDate:/.test(query) ? query : `(${what}) AND submittedDate:[${window}]`;
}

function window({ day }: Ask, from: Temporal.Instant, calendar: ArxivCalendar): string {
  return `${stamp(from)} TO ${stamp(calendar.opensAt(shiftDay(day, 1)))}`;
}

/** YYYYMMDDHHMM in GMT, as the API wants it. */
const stamp = (at: Temporal.Instant) => at.toString().replace(/\D/g, '').slice(0, 12);

interface Batches {
  from: Temporal.Instant;
  day: Day;
  calendar: ArxivCalendar;
}

/** What lies outside the window was asked for by the operator's own query: it is news of the day on which it is found. */
function withDay(candidate: Candidate, { from, day, calendar }: Batches): Candidate {
  if (candidate.submittedAt === undefined) return candidate;
  const submitted = Temporal.Instant.from(candidate.submittedAt);
  if (Temporal.Instant.compare(submitted, from) < 0) return candidate;
  const batch = calendar.batchOf(submitted);
  return { ...candidate, announcedOn: batch > day ? day : batch };
}

/** The median number of papers of the batches before; null where too few are seen to say. */
function usualOf(late: readonly Announcement[], { from, day, calendar }: Batches): number | null {
  const counts: number[] = [];
  for (let back = 1; back <= LOOK_BACK_DAYS; back++) {
    const before = shiftDay(day, -back);
    if (calendar.quietBecause(before) !== null) continue;
    if (Temporal.Instant.compare(calendar.opensAt(before), from) < 0) break;
    counts.push(late.filter(({ announcedOn }) => announcedOn === before).length);
  }
  return counts.length < 3 ? null : (counts.sort((a, b) => a - b)[counts.length >> 1] ?? null);
}
