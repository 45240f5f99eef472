// The rules by which the client decides, each by a table of cases or for any input at all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charsetOf, decodeText } from '../../../src/papers/client/charset.ts';
import { openClient } from '../../../src/papers/client/client.ts';
import { networkReason, shownUrl } from '../../../src/papers/client/failure.ts';
import { databaseLanes } from '../../../src/papers/client/lanes.ts';
import { judgeRedirect, reachOf } from '../../../src/papers/client/redirect.ts';
import { backoff, retryAfter } from '../../../src/papers/client/retry-after.ts';
import { memoryDatabase } from '../../support/http.ts';
import { handClock } from '../../support/installation.ts';

const NOW = Temporal.Instant.from('2026-08-20T07:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', '2026-08-20T07:00:00Z'],
    ['120', '2026-08-20T07:02:00Z'],
    [' 120 ', '2026-08-20T07:02:00Z'],
    ['99999999999999999999', '2036-08-17T07:00:00Z'],
    ['Thu, 20 Aug 2026 08:00:00 GMT', '2026-08-20T08:00:00Z'],
    ['Thursday, 20-Aug-26 08:00:00 GMT', '2026-08-20T08:00:00Z'],
    ['Thu Aug 20 08:00:00 2026', '2026-08-20T08:00:00Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['Fri, 01 Jan 9999 00:00:00 GMT', '2036-08-17T07:00:00Z'],
    ['Thu, 31 Feb 2026 08:00:00 GMT', undefined],
    ['Thu, 20 Aug 2026 08:00:00 +0200', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%o means %s', (header, instant) => {
    expect(retryAfter(header, NOW)?.toString()).toBe(instant);
  });

  it('of any text is understood or not, and never further off than ten years', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.nat().map(String)), header => {
        const at = retryAfter(header, NOW);
        expect(at === null || Temporal.Instant.compare(at, NOW.add({ hours: 87_600 })) <= 0).toBe(true);
      }),
    );
  });

  it('of any date is that date, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), seconds => {
        const date = new Date(seconds * 1_000);
        expect(retryAfter(date.toUTCString(), NOW)?.epochMilliseconds).toBe(date.getTime());
      }),
    );
  });
});

describe('the pause of our own', () => {
  it('is doubled each time, and between half and whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, random) => {
        const pause = backoff(n, 2_000, () => random);
        expect(pause).toBeGreaterThanOrEqual(1_000 * 2 ** (n - 1));
        expect(pause).toBeLessThanOrEqual(2_000 * 2 ** (n - 1));
      }),
    );
  });
});

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const xml = (encoding: string) => bytesOf(`<?xml version="1.0" encoding="${encoding}"?><a>\xe9</a>`);

describe('the encoding of an answer', () => {
  it.each([
    ['UTF-8 when nothing is said', bytesOf('x'), '', 'utf-8'],
    ['the mark before all else', bytesOf('\xef\xbb\xbfx'), 'text/xml; charset=latin1', 'utf-8'],
    ['UTF-16 by its mark', bytesOf('\xff\xfex\0'), 'text/xml', 'utf-16le'],
    ['UTF-16 the other way by its mark', bytesOf('\xfe\xff\0x'), 'text/xml', 'utf-16be'],
    ['the type before the declaration', xml('ISO-8859-1'), 'text/xml;charset="utf-8"', 'utf-8'],
    ['the type in any case', bytesOf('x'), 'Text/XML; q=1; CHARSET = KOI8-R', 'koi8-r'],
    ['the declaration', xml('ISO-8859-1'), 'text/xml', 'windows-1252'],
    ['the declaration in single quotes', bytesOf("<?xml encoding='gb2312' ?>"), '', 'gbk'],
    ['no declaration of UTF-16 that is not in UTF-16', xml('UTF-16'), '', 'utf-8'],
    ['UTF-8 for a label that nobody knows', xml('klingon'), '', 'utf-8'],
    ['UTF-8 for a type that nobody knows', bytesOf('x'), 'text/xml; charset=klingon', 'utf-8'],
    ['no declaration further down', bytesOf(`${' '.repeat(300)}<?xml encoding="koi8-r"?>`), '', 'utf-8'],
  ])('is %s', (_, bytes, type, expected) => {
    expect(charsetOf(bytes, type)).toBe(expected);
  });

  it('is shown in its text', () => {
    expect(decodeText(xml('ISO-8859-1'), '')).toContain('<a>é</a>');
    expect(decodeText(Buffer.from('\ufeffx', 'utf16le'), '')).toBe('x');
    expect(decodeText(bytesOf('a\xffb'), '')).toBe('a\ufffdb');
    expect(decodeText(Buffer.from('aé').subarray(0, -1), '')).toBe('a\ufffd');
    expect(decodeText(Buffer.from('aé').subarray(0, -1), '', true)).toBe('a');
  });

  it('never stops the reading of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.boolean(), (bytes, type, cut) => {
        expect(typeof decodeText(bytes, `text/xml; charset=${type}`, cut)).toBe('string');
      }),
    );
  });

  it('is told in a moment, however strange the beginning is', () => {
    const long = bytesOf(`<?xml ${'encoding '.repeat(200_000)}`);
    expect(charsetOf(long, `text/xml${'; charset '.repeat(200_000)}`)).toBe('utf-8');
  });
});

