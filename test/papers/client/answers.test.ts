// What a client brings home: the text in any encoding, from where redirects lead, and from its cache what has not changed.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCache } from '../../../src/papers/client/cache.ts';
import { quickClient, reply, serve } from '../../support/http.ts';
import { handClock, temporaryFolder } from '../../support/installation.ts';

describe('an answer', () => {
  it('is asked for by name, with the headers of the source', async () => {
    const { url, requests } = await serve(r =>
      reply(r, 200, 'ok', { link: '</2>; rel="next"', 'content-type': '' }),
    );
    const client = await quickClient();
    const answer = await client.get(`${url}/a?b=c#d`, {
      accept: 'application/json',
      headers: { 'x-key': 'k' },
    });
    expect(answer).toEqual({
      url: `${url}/a?b=c`,
      status: 200,
      contentType: '',
      link: '</2>; rel="next"',
      text: 'ok',
      notModified: false,
    });
    expect(requests[0]).toMatchObject({
      path: '/a?b=c',
      headers: { 'user-agent': 'Paperround test', accept: 'application/json', 'x-key': 'k' },
    });
    expect(requests[0]?.headers['accept-encoding']).toContain('gzip');
  });

  it('of another type than was wanted is still text, and its type is told', async () => {
    const { url } = await serve(r => reply(r, 200, '<html>', { 'content-type': 'text/html' }));
    expect(await (await quickClient()).get(url)).toMatchObject({ text: '<html>', contentType: 'text/html' });
  });

  it.each([
    ['gzip', gzipSync('Grüße')],
    ['deflate', deflateSync('Grüße')],
    ['br', brotliCompressSync('Grüße')],
  ])('that was packed by %s is unpacked', async (coding, bytes) => {
    const { url } = await serve(r => r.writeHead(200, { 'content-encoding': coding }).end(bytes));
    expect((await (await quickClient()).get(url)).text).toBe('Grüße');
  });

  it('in another encoding than UTF-8 is read by what its host says of it', async () => {
    const { url } = await serve(r =>
      r
        .writeHead(200, { 'content-type': 'text/xml; charset=ISO-8859-1' })
        .end(Buffer.from('Grüße', 'latin1')),
    );
    expect((await (await quickClient()).get(url)).text).toBe('Grüße');
  });

  it('for somebody with a login is asked for with it', async () => {
    const { url, requests } = await serve(r => reply(r, 200, 'ok'));
    const answer = await (await quickClient()).get(url.replace('//', '//me:p%40ss@'));
    expect(answer.url).toBe(`${url}/`);
    expect(requests[0]?.headers.authorization).toBe(`Basic ${btoa('me:p@ss')}`);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    'with %i is followed, and the answer says where it came from',
    async status => {
      const { url, requests } = await serve((r, { path }) =>
        path === '/old' ? reply(r, status, 'moved', { location: '/new' }) : reply(r, 200, 'here'),
      );
      const answer = await (await quickClient()).get(`${url}/old`);
      expect(answer).toMatchObject({ text: 'here', url: `${url}/new` });
      expect(requests.map(r => r.path)).toEqual(['/old', '/new']);
    },
  );

  it('to another host does not take keys and logins along, even where it comes back', async () => {
    const home = await serve((r, { path }) =>
      path === '/' ? reply(r, 302, '', { location: `${away.url}/` }) : reply(r, 200, 'ok'),
    );
    const away: Awaited<ReturnType<typeof serve>> = await serve(r =>
      reply(r, 302, '', { location: `${home.url}/back` }),
    );
    const client = await quickClient();
    const headers = { 'x-key': 'secret' };
    expect((await client.get(home.url.replace('//', '//me:pw@'), { headers })).text).toBe('ok');
    const seen = [...home.requests, ...away.requests].filter(
      r => 'x-key' in r.headers || 'authorization' in r.headers,
    );
    expect(seen.map(r => r.path)).toEqual(['/']);
    expect(away.requests).toHaveLength(1);
    // Each host has its own lane: only the way back had to wait for the gap.
    expect(client.waits).toEqual([1_000]);
  });

  it('waits for the lane at every hop where the source has set one', async () => {
    const there = await serve(r => reply(r, 200, 'ok'));
    const here = await serve(r => reply(r, 302, '', { location: there.url }));
    const client = await quickClient();
    await client.get(here.url, { lane: { name: 'mine', gapMs: 500 } });
    expect(client.waits).toEqual([500]);
  });

  it.each([
    ['in a circle', '/b', /redirects in a circle, back to 127\.0\.0\.1:\d+\/a \(302\)$/],
    [
      'to a file',
      'file:///etc/passwd',
      /redirects to a file: address; only http: and https: are followed \(302\)$/,
    ],
    ['to a script', 'javascript:alert(1)', /redirects to a javascript: address/],
    ['without an address', '', /redirects in a circle|redirects without saying where to/],
    ['to no address', 'http://[', /redirects without saying where to/],
  ])('%s is not followed, and not asked again', async (_, location, words) => {
    const { url, requests } = await serve((r, { path }) =>
      reply(r, 302, '', { location: path === '/b' ? '/a' : location }),
    );
    await expect((await quickClient()).get(`${url}/a`)).rejects.toThrow(words);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it('after redirect is followed five times', async () => {
    const { url, requests } = await serve((r, { path }) =>
      reply(r, 302, '', { location: `/${Number(path.slice(1)) + 1}` }),
    );
    await expect((await quickClient()).get(`${url}/1`)).rejects.toThrow(/redirects more than 5 times$/);
    expect(requests).toHaveLength(6);
  });
});

/** A host that answers 304 to whoever knows its text. */
async function unchanging(validator: Record<string, string>, headers = {}) {
  const host = await serve((r, { headers: asked }) => {
    const known = asked['if-none-match'] ?? asked['if-modified-since'];
    if (known !== undefined && Object.values(validator).includes(known)) return reply(r, 304);
    reply(r, 200, 'all the papers', { ...validator, 'content-type': 'text/xml', link: '<x>', ...headers });
  });
  const cacheFolder = join(await temporaryFolder(), 'kept', 'answers');
  return { ...host, cacheFolder };
}

describe('an answer that has not changed', () => {
  it.each([
    ['ETag', { etag: 'W/"1"' }, 'if-none-match'],
    ['Last-Modified', { 'last-modified': 'Thu, 20 Aug 2026 04:00:00 GMT' }, 'if-modified-since'],
  ])('by its %s is not sent again, also not to the next process', async (_, validator, condition) => {
    const { url, requests, cacheFolder } = await unchanging(validator);
    const first = await (await quickClient({ cacheFolder })).get(url);
    const second = await (await quickClient({ cacheFolder })).get(url);
    expect(first).toMatchObject({ status: 200, notModified: false });
    expect(second).toEqual({ ...first, status: 304, notModified: true });
    expect(requests[0]?.headers[condition]).toBeUndefined();
    expect(requests[1]?.headers[condition]).toBe(Object.values(validator)[0]);
  });

  it('but was kept in a file that is damaged is asked for as a whole', async () => {
    const { url, requests, cacheFolder } = await unchanging({ etag: '"1"' });
    const client = await quickClient({ cacheFolder });
    await client.get(url);
    const [name = ''] = await readdir(cacheFolder);
    const bytes = await readFile(join(cacheFolder, name));
    const damages = [
      bytes.subarray(0, -3),
      Buffer.from('{'),
      Buffer.alloc(0),
      Buffer.from(bytes.toString().replace('papers', 'pepers')),
      Buffer.from(bytes.toString().replace('etag', 'egat')),
    ];
    for (const damaged of damages) {
      await writeFile(join(cacheFolder, name), damaged);
      expect(await client.get(url)).toMatchObject({ status: 200, text: 'all the papers' });
      // It was mended by the way.
      expect(await readFile(join(cacheFolder, name))).toEqual(bytes);
    }
    expect(requests.filter(r => 'if-none-match' in r.headers)).toEqual([]);
    expect(client.problems).toEqual([]);
  });

  it('is told apart by its address alone', async () => {
    const { url, requests, cacheFolder } = await unchanging({ etag: '"1"' });
    const client = await quickClient({ cacheFolder });
    await client.get(`${url}/?day=1`);
    expect((await client.get(`${url}/?day=2`)).notModified).toBe(false);
    expect(requests[1]?.headers['if-none-match']).toBeUndefined();
  });
});

describe('an answer is not kept', () => {
  it.each([
    ['without a validator', 200, {}, 'whole'],
    ['that its host forbids to keep', 200, { etag: '"1"', 'cache-control': 'private, no-store' }, 'whole'],
    ['of another status', 203, { etag: '"1"' }, 'whole'],
    ['that is not whole', 200, { etag: '"1"', 'content-length': '50' }, 'cut'],
  ])('%s', async (_, status, headers, part) => {
    const { url } = await serve(r => {
      if (part === 'whole') return reply(r, status, 'text', headers);
      r.writeHead(status, headers);
      r.write('text', () => setTimeout(() => r.socket?.end(), 20));
    });
    const cacheFolder = join(await temporaryFolder(), 'kept');
    expect((await (await quickClient({ cacheFolder })).get(url)).text).toBe('text');
    await expect(readdir(cacheFolder)).rejects.toThrow('ENOENT');
  });
});

describe('a cache', () => {
  it('that cannot be written stops nothing, and says why once', async () => {
    const { url, cacheFolder } = await unchanging({ etag: '"1"' });
    await mkdir(join(cacheFolder, '..'), { recursive: true });
    await writeFile(cacheFolder, 'a file stands in the way');
    const client = await quickClient({ cacheFolder });
    for (let time = 0; time < 2; time++) {
      expect((await client.get(url)).text).toBe('all the papers');
    }
    expect(new Set(client.problems).size).toBe(client.problems.length);
    expect(client.problems.join('\n')).toMatch(/cannot be kept or read again: .*is a file, not a folder/);
  });

  const about = { etag: '"1"', lastModified: null, contentType: '', link: null };

  it('lets go of what was not used for longest when it holds too many', async () => {
    const clock = handClock();
    const cache = openCache(await temporaryFolder(), clock, { entries: 3, bytes: 1e6 });
    for (const [minute, url] of ['a', 'b', 'c'].entries()) {
      clock.set(`2026-08-20T07:0${minute}:00Z`);
      await cache.keep(url, { ...about, text: url });
    }
    clock.set('2026-08-20T07:05:00Z');
    await cache.touch('a');
    await cache.keep('d', { ...about, text: 'd' });
    const held = await Promise.all(['a', 'b', 'c', 'd'].map(async url => (await cache.find(url))?.text));
    expect(held).toEqual(['a', undefined, 'c', 'd']);
  });

  it('lets go of what was not used for longest when it holds too much', async () => {
    const clock = handClock();
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'notes.txt'), 'of somebody else');
    const cache = openCache(folder, clock, { entries: 100, bytes: 2_500 });
    for (const [minute, url] of ['a', 'b', 'c'].entries()) {
      clock.set(`2026-08-20T07:0${minute}:00Z`);
      await cache.keep(url, { ...about, text: url.repeat(1_000) });
    }
    const held = await Promise.all(['a', 'b', 'c'].map(async url => (await cache.find(url))?.text[0]));
    expect(held).toEqual([undefined, 'b', 'c']);
    expect(await readdir(folder)).toContain('notes.txt');
  });
});
