// What a client makes of hosts that are busy, broken, slow, endless or not there: bounded time, and a reason in words.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../../src/errors.ts';
import { quickClient, reply, serve } from '../../support/http.ts';
import { handClock } from '../../support/installation.ts';

/** The error that a person gets. */
async function errorOf(work: Promise<unknown>): Promise<PaperroundError> {
  const error = await work.then(
    () => undefined,
    thrown => thrown,
  );
  expect(error).toBeInstanceOf(PaperroundError);
  expect((error as PaperroundError).code).toBe('source');
  return error as PaperroundError;
}

/** The client's own pauses; the gap of the lane comes on top of them. */
const GAP = 1_000;

describe('a host that is busy', () => {
  it('is asked again with growing pauses, four times in all', async () => {
    const { url, requests } = await serve(r => reply(r, 503));
    const client = await quickClient();
    const error = await errorOf(client.get(`${url}/list`));
    expect(error.message).toBe(`${url}/list answered 503 (Service Unavailable) (asked 4 times)`);
    expect(error.hint).toMatch(/fault is with the host/);
    expect(requests).toHaveLength(4);
    expect(client.waits.filter(ms => ms > GAP)).toEqual([2_000, 4_000, 8_000]);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('answers %i once and then gives its papers', async status => {
    const { url, requests } = await serve((r, _, number) =>
      number === 1 ? reply(r, status) : reply(r, 200, 'ok'),
    );
    const client = await quickClient();
    expect((await client.get(url)).text).toBe('ok');
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['seconds', '7'],
    ['a date', 'Thu, 20 Aug 2026 07:00:07 GMT'],
  ])('says in %s when to come again, and is left alone until then', async (_, header) => {
    const { url } = await serve((r, __, number) =>
      number === 1 ? reply(r, 429, '', { 'retry-after': header }) : reply(r, 200, 'ok'),
    );
    const client = await quickClient();
    expect((await client.get(url)).text).toBe('ok');
    expect(client.waits).toEqual([7_000]);
  });

  it.each([
    ['seconds', '3600'],
    ['a date', 'Thu, 20 Aug 2026 08:00:00 GMT'],
  ])('that says in %s to come back in an hour is left alone by everybody', async (_, header) => {
    const { url, requests } = await serve((r, __, number) =>
      number === 1 ? reply(r, 429, '', { 'retry-after': header }) : reply(r, 200, 'ok'),
    );
    const client = await quickClient();
    const other = await quickClient({ db: client.db, clock: client.clock });
    const error = await errorOf(client.get(url));
    expect(error.message).toMatch(
      /answered 429 \(Too Many Requests\) and asks to be left alone until 2026-08-20T08:00:00Z$/,
    );
    for (const again of [client, other]) {
      expect((await errorOf(again.get(url))).message).toBe(
        `${url.slice(7)} is not asked before 2026-08-20T08:00:00.000Z, as it said earlier`,
      );
    }
    expect(requests).toHaveLength(1);
    expect([...client.waits, ...other.waits]).toEqual([]);
    client.clock.set('2026-08-20T08:00:00Z');
    expect((await other.get(url)).text).toBe('ok');
    expect(requests).toHaveLength(2);
  });
});

describe('a host that says no', () => {
  it.each([
    [401, /login or a key/],
    [403, /set CONTACT/],
    [404, /Check the address/],
    [406, /set CONTACT/],
    [410, /given this address up/],
  ])('with %i is not asked again, and a hint says what to do', async (status, hint) => {
    const { url, requests } = await serve(r => reply(r, status, 'no'));
    const error = await errorOf((await quickClient()).get(url));
    expect(error.message).toContain(`answered ${status} (`);
    expect(error.hint).toMatch(hint);
    expect(requests).toHaveLength(1);
  });

  it('in a body that the source wants to read is heard', async () => {
    const { url } = await serve(r => reply(r, 400, 'the reason'));
    const answer = await (await quickClient()).get(url, { alsoStatuses: [400] });
    expect(answer).toMatchObject({ status: 400, text: 'the reason' });
  });
});

describe('a body that ends too early', () => {
  it('is asked for again, and the longest beginning is kept when none comes whole', async () => {
    const sizes = [10, 5_000, 20, 10];
    const { url, requests } = await serve((r, _, number) => {
      r.writeHead(200, { 'content-type': 'text/xml' });
      r.write('x'.repeat(sizes[number - 1] ?? 0), () => setTimeout(() => r.socket?.destroy(), 20));
    });
    const answer = await (await quickClient()).get(url);
    expect(answer).toMatchObject({ status: 200, contentType: 'text/xml', incomplete: expect.any(String) });
    expect(answer.text).toBe('x'.repeat(5_000));
    expect(answer.incomplete).toBe('the connection was closed too early');
    expect(requests).toHaveLength(4);
  });

  it('because the connection is reset is kept as far as it came', async () => {
    const { url } = await serve(r => {
      r.writeHead(200);
      r.write('as far as here', () => setTimeout(() => r.socket?.resetAndDestroy(), 200));
    });
    const answer = await (await quickClient()).get(url);
    expect(answer).toMatchObject({ text: 'as far as here', incomplete: 'the connection was reset' });
  });

  it('because it is shorter than announced is no whole answer', async () => {
    const { url } = await serve(r => {
      r.writeHead(200, { 'content-length': '100' });
      r.write('only this', () => setTimeout(() => r.socket?.end(), 20));
    });
    const answer = await (await quickClient()).get(url);
    expect(answer).toMatchObject({ text: 'only this', incomplete: 'the connection was closed too early' });
  });

  it('and comes whole the second time is whole', async () => {
    const { url } = await serve((r, _, number) => {
      if (number > 1) return reply(r, 200, 'all of it');
      r.writeHead(200);
      r.write('all', () => setTimeout(() => r.socket?.destroy(), 20));
    });
    const answer = await (await quickClient()).get(url);
    expect(answer.text).toBe('all of it');
    expect(answer.incomplete).toBeUndefined();
  });

  it('is kept also when the host then wants to be left alone', async () => {
    const { url, requests } = await serve((r, _, number) => {
      if (number > 1) return reply(r, 429, '', { 'retry-after': '3600' });
      r.writeHead(200);
      r.write('the first half', () => setTimeout(() => r.socket?.destroy(), 20));
    });
    const answer = await (await quickClient()).get(url);
    expect(answer).toMatchObject({
      text: 'the first half',
      incomplete: expect.stringMatching(/closed too early/),
    });
    expect(requests).toHaveLength(2);
  });

  it('before its first byte is a failure', async () => {
    const { url } = await serve(r => {
      r.writeHead(200, { 'content-length': '100' }).flushHeaders();
      setTimeout(() => r.socket?.destroy(), 20);
    });
    const error = await errorOf((await quickClient()).get(url));
    expect(error.message).toMatch(/ended too early: the connection was .* \(asked 4 times\)$/);
  });

  it('because it cannot be unpacked is a failure', async () => {
    const { url } = await serve(r => reply(r, 200, 'no gzip at all', { 'content-encoding': 'gzip' }));
    const error = await errorOf((await quickClient()).get(url));
    expect(error.message).toMatch(/ended too early: its answer cannot be unpacked/);
  });
});

describe('an answer that has no end', () => {
  it('is cut at the limit, kept as far as it came, and the host is let go', async () => {
    let gone = false;
    const { url, requests } = await serve(r => {
      r.on('close', () => {
        gone = true;
      });
      const more = () => {
        while (!gone && r.write('y'.repeat(10_000)));
        if (!gone) r.once('drain', more);
      };
      more();
    });
    const answer = await (await quickClient({ limits: { bytes: 100_000 } })).get(url);
    expect(answer.text).toBe('y'.repeat(100_000));
    expect(answer.incomplete).toBe('larger than 100 kB');
    expect(requests).toHaveLength(1);
    await expect.poll(() => gone).toBe(true);
  });

  it('but came in a small archive is measured by what it holds', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'z'));
    expect(bomb.length).toBeLessThan(100_000);
    const { url, requests } = await serve(r =>
      r.writeHead(200, { 'content-encoding': 'gzip', etag: '"1"' }).end(bomb),
    );
    const answer = await (await quickClient({ limits: { bytes: 1_000_000 } })).get(url);
    expect(answer.text).toHaveLength(1_000_000);
    expect(answer.incomplete).toBe('larger than 1 MB');
    expect(requests).toHaveLength(1);
  });

  it('of exactly the limit is whole', async () => {
    const { url } = await serve(r => reply(r, 200, 'z'.repeat(1_000)));
    const answer = await (await quickClient({ limits: { bytes: 1_000 } })).get(url);
    expect(answer.incomplete).toBeUndefined();
  });
});