describe('who can reach a host', () => {
  it.each([
    ['example.org', 'public'],
    ['8.8.8.8', 'public'],
    ['172.32.0.1', 'public'],
    ['2606:4700::1', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['notlocalhost', 'private'],
    ['notlocalhost.example', 'public'],
    ['localhost', 'own'],
    ['LOCALHOST.', 'own'],
    ['a.localhost', 'own'],
    ['127.0.0.1', 'own'],
    ['127.9.9.9', 'own'],
    ['0.0.0.0', 'own'],
    ['169.254.169.254', 'own'],
    ['[::1]', 'own'],
    ['[::]', 'own'],
    ['fe80::1', 'own'],
    ['::ffff:127.0.0.1', 'own'],
    ['[::ffff:7f00:1]', 'own'],
    ['64:ff9b::7f00:1', 'own'],
    ['2002:7f00:1::', 'own'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['printer.local', 'private'],
    ['metadata.google.internal', 'private'],
  ])('%s: %s', (host, reach) => {
    expect(reachOf(host)).toBe(reach);
  });
});

describe('a redirect', () => {
  const judge = (from: string, location: string | null) =>
    judgeRedirect(new URL(from), location, new Set(['https://a.example/seen']));

  it.each([
    ['https://a.example/x', 'y?z#w', 'https://a.example/y?z'],
    ['http://a.example/', 'https://a.example/', 'https://a.example/'],
    ['https://a.example/', '//b.example/p', 'https://b.example/p'],
    ['https://a.example/', 'https://me:pw@b.example/', 'https://b.example/'],
    ['http://127.0.0.1:1/', 'http://localhost:2/', 'http://localhost:2/'],
    ['http://localhost/', 'http://10.0.0.1/', 'http://10.0.0.1/'],
    ['http://10.0.0.1/', 'http://192.168.0.1/', 'http://192.168.0.1/'],
    ['http://10.0.0.1/', 'https://a.example/', 'https://a.example/'],
  ])('from %s to %s is followed', (from, location, to) => {
    expect(judge(from, location)).toEqual({ to: new URL(to) });
  });

  it.each([
    [
      'https://a.example/',
      'http://localhost:3000/',
      /localhost:3000, which outside hosts may not send us to/,
    ],
    ['https://a.example/', 'http://127.1/', /127\.0\.0\.1, which outside hosts/],
    ['https://a.example/', 'http://0x7f000001/', /127\.0\.0\.1, which outside hosts/],
    ['https://a.example/', 'http://2130706433/', /127\.0\.0\.1, which outside hosts/],
    ['https://a.example/', 'http://[::1]/', /\[::1\], which outside hosts/],
    ['https://a.example/', 'http://[::ffff:10.0.0.1]/', /which outside hosts/],
    ['https://a.example/', 'http://192.168.0.1/', /which outside hosts/],
    ['https://a.example/', 'http://169.254.169.254/latest', /which outside hosts/],
    ['http://10.0.0.1/', 'http://127.0.0.1/', /which outside hosts/],
    ['https://a.example/', 'file:///etc/passwd', /a file: address; only http: and https:/],
    ['https://a.example/', 'data:text/plain,x', /a data: address/],
    ['https://a.example/', 'seen#again', /in a circle, back to a\.example\/seen/],
    ['https://a.example/', 'http://', /without saying where to/],
    ['https://a.example/', null, /without saying where to/],
  ])('from %s to %s is refused', (from, location, words) => {
    expect(judge(from, location)).toEqual({ refused: expect.stringMatching(words) });
  });

  it('to any text leads to the web or nowhere', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), location => {
        const verdict = judge('https://a.example/', location);
        expect('refused' in verdict || /^https?:$/.test(verdict.to.protocol)).toBe(true);
      }),
    );
  });
});

describe('an address in a message', () => {
  it.each([
    ['https://a.example/x?q=cat:cs.CL', 'https://a.example/x?q=cat:cs.CL'],
    ['https://me:pw@a.example/#frag', 'https://***@a.example/'],
    [
      'https://a.example/?api_key=1&x=2&Token=3&sig=4',
      'https://a.example/?api_key=***&x=2&Token=***&sig=***',
    ],
    ['https://a.example/?author=knuth&design=1', 'https://a.example/?author=knuth&design=1'],
    ['//me:pw@no address', '//***@no address'],
  ])('%s is shown as %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  it('is short and stands in one line, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 5_000 }), fc.webUrl({ withQueryParameters: true })),
        url => {
          expect(shownUrl(url).length).toBeLessThanOrEqual(120);
          expect(shownUrl(url)).not.toContain('\n');
        },
      ),
    );
  });
});

const failed = (code: string, message = 'low words') =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

describe('the reason of the system', () => {
  it.each([
    ['ENOTFOUND', 'no host of this name was found', true],
    ['EAI_AGAIN', 'the name of the host could not be looked up', true],
    ['ECONNREFUSED', 'the connection was refused', true],
    ['ECONNRESET', 'the connection was reset', true],
    ['UND_ERR_SOCKET', 'the connection was closed too early', true],
    ['ETIMEDOUT', 'the connection timed out', true],
    ['CERT_HAS_EXPIRED', 'no secure connection (TLS): low words', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'no secure connection (TLS): low words', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'no secure connection (TLS): low words', false],
    ['HPE_INVALID_CONSTANT', 'its answer is not HTTP (low words)', true],
    ['ENEWCODE', 'low words', true],
    ['', 'low words', false],
  ])('%s is said in plain words', (code, words, again) => {
    expect(networkReason(failed(code))).toEqual({ words, again });
  });
});

describe('a client', () => {
  it('whose name cannot be sent is not opened', async () => {
    const lanes = databaseLanes(await memoryDatabase(), handClock());
    const parts = { userAgent: 'Paperround 📬', cacheFolder: null, lanes, clock: handClock() };
    expect(() => openClient(parts)).toThrow(/The User-Agent .* cannot be sent/);
  });
});
