// Whether a redirect may be followed: only over the web, and never from outside into a network that only we can reach.
import { BlockList, isIP } from 'node:net';

type Reach = 'public' | 'private' | 'own';

const OWN = ['127.0.0.0/8', '0.0.0.0/8', '169.254.0.0/16', '::/128', '::1/128', 'fe80::/10'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10'];
const NOWHERE = ['192.0.0.0/24', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4', 'ff00::/8'];
/** IPv6 addresses that stand for an IPv4 one: NAT64 and 6to4 would carry a request past the lists above. */
const CARRIERS = ['64:ff9b::/32', '2002::/16', '::/96'];

/**
 * Who can reach a host, as its name or address literal shows: everybody, its network, or this machine alone
 * (link-local counts as that: the metadata of a cloud machine lives there). Names are not looked up.
 */
export function reachOf(hostname: string): Reach {
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const family = isIP(host);
  if (family === 0) {
    if (host === 'localhost' || host.endsWith('.localhost')) return 'own';
    // A name without a dot is one of our own network.
    return /\.(?:local|internal|lan|home\.arpa)$|^[^.]+$/.test(host) ? 'private' : 'public';
  }
  const isIn = (ranges: readonly string[]) => within(ranges, host, family === 6 ? 'ipv6' : 'ipv4');
  if (isIn(OWN) || isIn(CARRIERS)) return 'own';
  return isIn(PRIVATE) || isIn(NOWHERE) ? 'private' : 'public';
}

function within(ranges: readonly string[], address: string, family: 'ipv4' | 'ipv6'): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), net.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list.check(address, family);
}

const NEARNESS: Record<Reach, number> = { public: 0, private: 1, own: 2 };

/**
 * Judges a redirect from `from` to the `Location` that was answered.
 * @param seen the addresses that were asked before
 * @returns the address to ask next, or the words why it is not followed
 */
export function judgeRedirect(
  from: URL,
  location: string | null,
  seen: ReadonlySet<string>,
): { to: URL } | { refused: string } {
  const to = location === null ? null : URL.parse(location, from.href);
  if (to === null) return { refused: 'redirects without saying where to' };
  if (to.protocol !== 'http:' && to.protocol !== 'https:') {
    return { refused: `redirects to a ${to.protocol} address; only http: and https: are followed` };
  }
  // What another host wants us to log in with is none of our business.
  Object.assign(to, { username: '', password: '', hash: '' });
  if (NEARNESS[reachOf(to.hostname)] > NEARNESS[reachOf(from.hostname)]) {
    return { refused: `redirects to ${to.host}, which outside hosts may not send us to` };
  }
  return seen.has(to.href) ? { refused: `redirects in a circle, back to ${to.host}${to.pathname}` } : { to };
}
