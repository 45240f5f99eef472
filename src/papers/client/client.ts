// The client with which every source is asked: polite to hosts, patient with their faults, bounded in time and size.
import { PaperroundError, reasonOf } from '../../errors.ts';
import type { Clock } from '../../store/schema.ts';
import { type Answer, attempt, type House, type PartialAnswer, type Request } from './attempt.ts';
import { openCache } from './cache.ts';
import { LIMITS, type Limits } from './exchange.ts';
import { type Failure, shownUrl, sourceError } from './failure.ts';
import type { Lanes } from './lane.ts';
import { backoff } from './retry-after.ts';
import { realWait, type Wait } from './wait.ts';

export interface Client {
  /**
   * Gets `url` over http: or https:. A body that ended too early in every attempt comes with `incomplete`.
   * @throws PaperroundError `source` when there is no answer; the reason of `request.signal` when it is aborted
   */
  get(url: string, request?: Request): Promise<Answer>;
}

interface Parts {
  /** Who asks, with an address to reach them at. */
  userAgent: string;
  /** Where answers are kept; null: nowhere. */
  cacheFolder: string | null;
  lanes: Lanes;
  clock: Clock;
  limits?: Partial<Limits>;
  wait?: Wait;
  random?: () => number;
  /** Told once of each trouble that stops nothing, as a cache folder that cannot be written. */
  onProblem?: (words: string) => void;
}

/**
 * Opens a client; there is nothing to close.
 * @throws PaperroundError `config` when `userAgent` cannot be sent
 */
export function openClient(parts: Parts): Client {
  const { userAgent, cacheFolder, lanes, clock, wait = realWait, random = Math.random } = parts;
  checkUserAgent(userAgent);
  const limits = { ...LIMITS, ...parts.limits };
  const cache = cacheFolder === null ? null : openCache(cacheFolder, clock);
  const problem = once(parts.onProblem ?? (words => process.emitWarning(words)));
  const house: House = { userAgent, cache, lanes, clock, limits, problem };
  return { get: (url, request = {}) => persist(url, request, house, wait, random) };
}

function checkUserAgent(userAgent: string): void {
  try {
    new Headers({ 'user-agent': userAgent });
  } catch (error) {
    throw new PaperroundError('config', `The User-Agent "${userAgent}" cannot be sent: ${reasonOf(error)}`, {
      hint: 'Use plain letters, digits and signs in CONTACT.',
      cause: error,
    });
  }
}

function once(say: (words: string) => void): (words: string) => void {
  const said = new Set<string>();
  return words => {
    if (said.size < 1_000 && !said.has(words)) say(words);
    said.add(words);
  };
}

/** Asks until there is a whole answer, no hope or no time. */
async function persist(
  url: string,
  request: Request,
  house: House,
  wait: Wait,
  random: () => number,
): Promise<Answer> {
  checkUrl(url, request);
  const { limits } = house;
  const spent = stopwatch(house.clock);
  let best: PartialAnswer['answer'] | null = null;
  let failure: Failure = { words: 'was not asked', again: true };
  let asked = 0;
  while (asked < limits.attempts) {
    const tooLate = () => spent() > limits.retryForMs;
    const came = await attempt(url, request, house, tooLate).catch(error => orBest(error, best));
    if (came === null) break;
    if (!('words' in came)) return came;
    asked++;
    failure = came;
    if ('answer' in came && came.answer.text.length > (best?.text.length ?? 0)) best = came.answer;
    if (!came.again || asked === limits.attempts) break;
    const pause = pauseAfter(asked, came, house, random);
    if (spent() + pause > limits.retryForMs) break;
    await wait(pause, request.signal);
  }
  if (best !== null) return best;
  throw sourceError(url, leftAlone(failure, house), asked);
}

function checkUrl(url: string, { headers = {} }: Request): void {
  const protocol = URL.parse(url)?.protocol;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new PaperroundError('source', `${shownUrl(url)} is not a web address`, {
      hint: 'Give one that begins with https:// or http://.',
    });
  }
  try {
    new Headers(headers);
  } catch (error) {
    throw new PaperroundError('source', `${shownUrl(url)} cannot be asked: a header is not allowed`, {
      hint: 'The name of a header is letters and dashes; its value is one line of plain text.',
      cause: error,
    });
  }
}

/** A lane that was closed meanwhile takes nothing away of what came before. */
function orBest(error: unknown, best: Answer | null): Answer {
  if (best !== null && error instanceof PaperroundError && error.code === 'source') return best;
  throw error;
}

/** The milliseconds since its first reading, by the clock on the wall or by the one of this machine: the longer. */
function stopwatch(clock: Clock): () => number {
  let from: { wall: number; own: number } | undefined;
  return () => {
    const now = { wall: clock().epochMilliseconds, own: performance.now() };
    from ??= now;
    return Math.max(now.wall - from.wall, now.own - from.own);
  };
}

function pauseAfter(asked: number, { retryAt }: Failure, { clock, limits }: House, random: () => number) {
  const said = retryAt == null ? 0 : retryAt.epochMilliseconds - clock().epochMilliseconds;
  return said > 0 ? said : backoff(asked, limits.backoffMs, random);
}

/** A failure that says until when the host wants to be left alone, where it said so. */
function leftAlone(failure: Failure, { clock }: House): Failure {
  const { retryAt } = failure;
  if (retryAt == null || Temporal.Instant.compare(retryAt, clock()) <= 0) return failure;
  const until = retryAt.toString({ smallestUnit: 'second' });
  return {
    ...failure,
    words: `${failure.words} and asks to be left alone until ${until}`,
    hint: 'Ask again after that; until then it is not asked at all.',
  };
}
