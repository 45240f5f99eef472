// One digest for any day: small enough for every mail program, nothing lost, nothing that a paper could smuggle in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cut, cut } from '../../src/digests/cut.ts';
import { type Digest, forReader, renderDigest } from '../../src/digests/digest.ts';
import { HTML_LIMIT } from '../../src/digests/fit.ts';
import type { EditionPaper } from '../../src/editions/edition.ts';
import { bigEdition, cutOf, edition, MASTHEAD, paper, shippedTemplates, wants } from './editions.ts';
import { HOSTILE_NAMES, hostile, hostilePaper } from './hostile.ts';

const templates = await shippedTemplates();
const render = (of: Cut) => renderDigest(of, MASTHEAD, templates);

const ADA = {
  address: 'ada@example.org',
  unsubscribeUrl: 'https://papers.example.org/unsubscribe/1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ',
  preferencesUrl: 'https://papers.example.org/preferences/1Ktg4oYVhBPuiS9AEPQ2CspGgtHcHvJ6rLtvqa8ZZ0kE',
};
/** The reader whose own parts take the most room. */
const LONGEST = {
  address: `${"&'".repeat(32)}@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.org`,
  unsubscribeUrl: `https://${'p'.repeat(190)}/unsubscribe/${'x'.repeat(44)}`,
  preferencesUrl: `https://${'p'.repeat(190)}/preferences/${'x'.repeat(44)}`,
};

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string);

/** How many papers a body says it leaves out. */
const leftOut = (body: string) =>
  [...body.matchAll(/([\d,]+) more(?: on the web|, left out)/g)].reduce(
    (sum, [, n = '']) => sum + Number(n.replaceAll(',', '')),
    0,
  );

function accountsForAll(digest: Digest, { html, text }: { html: string; text: string }) {
  const shown = digest.papers.filter(one => one.shown !== 'folded');
  expect(leftOut(html)).toBe(digest.papers.length - shown.length);
  expect(leftOut(text)).toBe(digest.papers.length - shown.length);
  const plain = text.replace(/\s+/g, ' ');
  for (const { title } of shown) {
    expect(html).toContain(escaped(title));
    expect(plain).toContain(title.replace(/\s+/g, ' '));
  }
}

const wideLines = (text: string) =>
  text.split('\n').filter(
    line =>
      [...line.replace(/[\p{M}\u200b-\u200f\u2066-\u2069]/gu, '')].length > 72 &&
      // A word stays whole, behind its number in the contents too.
      line.replace(/^ +(?:\d+ {2})?/, '').includes(' ') &&
      !/\w+:\/\/|mailto:/.test(line),
  );

describe.each([0, 1, 30, 71, 200, 1_000, 3_000])('a digest of %i papers', count => {
  const of = bigEdition(count, 40);
  it.each(['full', 'standard', 'brief'] as const)(
    'in the %s length fits into a mail, and every paper is accounted for',
    length => {
      const digest = render(cutOf(of, length));
      expect(digest.papers).toHaveLength(count);
      expect(digest.papers.map(({ title }) => title)).toEqual(
        [...of.themes.flatMap(({ papers }) => papers)]
          .sort((a, b) => a.rank - b.rank)
          .map(({ title }) => title),
      );
      for (const reader of [ADA, LONGEST]) {
        const body = forReader(digest, reader);
        expect(Buffer.byteLength(body.html)).toBeLessThanOrEqual(HTML_LIMIT);
        accountsForAll(digest, body);
        expect(wideLines(body.text)).toEqual([]);
      }
      if (length === 'brief') {
        expect(
          new Set(digest.papers.map(({ shown }) => shown)).difference(new Set(['title', 'folded'])).size,
        ).toBe(0);
        expect(digest.html + digest.text).not.toContain('We propose');
      }
    },
  );
});

describe('a small digest', () => {
  const one = paper({
    title: 'Ferry',
    abstract: 'We propose Ferry. It works.',
    authors: ['Ada', 'Bo', 'Chen', 'Dara', 'Emeka'],
    links: { pdf: 'https://arxiv.org/pdf/1', discussion: 'https://huggingface.co/papers/1' },
    vote: { upvotes: 1_234, comments: 0, stars: 1 },
  });

  it('says who wrote a paper, what others thought of it, and where it is', () => {
    const { html, text } = render(cutOf(edition({ agents: [one] }), 'full'));
    for (const body of [html, text]) {
      for (const words of [
        'Ferry',
        'Ada, Bo, Chen +2 · 1,234 votes, 1 star',
        'It works.',
        'PDF',
        'Discuss',
        'agents',
      ]) {
        expect(body).toContain(words);
      }
      expect(body).not.toMatch(/Code|Project/);
    }
  });

  it('says why a paper is in it', () => {
    const { html, text } = render(cut([edition({ agents: [one] })], wants({ keywords: ['ferry'] })));
    for (const body of [html, text]) expect(body).toContain('For you: Ferry');
  });

  it('leads to a search where a source named no address', () => {
    const { html, text } = render(cutOf(edition({ a: [paper({ title: "What & Who's Why?", url: null })] })));
    expect(text).toContain('https://arxiv.org/search/?searchtype=title&query=What%20%26%20Who%27s%20Why%3F');
    expect(html).toContain('searchtype=title&amp;query=What%20%26%20Who%27s%20Why%3F');
  });

  it.each([
    [[paper({ title: 'Ferry' })], 'Ferry · 20 Aug'],
    [[paper({ title: 'Ferry' }), paper()], 'Ferry and 1 more · 20 Aug'],
    [Array.from({ length: 1_235 }, () => paper({ title: 'Ferry' })), 'Ferry and 1,234 more · 20 Aug'],
    [[paper({ title: 'word '.repeat(40).trim() })], `${'word '.repeat(15).trim()}… · 20 Aug`],
    [[paper({ title: '👩‍🔬'.repeat(40) })], `${'👩‍🔬'.repeat(26)}… · 20 Aug`],
    [[], 'No papers · 20 Aug'],
  ])('has a subject that leads with its best paper (%#)', (papers, subject) => {
    expect(render(cutOf(edition({ a: papers }))).subject).toBe(subject);
  });

  it('names the days that it covers', () => {
    const days = [edition({ a: [paper()] }, '2026-08-17'), edition({ a: [paper()] }, '2026-08-20')];
    const { html, text, date } = render(cut(days, wants()));
    expect(date).toBe('2026-08-20');
    for (const body of [html, text]) expect(body).toMatch(/17 Aug – Thursday,? 20 August 2026/);
  });

  it('is the same, to the byte, whenever it is rendered', () => {
    expect(render(cutOf(bigEdition(30)))).toEqual(render(cutOf(bigEdition(30))));
  });

  it('without web pages links to none', () => {
    const digest = renderDigest(
      cutOf(bigEdition(500)),
      { ...MASTHEAD, webUrl: null, postalAddress: null },
      templates,
    );
    expect(digest.html + digest.text).not.toMatch(/View in browser|on the web|Harbour Street/);
    accountsForAll(digest, forReader(digest, ADA));
  });
});

