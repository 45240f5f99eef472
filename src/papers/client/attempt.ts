// One attempt to get an answer: the lane's turn, the condition of what was kept, redirects, and the verdict on the status.
import { reasonOf } from '../../errors.ts';
import type { Clock } from '../../store/schema.ts';
import type { Cache, Kept } from './cache.ts';
import { decodeText } from './charset.ts';
import { type Exchange, exchange, type Limits } from './exchange.ts';
import { type Failure, shownUrl, statusFailure } from './failure.ts';
import { type Lane, type Lanes, laneOf } from './lane.ts';
import { judgeRedirect } from './redirect.ts';
import { retryAfter } from './retry-after.ts';

export interface Request {
  /** Whose turn it must be; without one, the lane of each host that is asked. */
  lane?: Lane;
  accept?: string;
  /** Sent to this address's own origin only. */
  headers?: Readonly<Record<string, string>>;
  /** Statuses besides 2xx whose body is wanted: arXiv explains itself in the body of a 400. */
  alsoStatuses?: readonly number[];
  signal?: AbortSignal;
}

export interface Answer {
  /** Where it came from in the end, after redirects. */
  url: string;
  status: number;
  /** As the host said it; empty when it said nothing. */
  contentType: string;
  /** The `Link` header. */
  link: string | null;
  text: string;
  /** The host answered that nothing has changed; the text is the one that was kept. */
  notModified: boolean;
  /** Why the body ended too early; the text is what came. */
  incomplete?: string;
}

export interface House {
  userAgent: string;
  cache: Cache | null;
  lanes: Lanes;
  clock: Clock;
  limits: Limits;
  problem: (words: string) => void;
}

/** A body that ended too early: a failure that holds something. */
export interface PartialAnswer extends Failure {
  answer: Answer & { incomplete: string };
}

interface Hop {
  url: URL;
  request: Request;
  /** Credentials and own headers go to the origin that was asked for, and to no other. */
  isHome: boolean;
  login: string | null;
  leftMs: number;
}

type Outcome = Answer | Failure | PartialAnswer;

/**
 * Asks `url` and follows its redirects.
 * @param tooLate said when it is the lane's turn: true lets this attempt end before it began
 * @returns null when it was too late
 * @throws PaperroundError `source` when the lane is closed; the reason of `request.signal` when it is aborted
 */
export async function attempt(
  start: string,
  request: Request,
  house: House,
  tooLate: () => boolean,
): Promise<Outcome | null> {
  let url = new URL(start);
  const login = loginOf(url);
  Object.assign(url, { username: '', password: '', hash: '' });
  const { origin } = url;
  const seen = new Set<string>();
  let isHome = true;
  let leftMs = house.limits.requestMs;
  for (let hops = 0; hops <= house.limits.redirects; hops++) {
    seen.add(url.href);
    const lane = request.lane ?? laneOf(url.href);
    const hop: Hop = { url, request, isHome, login, leftMs };
    const ask = async () => (hops === 0 && tooLate() ? null : askOnce(hop, lane, house));
    const { signal } = request;
    const came = await house.lanes.take(lane, ask, { signal, patienceMs: house.limits.retryForMs });
    if (came === null || !('location' in came)) return came;
    const verdict = judgeRedirect(url, came.location, seen);
    if ('refused' in verdict) return refusal(came.status, verdict.refused);
    url = verdict.to;
    isHome &&= url.origin === origin;
    leftMs = Math.max(1, leftMs - came.ms);
  }
  return refusal(0, `redirects more than ${house.limits.redirects} times`);
}

/** fetch refuses addresses with credentials; they are sent as the header that they mean (RFC 7617). */
function loginOf(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const plain = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };
  const pair = Buffer.from(`${plain(url.username)}:${plain(url.password)}`);
  return `Basic ${pair.toString('base64')}`;
}

function refusal(status: number, words: string): Failure {
  const said = status === 0 ? '' : ` (${status})`;
  return {
    words: `${words}${said}`,
    again: false,
    hint: 'Set the address at which this source is to be had.',
  };
}

const REDIRECTS = [301, 302, 303, 307, 308];

async function askOnce(
  hop: Hop,
  lane: Lane,
  house: House,
): Promise<Outcome | { location: string | null; status: number; ms: number }> {
  const { cache, limits } = house;
  const url = hop.url.href;
  const name = nameOf(hop, house);
  const kept = (await remembered(house, url, () => cache?.find(name))) ?? null;
  const begun = performance.now();
  const came = await exchange({
    url,
    headers: headersOf(hop, kept, house),
    limits: { ...limits, requestMs: hop.leftMs },
    wants: status => isWanted(status, hop.request),
    signal: hop.request.signal,
  });
  if ('words' in came) return came;
  const { status, headers } = came;
  if (REDIRECTS.includes(status)) {
    return { location: headers.get('location'), status, ms: performance.now() - begun };
  }
  if (status === 304 && kept !== null) {
    await remembered(house, url, () => cache?.touch(name));
    const { contentType, link, text } = kept;
    return { url, status, contentType, link, text, notModified: true };
  }
  if (isWanted(status, hop.request)) return whole({ url, name }, came, house);
  const retryAt = retryAfter(headers.get('retry-after'), house.clock());
  // Also where we wait ourselves: other processes must not come in between.
  if (retryAt !== null) await house.lanes.close(lane, retryAt);
  return statusFailure(status, retryAt);
}

const isWanted = (status: number, { alsoStatuses = [] }: Request) =>
  (status >= 200 && status < 300) || alsoStatuses.includes(status);

function headersOf({ request, isHome, login }: Hop, kept: Kept | null, house: House): Headers {
  const headers = new Headers({ accept: request.accept ?? '*/*' });
  if (isHome && login !== null) headers.set('authorization', login);
  for (const [name, value] of Object.entries(isHome ? (request.headers ?? {}) : {})) headers.set(name, value);
  headers.set('user-agent', house.userAgent);
  if (kept?.etag) headers.set('if-none-match', kept.etag);
  if (kept?.lastModified) headers.set('if-modified-since', kept.lastModified);
  return headers;
}

/** What is kept is for those who ask in the same words: another key may get another answer. */
function nameOf(hop: Hop, house: House): string {
  const words = [...headersOf(hop, null, house)].filter(([name]) => name !== 'user-agent').sort();
  return JSON.stringify([hop.url.href, ...words.flat()]);
}

async function whole(
  { url, name }: { url: string; name: string },
  { status, headers, bytes, cut }: Exchange,
  house: House,
): Promise<Answer | PartialAnswer> {
  const contentType = headers.get('content-type') ?? '';
  const link = headers.get('link');
  const text = decodeText(bytes, contentType, cut !== undefined);
  const answer: Answer = { url, status, contentType, link, text, notModified: false };
  if (cut !== undefined) {
    const { words } = cut;
    return { ...cut, words: `ended too early: ${words}`, answer: { ...answer, incomplete: words } };
  }
  const [etag, lastModified] = [headers.get('etag'), headers.get('last-modified')];
  const mayBeKept = !/\bno-store\b/i.test(headers.get('cache-control') ?? '');
  if (status === 200 && mayBeKept && (etag !== null || lastModified !== null)) {
    const about = { etag, lastModified, contentType, link, text };
    await remembered(house, url, () => house.cache?.keep(name, about));
  }
  return answer;
}

/** The cache saves work; one that cannot be used is reported and stops nothing. */
async function remembered<T>(
  { problem }: House,
  url: string,
  work: () => Promise<T> | undefined,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    problem(`The answer of ${shownUrl(url)} cannot be kept or read again: ${reasonOf(error)}`);
    return undefined;
  }
}
