// Every fault that a host can have, tried with every kind of source: what is stored stays, what came is kept, the good
// source beside it is not held up, and the operator reads what was wrong, and where.
import { describe, expect, it } from 'vitest';
import { arxivCalendar } from '../../src/papers/arxiv-calendar.ts';
import { collect } from '../../src/papers/collect.ts';
import { lastCollections } from '../../src/papers/collections.ts';
import { arxivApiSource } from '../../src/papers/sources/arxiv-api.ts';
import { arxivFeedSource } from '../../src/papers/sources/arxiv-feed.ts';
import { dailyPapersSource } from '../../src/papers/sources/daily-papers.ts';
import { feedSource } from '../../src/papers/sources/feed.ts';
import type { Source } from '../../src/papers/sources/source.ts';
import { readPapers } from '../../src/papers/stored-papers.ts';
import { announcementFeed, apiAnswer, works } from '../support/arxiv.ts';
import { dailyPaper } from '../support/daily-papers.ts';
import { quickClient, reply, serve } from '../support/http.ts';
import { FAULTS, type Fault } from './faults.ts';

const MONDAY = '2026-05-11';
const TUESDAY = '2026-05-12';
const FIRST = { [MONDAY]: 1, [TUESDAY]: 11 } as Record<string, number>;
/** Papers in the list of each day. */
const COUNT = 8;

type Client = Awaited<ReturnType<typeof quickClient>>;

interface Kind {
  open(client: Client, base: string): Source;
  list(day: string): string;
}

function item(n: number, day: string): string {
  const date = new Date(`${day}T06:00:00Z`).toUTCString();
  return `<item><title>Some work of number ${n}</title><link>https://j.example/${n}</link><pubDate>${date}</pubDate></item>`;
}

const feedOf = (items: readonly string[]) =>
  `<?xml version="1.0"?>\n<rss version="2.0"><channel><title>J</title>${items.join('\n')}</channel></rss>`;

const numbered = <T>(day: string, make: (n: number) => T) =>
  Array.from({ length: COUNT }, (_, i) => make((FIRST[day] as number) + i));

const KINDS: Record<string, Kind> = {
  'Daily Papers': {
    open: (client, base) => dailyPapersSource(client, base),
    list: day => JSON.stringify(numbered(day, n => dailyPaper(n, day, 5))),
  },
  'the arXiv API': {
    open: (client, base) => arxivApiSource(client, arxivCalendar(), 'cs.CL', base),
    list: day =>
      apiAnswer(
        works(COUNT, FIRST[day], {
          submitted: day === MONDAY ? '2026-05-08T12:00:00Z' : '2026-05-11T12:00:00Z',
        }),
      ),
  },
  'an arXiv feed': {
    open: (client, base) =>
      arxivFeedSource(client, arxivCalendar(), { categories: 'cs.CL', types: ['new'], base }),
    list: day => announcementFeed(day, works(COUNT, FIRST[day])),
  },
  'a feed': {
    open: (client, base) => feedSource(client, { url: `${base}/feed.xml`, name: 'a feed' }),
    list: day => feedOf(numbered(day, n => item(n, day))),
  },
};

/** A host whose answers have the fault when it is Tuesday, a good one beside it, and one that works elsewhere. */
async function hosts(kind: Kind, fault: Fault) {
  const state = { day: MONDAY, broken: false, asked: 0 };
  const faulty = await serve((response, { path }) => {
    const good = kind.list(state.day);
    if (!state.broken) reply(response, 200, good);
    else void fault.answer?.(response, { good, path, number: ++state.asked, elsewhere: elsewhere.url });
  });
  const elsewhere = await serve(response => reply(response, 200, kind.list(state.day)));
  const beside = await serve(response =>
    reply(response, 200, feedOf([item(state.day === MONDAY ? 901 : 902, state.day)])),
  );
  const limits = { requestMs: 5_000, bytes: 300_000, attempts: 2, ...fault.limits };
  const client = await quickClient({ limits });
  const at = (await fault.at?.()) ?? faulty.url;
  const good = feedSource(client, { url: beside.url, name: 'the good one' });
  async function on(day: string, time: string, broken = false) {
    Object.assign(state, { day, broken });
    client.clock.set(`${day}T${time}Z`);
    const source = kind.open(client, broken ? at : faulty.url);
    const collections = await collect(client.db, [source, good], { day, zone: 'UTC', clock: client.clock });
    return { name: source.name, collections };
  }
  return { on, db: client.db, place: new URL(at).host, elsewhere: elsewhere.requests };
}

describe.each(Object.entries(KINDS))('%s', (kindName, kind) => {
  it.each(Object.entries(FAULTS))('from a host that %s', async (faultName, fault) => {
    const { on, db, place, elsewhere } = await hosts(kind, fault);
    expect((await on(MONDAY, '09:00:00')).collections).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
    const before = await readPapers(db);
    expect(before).toHaveLength(COUNT + 1);

    const { name, collections } = await on(TUESDAY, '09:00:00', true);
    const [faulty, good] = collections;
    expect(good).toMatchObject({ name: 'the good one', outcome: 'ok', new: 1 });
    const after = await readPapers(db);
    for (const paper of before) expect(after).toContainEqual(paper);
    expect(after.map(({ title }) => title)).toContain('Some work of number 902');
    expect(after).toHaveLength(COUNT + 2 + (faulty?.new ?? 0));

    const isJson = kindName === 'Daily Papers';
    const error = isJson ? (fault.json ?? fault.error) : fault.error;
    const rows = await lastCollections(db, TUESDAY);
    const row = rows.find(({ source }) => source === name);
    if (error === undefined) {
      expect(faulty).toMatchObject({ outcome: 'ok', new: COUNT, dropped: [] });
      expect(faulty?.error).toBeUndefined();
      expect(row).toMatchObject({ outcome: 'ok', error: null });
    } else {
      expect(faulty).toMatchObject({ name, outcome: 'failed', asked: TUESDAY, dropped: [] });
      expect(faulty?.error).toMatch(error);
      expect(faulty?.error).toMatch(/^[^\p{Cc}]{10,400}$/u);
      expect(faulty?.error).toContain(place);
      expect(faulty?.hint ?? 'Do.').toMatch(/^[^\p{Cc}]{3,400}$/u);
      expect(row).toMatchObject({ outcome: 'failed', error: faulty?.error, asked: TUESDAY });
    }
    const keeps = fault.keeps === 'some' || (fault.keeps === 'xml only' && !isJson);
    if (error !== undefined) expect([faulty?.new === 0, (faulty?.new ?? 0) < COUNT]).toEqual([!keeps, true]);
    if (faultName !== 'redirects to a host that works') expect(elsewhere).toEqual([]);

    // When the host is well again, the rest is there.
    const [later] = (await on(TUESDAY, '12:00:00')).collections;
    expect(later).toMatchObject({
      outcome: error === undefined ? 'quiet' : 'ok',
      fetched: COUNT,
      dropped: [],
    });
    expect((later?.new ?? 0) + (later?.duplicate ?? 0) + (later?.updated ?? 0)).toBe(COUNT);
    expect(await readPapers(db)).toHaveLength(2 * COUNT + 2);
  });
});
