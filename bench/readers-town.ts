// A town of made-up readers for bench/readers.ts: a realistic spread of zones, cadences and wishes, all of them due now.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Edition } from '../src/editions/edition.ts';
import { readPapers } from '../src/papers/sources/formats.ts';
import type { Db } from '../src/store/schema.ts';
import { Preferences } from '../src/subscribers/preferences.ts';

const ZONES = [
  'America/New_York',
  'America/Los_Angeles',
  'Europe/London',
  'Europe/Berlin',
  'Asia/Shanghai',
  'Asia/Kolkata',
];
ZONES.push('Asia/Tokyo', 'America/Sao_Paulo', 'Australia/Sydney', 'UTC', 'Asia/Singapore', 'Africa/Lagos');
const WORDS = ['diffusion', 'robot', 'speech', 'agents', 'protein', 'benchmark', 'retrieval', 'pruning'];
const THEMES = Array.from({ length: 10 }, (_, n) => `theme-${n}`);
const PAPERS = 40;
const ROWS = 1000;

/**
 * What the n-th reader wants: two in five everything; two in five one of some hundred choices of themes; one in five words of their
 * own, so that nobody else has the same digest.
 */
function wantsOf(n: number): string {
  const cadence = (['daily', 'daily', 'daily', 'weekdays', 'weekly'] as const)[n % 5];
  const when = { cadence, timeZone: ZONES[n % ZONES.length], hour: 6 + (n % 4) };
  if (n % 5 < 2) return JSON.stringify(Preferences.parse(when));
  const themes = THEMES.filter((_, theme) => (n >> (theme % 7)) % 3 === 0);
  if (n % 5 < 4) return JSON.stringify(Preferences.parse({ ...when, themes }));
  const keywords = [WORDS[n % WORDS.length], `word ${n}`];
  return JSON.stringify(Preferences.parse({ ...when, keywords }));
}

/** The edition of a day: real papers, in ten themes. */
function editionOf(day: string): Edition {
  const path = fileURLToPath(new URL('../samples/huggingface-2026-06-12.json', import.meta.url));
  const { announcements } = readPapers(readFileSync(path, 'utf8'), path, { today: day });
  const placed = announcements.slice(0, PAPERS).map(({ paper, vote }, n) => ({
    ...paper,
    source: 'sample',
    rank: n + 1,
    vote: vote === null ? null : { ...vote, stars: vote.stars ?? null },
  }));
  const themes = THEMES.map((slug, theme) => ({
    slug,
    name: `Subject number ${theme}`,
    papers: placed.filter((_, n) => n % THEMES.length === theme),
  }));
  return Edition.parse({ date: day, themes: themes.filter(({ papers }) => papers.length > 0) });
}

/** Puts `count` active readers into an empty database, and the edition of `day`; all of them are due. */
export async function settle(db: Db, day: string, count: number): Promise<void> {
  const now = new Date().toISOString();
  const content = JSON.stringify(editionOf(day));
  await db.insertInto('edition').values({ date: day, through: day, published_at: now, content }).execute();
  for (let at = 0; at < count; at += ROWS) {
    const rows = Array.from({ length: Math.min(ROWS, count - at) }, (_, n) => ({
      id: randomUUID(),
      address: `reader${at + n}@list${n % 50}.example.org`,
      address_key: `reader${at + n}@list${n % 50}.example.org`,
      name: null,
      status: 'active' as const,
      preferences: wantsOf(at + n),
      created_at: now,
      status_at: now,
      next_digest_at: now,
    }));
    await db.insertInto('subscriber').values(rows).execute();
  }
}
