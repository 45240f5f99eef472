// The `huggingface` source: Hugging Face Daily Papers, by its API.
import { PaperroundError } from '../../errors.ts';
import { type Day, dayIn, shiftDay } from '../../store/schema.ts';
import { dailyPapersCalendar, weekendName } from '../calendar.ts';
import type { Client } from '../client/client.ts';
import type { Announcement } from '../paper.ts';
import { readPapers } from './formats.ts';
import { endpoint, newPapers, withoutSecrets } from './paging.ts';
import type { Ask, Batch, Source } from './source.ts';

const HOME = 'https://huggingface.co';
const FORMAT = 'Hugging Face daily_papers';
/** The most that the API gives at once. */
const PAGE = 100;
const MOST_PAGES = 20;
/** How far back lists are asked for that may have grown, or were missed while nothing ran; as far as an edition reaches. */
const LOOK_BACK_DAYS = 7;

/**
 * A source of Daily Papers. A list grows over its day, so with each new day the lists since the last time are asked for
 * again: papers that were added after that are late, not lost, and the votes of the others are news.
 * @param base another place that speaks this API, such as a mirror
 */
export function dailyPapersSource(client: Client, base = HOME): Source {
  return {
    name: 'huggingface',
    calendar: dailyPapersCalendar,
    async announce(ask): Promise<Batch> {
      // East of Greenwich the newest list is for hours that of the day before.
      const opened = dayIn('UTC', ask.now);
      const day = ask.day < opened ? ask.day : opened;
      const list = await readList(client, base, day, ask);
      return list.incomplete ? list : { ...list, ...(await lateOnes(client, base, { ...ask, day })) };
    },
  };
}

async function readList(client: Client, base: string, day: Day, ask: Ask): Promise<Batch> {
  const address = endpoint(base, '/api/daily_papers');
  address.searchParams.set('date', day);
  address.searchParams.set('limit', String(PAGE));
  const all: Batch = { day: null, format: FORMAT, announcements: [], dropped: [] };
  for (let page = 0; page < MOST_PAGES; page++) {
    if (page > 0) address.searchParams.set('p', String(page));
    let batch: Batch;
    try {
      batch = await readPage(client, address.href, ask);
    } catch (error) {
      if (page === 0 || !(error instanceof PaperroundError)) throw error;
      return { ...all, incomplete: { error: error.message, ...(error.hint && { hint: error.hint }) } };
    }
    const fresh = page === 0 ? batch.announcements : newPapers(all.announcements, batch.announcements);
    // A server that knows no pages gives the first one again.
    if (page > 0 && fresh.length === 0) break;
    all.announcements.push(...fresh);
    all.dropped.push(...batch.dropped);
    all.day ??= batch.day;
    if (batch.incomplete) return { ...all, incomplete: batch.incomplete };
    if (batch.announcements.length + batch.dropped.length < PAGE) break;
  }
  return all;
}

async function readPage(client: Client, url: string, { today, signal }: Ask): Promise<Batch> {
  const answer = await client.get(url, { accept: 'application/json', ...(signal && { signal }) });
  // An empty list is no empty file: the day has no papers.
  const batch = readPapers(answer.text, withoutSecrets(url), {
    today,
    incomplete: answer.incomplete,
    fromWeb: true,
  });
  if (batch.announcements.length === 0 || batch.format === FORMAT) return batch;
  throw new PaperroundError(
    'source',
    `${withoutSecrets(url)} answers with ${batch.format}, not with Daily Papers`,
  );
}

/** What was added to earlier lists. A list that cannot be had is a failure: it is asked for again until it can. */
async function lateOnes(client: Client, base: string, ask: Ask): Promise<Pick<Batch, 'late' | 'incomplete'>> {
  if (ask.asked === undefined || ask.day < shiftDay(ask.today, -1)) return {};
  const late: Announcement[] = [];
  for (const day of earlierDays(ask.day, ask.asked.last)) {
    try {
      const { announcements, incomplete } = await readList(client, base, day, ask);
      late.push(...announcements);
      if (incomplete) return { late, incomplete };
    } catch (error) {
      if (!(error instanceof PaperroundError)) throw error;
      return { late, incomplete: { error: error.message, ...(error.hint && { hint: error.hint }) } };
    }
  }
  return { late };
}

/** The working days before `day` since `last`, at least the latest of them, the newest first. */
export function earlierDays(day: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let back = 1; back <= LOOK_BACK_DAYS; back++) {
    const earlier = shiftDay(day, -back);
    if (weekendName(earlier) !== null) continue;
    if (earlier < last && days.length > 0) break;
    days.push(earlier);
  }
  return days;
}
