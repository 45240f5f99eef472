// Delivers an edition: plan, claim one, write it, hand it over, write down the receipt, and again until none is left.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Day, Db } from '../store/schema.ts';
import { readSubscriber } from '../subscribers/subscriber.ts';
import {
  addDeliveries,
  claim,
  countDeliveries,
  type Delivery,
  expireLeases,
  settle,
  skipWithdrawn,
  supersedeEarlier,
} from './ledger.ts';
import type { Mailer, Receipt } from './mailer/mailer.ts';
import { editionsOnce, planDeliveries } from './plan.ts';
import { type Desk, digestsOnce, writeMessage } from './write.ts';

/** Everything that sending an edition needs. `signal` stops new claims; what is being handed over is finished. */
export interface SendRequest {
  db: Db;
  edition: Day;
  desk: Desk;
  mailer: Mailer;
  clock: Clock;
  dueOnly: boolean;
  resendUnknown: boolean;
  signal?: AbortSignal;
  onProgress?: (done: number, planned: number) => void;
}

/** What came of sending: planned = sent + deferred + refused + unknown + skipped + waiting. */
export interface SendReport {
  edition: Day;
  planned: number;
  sent: number;
  deferred: number;
  refused: number;
  unknown: number;
  skipped: number;
  /** Deliveries that nobody tried: the server went away, or the run was stopped. */
  waiting: number;
  /** Deliveries that another process is sending now, or was when it was killed less than 15 minutes ago. */
  elsewhere: number;
  /** Deliveries of this edition that were sent before this run. */
  before: number;
  /** Why sending ended early, if it did. */
  stopped: string | null;
  seconds: number;
}

/** After this many messages in a row that could not even be handed over, the server is taken to be gone. */
const GONE_AFTER = 3;

/**
 * Sends an edition to every active reader who has not had it. Safe to repeat, and to run twice at once: each reader's
 * delivery is unique, claimed by one statement that also reads their consent, and settled before the next claim.
 * @throws PaperroundError `mailer` before anything is planned, when there are readers and the server cannot be used
 */
export async function deliver(request: SendRequest): Promise<SendReport> {
  const { db, edition, desk, mailer, clock } = request;
  const started = clock().epochMilliseconds;
  const planned = await planDeliveries({ db, edition, clock, dueOnly: request.dueOnly, ...desk });
  await expireLeases(db, clock);
  const earlier = await countDeliveries(db, edition);
  const open = earlier.queued + earlier.deferred + (request.resendUnknown ? earlier.unknown : 0);
  if (open + planned.filter(({ plan }) => plan.skip === null).length > 0) await mailer.check();
  await supersedeEarlier(db, edition, clock);
  const added = await addDeliveries(
    db,
    planned.map(({ plan }) => plan),
    clock,
  );
  const withdrawn = await skipWithdrawn(db, edition, clock);
  const tally = {
    sent: 0,
    deferred: 0,
    refused: 0,
    unknown: 0,
    skipped: planned.filter(p => p.plan.skip).length + withdrawn,
  };
  const stopped = await sendAll(request, tally, added + open);
  const after = await countDeliveries(db, edition);
  return {
    edition,
    planned: added + open,
    ...tally,
    skipped: tally.skipped + (await skipWithdrawn(db, edition, clock)),
    waiting: after.queued,
    elsewhere: after.sending,
    before: earlier.sent,
    stopped,
    seconds: (clock().epochMilliseconds - started) / 1000,
  };
}

type Tally = Record<'sent' | 'deferred' | 'refused' | 'unknown' | 'skipped', number>;

async function sendAll(request: SendRequest, tally: Tally, planned: number): Promise<string | null> {
  const { db, edition, desk, mailer, clock, signal } = request;
  const digests = digestsOnce(desk, editionsOnce(db, edition));
  let gone = 0;
  let stopped: string | null = null;
  const lane = async () => {
    while (stopped === null && !signal?.aborted) {
      const delivery = await claim(db, edition, request.resendUnknown, clock);
      if (delivery === undefined) return;
      const receipt = await attempt(request, delivery, digests);
      await settle(db, delivery, receipt, clock);
      if (receipt.outcome === 'unavailable') {
        if (++gone >= GONE_AFTER) stopped = `${mailer.name}: ${receipt.answer}`;
        else await sleep(200 * gone);
        continue;
      }
      gone = 0;
      tally[receipt.outcome]++;
      request.onProgress?.(tally.sent + tally.deferred + tally.refused + tally.unknown, planned);
    }
  };
  // A lane that fails (the database went away) must not leave the others sending what cannot be recorded.
  const lanes = Array.from({ length: mailer.connections }, () =>
    lane().catch(error => {
      stopped ??= 'an error';
      throw error;
    }),
  );
  const ended = await Promise.allSettled(lanes);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return stopped ?? (signal?.aborted ? 'asked to stop' : null);
}

async function attempt(
  { db, desk, mailer }: SendRequest,
  delivery: Delivery,
  digests: ReturnType<typeof digestsOnce>,
): Promise<Receipt> {
  const reader = await readSubscriber(db, delivery.subscriber_id);
  if (reader === undefined) return { outcome: 'refused', answer: 'the subscriber was erased' };
  const since = delivery.since ?? delivery.edition_date;
  const message = await writeMessage(desk, await digests(since, reader.preferences), {
    subscriberId: reader.id,
    address: reader.address,
    preferences: reader.preferences,
    since,
    messageId: delivery.message_id,
    date: new Date(delivery.planned_at),
  });
  return mailer.send(message);
}
