// An installation with some days published, for the tests of the pages that show them.
import type { Config } from '../../src/config.ts';
import { publish } from '../../src/editions/publish.ts';
import { announce, type Candidate } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { instantText } from '../../src/store/schema.ts';
import { openLimits } from '../../src/web/limits.ts';
import { readersPages } from '../../src/web/web.ts';
import { handClock, installation } from '../support/installation.ts';

export const BASE = 'https://papers.example.org';

/** An installation, its pages, and what tells it of papers. `get` asks for a page. */
export async function published(
  days: Record<string, Partial<Candidate>[]> = {},
  config: Config = { publicUrl: BASE },
  takesSubscribers = true,
) {
  const app = await installation(config, handClock('2026-08-18T07:00:00Z'));
  const failures: string[] = [];
  const signUps = {
    limits: openLimits(app.db, 1_000),
    mostWaiting: 1_000,
    trustedProxies: 0,
    timeZone: 'UTC',
    asked: () => {},
  };
  const pages = readersPages({
    ...app,
    ...(await app.desk()),
    log: line => failures.push(line),
    signUps: takesSubscribers ? signUps : undefined,
  });
  const tell = async (day: string, papers: Partial<Candidate>[], source = 'test') => {
    app.clock.set(`${day}T07:00:00Z`);
    const announced = papers
      .map(paper =>
        announce({ where: 't', title: 'Untitled', abstract: 'We do.', announcedOn: day, ...paper }),
      )
      .filter(one => 'paper' in one);
    const from = { source, at: instantText(app.clock()), day };
    await app.db.transaction().execute(tx => storeAnnouncements(tx, announced, from));
  };
  const publishDay = async (day: string, papers: Partial<Candidate>[]) => {
    await tell(day, papers);
    return publish(app.press, day);
  };
  for (const [day, papers] of Object.entries(days)) await publishDay(day, papers);
  const get = (path: string, headers: Record<string, string> = {}) => pages.request(path, { headers });
  const text = async (path: string) => (await get(path)).text();
  return { app, pages, failures, tell, publishDay, get, text };
}

const IMAGES = 'We propose a text-to-image diffusion model for image generation and editing.';
const ROBOTS = 'A robot learns manipulation and navigation with an embodied policy.';

/** Three days: pictures and robots, votes, code, an old id, a DOI, names that are markup. */
export const DAYS: Record<string, Partial<Candidate>[]> = {
  '2026-08-18': [
    { id: '2608.00001', title: 'Diffusion of Rivers', abstract: IMAGES, authors: ['Ana Müller', 'Bo Li'] },
    { id: 'math/9701001', title: 'On Honeycombs', abstract: 'We prove it.' },
  ],
  '2026-08-19': [
    {
      id: '2608.00002',
      title: 'Image Generation by Ferry',
      abstract: IMAGES,
      vote: { upvotes: 31, comments: 2, stars: null },
    },
    { id: '10.1234/A(b)?c#d', title: 'Printed in a Journal', abstract: ROBOTS },
  ],
  '2026-08-20': [
    {
      id: '2608.00003',
      title: 'Robots that Read',
      abstract: ROBOTS,
      vote: { upvotes: 7, comments: 0, stars: null },
    },
    {
      id: '2608.00004',
      title: '</title><script>alert(1)</script> & "Image" Generation',
      abstract: `<img src=x onerror=alert(2)> ${IMAGES}`,
      authors: ['"><b>Eve</b>'],
    },
  ],
};
