// A digest is one reader's: what they asked for is bold, days and numbers are theirs, and what they do not get is said.
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut } from '../../src/digests/cut.ts';
import { type Digest, forReader, renderDigest } from '../../src/digests/digest.ts';
import { HTML_LIMIT } from '../../src/digests/fit.ts';
import { openTemplates } from '../../src/digests/template.ts';
import type { Edition } from '../../src/editions/edition.ts';
import type { Preferences } from '../../src/subscribers/preferences.ts';
import { temporaryFolder } from '../support/installation.ts';
import {
  bigEdition,
  cutOf,
  edition,
  MASTHEAD,
  paper,
  shippedTemplates,
  TEMPLATES,
  wants,
} from './editions.ts';

const templates = await shippedTemplates();
const render = (of: Edition, preferences: Partial<Preferences> = {}) =>
  renderDigest(cut([of], wants(preferences)), MASTHEAD, templates);
const bold = (html: string) => [...html.matchAll(/<b>(.*?)<\/b>/g)].map(([, words]) => words);
/** The words of a mail in HTML below its contents. */
const papersOf = ({ html }: Digest) => html.slice(html.indexOf('<h2'));
const READER = {
  address: 'ada@example.org',
  unsubscribeUrl: 'https://papers.example.org/unsubscribe/x',
  preferencesUrl: null,
};

const MARKET = paper({
  title: 'Agents & Agent Markets',
  abstract: 'We study multi-agent markets. An agent pays <less>.',
  authors: ['Ada Lovelace', 'Bo Li', 'Chen Wu', 'Dara Kim', 'Björn Ommer'],
  vote: { upvotes: 7, comments: 0, stars: null },
});

describe('what a reader asked for', () => {
  it('is bold in title and body, and named above them', () => {
    const digest = render(edition({ a: [MARKET] }), { keywords: ['agent'] });
    expect(bold(papersOf(digest))).toEqual(['Agents', 'Agent', 'agent', 'agent']);
    expect(digest.html).toContain('<b>Agents</b> &amp; <b>Agent</b> Markets</a>');
    for (const body of [digest.html, digest.text]) expect(body).toContain('For you: Agents');
    expect(digest.text).not.toContain('<b>');
  });

  it('is an author, who is named in the byline even as the fifth', () => {
    const digest = render(edition({ a: [MARKET] }), { authors: ['Bjorn Ommer'] });
    expect(digest.html).toContain('Ada Lovelace, Bo Li, Chen Wu, <b>Björn Ommer</b> +1 · 7 votes');
    expect(digest.text).toContain('Ada Lovelace, Bo Li, Chen Wu, Björn Ommer +1 · 7 votes');
    expect(bold(papersOf(digest))).toEqual(['Björn Ommer']);
  });

  it('is bold in a title that stands alone', () => {
    const digest = render(edition({ a: [MARKET] }), { keywords: ['market'], length: 'brief' });
    expect(bold(papersOf(digest))).toEqual(['Markets']);
  });

  it('is bold for nobody else', () => {
    const day = edition({ a: [MARKET] });
    render(day, { keywords: ['agent'] });
    expect(bold(papersOf(render(day)))).toEqual([]);
    expect(render(day).html).not.toContain('For you');
  });
});

