// What each section and paper of a mail costs: exact for every day, and of use for templates that are not ours.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cut, cut } from '../../../src/digests/cut.ts';
import { type Digest, forReader, renderDigest } from '../../../src/digests/digest.ts';
import { HTML_LIMIT } from '../../../src/digests/fit.ts';
import { openTemplates } from '../../../src/digests/template.ts';
import { cleanText } from '../../../src/papers/text.ts';
import { type ByteMap, byteMap } from '../../../src/studio/figures/byte-map.ts';
import {
  bigEdition,
  cutOf,
  edition,
  MASTHEAD,
  paper,
  shippedTemplates,
  wants,
} from '../../digests/editions.ts';
import { temporaryFolder } from '../../support/installation.ts';
import { ownTemplates } from '../../support/templates.ts';

const templates = await shippedTemplates();
const ADA = {
  address: 'ada@example.org',
  unsubscribeUrl: 'https://papers.example.org/unsubscribe/1D4',
  preferencesUrl: null,
};

function mapped(of: Cut, from = templates): { digest: Digest; html: string; map: ByteMap } {
  const digest = renderDigest(of, MASTHEAD, from);
  const { html } = forReader(digest, ADA);
  return { digest, html, map: byteMap(digest, html) };
}

const papersOf = (map: ByteMap) => map.sections.flatMap(({ papers }) => papers);
const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);

function expectExact(map: ByteMap, html: string) {
  expect(map.total).toBe(Buffer.byteLength(html));
  expect(map.frame.bytes + sum(map.sections.map(({ bytes }) => bytes))).toBe(map.total);
  expect(map.frame.head + map.frame.foot).toBe(map.frame.bytes);
  for (const { bytes, heading, papers } of map.sections)
    expect(heading + sum(papers.map(one => one.bytes))).toBe(bytes);
  const found = papersOf(map).flatMap(({ from, bytes }) => (from === null ? [] : [{ from, bytes }]));
  found.sort((a, b) => a.from - b.from);
  for (const [n, { from, bytes }] of found.entries()) {
    expect(bytes).toBeGreaterThan(0);
    expect(from + bytes).toBeLessThanOrEqual(found[n + 1]?.from ?? map.total);
  }
}

const title = fc.oneof(
  { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }) },
  fc.constantFrom(
    'PDF',
    'Code',
    '0',
    'Paper 1',
    'robots 2',
    '<script>alert(1)</script>',
    'مرحبا بالعالم',
    'x'.repeat(300),
  ),
);
const anyPaper = fc
  .record({ title, abstract: fc.string({ maxLength: 300 }), picked: fc.boolean() })
  .map(({ title, abstract, picked }) =>
    paper({
      title: cleanText(title) || '0',
      abstract: cleanText(abstract),
      links: { pdf: 'https://arxiv.org/pdf/1', code: 'https://github.com/a/b' },
      pick: picked ? { by: 'Ada', note: null } : null,
    }),
  );
const anyDay = fc.record({
  robots: fc.array(anyPaper, { maxLength: 8 }),
  vision: fc.array(anyPaper, { maxLength: 8 }),
});

