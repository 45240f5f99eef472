// Delivers an edition: plan, claim one, write it, hand it over, write down the receipt, and again until none is left.
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../errors.ts';
import { type Clock, type Day, type Db, instantText, shiftDay } from '../store/schema.ts';
import { storedPreferences } from '../subscribers/preferences.ts';
import { countSubscribers } from '../subscribers/subscriber.ts';
import type { BouncePolicy } from './bounces/policy.ts';
import { recordRefusal } from './bounces/record.ts';
import { type Claimable, countClaimable, expireLeases, isAnyClaimable } from './claim.ts';
import { ASKED_TO_STOP, checkUnlessStopped, withDrain } from './drain.ts';
import { type Inspector, inspectOnce, type Problem } from './inspect.ts';
import { countDeliveries, type Delivery } from './ledger.ts';
import type { Mailer } from './mailer/mailer.ts';
import type { Pace, Wait } from './pace.ts';
import { editionsOnce, LOOK_BACK_DAYS } from './plan.ts';
import { isAnyToPlan, planEdition } from './planning.ts';
import type { Outcome } from './settle.ts';
import { skipDead } from './skip.ts';
import { findStop, pauseByItself, type Stop } from './stop.ts';
import { openTurns, type Turns } from './turns.ts';
import { type Desk, writeMessage } from './write.ts';

/** Everything that sending an edition needs. */
export interface SendRequest {
  db: Db;
  edition: Day;
  desk: Desk;
  mailer: Mailer;
  clock: Clock;
  dueOnly: boolean;
  /** Only readers whose hour has come; see `PlanRequest`. */
  dueNow?: { isAwaited: boolean };
  resendUnknown: boolean;
  /** What is done about readers whose mail servers refuse them. */
  bounces: BouncePolicy;
  /** Plan nothing new: only what is owed of the edition and earlier ones is tried again. */
  owedOnly?: boolean;
  /** How long a delivery is tried that is planned now; absent: for ever. */
  deliverHours?: number;
  /** More than so many percent refused among the first messages pause the edition; absent: never. */
  stopRefusedPercent?: number;
  /** How fast mail may go out; absent: as fast as it can. */
  pace?: Pace;
  /** So long is waited for the pace before the rest is left to a later run (default: not at all). */
  patienceMs?: number;
  /** Waits so many milliseconds, less when `signal` is aborted. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Stops new claims. What is being handed over is finished, or given up after `drainMs` (default 30 seconds). */
  signal?: AbortSignal;
  drainMs?: number;
  onProgress?: (done: number, planned: number) => void;
  /** Hand over about so many, and leave the rest to others; absent: all. */
  most?: number;
  onAttempt?: ((delivery: Delivery, outcome: Outcome['outcome']) => void) | undefined;
}

/** What came of sending: planned = sent + deferred + refused + unknown + skipped + held + waiting. */
export interface SendReport {
  edition: Day;
  planned: number;
  sent: number;
  deferred: number;
  refused: number;
  unknown: number;
  skipped: number;
  /** Deliveries that preflight held back: they stay owed, and the next run looks at them again. */
  held: number;
  /** What preflight found, each once. */
  problems: Problem[];
  /** Deliveries that nobody tried: the server went away, or the run was stopped. */
  waiting: number;
  /** Deliveries of the edition in another process's hands, or in those of one that was killed in the last 15 minutes. */
  elsewhere: number;
  /** Deliveries of the edition that a later run will try again (deferred, unknown). */
  later: number;
  /** What had become of the edition's deliveries before this run. */
  before: { sent: number; refused: number };
  /** How many readers are active. */
  active: number;
  /** Why sending ended early, if it did. */
  stopped: string | null;
  /** What waits for its pace, because the wait is longer than the patience; a later run sends it. */
  paced: Wait | null;
  /** What stands in the way of the edition: the operator, or too many refusals. */
  stop: Stop | null;
  seconds: number;
}

