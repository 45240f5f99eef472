// Whose request it is, for limits: the peer's address, or what a trusted proxy says of it.
import { isIP } from 'node:net';
import type { Context } from 'hono';

/** What @hono/node-server hands over; absent where a page is asked for without a socket. */
interface Socketed {
  incoming?: { socket?: { remoteAddress?: string | undefined } };
}

/**
 * The client's network: an IPv4 address, or the /64 of an IPv6 one, for who has one address of it has them all.
 * @param trusted how many proxies in front of us add to X-Forwarded-For; 0: nobody's word is taken
 * @returns null where all clients look the same: a proxy nearby speaks for them, and none is trusted
 */
export function clientOf(c: Context, trusted: number): string | null {
  const peer = (c.env as Socketed | undefined)?.incoming?.socket?.remoteAddress;
  const hops = (c.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map(hop => hop.trim())
    .filter(hop => hop !== '');
  if (trusted > 0) {
    // Each proxy adds whom it heard it from; what stands before the trusted ones anybody may have written.
    const told = hops.at(-trusted) ?? hops[0] ?? peer;
    return told === undefined ? null : networkOf(told);
  }
  if (peer === undefined) return null;
  return isNear(peer) && hops.length > 0 ? null : networkOf(peer);
}

/** This machine, or a private network (RFC 1918, RFC 4193), where a proxy may be. */
const isNear = (ip: string) =>
  /^(?:::ffff:)?(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.|^::1$|^f[cd][\da-f]{2}:/i.test(ip);

function networkOf(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? text;
  const ip = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/i.exec(bare)?.[1] ?? bare.replace(/%.*$/s, '');
  if (isIP(ip) === 4) return ip;
  if (isIP(ip) !== 6) return null;
  // A URL spells it in one way, in groups of hexadecimal digits.
  const [head = '', tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => part.split(':').filter(group => group !== '');
  const missing = 8 - groups(head).length - groups(tail ?? '').length;
  const all = [
    ...groups(head),
    ...Array<string>(tail === undefined ? 0 : missing).fill('0'),
    ...groups(tail ?? ''),
  ];
  return `${all.slice(0, 4).join(':')}::/64`;
}
