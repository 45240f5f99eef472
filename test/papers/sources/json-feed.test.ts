// JSON Feed 1.0 and 1.1, and JSON that is none.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../src/papers/announce.ts';
import { readJsonFeed } from '../../../src/papers/sources/json-feed.ts';

const VERSION = 'https://jsonfeed.org/version/1.1';
const item = (fields: object) =>
  readJsonFeed({ version: VERSION, items: [{ title: 'T', ...fields }] }, 'f')?.candidates[0];

describe('a JSON Feed', () => {
  it('becomes papers, each with its place; the feed’s own author has not written them', async () => {
    const text = await readFile(new URL('../../fixtures/feeds/json-feed.json', import.meta.url), 'utf8');
    const reading = readJsonFeed(JSON.parse(text), 'f');
    expect(reading).toMatchObject({
      format: 'JSON Feed',
      day: null,
      candidates: [
        {
          where: 'f, items[0]',
          title: '0',
          abstract: 'First, with x < y. Second.',
          id: '10.1234/abc',
          url: 'https://lab.example.org/one',
          links: { pdf: 'https://lab.example.org/one.pdf' },
          facts: { doi: '10.1234/abc', categories: ['physics'] },
          format: 'feed',
          announcedOn: '2026-06-08',
          listedOn: '2026-06-08',
        },
        { id: '2511.01234', abstract: 'Plain.', announcedOn: null },
      ],
      dropped: [{ reason: 'unreadable', where: 'f, items[2]' }],
    });
    const papers = reading?.candidates.map(announce).map(result => 'paper' in result && result.paper);
    expect(papers).toMatchObject([
      { id: 'doi:10.1234/abc', authors: ['Ana Ó', 'Ben Bee'] },
      { id: 'arxiv:2511.01234', authors: [], url: 'https://arxiv.org/abs/2511.01234' },
    ]);
  });

  it.each([
    ['the author of 1.0', { author: { name: 'Ana' } }, ['Ana']],
    ['authors of 1.1', { authors: [{ name: 'Ana' }, { url: 'x' }, { name: 'Ben' }] }, ['Ana', 'Ben']],
    ['names alone', { authors: ['Ana', 'Ben'] }, ['Ana', 'Ben']],
    ['nobody', {}, []],
  ])('names %s', (_whom, fields, authors) => {
    expect(announce(item(fields) as never)).toMatchObject({ paper: { authors } });
  });

  it.each([
    ['its page', { url: 'https://e.org/a', id: 'https://e.org/b' }, 'https://e.org/a'],
    ['the page it is about', { external_url: 'https://e.org/c', id: '1' }, 'https://e.org/c'],
    ['its id', { id: 'https://e.org/b' }, 'https://e.org/b'],
    ['nothing', { id: 7 }, undefined],
  ])('links to %s', (_where, fields, url) => {
    expect(item(fields)?.url).toBe(url);
  });

  it.each([{ version: VERSION }, { version: VERSION, items: {} }])('without a list of items: %j', value => {
    expect(() => readJsonFeed(value, 'f')).toThrow(/^f: items: not a list/);
  });
});

describe('other JSON is left to others', () => {
  it.each([
    [null],
    [7],
    ['https://jsonfeed.org/version/1'],
    [[]],
    [{}],
    [{ items: [] }],
    [{ version: 1, items: [] }],
    [{ version: '1.1', items: [] }],
    [{ version: 'https://jsonfeed.org/version/2', items: [] }],
  ])('%j', value => {
    expect(readJsonFeed(value, 'f')).toBeUndefined();
  });

  it.each(['https://jsonfeed.org/version/1', 'http://www.jsonfeed.org/version/1.1/'])(
    '%s is one',
    version => {
      expect(readJsonFeed({ version, items: [] }, 'f')).toMatchObject({ candidates: [], dropped: [] });
    },
  );
});