/** After this many messages in a row that could not even be handed over, the server is taken to be gone. */
const GONE_AFTER = 3;
/** Refusals are counted among so many first messages, and speak from so many on. */
const FIRST_MESSAGES = 1000;
const ENOUGH_MESSAGES = 50;

/**
 * Sends an edition to every active reader who has not had it, and what earlier ones still owe. Safe to repeat, and to
 * run twice at once: each reader's delivery is unique, claimed by the transaction that also reads their consent,
 * and settled before the next claim.
 * @throws PaperroundError `mailer` before anything is planned, when there is something to send and the server cannot be used
 */
export async function deliver(request: SendRequest): Promise<SendReport> {
  const { db, edition, clock } = request;
  const started = clock().epochMilliseconds;
  const span = { from: shiftDay(edition, -LOOK_BACK_DAYS), through: edition };
  const what = { ...span, resend: request.resendUnknown, heldSince: instantText(clock()) };
  await expireLeases(db, clock);
  const earlier = await countDeliveries(db, edition);
  const dead = await skipDead(db, what, clock);
  const plan = { ...request, ...request.desk };
  const isToSend =
    (await isAnyClaimable(db, what, clock)) || (!request.owedOnly && (await isAnyToPlan(plan)));
  if (isToSend) await checkUnlessStopped(request);
  const added = request.owedOnly ? { skipped: 0 } : await planEdition(plan);
  const tally = { ...NONE, skipped: added.skipped + dead };
  const inspector = inspectOnce(request.desk, editionsOnce(db));
  const toSend = await countClaimable(db, what, clock);
  const { stopped, paced } = await sendAll(request, what, tally, toSend, inspector);
  tally.skipped += await skipDead(db, what, clock);
  const stop = await findStop(db, edition);
  const waiting = await countClaimable(db, { ...what, alsoStopped: stop !== null }, clock);
  const after = await countDeliveries(db, edition);
  return {
    edition,
    planned: Object.values(tally).reduce((sum, n) => sum + n, waiting),
    ...tally,
    problems: inspector.problems(),
    waiting,
    elsewhere: after.sending,
    later: after.deferred + after.unknown,
    before: { sent: earlier.sent, refused: earlier.refused },
    active: (await countSubscribers(db)).active,
    stopped,
    paced,
    stop,
    seconds: (clock().epochMilliseconds - started) / 1000,
  };
}

export const NONE = { sent: 0, deferred: 0, refused: 0, unknown: 0, skipped: 0, held: 0 };
export type Tally = typeof NONE;

/** Sends whatever can be claimed, one lane for each connection; returns why it ended early, if it did. */
export async function sendAll(
  request: SendRequest,
  what: Claimable,
  tally: Tally,
  all: number,
  inspector: Inspector,
): Promise<Pick<SendReport, 'stopped' | 'paced'>> {
  const { db, mailer, clock, signal, pace = { timeZone: 'UTC' } } = request;
  const run: Run = {
    request,
    tally,
    all,
    inspector,
    turns: openTurns(db, what, clock, pace),
    gone: 0,
    stopped: null,
    paced: null,
  };
  // A lane that fails (the database went away) must not leave the others sending what cannot be recorded.
  const lanes = Array.from({ length: mailer.connections }, () =>
    lane(run).catch(error => {
      run.stopped ??= reasonOf(error);
      throw error;
    }),
  );
  const ended = await withDrain(request, Promise.allSettled(lanes));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  // Connections that were closed on purpose are no mail server that went away.
  const stopped = signal?.aborted ? ASKED_TO_STOP : run.stopped;
  return { stopped, paced: stopped === null ? run.paced : null };
}

/** What the lanes of one run share. */
interface Run {
  request: SendRequest;
  tally: Tally;
  all: number;
  inspector: Inspector;
  turns: Turns;
  /** How many messages in a row could not even be handed over. */
  gone: number;
  stopped: string | null;
  paced: Wait | null;
}

