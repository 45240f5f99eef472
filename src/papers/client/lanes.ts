// Lanes that all processes of a database share: one request at a time in each, and a gap between the starts of two.
import { PaperroundError } from '../../errors.ts';
import { type Clock, type Db, type Instant, instantText } from '../../store/schema.ts';
import type { Lane, Lanes, TakeOptions } from './lane.ts';
import { realWait, type Wait } from './wait.ts';

/** How long a process may hold a lane; one that dies lets go by itself. */
const LEASE_MS = 90_000;
const POLL_MS = 200;
const POLLS = 3_000;
/** A time further off than these was written by a clock that was wrong; it binds nobody. */
const LONGEST_CLOSURE_MS = 7 * 86_400_000;
const LONGEST_LEASE_MS = 600_000;

/** Lanes kept in the table `lane`. Within this process the requests of a lane run in the order in which they came. */
export function databaseLanes(db: Db, clock: Clock, wait: Wait = realWait): Lanes {
  const inTurn = turns();
  const time = steadyTime(clock, wait);

  async function freeAt({ name }: Lane): Promise<Instant | undefined> {
    return (await db.selectFrom('lane').select('free_at').where('name', '=', name).executeTakeFirst())
      ?.free_at;
  }

  /** Takes the lane at `at`, if nobody holds it and nobody has begun since `seen` was read. */
  async function claim(lane: Lane, seen: Instant, at: number): Promise<Instant | null> {
    const lease = text(at + LEASE_MS);
    const { numUpdatedRows } = await db
      .updateTable('lane')
      .set({ free_at: text(at + lane.gapMs), held_until: lease })
      .where('name', '=', lane.name)
      .where('free_at', '=', seen)
      .where(row =>
        row.or([
          row('held_until', 'is', null),
          row('held_until', '<=', text(at)),
          row('held_until', '>', text(at + LONGEST_LEASE_MS)),
        ]),
      )
      .executeTakeFirst();
    return numUpdatedRows === 1n ? lease : null;
  }

  async function acquire(lane: Lane, { signal, patienceMs = Infinity }: TakeOptions): Promise<Instant> {
    const row = { name: lane.name, free_at: text(time.now()), held_until: null };
    await db
      .insertInto('lane')
      .values(row)
      .onConflict(on => on.column('name').doNothing())
      .execute();
    for (let poll = 0; poll < POLLS; poll++) {
      signal?.throwIfAborted();
      const seen = (await freeAt(lane)) ?? row.free_at;
      const ms = gapBefore(seen, time.now());
      if (ms > Math.max(patienceMs, lane.gapMs)) throw closed(lane, seen);
      if (ms > 0) await time.wait(ms, signal);
      const lease = await claim(lane, seen, time.now());
      if (lease !== null) return lease;
      await time.wait(POLL_MS, signal);
    }
    throw busy(lane);
  }

  return {
    take: (lane, work, options = {}) =>
      inTurn(lane.name, options.signal, async () => {
        const lease = await acquire(lane, options);
        try {
          return await work();
        } finally {
          // From its end: a process that is slow to begin would otherwise come right before the next one.
          const free = text(time.now() + lane.gapMs);
          const mine = db.updateTable('lane').where('name', '=', lane.name).where('held_until', '=', lease);
          await mine.set({ free_at: free }).where('free_at', '<', free).execute();
          await mine.set({ held_until: null }).execute();
        }
      }),

    async close({ name }, until) {
      const free_at = text(Math.min(until.epochMilliseconds, time.now() + LONGEST_CLOSURE_MS));
      await db
        .insertInto('lane')
        .values({ name, free_at, held_until: null })
        .onConflict(on => on.column('name').doUpdateSet({ free_at }).where('lane.free_at', '<', free_at))
        .execute();
    },

    async closedUntil(lane) {
      const seen = await freeAt(lane);
      const isClosed = seen !== undefined && gapBefore(seen, time.now()) > lane.gapMs;
      return isClosed ? Temporal.Instant.from(seen) : null;
    },
  };
}

const text = (ms: number): Instant => instantText(Temporal.Instant.fromEpochMilliseconds(ms));

function gapBefore(freeAt: Instant, now: number): number {
  const ms = Temporal.Instant.from(freeAt).epochMilliseconds - now;
  return ms > 0 && ms <= LONGEST_CLOSURE_MS ? ms : 0;
}

/** A clock that has moved on by what was waited, even when the given one stands still. In milliseconds. */
function steadyTime(clock: Clock, wait: Wait) {
  let last = 0;
  let passed = 0;
  const now = () => {
    const read = clock().epochMilliseconds;
    // A clock that was set back is believed.
    if (read < last) passed = 0;
    last = read;
    return Math.max(read, passed);
  };
  return {
    now,
    async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
      const until = now() + ms;
      await wait(ms, signal);
      if (now() < until) passed = until;
    },
  };
}

/** Runs works of one name one after the other, in the order in which they came. */
function turns() {
  const tails = new Map<string, Promise<void>>();
  return async <T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    const before = tails.get(name) ?? Promise.resolve();
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    // One that gives up in the queue still leaves those behind it waiting for those before it.
    const tail = before.then(() => done);
    tails.set(name, tail);
    void tail.then(() => tails.get(name) === tail && tails.delete(name));
    try {
      await unlessAborted(before, signal);
      return await work();
    } finally {
      finish();
    }
  };
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function closed({ name }: Lane, until: Instant): PaperroundError {
  return new PaperroundError('source', `${name} is not asked before ${until}, as it said earlier`, {
    hint: 'Wait until then: a host that is asked in spite of it may shut its visitors out for longer.',
  });
}

function busy({ name }: Lane): PaperroundError {
  return new PaperroundError('source', `${name} was being asked by other processes for ten minutes`, {
    hint: 'Let the others finish; hosts are asked by one process at a time.',
  });
}
