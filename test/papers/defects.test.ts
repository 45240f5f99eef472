// What went wrong once: answers that are no papers, a killed collection called stale, a stumble that ended the waiting.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runJob } from '../../src/job.ts';
import { arxivCalendar } from '../../src/papers/arxiv-calendar.ts';
import { collect } from '../../src/papers/collect.ts';
import { arxivFeedSource } from '../../src/papers/sources/arxiv-feed.ts';
import { dailyPapersSource } from '../../src/papers/sources/daily-papers.ts';
import { feedSource } from '../../src/papers/sources/feed.ts';
import { findOnWeb } from '../../src/papers/sources/one-paper.ts';
import { readWebPage } from '../../src/papers/sources/web-page.ts';
import { readPapers } from '../../src/papers/stored-papers.ts';
import { announcementFeed, works } from '../support/arxiv.ts';
import { quickClient, reply, serve } from '../support/http.ts';
import { handClock, installation, temporaryFolder } from '../support/installation.ts';

const DAY = '2026-05-12';

/** What is stored of an answer that is no list of papers at all. */
async function storedOf(answer: string | Buffer, kind: 'feed' | 'huggingface'): Promise<object> {
  const { url } = await serve(response => response.writeHead(200).end(answer));
  const client = await quickClient();
  client.clock.set(`${DAY}T09:00:00Z`);
  const source = kind === 'feed' ? feedSource(client, { url }) : dailyPapersSource(client, url);
  const [collection] = await collect(client.db, [source], { day: DAY, zone: 'UTC', clock: client.clock });
  const papers = await readPapers(client.db);
  return { outcome: collection?.outcome, titles: papers.map(({ title }) => title.slice(0, 40)) };
}

describe('an answer that is no list of papers gives no paper', () => {
  const SORRY =
    'Service temporarily unavailable.\n\nPlease try again later. We are working on it and apologise for the inconvenience that this may cause to all of you, our readers.\n';
  const noise = Buffer.concat(
    Array.from({ length: 64 }, (_, i) => createHash('sha256').update(`${i}`).digest()),
  );

  it.each([
    ['an apology in plain text', SORRY],
    ['noise', noise],
  ])('%s', async (_what, answer) => {
    for (const kind of ['feed', 'huggingface'] as const)
      expect(await storedOf(answer, kind)).toEqual({ outcome: 'failed', titles: [] });
  });
});

describe('an arXiv feed of which all papers were stored before it was said that it went well', () => {
  async function feed() {
    const state = { text: announcementFeed('2026-05-11', works(8)) };
    const { url } = await serve(response => reply(response, 200, state.text));
    const client = await quickClient();
    const source = arxivFeedSource(client, arxivCalendar(), {
      categories: 'cs.CL',
      types: ['new'],
      base: url,
    });
    const on = async (day: string, time: string) => {
      client.clock.set(`${day}T${time}:00Z`);
      return (await collect(client.db, [source], { day, zone: 'UTC', clock: client.clock }))[0];
    };
    await on('2026-05-11', '09:00');
    return { state, on, db: client.db };
  }

  it('because the process was killed between the two is not stale afterwards', async () => {
    const { state, on, db } = await feed();
    state.text = announcementFeed(DAY, works(8, 20));
    await on(DAY, '09:00');
    // As a kill leaves it after the papers were committed.
    await db.deleteFrom('collection').where('at', '>=', DAY).execute();
    expect((await on(DAY, '09:05'))?.outcome).not.toBe('stale');
  });

  it('because only its last line was missing is not stale when it comes whole', async () => {
    const { state, on } = await feed();
    const whole = announcementFeed(DAY, works(8, 20));
    state.text = whole.replace('</rss>', '');
    expect(await on(DAY, '09:00')).toMatchObject({ outcome: 'failed', new: 8 });
    state.text = whole;
    expect((await on(DAY, '09:15'))?.outcome).not.toBe('stale');
  });
});

describe('a job that waits for a late source', () => {
  it('goes on waiting when the source stumbles once, after being told "not yet" four times', async () => {
    const dataDir = await temporaryFolder();
    const clock = handClock(`${DAY}T06:00:00Z`);
    const source = `file:${dataDir}/{date}.jsonl`;
    const app = await installation({ dataDir, sources: [source] }, clock);
    const file = join(dataDir, `${DAY}.jsonl`);
    const { collections } = await runJob(app, DAY, {
      patient: true,
      onStep() {},
      async wait(ms) {
        clock.set(clock().add({ milliseconds: ms }).toString());
        const time = clock().toString().slice(11, 16);
        // At seven the file is half written, a quarter of an hour later it is whole.
        if (time === '07:00') await writeFile(file, '[{"title":"Bees"');
        if (time === '07:15') await writeFile(file, '[{"title":"Bees"}]');
      },
    });
    expect(collections).toMatchObject([{ outcome: 'ok', new: 1 }]);
  });
});

describe('a page about a paper', () => {
  const titleOf = (html: string) => readWebPage(html, 'https://j.example/')?.title;

  it.each([
    ['without quotes, as minifiers write it', '<meta name=citation_title content=Bees>'],
    ['in a comment', '<!-- <meta name="citation_title" content="Old"> --><title>Bees</title>'],
    ['in a script', '<script>t = "<title>Old</title>"</script><title>Bees</title>'],
    ['that speaks of a name', `<meta content='Bees' data-was='x name="y"' name="citation_title">`],
  ])('is read by its tags: %s', (_how, html) => {
    expect(titleOf(html)).toBe('Bees');
  });

  it('may have a greater-than in its title, and markup in its abstract', () => {
    expect(titleOf('<meta name="citation_title" content="Bees -> cities">')).toBe('Bees -> cities');
    const page = '<title>Bees</title><meta name="citation_abstract" content="<p>We count.</p>">';
    expect(readWebPage(page, 'https://j.example/')?.abstract).toBe('We count.');
  });

  it('of half a megabyte of broken tags is read in a moment', { timeout: 3_000 }, () => {
    expect(titleOf(`<title>Bees</title>${'<meta '.repeat(83_000)}`)).toBe('Bees');
  });
});

describe('a registry', () => {
  it('heads its abstracts with a word that is none of the abstract', async () => {
    const abstract = '<jats:title>Abstract</jats:title><jats:p>We count bees.</jats:p>';
    const { url } = await serve(response =>
      reply(response, 200, JSON.stringify({ title: 'Bees', abstract })),
    );
    const found = await findOnWeb(await quickClient(), '10.1234/x', { doi: url });
    expect(found.paper.abstract).toBe('We count bees.');
  });
});
