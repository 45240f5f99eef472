// Days of Hugging Face Daily Papers as the service answers them: ten papers a working day, and weekends that repeat
// Friday's list together with one to three papers that were not among Friday's top ten.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../../src/app.ts';
import { collect } from '../../src/papers/collect.ts';
import type { Collection } from '../../src/papers/collections.ts';
import { type Day, shiftDay } from '../../src/store/schema.ts';
import type { HandClock } from './installation.ts';

const TOP = 10;

/** One element of the API. `number` is the running number of its arXiv id. */
export function dailyPaper(number: number, day: Day, upvotes: number): object {
  const title = `Paper ${number}: agents that read, number ${number}`;
  const summary = `We read ${number} papers a day. The benchmark shows that this is enough.`;
  return {
    paper: {
      id: arxivNumber(number),
      authors: [{ name: `Author ${number}`, hidden: false }],
      publishedAt: null,
      submittedOnDailyAt: `${day}T00:00:00.000Z`,
      title,
      summary,
      upvotes,
    },
    publishedAt: `${day}T08:28:35.326562+00:00`,
    title,
    summary,
    numComments: null,
  };
}

const arxivNumber = (number: number) => `2603.${String(number).padStart(5, '0')}`;

/** The ids that the service lists on each of `count` days from `first`. */
export function dailyPapersCalendar(first: Day, count: number): Map<Day, string[]> {
  const lists = dailyLists(first, count);
  return new Map([...lists].map(([day, list]) => [day, list.map(n => `arxiv:${arxivNumber(n)}`)]));
}

/** Writes `{date}.json` for each of `count` days from `first` into `folder`. */
export async function writeDailyPapers(folder: string, first: Day, count: number): Promise<void> {
  for (const [day, list] of dailyLists(first, count)) {
    const papers = list.map((number, place) => dailyPaper(number, day, 100 - 7 * place + weekday(day)));
    await writeFile(join(folder, `${day}.json`), JSON.stringify(papers, null, 1));
  }
}

function dailyLists(first: Day, count: number): Map<Day, number[]> {
  const lists = new Map<Day, number[]>();
  let next = 1;
  // The week before `first` belongs to it, so that a first day on a weekend has its Friday.
  for (let offset = -7; offset < count; offset++) {
    const day = shiftDay(first, offset);
    const yesterday = lists.get(shiftDay(day, -1)) ?? [];
    if (weekday(day) === 7 && yesterday.length > 0) lists.set(day, yesterday);
    else if (weekday(day) === 6 && yesterday.length > 0) {
      const late = 1 + (Math.floor(next / 50) % 3);
      const latecomers = Array.from({ length: late }, () => next++);
      // As on 2026-03-07, the late ones push out Friday's last and one of them stands near the top.
      lists.set(day, [yesterday[0] as number, ...latecomers, ...yesterday.slice(1, TOP - late)]);
    } else
      lists.set(
        day,
        Array.from({ length: TOP }, () => next++),
      );
  }
  return new Map([...lists].filter(([day]) => day >= first));
}

function weekday(day: Day): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** Asks all sources of `app` in the morning of `day`. */
export async function collectOn(app: App & { clock: HandClock }, day: Day): Promise<Collection[]> {
  app.clock.set(`${day}T07:00:00Z`);
  return collect(app.db, await app.sources(), { day, zone: app.settings.timeZone, clock: app.clock });
}

/** All that a source sent, as its account says what became of it. */
export function accountedFor(collection: Collection): number {
  const dropped = collection.dropped.reduce((sum, { count }) => sum + count, 0);
  return collection.new + collection.updated + collection.duplicate + dropped;
}