describe('a reader whose mail would be too long', () => {
  const notice = ({ html, text }: Digest) => {
    const lines = [html, text].map(body => /Shortened[^<.]*\./.exec(body)?.[0].replace(/\s+/g, ' '));
    expect(lines[0]).toBe(lines[1]);
    return lines[0];
  };
  const counts = ({ papers }: Digest) => {
    const n = (shown: string) => papers.filter(one => one.shown === shown).length;
    return { full: n('full'), summary: n('summary'), title: n('title'), folded: n('folded') };
  };

  it('is told what of the abstracts became summaries', () => {
    const digest = render(bigEdition(71), { length: 'full' });
    const { full, summary } = counts(digest);
    expect(full).toBeGreaterThan(0);
    expect(notice(digest)).toBe(`Shortened to keep this mail whole: ${summary} papers as summaries.`);
  });

  it('is told of all three, and of one in the singular', () => {
    const digest = render(bigEdition(5_000, 3), { length: 'standard' });
    const { title, folded } = counts(digest);
    const number = (n: number) => n.toLocaleString('en');
    expect(notice(digest)).toBe(
      `Shortened to keep this mail whole: ${number(title)} papers as titles, ${number(folded)} left out.`,
    );
  });

  it.each(['full', 'standard', 'brief'] as const)('is told nothing where all of a %s day fits', length => {
    expect(notice(render(bigEdition(5), { length }))).toBeUndefined();
  });

  it('loses something in every large theme, and everything in none', () => {
    const digest = render(bigEdition(300, 8));
    const themes = Object.values(Object.groupBy(digest.papers, ({ theme }) => theme)) as Digest['papers'][];
    for (const papers of themes) {
      expect(papers[0]?.shown).toBe('summary');
      expect(papers.filter(({ why }) => why === 'theme over its share').length).toBeLessThan(papers.length);
      const bytes = papers.reduce((sum, one) => sum + one.bytes, 0);
      expect(bytes).toBeLessThanOrEqual(papers[0]?.budget ?? 0);
    }
  });

  it('has themes left out whole only where their titles have no room at all', () => {
    const [first] = bigEdition(1).themes;
    const one = first?.papers[0];
    const sections = Array.from({ length: 1_500 }, (_, n) => [`a-${n}`, [paper({ ...one, id: `${n}` })]]);
    const digest = render(edition(Object.fromEntries(sections)));
    expect(new Set(digest.papers.map(({ why }) => why))).toContain('no room for its theme');
    expect(Buffer.byteLength(digest.html)).toBeLessThanOrEqual(HTML_LIMIT);
  });
});

describe('a paper costs', () => {
  it('the bytes that the mail grows by', () => {
    const both = edition({ a: [MARKET, paper({ title: 'Second', abstract: 'We add.' })] });
    const { papers, html } = render(both);
    const bare = render({ ...both, themes: [] });
    const one = render({ ...both, themes: both.themes.map(t => ({ ...t, papers: t.papers.slice(0, 1) })) });
    expect(papers.map(({ why }) => why)).toEqual(['fits', 'fits']);
    // The subject names how many others there are, three times.
    expect(Buffer.byteLength(html) - Buffer.byteLength(one.html)).toBeCloseTo(papers[1]?.bytes as number, -2);
    expect(Buffer.byteLength(bare.html)).toBeLessThanOrEqual(10_000);
  });
});

describe('a reader of another language', () => {
  const day = edition({ a: [paper({ ...MARKET, vote: { upvotes: 12_345, comments: 1, stars: null } })] });

  it.each([
    ['en', 'Thursday, 20 August 2026', '12,345 votes', '20 Aug'],
    ['en-US', 'Thursday, August 20, 2026', '12,345 votes', 'Aug 20'],
    ['de', 'Donnerstag, 20. August 2026', '12.345 votes', '20. Aug.'],
    ['fr', 'jeudi 20 août 2026', '12\u202f345 votes', '20 août'],
    ['ja', '2026年8月20日木曜日', '12,345 votes', '8月20日'],
    ['tlh', 'Thursday, 20 August 2026', '12,345 votes', '20 Aug'],
  ])('reads days and numbers as in %s', (locale, date, votes, short) => {
    const { html, text, subject } = render(day, { locale });
    expect(html).toContain(`<html lang="${locale}" dir="ltr"`);
    for (const body of [html, text]) {
      expect(body).toContain(date);
      expect(body).toContain(votes);
    }
    expect(subject.endsWith(`· ${short}`)).toBe(true);
  });

  it.each(['ar', 'he', 'fa', 'ur'])('who reads %s from right to left has a mirrored mail', locale => {
    const { html } = render(day, { locale });
    expect(html).toContain(`<html lang="${locale}" dir="rtl"`);
    expect(html).not.toMatch(
      /direction:ltr|text-align:left(?!;direction:rtl)|(?:margin|padding|border)-left:(?!20px!)/,
    );
    expect(html).toContain('<h3 dir="auto">');
    expect(render(day).html).not.toContain('<h3 dir');
  });

  it('sees two Arabic numbers in their order, though the words around them are English', () => {
    const { text } = render(day, { locale: 'ar-EG' });
    expect(text).toContain('١٢٬٣٤٥\u200e votes, ١\u200e comment');
  });

  it('sees the votes behind an Arabic name', () => {
    const { text } = render(edition({ a: [paper({ ...MARKET, authors: ['ليلى'] })] }));
    expect(text).toContain('ليلى · \u20667 votes\u2069');
  });
});