describe("a reader's own parts", () => {
  it('are in the mail, and no mark is left over', () => {
    const { html, text } = forReader(render(cutOf(bigEdition(3))), ADA);
    expect(html.split(ADA.unsubscribeUrl)).toHaveLength(3);
    expect(text.split(ADA.unsubscribeUrl)).toHaveLength(3);
    for (const body of [html, text]) {
      expect(body).toContain(ADA.address);
      expect(body).not.toMatch(/[\ue000-\uf8ff]/);
    }
  });

  it('are escaped, and mean nothing to String.replace', () => {
    const { html, text } = forReader(render(cutOf(bigEdition(1))), {
      ...ADA,
      address: "$&'<b>`$1@example.org",
    });
    expect(html).toContain('$&amp;&#39;&lt;b&gt;`$1@example.org');
    expect(text).toContain("$&'<b>`$1@example.org");
  });

  it("cannot be drawn out by a paper's link", () => {
    const url = 'https://evil.example/?who=\ue000address\ue001&leave=\ue000unsubscribeUrl\ue001';
    const { html, text } = forReader(
      render(cutOf(edition({ a: [paper({ url, links: { code: url } })] }))),
      ADA,
    );
    for (const body of [html, text]) {
      expect(body.split(ADA.address)).toHaveLength(2);
      expect(body).toContain('https://evil.example/?who');
      expect(body).not.toMatch(/evil\.example\S*(?:unsubscribe\/|ada)/);
    }
  });
});

/** The same paper, written by somebody who means no harm. */
const harmless = ({ links, authors, pick, note, ...rest }: EditionPaper): EditionPaper => ({
  ...rest,
  pick: pick && { by: pick.by && `x${HOSTILE_NAMES.indexOf(pick.by)}`, note: pick.note && 'x' },
  note: note && { by: note.by && 'x', text: 'x' },
  title: 'x',
  abstract: 'x',
  authors: authors.map(() => 'x'),
  url: 'https://example.org/',
  links: Object.fromEntries(Object.keys(links).map(name => [name, 'https://example.org/'])),
});

const tags = (html: string) =>
  (html.match(/<[^>]*>/g) ?? []).map(tag => tag.replace(/(href|aria-label)="[^"]*"/, '$1'));

describe('whatever stands in titles, names, abstracts, links, notes and theme names', () => {
  const themes = fc.array(fc.tuple(hostile, fc.array(hostilePaper, { minLength: 1, maxLength: 3 })), {
    maxLength: 3,
  });
  const edited = themes.map(list => {
    const made = edition(
      Object.fromEntries(list.map(([, papers], n) => [`t${n}`, papers.map(one => paper(one))])),
    );
    return { ...made, themes: made.themes.map((theme, n) => ({ ...theme, name: list[n]?.[0] ?? '' })) };
  });

  it('stays text: the mail has the tags that it would have without', () => {
    fc.assert(
      fc.property(edited, given => {
        const plain = {
          ...given,
          themes: given.themes.map(theme => ({ ...theme, name: 'x', papers: theme.papers.map(harmless) })),
        };
        const body = forReader(render(cutOf(given, 'full')), ADA);
        const twin = forReader(render(cutOf(plain, 'full')), ADA);
        expect(tags(body.html)).toEqual(tags(twin.html));
        expect(body.html).not.toMatch(/<script/i);
        for (const [, url] of body.html.matchAll(/href="([^"]*)"/gi))
          expect(url).toMatch(/^(?:https?:|mailto:|#$)/i);
        expect(body.html).not.toMatch(/[\ue000-\uf8ff]/);
        expect(body.html.split(ADA.address)).toHaveLength(twin.html.split(ADA.address).length);
      }),
      { numRuns: 150 },
    );
  });

  it('is in the mail and in its text part alike, in lines of 72 columns', () => {
    fc.assert(
      fc.property(edited, given => {
        const digest = render(cutOf(given, 'full'));
        const body = forReader(digest, ADA);
        accountsForAll(digest, body);
        expect(wideLines(body.text)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
