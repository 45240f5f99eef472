// How many papers a theme had lately: those whose own theme it is, in the editions of 30 days.
import { describe, expect, it } from 'vitest';
import type { Edition } from '../../src/editions/edition.ts';
import { countThemes } from '../../src/editions/theme-counts.ts';
import { edition, paper } from '../digests/editions.ts';
import { installation } from '../support/installation.ts';

async function published(...editions: Edition[]) {
  const app = await installation();
  for (const one of editions) {
    const row = { date: one.date, through: null, published_at: `${one.date}T07:00:00.000Z` };
    await app.db
      .insertInto('edition')
      .values({ ...row, content: JSON.stringify(one) })
      .execute();
  }
  return app.db;
}

describe('the papers of each theme', () => {
  it('are counted under their own theme, wherever they stand', async () => {
    const stray = paper({ theme: { slug: 'sky', name: 'Sky' } });
    const none = paper({ theme: { slug: 'also-today', name: 'Also today' } });
    const db = await published(
      edition({ sea: [paper(), stray], 'also-today': [paper()] }, '2026-08-19'),
      edition({ sea: [paper(), none] }, '2026-08-20'),
    );
    const { of, ...all } = await countThemes(db, '2026-08-20');
    expect(Object.fromEntries(of)).toEqual({ sea: 2, sky: 1, 'also-today': 2 });
    expect(all).toEqual({ editions: 2, papers: 5 });
  });

  it.each([
    ['2026-07-21', 0],
    ['2026-07-22', 1],
    ['2026-08-20', 1],
    ['2026-08-21', 0],
  ])('are counted for 30 days up to today (2026-08-20): of %s, %d', async (date, papers) => {
    const db = await published(edition({ sea: [paper()] }, date));
    expect((await countThemes(db, '2026-08-20')).papers).toBe(papers);
  });

  it('are none where nothing is published', async () => {
    expect(await countThemes(await published(), '2026-08-20')).toEqual({
      editions: 0,
      papers: 0,
      of: new Map(),
    });
  });
});
