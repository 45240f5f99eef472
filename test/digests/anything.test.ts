// Any papers and any preferences: the mail keeps its size, is valid, has every paper, and nothing in it is anybody else's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut } from '../../src/digests/cut.ts';
import { forReader, renderDigest } from '../../src/digests/digest.ts';
import { HTML_LIMIT } from '../../src/digests/fit.ts';
import { checkCut } from '../../src/digests/preflight/of-cut.ts';
import { spaced } from '../../src/digests/preflight/page.ts';
import { edition, MASTHEAD, paper, shippedTemplates, wants } from './editions.ts';
import { hostile, hostilePaper } from './hostile.ts';
import { problemsOf } from './validity.ts';

const templates = await shippedTemplates();
const READER = {
  address: `"o'<b>&"@example.org`,
  unsubscribeUrl:
    'https://papers.example.org/unsubscribe/1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ?a=1&b=2',
  preferencesUrl: 'https://papers.example.org/preferences/1?a=1&b=2',
};

const FILLER = 'We propose <it> & show that it is "good" for all of them, by {{far}} and $& by 28.4x. ';

/** A hostile paper, with more text where a day is to be long. */
const somePaper = fc
  .tuple(hostilePaper, fc.nat(12))
  .map(([one, sentences]) =>
    paper({ ...one, abstract: `${one.abstract} ${FILLER.repeat(sentences)}`.trim() }),
  );
/** Some papers, over and over: up to 250, each with an id of its own. */
const someDay = fc
  .record({
    papers: fc.array(somePaper, { minLength: 1, maxLength: 6 }),
    count: fc.oneof(fc.nat(5), fc.nat(250)),
    names: fc.array(hostile, { minLength: 1, maxLength: 6 }),
  })
  .map(({ papers, count, names }) => {
    const all = Array.from({ length: count }, (_, n) => ({ ...papers[n % papers.length], id: `title:${n}` }));
    const themes = names.map((_, t) => [`t${t}`, all.filter((_, n) => n % names.length === t).map(paper)]);
    const made = edition(Object.fromEntries(themes.filter(([, list]) => (list?.length ?? 0) > 0)));
    return { ...made, themes: made.themes.map((theme, n) => ({ ...theme, name: names[n] ?? 'x' })) };
  });
const phrase = fc
  .oneof(
    hostile,
    fc.constantFrom('.*', '[a-z', '(', '\\', '^', 'a|b', '$&', '-', 'good', 'propose', '28.4x', '{2}'),
  )
  .map(text => text.slice(0, 90).trim() || 'x');
const somebody = fc
  .record(
    {
      themes: fc.subarray(['t0', 't1', 't2', 'none']),
      keywords: fc.array(phrase, { maxLength: 4 }),
      authors: fc.array(phrase, { maxLength: 2 }),
      mutedWords: fc.array(
        hostile.map(text => `${text.slice(0, 60).trim()} zz`),
        { maxLength: 2 },
      ),
      length: fc.constantFrom('brief', 'standard', 'full'),
      locale: fc.constantFrom('ar', 'en', 'de', 'he', 'ja'),
    },
    { requiredKeys: ['length', 'locale'] },
  )
  .map(wants);
const days = fc.oneof(
  fc.tuple(someDay),
  fc
    .array(someDay, { minLength: 2, maxLength: 3 })
    .map(list => list.map((day, n) => ({ ...day, date: `2026-08-${17 + n}` }))),
);

describe('for any papers and any preferences', () => {
  it('the mail keeps its size, tells of every paper once, and preflight finds nothing that stops it', () => {
    fc.assert(
      fc.property(days, somebody, (editions, preferences) => {
        const one = cut(editions, preferences);
        const digest = renderDigest(one, MASTHEAD, templates);
        const { html, text } = forReader(digest, READER);
        expect(Buffer.byteLength(html)).toBeLessThanOrEqual(HTML_LIMIT);
        const ids = one.themes.flatMap(({ papers }) => papers.map(({ id }) => id));
        expect(digest.papers.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
        expect(digest.sections.flatMap(({ papers }) => papers).toSorted()).toEqual(ids.toSorted());
        // Every shown paper has one title link in the HTML, one first link in the text part.
        const shown = digest.papers.filter(place => place.shown !== 'folded');
        expect([
          ...html.matchAll(/<h3[^>]*><a |<p class="t"(?: dir="auto")?><a [^>]*>(?![^<]* more on the web<)/g),
        ]).toHaveLength(shown.length);
        expect([...text.matchAll(/^ {2}\[1\] \S+$/gm)]).toHaveLength(shown.length);
        const line = spaced(text);
        for (const { title } of shown) expect(line).toContain(spaced(title).trim());
        const failures = checkCut(digest).filter(({ level, ok }) => level === 'failure' && !ok);
        expect(failures.map(({ name }) => name)).toEqual(ids.length === 0 ? ['not empty'] : []);
      }),
      { numRuns: 120 },
    );
  });

  it('nothing in it is unescaped, and nothing of it leads anywhere but to the web', () => {
    fc.assert(
      fc.property(days, somebody, (editions, preferences) => {
        const digest = renderDigest(cut(editions, preferences), MASTHEAD, templates);
        const { html, text } = forReader(digest, READER);
        const body = html.slice(html.indexOf('<h1'));
        const names = new Set([...body.matchAll(/<\/?([a-z][\w-]*)/gi)].map(([, name]) => name));
        expect(names.isSubsetOf(new Set(OURS))).toBe(true);
        for (const [, url] of html.matchAll(/href="([^"]*)"/gi))
          expect(url).toMatch(/^(?:https?:|mailto:|#$)/i);
        expect(html + text).not.toMatch(/[\ue000-\uf8ff]/);
        expect((html + text).isWellFormed()).toBe(true);
        expect(text).not.toMatch(/^ {2}\[\d+\] (?:\w+ )?(?:javascript|vbscript|data):/m);
      }),
      { numRuns: 80 },
    );
  });

  it('it is valid HTML', async () => {
    await fc.assert(
      fc.asyncProperty(days, somebody, async (editions, preferences) => {
        const digest = renderDigest(cut(editions, preferences), MASTHEAD, templates);
        expect(await problemsOf(forReader(digest, READER).html)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});

/** The elements below the masthead of a mail. */
const OURS = [
  'h1',
  'h2',
  'h3',
  'p',
  'a',
  'b',
  'br',
  'span',
  'div',
  'table',
  'tbody',
  'tr',
  'td',
  'body',
  'html',
];
