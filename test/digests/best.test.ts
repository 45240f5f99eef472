// A digest of several days tells of a day's worth of papers: the best of each theme, once, and of the others the titles.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cut, cut } from '../../src/digests/cut.ts';
import { type Digest, forReader, renderDigest } from '../../src/digests/digest.ts';
import { HTML_LIMIT } from '../../src/digests/fit.ts';
import type { Edition, EditionPaper } from '../../src/editions/edition.ts';
import type { Preferences } from '../../src/subscribers/preferences.ts';
import { bigEdition, edition, MASTHEAD, paper, shippedTemplates, wants } from './editions.ts';

const templates = await shippedTemplates();
const render = (days: Edition[], wish: Partial<Preferences> = {}) =>
  renderDigest(cut(days, wants(wish)), MASTHEAD, templates);
const READER = {
  address: 'ada@example.org',
  unsubscribeUrl: 'https://papers.example.org/unsubscribe/x',
  preferencesUrl: null,
};
const dateOf = (day: number) => `2026-08-${17 + day}`;

/** So many days, each with so many papers in so many themes. */
const days = (count: number, papers: number, themes: number): Edition[] =>
  Array.from({ length: count }, (_, day) =>
    edition(
      Object.fromEntries(
        Array.from({ length: themes }, (_, t) => [
          `theme-${t}`,
          Array.from({ length: papers }, (_, n) =>
            paper({
              id: `arxiv:${day}-${t}-${n}`,
              title: `Title ${day}-${t}-${n}`,
              abstract: 'We do. It is.',
            }),
          ),
        ]),
      ),
      dateOf(day),
    ),
  );

const noticeIn = ({ html, text }: Digest) => {
  const lines = [html, text.replace(/\s+/g, ' ')].map(
    body => /The (?:best of|\d+ best)[^<.]*\./.exec(body)?.[0],
  );
  expect(lines[0]).toBe(lines[1]);
  return lines[0];
};
const told = ({ papers }: Digest) => papers.filter(({ shown }) => shown !== 'title' && shown !== 'folded');

describe('a digest of several days', () => {
  it.each([
    [2, 40, 1, 30, 'The 30 best papers of 2 days; the others as titles.'],
    [5, 10, 2, 30, 'The best of 5 days, 15 in each theme; the others as titles.'],
    [5, 4, 8, 24, 'The best of 5 days, 3 in each theme; the others as titles.'],
    [3, 3, 14, 42, 'The best of 3 days, 3 in each theme; the others as titles.'],
    [5, 2, 3, 30, undefined],
    [2, 1, 15, 30, undefined],
  ])('of %i days with %i papers in each of %i themes tells of %i', (count, papers, themes, best, notice) => {
    const digest = render(days(count, papers, themes));
    expect(digest.papers).toHaveLength(count * papers * themes);
    expect(told(digest)).toHaveLength(best);
    expect(noticeIn(digest)).toBe(notice);
    for (const { shown, why } of digest.papers)
      expect(why).toBe(shown === 'summary' ? 'fits' : 'not among the best of these days');
  });

  it('of one day tells of all, however many', () => {
    const digest = render(days(1, 12, 5));
    expect(told(digest)).toHaveLength(60);
    expect(noticeIn(digest)).toBeUndefined();
  });

  it('tells of the best of all days, and not of the last one', () => {
    const digest = render(days(5, 20, 3));
    const ofTheme = told(digest).filter(({ theme }) => theme === 'theme-0');
    expect(ofTheme.map(({ title }) => title)).toEqual(
      [0, 1].flatMap(n => [4, 3, 2, 1, 0].map(day => `Title ${day}-0-${n}`)),
    );
  });

  it('has the days’ best for its subject', () => {
    expect(render(days(3, 2, 2)).subject).toBe('Title 2-0-0 and 11 more · 19 Aug');
  });

  it('always tells of what the reader asked for by name, and of fewer others', () => {
    const week = days(5, 20, 3);
    const all = week.flatMap(({ themes }) => themes[0]?.papers ?? []);
    for (const one of all.slice(-4)) one.abstract = 'Ferry.';
    for (const one of all.slice(-6, -4)) one.authors = ['Ada Lovelace'];
    const wish = {
      themes: ['theme-0', 'theme-1', 'theme-2'],
      keywords: ['ferry'],
      authors: ['ada lovelace'],
    };
    const digest = render(week, wish);
    const ofTheme = told(digest).filter(({ theme }) => theme === 'theme-0');
    expect(ofTheme).toHaveLength(10);
    expect(ofTheme.map(({ id }) => id)).toEqual(expect.arrayContaining(all.slice(-6).map(({ id }) => id)));
    expect(noticeIn(digest)).toBe('The best of 5 days, 10 in each theme; the others as titles.');
  });

  it('tells of all that the reader asked for, be it more than its number, and says so', () => {
    const week = days(2, 20, 3);
    for (const { themes } of week) for (const one of themes[0]?.papers ?? []) one.abstract = 'Ferry.';
    const digest = render(week, { themes: ['theme-0', 'theme-1', 'theme-2'], keywords: ['ferry'] });
    expect(told(digest).filter(({ theme }) => theme === 'theme-0')).toHaveLength(40);
    expect(noticeIn(digest)).toBe(
      'The best of 2 days, 10 in each theme and all that you asked for; the others as titles.',
    );
  });

  it('tells of every pick, beside the best of the themes', () => {
    const week = days(3, 20, 2);
    const picks = week.map(({ themes }) => themes[1]?.papers.at(-1) as EditionPaper);
    for (const one of picks) one.pick = { by: 'Ada', note: null };
    const digest = render(week);
    expect(told(digest)).toHaveLength(33);
    expect(digest.papers.slice(0, 3)).toMatchObject(
      picks.toReversed().map(({ id }) => ({ id, shown: 'summary', why: 'fits' })),
    );
  });

  it('is titles alone for those who want no more, and says nothing of it', () => {
    const digest = render(days(5, 10, 2), { length: 'brief' });
    expect(noticeIn(digest)).toBeUndefined();
    expect(new Set(digest.papers.map(({ why }) => why))).toEqual(new Set(['fits']));
  });

  it('that is too long all the same is shortened too, and both is said', () => {
    const week = Array.from({ length: 5 }, (_, day) => ({
      ...bigEdition(200, 40),
      date: dateOf(day),
    })).map(({ date, themes }, day) => ({
      date,
      themes: themes.map(theme => ({
        ...theme,
        papers: theme.papers.map(one => ({ ...one, id: `${one.id}-${day}` })),
      })),
    }));
    const digest = render(week, { length: 'full' });
    const folded = digest.papers.filter(({ shown }) => shown === 'folded').length;
    expect(noticeIn(digest)).toMatch(/^The best of 5 days, 3 in each theme; the others as titles\.$/);
    expect(digest.text.replace(/\s+/g, ' ')).toMatch(
      new RegExp(`the others as titles\\. Shortened to keep this mail whole: [^.]*\\b${folded} left out\\.`),
    );
  });
});

