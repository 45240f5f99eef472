// Whose turn it is to ask a group of hosts: which hosts belong together, and what a keeper of lanes promises.

/** A group of hosts that is asked by one at a time, with a gap between the starts of two requests. */
export interface Lane {
  name: string;
  gapMs: number;
}

/**
 * One request every 3 s and one connection over all of arXiv's services: https://info.arxiv.org/help/api/tou.html. The
 * rest is for the network, which may hold up one request longer than the next.
 */
export const ARXIV_LANE: Lane = Object.freeze({ name: 'arxiv', gapMs: 3_200 });

/** The lane of an address: all of arXiv is one, every other host (with its port) has its own and a gap of 1 s. */
export function laneOf(url: string): Lane {
  const { host = 'nowhere', hostname = '' } = URL.parse(url) ?? {};
  const isArxiv = /(?:^|\.)arxiv\.org\.?$/.test(hostname);
  return isArxiv ? ARXIV_LANE : { name: host, gapMs: 1_000 };
}

export interface TakeOptions {
  signal?: AbortSignal | undefined;
  /** The longest closure of the lane that is worth waiting for. */
  patienceMs?: number;
}

export interface Lanes {
  /**
   * Runs `work` when it is this lane's turn. `work` must end within 90 s; after that others may begin.
   * @throws PaperroundError `source` when the lane is closed for longer than `patienceMs`, or others keep it for 10 min
   */
  take<T>(lane: Lane, work: () => Promise<T>, options?: TakeOptions): Promise<T>;
  /** Nobody asks this lane before `until`; at most seven days are remembered. */
  close(lane: Lane, until: Temporal.Instant): Promise<void>;
  /** Until when the lane is closed beyond its usual gap; null when it is open. */
  closedUntil(lane: Lane): Promise<Temporal.Instant | null>;
}