describe('the bytes of a mail', () => {
  it('add up, whatever the papers are called, and whatever the reader asked for', () => {
    const length = fc.constantFrom('brief', 'standard', 'full');
    fc.assert(
      fc.property(anyDay, length, fc.constantFrom<string[]>([], ['a', 'pdf']), (day, length, keywords) => {
        const { map, html, digest } = mapped(cut([edition(day)], wants({ length, keywords })));
        expectExact(map, html);
        expect(
          papersOf(map)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(digest.papers.map(({ id }) => id).sort());
        expect(papersOf(map).filter(({ from }) => from === null)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each([0, 1, 30, 71, 200, 1_000])('of %i papers are those that the ladder measured', count => {
    const { map, html, digest } = mapped(cutOf(bigEdition(count)));
    expectExact(map, html);
    const measured = new Map(digest.papers.map(({ id, bytes }) => [id, bytes]));
    for (const { id, shown, from, bytes } of papersOf(map)) {
      expect(bytes).toBe(measured.get(id));
      expect(from === null).toBe(shown === 'folded');
    }
    expect(map.sections.map(({ name }) => name)).toEqual(digest.sections.map(({ name }) => name));
  });

  it('are where it says: what stands there is that paper', () => {
    const { map, html } = mapped(cutOf(bigEdition(30)));
    const bytes = Buffer.from(html);
    for (const { from, bytes: size, title } of papersOf(map)) {
      const source = bytes.subarray(from ?? 0, (from ?? 0) + size).toString();
      expect(source).toMatch(/^<(h3|p class="t")>/);
      expect(source).toContain(title.slice(0, title.indexOf(':')));
      expect(source.match(/<h3/g)?.length ?? 0).toBeLessThan(2);
    }
    for (const { from, name } of map.sections)
      expect(
        bytes
          .subarray(from ?? 0)
          .toString()
          .startsWith(`<h2 dir="auto">${name} `),
      ).toBe(true);
  });

  it('of words that a reader asked for are found through their marks', () => {
    const { map } = mapped(cut([bigEdition(3)], wants({ keywords: ['ferrying', 'long'] })));
    expect(papersOf(map).filter(({ from }) => from === null)).toEqual([]);
  });
});

describe('what the ladder did', () => {
  it('is told of each paper, with the room that its section had', () => {
    const { map } = mapped(cutOf(bigEdition(200)));
    expect(map.limit).toBe(HTML_LIMIT);
    expect(new Set(papersOf(map).map(({ why }) => why))).toContain('theme over its share');
    for (const { budget, papers } of map.sections)
      expect(sum(papers.map(({ bytes }) => bytes))).toBeLessThanOrEqual(budget);
  });
});

describe('where Gmail would cut', () => {
  const { digest, html } = mapped(cutOf(bigEdition(30)));
  const grown = (bytes: number) =>
    byteMap(digest, html.replace('</head>', `<style>${' '.repeat(bytes)}</style></head>`));
  const before = (map: ByteMap, name: string) => map.sections.findIndex(section => section.name === name);

  it('is nowhere in a mail that keeps to the limit', () => {
    expect(byteMap(digest, html).cut).toBeNull();
  });

  it('is the paper whose last byte it does not keep', () => {
    const map = grown(85_000);
    const cutAt = papersOf(map).find(one => one.title === map.cut?.paper);
    expect(map.cut?.sure).toBe(true);
    expect((cutAt?.from ?? 0) + (cutAt?.bytes ?? 0)).toBeGreaterThan(99_507);
    expect(cutAt?.from).toBeLessThan(99_507 + 500);
    expect(before(map, map.cut?.section ?? '')).toBeGreaterThanOrEqual(0);
  });

  it('may be the foot alone, and is not sure between what the tests say', () => {
    const size = Buffer.byteLength(html);
    expect(grown(99_900 - size).cut).toEqual({ sure: false, section: null, paper: null });
  });
});

describe('templates of an operator', () => {
  it.each([
    ['tables', '{{> paper}}', '<table><tr><td><b>{{title}}</b></td></tr><tr><td>{{body}}</td></tr></table>'],
    ['wrapped papers', '{{> paper}}', '<div class="x"><div>{{> paper}}</div></div>'],
    ['other headings', '<h2 dir="auto">{{name}} <span>{{count}}</span></h2>', '<p>{{name}}</p>'],
    [
      'contents with titles',
      '{{#each themes}}<h2',
      '{{#each themes}}{{#each papers}}<a href="#">{{title}}</a>{{/each}}{{/each}}{{#each themes}}<h2',
    ],
  ])('with %s are mapped', async (_what, from, to) => {
    const own = await ownTemplates();
    await own.change('digest.mjml', from, to);
    const { map, html } = mapped(
      cutOf(bigEdition(12)),
      await openTemplates(own.folder, await temporaryFolder()),
    );
    expectExact(map, html);
    expect(papersOf(map).filter(one => one.from === null)).toEqual([]);
    expect(map.frame.bytes).toBeLessThan(11_500);
  });

  it('that print titles in their own way have papers that are not found, and no error', async () => {
    const own = await ownTemplates();
    await own.change('digest.mjml', '{{> paper}}', '<p>{{title}} – {{byline}}</p>');
    const { map, html } = mapped(
      cutOf(bigEdition(12)),
      await openTemplates(own.folder, await temporaryFolder()),
    );
    expectExact(map, html);
    expect(papersOf(map).map(({ from, bytes }) => [from, bytes])).toEqual(Array(12).fill([null, 0]));
    expect(map.frame.bytes).toBe(map.total);
  });

  it('may be anything at all', () => {
    const { digest } = mapped(cutOf(bigEdition(3)));
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom('<p>', '</p>', '<b', '<!--', digest.papers[0]?.title ?? '')),
        ),
        pieces => {
          const html = pieces.join('');
          expectExact(byteMap(digest, html), html);
        },
      ),
    );
  });
});
