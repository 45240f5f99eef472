// Five weeks of an installation that collects and publishes every morning, weekends included.
import { describe, expect, it } from 'vitest';
import { papersOf } from '../../src/editions/edition.ts';
import { publish } from '../../src/editions/publish.ts';
import { countPapers } from '../../src/papers/stored-papers.ts';
import type { Day } from '../../src/store/schema.ts';
import { accountedFor, collectOn, dailyPapersCalendar, writeDailyPapers } from '../support/daily-papers.ts';
import { installation, temporaryFolder } from '../support/installation.ts';

const isWeekend = (day: Day) => Temporal.PlainDate.from(day).dayOfWeek > 5;

async function live(first: Day, count: number) {
  const dataDir = await temporaryFolder();
  await writeDailyPapers(dataDir, first, count);
  const app = await installation({ dataDir, sources: [`file:${dataDir}/{date}.json`] });
  const calendar = dailyPapersCalendar(first, count);
  const days = [];
  for (const [day, listed] of calendar) {
    const [collection] = await collectOn(app, day);
    if (collection === undefined) throw new Error('no source answered');
    const publication = await publish(app.press, day);
    days.push({ day, listed, collection, ...publication, ids: papersOf(publication.edition).map(p => p.id) });
  }
  return { app, days, calendar };
}

describe('36 mornings in a row', () => {
  it('every working day has an edition, every Saturday and Sunday is quiet', async () => {
    const { days } = await live('2026-03-02', 36);
    for (const { day, outcome, ids } of days) {
      expect([day, outcome]).toEqual([day, isWeekend(day) ? 'quiet' : 'published']);
      expect(ids.length > 0).toBe(!isWeekend(day));
    }
    expect(days.filter(({ outcome }) => outcome === 'published')).toHaveLength(26);
  });

  it('a reader never sees a paper in two editions, and misses none', async () => {
    const { app, days, calendar } = await live('2026-03-02', 36);
    const seen = days.flatMap(({ ids }) => ids);
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen)).toEqual(new Set([...calendar.values()].flat()));
    expect(await countPapers(app.db)).toEqual({ stored: seen.length, waiting: 0 });
  });

  it('what a weekend adds to Friday waits for Monday, and the wait is said', async () => {
    const { days } = await live('2026-03-02', 36);
    const late = days.filter(({ day, collection }) => isWeekend(day) && collection.new > 0);
    expect(late.map(({ collection }) => collection.new)).toEqual(expect.arrayContaining([1, 2, 3]));
    for (const { day, waiting, listed } of late) {
      const at = days.findIndex(other => other.day === day);
      const friday = new Set(days[at - 1]?.ids);
      const added = listed.filter(id => !friday.has(id));
      expect(waiting).toBe(added.length);
      expect(days[at + 2]?.ids).toEqual(expect.arrayContaining(added));
    }
  });

  it('every paper that was sent is accounted for, every day', async () => {
    const { days } = await live('2026-03-02', 36);
    for (const { listed, collection, day } of days) {
      expect([day, collection.fetched, accountedFor(collection)]).toEqual([
        day,
        listed.length,
        listed.length,
      ]);
      expect(collection).toMatchObject({ day, dropped: [] });
    }
  });

  it('one that begins on a Sunday starts with Friday’s papers, and Monday has only its own', async () => {
    const { days } = await live('2026-03-01', 9);
    expect(days.map(({ outcome }) => outcome)).toEqual([
      'published',
      ...Array(5).fill('published'),
      'quiet',
      'quiet',
      'published',
    ]);
    expect(days[0]?.ids).toHaveLength(10);
    const sunday = new Set(days[0]?.ids);
    expect(days[1]?.ids.filter(id => sunday.has(id))).toEqual([]);
  });

  it('a night in which everything runs twice changes nothing', async () => {
    const { app, days } = await live('2026-03-02', 8);
    for (const { day, edition, outcome } of days) {
      const again = await collectOn(app, day);
      expect(again).toMatchObject([{ outcome: 'quiet', new: 0, updated: 0, duplicate: 10 }]);
      const second = await publish(app.press, day);
      expect(second).toMatchObject({ edition, outcome: outcome === 'quiet' ? 'quiet' : 'already-published' });
    }
  });
});