describe('a host that is slow', () => {
  it('and drips for ever is let go after the time of a request; what dripped is kept', async () => {
    let gone = 0;
    const { url, requests } = await serve(r => {
      const drip = setInterval(() => r.write('.'), 20);
      r.on('close', () => {
        clearInterval(drip);
        gone++;
      });
    });
    const client = await quickClient({ limits: { requestMs: 1_000, retryForMs: 200 } });
    const answer = await client.get(url);
    expect(answer.text).toMatch(/^\.+$/);
    expect(answer.incomplete).toBe('timed out after 1 s');
    expect(requests).toHaveLength(1);
    await expect.poll(() => gone).toBe(1);
  });

  it('and never answers is let go after the time for a first byte', async () => {
    const { url } = await serve(() => {});
    const error = await errorOf((await quickClient({ limits: { firstByteMs: 50, attempts: 2 } })).get(url));
    expect(error.message).toBe(`${url}/ timed out after 0.05 s (asked 2 times)`);
  });
});

describe('a host that cannot be reached', () => {
  it('because it does not exist is named without its secrets', async () => {
    const client = await quickClient({ limits: { attempts: 2 } });
    const error = await errorOf(client.get('http://me:pw@papers.invalid/feed?api_key=abc&q=1'));
    expect(error.message).toMatch(
      /^http:\/\/\*\*\*@papers\.invalid\/feed\?api_key=\*\*\*&q=1 cannot be reached: (no host of this name was found|the name of the host could not be looked up) \(asked 2 times\)$/,
    );
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('because nobody listens says that the connection was refused', async () => {
    const left = createServer().listen(0, '127.0.0.1');
    await once(left, 'listening');
    const { port } = left.address() as AddressInfo;
    left.close();
    await once(left, 'close');
    const error = await errorOf((await quickClient()).get(`http://127.0.0.1:${port}/`));
    expect(error.message).toMatch(/cannot be reached: the connection was refused \(asked 4 times\)$/);
  });

  it('over TLS because it speaks none is said to have no secure connection', async () => {
    const { url } = await serve(() => {});
    const error = await errorOf(
      (await quickClient({ limits: { attempts: 1 } })).get(url.replace('http:', 'https:')),
    );
    expect(error.message).toMatch(/cannot be reached: no secure connection \(TLS\)/);
  });

  it.each(['file:///etc/passwd', 'ftp://example.org/', 'no address', ''])(
    'because %o is no web address is not asked',
    async url => {
      const error = await errorOf((await quickClient()).get(url));
      expect(error.message).toMatch(/ is not a web address$/);
    },
  );
});

describe('somebody who stops waiting', () => {
  it('in the middle of a request is let go at once, and so is the host', async () => {
    const stop = new AbortController();
    let gone = false;
    const { url } = await serve(r => {
      r.on('close', () => {
        gone = true;
      });
      stop.abort(new Error('enough'));
    });
    const client = await quickClient();
    await expect(client.get(url, { signal: stop.signal })).rejects.toThrow('enough');
    await expect.poll(() => gone).toBe(true);
    // The lane is free for the next one.
    const next = await serve(r => reply(r, 200, 'ok'));
    expect((await client.get(next.url)).text).toBe('ok');
  });

  it('in the middle of a body gets no half answer', async () => {
    const stop = new AbortController();
    const { url } = await serve(r => {
      r.write('half', () => setTimeout(() => stop.abort(new Error('enough')), 20));
    });
    await expect((await quickClient()).get(url, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('in a pause between two attempts asks no more', async () => {
    const stop = new AbortController();
    const { url, requests } = await serve(r => reply(r, 503));
    const client = await quickClient({
      wait: async (_, signal) => {
        stop.abort(new Error('enough'));
        signal?.throwIfAborted();
      },
    });
    await expect(client.get(url, { signal: stop.signal })).rejects.toThrow('enough');
    expect(requests).toHaveLength(1);
  });

  it('before the first request sends none', async () => {
    const { url, requests } = await serve(r => reply(r, 200));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect((await quickClient()).get(url, { signal })).rejects.toThrow('enough');
    expect(requests).toEqual([]);
  });
});

describe('time for another attempt', () => {
  it('that would begin too late is not taken', async () => {
    const { url, requests } = await serve(r => reply(r, 500));
    await errorOf((await quickClient({ limits: { retryForMs: 5_000 } })).get(url));
    // Pauses of 2 s and 4 s: the second would end after more than 5 s.
    expect(requests).toHaveLength(2);
  });

  it('is over when others were asked first for too long', async () => {
    const { url, requests } = await serve(r => reply(r, 500));
    const clock = handClock();
    // While the client makes its pause, the others keep it waiting for a minute.
    const wait = async () => clock.set(clock().add({ seconds: 61 }).toString());
    const client = await quickClient({ clock, wait });
    expect((await errorOf(client.get(url))).message).toMatch(/answered 500 \(Internal Server Error\)$/);
    expect(requests).toHaveLength(1);
  });
});
