// Whose request it is: nobody can choose the network under which they are counted.
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../../src/web/client-ip.ts';

async function client(trusted: number, peer: string | undefined, forwarded?: string) {
  const app = new Hono();
  app.get('/', c => c.json(clientOf(c, trusted)));
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const socket = peer === undefined ? {} : { incoming: { socket: { remoteAddress: peer } } };
  return (await app.request('/', { headers }, socket)).json();
}

describe('who knocks', () => {
  it.each([
    ['is the peer where no proxy is trusted, whatever it claims', 0, '203.0.113.9', '1.2.3.4', '203.0.113.9'],
    [
      'is whom the one proxy heard, not what stood there before',
      1,
      '127.0.0.1',
      '1.2.3.4, 203.0.113.9',
      '203.0.113.9',
    ],
    [
      'is whom the first of two proxies heard',
      2,
      '10.0.0.1',
      '1.2.3.4, 203.0.113.9, 10.0.0.2',
      '203.0.113.9',
    ],
    ['is the only hop where there are fewer than are trusted', 3, '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['is the peer where a trusted proxy says nothing', 1, '203.0.113.9', undefined, '203.0.113.9'],
    [
      'is nobody in particular behind a proxy nearby that is not trusted',
      0,
      '127.0.0.1',
      '203.0.113.9',
      null,
    ],
    ['is nobody in particular behind one in a private network', 0, '::ffff:172.17.0.1', '203.0.113.9', null],
    ['is this machine where it asks itself', 0, '127.0.0.1', undefined, '127.0.0.1'],
    ['is the whole network of an IPv6 address', 0, '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['is the same network by a short spelling', 1, '::1', '2001:0db8:0001:0002::6', '2001:db8:1:2::/64'],
    ['is the IPv4 address that an IPv6 socket shows', 0, '::ffff:203.0.113.9', undefined, '203.0.113.9'],
    ['is told without its port', 1, '127.0.0.1', '203.0.113.9:51234', '203.0.113.9'],
    ['is told without its port and brackets', 1, '127.0.0.1', '[2001:db8::7]:443', '2001:db8:0:0::/64'],
    ['is nobody in particular where the hop is no address', 1, '127.0.0.1', 'unknown', null],
    ['is nobody in particular without a socket', 0, undefined, '203.0.113.9', null],
  ])('%s', async (_what, trusted, peer, forwarded, expected) => {
    expect(await client(trusted, peer, forwarded)).toBe(expected);
  });
});