const some = (n: number) =>
  fc.subarray(['agent', 'time series', '<v1>', 'attention', '&', 'paper'], { maxLength: n });
const preferences = fc.record({
  themes: fc.subarray(['theme-number-1', 'theme-number-2', 'theme-number-7']),
  keywords: some(3),
  authors: fc.subarray(['Ada Lovelace', 'bjorn ommer', 'Nobody']),
  mutedWords: some(1),
  length: fc.constantFrom('brief', 'standard', 'full'),
  locale: fc.constantFrom('en', 'de', 'ar-EG', 'fa', 'zh-Hans-CN'),
});

describe('whatever the day and the preferences', () => {
  it('the mail keeps its size, counts every paper, and says why each is shown as it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 700 }),
        fc.integer({ min: 1, max: 60 }),
        preferences,
        (count, themes, given) => {
          const one = cut([bigEdition(count, themes)], wants(given));
          const digest = renderDigest(one, MASTHEAD, templates);
          const { html } = forReader(digest, READER);
          expect(Buffer.byteLength(html)).toBeLessThanOrEqual(HTML_LIMIT);
          expect(digest.papers).toHaveLength(one.themes.reduce((sum, theme) => sum + theme.papers.length, 0));
          const shown = digest.papers.filter(place => place.shown !== 'folded');
          expect([...html.matchAll(/<h3|<p class="t"[^>]*><a href="https:\/\/arxiv/g)]).toHaveLength(
            shown.length,
          );
          const asked = { full: 'full', standard: 'summary', brief: 'title' }[given.length];
          for (const place of digest.papers) expect(place.why === 'fits').toBe(place.shown === asked);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('equal preferences, typed in another order, give the same bytes', () => {
    const day = bigEdition(60);
    const one = render(day, { keywords: ['attention', 'paper'], authors: ['Ada Lovelace', 'Björn Ommer'] });
    const other = render(day, {
      keywords: ['PAPER', 'Attention', 'paper'],
      authors: ['bjorn ommer', 'ADA LOVELACE'],
    });
    expect(other).toEqual(one);
  });
});

describe('a template of one’s own', () => {
  const body = (paper: string) =>
    `<mjml><mj-head><mj-title>x</mj-title></mj-head><mj-body><mj-section><mj-column><mj-text>{{#each themes}}{{#each papers}}${paper}{{/each}}{{moreText}}{{/each}}{{moreText}}</mj-text></mj-column></mj-section></mj-body></mjml>`;

  it.each([
    ['has no partial for a paper', body(`<p class="a">{{title}}</p><p>{{body}}</p>${'<hr>'.repeat(40)}`)],
    ['puts much around a paper', body(`<div class="${'x'.repeat(600)}">{{> paper}}</div>`)],
    ['tells its papers where they stand', body('{{@index}} {{> paper place=@index}}')],
  ])('keeps the promised size too where it %s', async (_what, source) => {
    const folder = await temporaryFolder();
    await cp(TEMPLATES, folder, { recursive: true });
    await writeFile(join(folder, 'digest.mjml'), source);
    const own = await openTemplates(folder, join(folder, 'cache'));
    for (const count of [30, 400]) {
      const { html, papers } = renderDigest(cutOf(bigEdition(count), 'full'), MASTHEAD, own);
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(HTML_LIMIT);
      expect(papers.filter(({ shown }) => shown !== 'folded').length).toBeGreaterThan(20);
    }
  });
});

describe('the foot of a mail', () => {
  it('has the words of the operator, escaped', () => {
    const masthead = { ...MASTHEAD, footerText: 'Made by <the> reading group' };
    const { html, text } = renderDigest(cutOf(bigEdition(1)), masthead, templates);
    expect(html).toContain('Made by &lt;the&gt; reading group');
    expect(text).toContain('Made by <the> reading group');
  });
});
