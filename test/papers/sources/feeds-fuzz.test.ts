// Feeds after an accident: whatever is left of them is sound papers or a refusal that says where, never anything else.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../../src/errors.ts';
import { announce } from '../../../src/papers/announce.ts';
import { Paper } from '../../../src/papers/paper.ts';
import { readJsonFeed } from '../../../src/papers/sources/json-feed.ts';
import type { Reading } from '../../../src/papers/sources/source.ts';
import { readXml } from '../../../src/papers/sources/xml-papers.ts';

const fixture = (name: string) => readFile(new URL(`../../fixtures/feeds/${name}`, import.meta.url));

function holdsItsPromise(read: () => Reading | undefined): void {
  let reading: Reading | undefined;
  try {
    reading = read();
  } catch (error) {
    if (!(error instanceof PaperroundError)) throw error;
    expect(error.code).toBe('input');
    expect(error.message).toMatch(/^f[,:] [^\r\n\p{Cc}]{1,200}$/u);
    return;
  }
  if (reading === undefined) return;
  if (reading.day !== null) expect(reading.day).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  if (reading.incomplete !== undefined)
    expect(reading.incomplete).toMatch(/^line \d+: [^\r\n\p{Cc}]{1,200}$/u);
  for (const candidate of reading.candidates) {
    expect(candidate.where).toMatch(/^f, (?:line \d+|items\[\d+\])$/);
    const result = announce(candidate);
    if ('paper' in result) {
      expect(Paper.parse(result.paper)).toEqual(result.paper);
      expect(result.paper.title.trim()).not.toBe('');
      if (result.announcedOn !== null) expect(result.announcedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    } else expect(result.detail).toMatch(/^[^\r\n]{1,300}$/);
  }
}

const shards = fc.constantFrom(
  '<',
  '>',
  '&',
  '"',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?x ',
  '?>',
  '<!DOCTYPE x [',
  '<item>',
  '</item>',
  '<entry xmlns="x">',
  '</a>',
  '<title/>',
  '&eacute;',
  '&#0;',
  '&#x110000;',
  ' xmlns:a="http://www.w3.org/2000/xmlns/"',
  ' a:b="c"',
  '\0',
  '\ud800',
  '\ufffe',
  '𝒳',
  '\r',
);
const edit = fc.record({
  at: fc.nat(),
  remove: fc.oneof(fc.nat(3), fc.nat(200)),
  insert: fc.oneof(shards, fc.string({ unit: 'binary', maxLength: 4 })),
  /** Where a span that is doubled goes. */
  again: fc.option(fc.nat()),
});

function edited(
  good: string,
  edits: readonly { at: number; remove: number; insert: string; again: number | null }[],
) {
  let text = good;
  for (const { at, remove, insert, again } of edits) {
    const place = at % (text.length + 1);
    if (again === null) text = text.slice(0, place) + insert + text.slice(place + remove);
    else {
      const target = again % (text.length + 1);
      text = text.slice(0, target) + text.slice(place, place + remove) + text.slice(target);
    }
  }
  return text;
}

describe('a good document after an accident', () => {
  it.each([
    'arxiv-rss.xml',
    'arxiv-atom.xml',
    'arxiv-api.xml',
    'arxiv-api-error.xml',
    'atom.xml',
    'biorxiv.rdf',
    'nature.rdf',
    'elsevier.xml',
    'acs.xml',
    'pubmed.xml',
  ])('%s', async name => {
    const good = (await fixture(name)).toString();
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), edits => {
        holdsItsPromise(() => readXml(edited(good, edits), 'f'));
      }),
      { numRuns: 1500 },
    );
  });

  it.each(['arxiv-rss.xml', 'pubmed.xml'])('%s with wrong bytes in it', async name => {
    const good = await fixture(name);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), changes => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of changes) bytes[at] = byte;
        holdsItsPromise(() => readXml(bytes.toString(), 'f'));
        holdsItsPromise(() => readXml(bytes.toString('latin1'), 'f'));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('whatever else is handed in', () => {
  const soup = fc.array(fc.oneof(shards, fc.constantFrom('<rss>', '<feed>', '<channel>', 'a', '2026-01-01')));

  it.each([
    ['any text', fc.string({ unit: 'binary', size: 'medium' })],
    ['tags in any order', soup.map(list => list.join(''))],
    ['tags in a feed', soup.map(list => `<rss><channel>${list.join('')}</channel></rss>`)],
    ['tags in an entry', soup.map(list => `<feed><entry><title>T</title>${list.join('')}</entry></feed>`)],
  ])('%s', (_what, texts) => {
    fc.assert(
      fc.property(texts, text => {
        holdsItsPromise(() => readXml(text, 'f'));
      }),
      { numRuns: 2000 },
    );
  });

  it('a JSON Feed with anything in it', () => {
    const loose = fc.oneof(
      fc.anything(),
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.constantFrom('10.1234/a', '2511.01234'),
    );
    const fields = fc.constantFrom(
      ...['id', 'url', 'external_url', 'title', 'summary', 'content_html', 'content_text', 'date_published'],
      ...['authors', 'author', 'tags', 'attachments'],
    );
    const items = fc.oneof(fc.array(fc.oneof(loose, fc.dictionary(fields, loose)), { maxLength: 5 }), loose);
    const version = fc.oneof(
      { arbitrary: fc.constant('https://jsonfeed.org/version/1.1'), weight: 9 },
      loose,
    );
    fc.assert(
      fc.property(version, items, (said, list) => {
        holdsItsPromise(() => readJsonFeed({ version: said, items: list }, 'f'));
      }),
      { numRuns: 3000 },
    );
  });
});
