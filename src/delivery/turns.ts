// The ledger's one writer of a process: what several connections have to write shares a commit.
import { type Clock, type Db, transact } from '../store/schema.ts';
import type { Claimable } from './claim.ts';
import type { Delivery } from './ledger.ts';
import { type Claimed, claimInPace, noteQuiet, type Pace, type Wait } from './pace.ts';
import { type Outcome, type Settled, settleAll } from './settle.ts';

/** What a connection does next: hand over a delivery, wait, or (null) nothing more. */
type Turn = { delivery: Delivery } | { wait: Wait } | null;

/** Claims and settles for the connections of this process. */
export interface Turns {
  /** Resolves once the claim is committed. */
  next(): Promise<Turn>;
  /** Resolves once the receipt is committed; asked for before `next` in the same turn, the two share a commit. */
  settle(delivery: Delivery, outcome: Outcome): Promise<void>;
}

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/**
 * A commit costs nearly the same for one receipt and for ten. So it begins when all that are being handed over have been, and
 * nobody waits for the last of them longer than the last commit took, or 20 ms.
 */
const LONGEST_WAIT_MS = 20;

/** Opens the writer. Everything that waits when a transaction begins goes into it: receipts first, then claims. */
export function openTurns(db: Db, what: Claimable, clock: Clock, pace: Pace): Turns {
  let receipts: (Settled & Waiting<void>)[] = [];
  let claims: Waiting<Turn>[] = [];
  let isWriting = false;
  let inHands = 0;
  let lastMs = 0;
  let timer: NodeJS.Timeout | undefined;

  async function write(): Promise<void> {
    const [settled, wanting] = [receipts, claims];
    [receipts, claims] = [[], []];
    const began = performance.now();
    try {
      const claimed = await transact(db, tx => commit(tx, settled, wanting.length), {
        isolation: 'read committed',
        // A claim whose answer got lost is nobody's until its lease ends; nothing of it was handed over.
        repeatable: true,
      });
      inHands += claimed.deliveries.length;
      lastMs = performance.now() - began;
      for (const { resolve } of settled) resolve();
      for (const [n, { resolve }] of wanting.entries()) resolve(turnOf(claimed, n));
    } catch (error) {
      for (const { reject } of [...settled, ...wanting]) reject(error);
    }
  }

  async function commit(tx: Db, settled: readonly Settled[], want: number): Promise<Claimed> {
    if (settled.length > 0) {
      await settleAll(tx, settled, clock);
      await noteQuiet(tx, settled, clock);
    }
    return want === 0 ? { deliveries: [], wait: null } : claimInPace(tx, what, clock, want, pace);
  }

  function wake(): void {
    if (isWriting) return;
    if (inHands === 0) begin();
    else timer ??= setTimeout(begin, Math.min(lastMs, LONGEST_WAIT_MS));
  }

  /** After what the sockets have to say now: the answers that are there already go into this commit. */
  function begin(): void {
    clearTimeout(timer);
    timer = undefined;
    isWriting = true;
    setImmediate(async () => {
      await write();
      isWriting = false;
      if (receipts.length + claims.length > 0) wake();
    });
  }

  return {
    next: () =>
      new Promise((resolve, reject) => {
        claims.push({ resolve, reject });
        wake();
      }),
    settle: (delivery, outcome) =>
      new Promise((resolve, reject) => {
        inHands--;
        receipts.push({ delivery, outcome, resolve, reject });
        wake();
      }),
  };
}

function turnOf({ deliveries, wait }: Claimed, n: number): Turn {
  const delivery = deliveries[n];
  if (delivery !== undefined) return { delivery };
  return wait === null ? null : { wait };
}