/** Hands over one delivery after the other, each when what came of the one before is committed. */
async function lane(run: Run): Promise<void> {
  const { request, turns } = run;
  const { signal, patienceMs = 0, wait = pause, most = Number.POSITIVE_INFINITY } = request;
  const goesOn = () => run.stopped === null && !signal?.aborted && doneOf(run) < most;
  let turn = goesOn() ? await turns.next() : null;
  while (turn !== null) {
    if ('wait' in turn) {
      if (turn.wait.ms > patienceMs) {
        run.paced = turn.wait;
        return;
      }
      await wait(turn.wait.ms, signal);
      turn = goesOn() ? await turns.next() : null;
      continue;
    }
    const { delivery } = turn;
    const receipt = await attempt(request, delivery, run.inspector);
    account(run, receipt);
    request.onAttempt?.(delivery, receipt.outcome);
    const settled = turns.settle(delivery, receipt);
    if (receipt.outcome === 'sent' && goesOn() && !isRefused(request, run.tally)) {
      // Both in one commit: the receipt lasts before the next message begins.
      [, turn] = await Promise.all([settled, turns.next()]);
    } else {
      await settled;
      await afterTrouble(run, delivery, receipt);
      turn = goesOn() ? await turns.next() : null;
    }
    request.onProgress?.(doneOf(run), run.all);
  }
}

/** Counts what came of a message; too many that could not be handed over end the run. */
function account(run: Run, receipt: Outcome): void {
  if (receipt.outcome !== 'unavailable') {
    // What is held back says nothing of the server.
    if (receipt.outcome !== 'held') run.gone = 0;
    run.tally[receipt.outcome]++;
  } else if (receipt.quiet === undefined && ++run.gone >= GONE_AFTER) run.stopped ??= receipt.answer;
}

async function afterTrouble(run: Run, delivery: Delivery, receipt: Outcome): Promise<void> {
  const { db, bounces, clock } = run.request;
  if (receipt.outcome === 'refused') await recordRefusal(db, delivery, receipt.answer, bounces, clock);
  run.stopped ??= await tooManyRefused(run.request, run.tally);
  const isAway = receipt.outcome === 'unavailable' && receipt.quiet === undefined;
  if (isAway && run.stopped === null) await sleep(200 * run.gone);
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => {});
}

/** Whether too many of the first messages were refused: a wrong list costs the sender their name. */
function isRefused({ stopRefusedPercent = 100 }: SendRequest, tally: Tally): boolean {
  const tried = triedOf(tally);
  const isEarly = tried >= ENOUGH_MESSAGES && tried <= FIRST_MESSAGES;
  return isEarly && tally.refused * 100 > stopRefusedPercent * tried;
}

const doneOf = ({ tally }: Run) => triedOf(tally) + tally.held;
const triedOf = ({ sent, deferred, refused, unknown }: Tally) => sent + deferred + refused + unknown;

/** Pauses the edition when too many of the first messages were refused. */
async function tooManyRefused(request: SendRequest, tally: Tally): Promise<string | null> {
  if (!isRefused(request, tally)) return null;
  const { db, edition, clock, stopRefusedPercent } = request;
  const why = `${tally.refused} of the first ${triedOf(tally)} messages were refused, more than ${stopRefusedPercent} %`;
  return (await pauseByItself(db, edition, why, clock)) ? why : null;
}

async function attempt(
  { desk, mailer }: SendRequest,
  delivery: Delivery,
  inspector: Inspector,
): Promise<Outcome> {
  try {
    const preferences = storedPreferences(delivery.preferences);
    const digest = await inspector.digest(JSON.parse(delivery.editions) as Day[], preferences);
    if ('held' in digest) return { outcome: 'held', answer: digest.held };
    const written = await writeMessage(desk, digest.good, {
      subscriberId: delivery.subscriber_id,
      address: delivery.address,
      messageId: delivery.message_id,
      date: new Date(delivery.planned_at),
    });
    const message = inspector.message(written, preferences);
    return 'held' in message ? { outcome: 'held', answer: message.held } : await mailer.send(message.good);
  } catch (error) {
    // It could not even be written, so the server has nothing of it: it stays owed, and three of them stop the run.
    return { outcome: 'unavailable', answer: reasonOf(error) };
  }
}
