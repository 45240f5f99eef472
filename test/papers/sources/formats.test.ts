// Which file is read as what, by its content, and what is said of a file that is none of them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileSource } from '../../../src/papers/sources/file.ts';
import { readPapers } from '../../../src/papers/sources/formats.ts';
import { temporaryFolder } from '../../support/installation.ts';

const TODAY = '2026-11-23';
const read = (text: string) => readPapers(text, 'papers.txt', { today: TODAY });
const titles = (text: string) => read(text).announcements.map(a => a.paper.title);
const LINES = '{"title": "One", "abstract": "First."}\n{"title": "Two", "summary": "Second."}\n';

async function handIn(content: string | Uint8Array, name = 'papers.dat') {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return {
    path,
    read: () =>
      fileSource({ path }).announce({
        day: TODAY,
        today: TODAY,
        now: Temporal.Instant.from(`${TODAY}T07:00:00Z`),
      }),
  };
}

describe('a file is read by what it holds, whatever it is called', () => {
  it.each([
    ['JSON Lines', LINES],
    ['JSON Lines with empty lines and CRLF', `\r\n${LINES.replaceAll('\n', '\r\n\r\n')}`],
    ['a list', '[{"title":"One","abstract":"First."},\n{"title":"Two","abstract":"Second."}]'],
    ['a list under "papers"', '{"papers": [{"title":"One"}, {"title":"Two"}]}'],
    ['UTF-8 with a byte order mark', `\ufeff${LINES}`],
    ['UTF-16', Buffer.from(`\ufeff${LINES}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${LINES}`, 'utf16le').swap16()],
  ])('%s', async (_format, content) => {
    const batch = await (await handIn(content, 'papers.pdf')).read();
    expect(batch.format).toBe('JSON papers');
    expect(batch.announcements.map(a => a.paper.title)).toEqual(['One', 'Two']);
    expect(batch.dropped).toEqual([]);
  });

  it('one object is one paper', () => {
    expect(titles('{\n "title": "Only",\n "abstract": "One."\n}')).toEqual(['Only']);
  });

  it('a paper may use any of the usual names for its fields', () => {
    const batch = read(
      JSON.stringify({
        title: 'T',
        summary: 'S',
        author: 'Ana, Ben',
        arxiv_id: '2511.01234v1',
        link: 'https://example.org/t',
        code: 'https://example.org/code',
        date: '2026-08-20',
        upvotes: 3,
      }),
    );
    expect(batch).toMatchObject({ day: '2026-08-20', dropped: [] });
    expect(batch.announcements).toEqual([
      {
        announcedOn: '2026-08-20',
        vote: { upvotes: 3, comments: 0, stars: null },
        format: 'json',
        keys: ['arxiv:2511.01234'],
        paper: {
          id: 'arxiv:2511.01234',
          title: 'T',
          abstract: 'S',
          authors: ['Ana', 'Ben'],
          url: 'https://example.org/t',
          links: { code: 'https://example.org/code' },
          facts: {},
        },
      },
    ]);
  });

  it.each(['20 August', '2026-02-30', '2026-8-20', 20260820, null])(
    'a date %j is no day, and no fault',
    date => {
      expect(read(JSON.stringify({ title: 'T', date }))).toMatchObject({
        day: null,
        announcements: [{ announcedOn: null }],
      });
    },
  );

  it.each([-1, 1.5, '3', null, true, 1e300])('%j upvotes are no vote', upvotes => {
    expect(read(JSON.stringify({ title: 'T', upvotes })).announcements[0]?.vote).toBeNull();
  });
});

describe('one bad paper never stops the rest, and is named by its line', () => {
  it('in JSON Lines', () => {
    const batch = read(
      `${LINES}{"title": "Thr\n7\n{"title": ""}\n{"title": "Four", "url": "javascript:x"}\n`,
    );
    expect(batch.announcements.map(a => a.paper.title)).toEqual(['One', 'Two']);
    expect(batch.dropped.map(({ where, reason }) => [where, reason]).sort()).toEqual([
      ['papers.txt, line 3', 'unreadable'],
      ['papers.txt, line 4', 'unreadable'],
      ['papers.txt, line 5', 'no title'],
      ['papers.txt, line 6', 'unsafe link'],
    ]);
  });

  it('in a list', () => {
    const batch = read('[\n{"title":"One"},\n7,\n[{"title":"x"}],\n\n{"abstract":"x"},\n{"title":"Two"}]');
    expect(batch.announcements.map(a => a.paper.title)).toEqual(['One', 'Two']);
    expect(batch.dropped.map(({ where, reason }) => [where, reason])).toEqual([
      ['papers.txt, line 3 (paper 2)', 'unreadable'],
      ['papers.txt, line 4 (paper 3)', 'unreadable'],
      ['papers.txt, line 6 (paper 4)', 'no title'],
    ]);
  });

  it('an abstract of 1.5 MB is dropped as too long, in a moment', () => {
    const started = performance.now();
    const batch = read(`${LINES}${JSON.stringify({ title: 'Long', abstract: 'x$'.repeat(750_000) })}\n`);
    expect(batch.announcements).toHaveLength(2);
    expect(batch.dropped).toEqual([
      {
        reason: 'too long',
        where: 'papers.txt, line 3',
        detail: 'abstract: 1500000 characters; allowed: at most 20000',
      },
    ]);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('a file that cannot be read as a whole is refused with its line and what is allowed', () => {
  it.each([
    [
      'a list that was cut off',
      '[{"title":"One"},\n{"title":"Tw',
      'papers.txt, line 2: not valid JSON: the file ends too early; is it truncated?',
    ],
    [
      'a list with a fault',
      '[{"title":"One"},\n{"title":x},\n{}]',
      "papers.txt, line 2: not valid JSON: Unexpected token 'x'",
    ],
    [
      'lines of which none is good',
      '{"title"\n{"title":\n',
      'papers.txt, line 1: not valid JSON: the file ends too early; is it truncated?',
    ],
  ])('%s', (_what, text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'input', message }));
  });

  it.each([
    ['a web page', '\n<!DOCTYPE html><html></html>', 'this is a web page, not a feed'],
    ['another kind of XML', '<?xml version="1.0"?><note/>', '<note>'],
    ['prose', 'It was a dark and stormy night.', 'the format is not known: it starts with "It was'],
  ])('%s is refused, and what is read is named', (_what, text, why) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'input',
        message: expect.stringContaining(why),
        hint: expect.stringMatching(/Allowed: .*(?:RSS|Hugging Face daily_papers JSON array).*(?:PubMed)/),
      }),
    );
  });

  it.each([
    ['an arXiv feed', '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"/>'],
    ['an RSS feed', '<rss version="2.0"><channel><title>J</title></channel></rss>'],
    ['BibTeX', '  @string (x = "y")'],
    ['a JSON Feed', '{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[]}'],
    ['a list', '[]'],
  ])('%s without papers is a day without papers', (_what, text) => {
    expect(read(text)).toMatchObject({ announcements: [], dropped: [] });
  });

  it.each([
    ['an empty file', '', 'is empty'],
    ['a ZIP archive', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0]), 'is not a text file: byte 6 is a NUL'],
    ['50 MB in one line', Buffer.alloc(50 * 1024 * 1024, '{'), 'is too large: 50 MB'],
  ])('%s', async (_what, content, why) => {
    const { path, read } = await handIn(content);
    const started = performance.now();
    await expect(read()).rejects.toMatchObject({ code: 'input', message: `${path} ${why}` });
    expect(performance.now() - started).toBeLessThan(500);
  });
});