const sentence = 'We propose a ferry for key-value blocks that halves the cost of long contexts. ';
const someDay = fc.record({
  papers: fc.array(
    fc.record({
      // Few ids, so that papers stand in several editions.
      id: fc.nat(120),
      theme: fc.nat(7),
      votes: fc.nat(3),
      abstract: fc.nat(12),
      pick: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
      author: fc.constantFrom('Ada Lovelace', 'Bo Li'),
    }),
    { maxLength: 60 },
  ),
});

function editionOf(
  papers: readonly {
    id: number;
    theme: number;
    votes: number;
    abstract: number;
    pick: boolean;
    author: string;
  }[],
  date: string,
) {
  const once = [...new Map(papers.map(one => [one.id, one])).values()];
  const themes = Map.groupBy(once, ({ theme }) => `theme-${theme}`);
  return edition(
    Object.fromEntries(
      [...themes].map(([slug, list]) => [
        slug,
        list.map(one =>
          paper({
            id: `arxiv:${one.id}`,
            title: `Title number ${one.id}.`,
            abstract: sentence.repeat(one.abstract),
            authors: [one.author],
            vote: { upvotes: one.votes, comments: 0, stars: null },
            pick: one.pick ? { by: 'Ada', note: null } : null,
          }),
        ),
      ]),
    ),
    date,
  );
}

const wish = fc.record({
  themes: fc.subarray(['theme-0', 'theme-1', 'theme-2', 'theme-3']),
  keywords: fc.subarray(['halves', 'number 7']),
  authors: fc.subarray(['Ada Lovelace']),
  length: fc.constantFrom('brief', 'standard', 'full'),
});

/** Picks first, then rank in its day, then votes. */
const place = (one: Cut['themes'][number]['papers'][number]) =>
  Number(one.pick === null) * 1e6 + one.rank * 1e3 - (one.vote?.upvotes ?? 0);

describe('whatever the days and the reader', () => {
  it('no paper stands twice, every one is accounted for, each theme is best first, and the mail fits', () => {
    fc.assert(
      fc.property(fc.array(someDay, { minLength: 2, maxLength: 7 }), wish, (list, given) => {
        const week = list.map(({ papers }, n) => editionOf(papers, dateOf(n)));
        const one = cut(week, wants(given));
        const digest = renderDigest(one, MASTHEAD, templates);
        const { html, text } = forReader(digest, READER);
        expect(Buffer.byteLength(html)).toBeLessThanOrEqual(HTML_LIMIT);

        const ids = digest.papers.map(({ id }) => id);
        expect(ids.toSorted()).toEqual(
          one.themes.flatMap(({ papers }) => papers.map(({ id }) => id)).toSorted(),
        );
        expect(new Set(ids).size).toBe(ids.length);
        for (const { papers } of one.themes)
          expect(papers.map(place)).toEqual(papers.map(place).toSorted((a, b) => a - b));
        const newest = new Map(
          week.flatMap(({ themes }) => themes.flatMap(({ papers }) => papers)).map(p => [p.id, p]),
        );
        for (const { papers } of one.themes)
          for (const { id, printed } of papers) expect(printed).toBe(newest.get(id));

        const plain = text.replace(/\s+/g, ' ');
        for (const { title, shown } of digest.papers) {
          const times = shown === 'folded' ? 0 : 1;
          for (const body of [html.slice(html.indexOf('<h2')), plain.slice(plain.indexOf('---'))])
            expect(body.replace(/<\/?b>/g, '').split(title)).toHaveLength(times + 1);
        }

        const asked = { brief: 'title', standard: 'summary', full: 'full' }[given.length];
        const because = new Map(one.themes.flatMap(({ papers }) => papers.map(p => [p.id, p])));
        for (const { id, shown, why } of digest.papers) {
          if (why === 'fits') expect(shown).toBe(asked);
          if (why === 'not among the best of these days') {
            expect(shown).toBe('title');
            expect(because.get(id)).toMatchObject({ because: [], pick: null });
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
