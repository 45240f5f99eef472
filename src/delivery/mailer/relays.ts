// Several ways out as one: they share the messages by weight, and one that is away is left alone while the others take its share.
import { PaperroundError, reasonOf } from '../../errors.ts';
import type { Clock } from '../../store/schema.ts';
import type { Mailer, Receipt } from './mailer.ts';
import { type Relay, readRelays } from './relay-url.ts';

/** What all relays have together. */
export interface Sharing {
  /** How many messages are handed over at once. */
  connections: number;
  clock: Clock;
  /** Is told, in a line, when a relay is left alone and when it is back. */
  warn: (line: string) => void;
}

/**
 * Opens what a setting names (relay-url.ts): one mailer as it is, several as one.
 * @throws PaperroundError `config` where it names none
 */
export async function openRelays(
  urls: string,
  open: (relay: Relay) => Promise<Mailer>,
  sharing: Sharing,
): Promise<Mailer> {
  const relays = readRelays(urls);
  if ('problem' in relays) throw new PaperroundError('config', `SMTP_URL: ${relays.problem}`);
  const opened = await Promise.all(
    relays.map(async relay => ({ mailer: await open(relay), weight: relay.weight })),
  );
  const [only, another] = opened;
  return only !== undefined && another === undefined ? only.mailer : relaysMailer(opened, sharing);
}

/** A relay that is open, and its share. */
interface OpenRelay {
  mailer: Mailer;
  weight: number;
}

/** What is known of a relay in this process. */
interface Standing extends OpenRelay {
  /** How much it is behind its share: what has been given to others since its last turn. */
  credit: number;
  /** Until when it is left alone, in milliseconds of the clock, and how often it was in a row. */
  awayUntil: number;
  times: number;
  answer: string;
  /** Whether it asked for that, and is not just away. */
  isBusy: boolean;
}

/** A relay is left alone for 1, 2, 4 … minutes. */
const FIRST_MS = 60_000;
const LONGEST_MS = 60 * 60_000;

/**
 * One mailer for all `relays`. A message that a relay did not even take up goes to the next one at once; one that may have
 * been handed over never does. Receipts name the relay that answered.
 */
export function relaysMailer(relays: readonly OpenRelay[], { connections, clock, warn }: Sharing): Mailer {
  const all: Standing[] = relays.map(one => ({
    ...one,
    credit: 0,
    awayUntil: 0,
    times: 0,
    answer: '',
    isBusy: false,
  }));
  const now = () => clock().epochMilliseconds;
  let isClosed = false;
  const leaveAlone = (relay: Standing, answer: string, isBusy: boolean) => {
    // Several messages hear the same at once; and what is closed by us is not away.
    if (isClosed || relay.awayUntil > now()) return;
    const ms = Math.min(FIRST_MS * 2 ** relay.times++, LONGEST_MS);
    Object.assign(relay, { awayUntil: now() + ms, answer, isBusy });
    warn(`mail: ${relay.mailer.name} is left alone for ${minutes(ms)}, others take its share: ${answer}`);
  };
  const welcomeBack = (relay: Standing) => {
    if (relay.times === 0 || relay.awayUntil > now()) return;
    Object.assign(relay, { awayUntil: 0, times: 0, isBusy: false });
    warn(`mail: ${relay.mailer.name} takes mail again`);
  };
  return {
    name: all.map(({ mailer }) => mailer.name).join(' '),
    connections,
    async check() {
      const free = all.filter(({ awayUntil }) => awayUntil <= now());
      // Where none is free, those that were just away may be back; who asked for time is not asked.
      const asked = free.length > 0 ? free : all.filter(({ isBusy }) => !isBusy);
      const tried = await Promise.allSettled(asked.map(({ mailer }) => mailer.check()));
      const problems = tried.flatMap(one => (one.status === 'rejected' ? [one.reason] : []));
      if (problems.length === all.length) throw noneWorks(problems);
      for (const [n, relay] of asked.entries()) {
        const one = tried[n];
        if (one?.status === 'rejected') leaveAlone(relay, reasonOf(one.reason), false);
        else relay.awayUntil = 0;
      }
    },
    async send(message) {
      const tried = new Map<Standing, Receipt>();
      for (;;) {
        const relay = turnOf(all.filter(one => !tried.has(one) && one.awayUntil <= now()));
        if (relay === undefined) return nobody(all, [...tried.values()]);
        const receipt = named(await relay.mailer.send(message), relay.mailer.name);
        if (receipt.outcome !== 'unavailable') {
          welcomeBack(relay);
          return receipt;
        }
        tried.set(relay, receipt);
        leaveAlone(relay, receipt.answer, receipt.quiet === 'relay');
      }
    },
    async close() {
      isClosed = true;
      await Promise.all(all.map(({ mailer }) => mailer.close()));
    },
  };
}

/** Smooth weighted turns: of weights 3 and 1 they come as a a b a, not as a a a b. */
function turnOf(free: readonly Standing[]): Standing | undefined {
  const sum = free.reduce((total, { weight }) => total + weight, 0);
  for (const relay of free) relay.credit += relay.weight;
  const next = free.toSorted((a, b) => b.credit - a.credit)[0];
  if (next !== undefined) next.credit -= sum;
  return next;
}

/** `deliveries show` has the answer; so the relay stands in it. */
const named = (receipt: Receipt, relay: string): Receipt => ({
  ...receipt,
  answer: `${receipt.answer} [${relay}]`,
  relay,
});

/** No relay took the message up: they are left alone now, or were a moment ago. If one asked for time, all mail waits. */
function nobody(all: readonly Standing[], heard: readonly Receipt[]): Receipt {
  const last =
    heard.at(-1)?.answer ?? all.map(({ mailer, answer }) => `${mailer.name}: ${answer}`).join(' · ');
  const isBusy = all.some(relay => relay.isBusy);
  return { outcome: 'unavailable', answer: last, ...(isBusy && { quiet: 'relay' as const }) };
}

function noneWorks(problems: readonly unknown[]): PaperroundError {
  const hints = problems.flatMap(problem => (problem instanceof PaperroundError ? (problem.hint ?? []) : []));
  return new PaperroundError('mailer', 'None of the mail servers can be used', {
    details: problems.map(reasonOf),
    hint: [...new Set(hints)].join(' '),
    cause: problems[0],
  });
}

const minutes = (ms: number) => (ms === FIRST_MS ? '1 minute' : `${ms / FIRST_MS} minutes`);
