// Sends what stands in the ledger of confirmations: claim one row, write its mail, hand it over, write down the receipt.
import { sql } from 'kysely';
import { type ConfirmationLetter, writeConfirmation } from '../digests/confirmation.ts';
import { messageIdOf, preferencesUrl } from '../digests/message.ts';
import type { Templates } from '../digests/template.ts';
import { type Clock, type ConfirmationTable, type Db, instantText, isPostgres } from '../store/schema.ts';
import { linkToken } from '../subscribers/links.ts';
import type { Mailer, Receipt } from './mailer/mailer.ts';
import type { Desk } from './write.ts';

/** What sending confirmations needs. */
export interface ConfirmationRequest {
  db: Db;
  clock: Clock;
  desk: Pick<Desk, 'masthead' | 'sender' | 'seal' | 'secret'>;
  templates: Templates;
  mailer: Mailer;
  /** Whether one that may have arrived is sent again: the same bytes, with the same Message-ID. */
  resendUnknown: boolean;
  /** Stops new claims. */
  signal?: AbortSignal;
}

/** How many mails came to which end. */
export interface ConfirmationCounts {
  sent: number;
  refused: number;
  /** Deferred, unknown, or the server was away: tried again for a day. */
  later: number;
}

/** Longer than the SMTP timeouts of one message together, as for a delivery. */
const LEASE_MINUTES = 15;
/** Who waited a day has forgotten that they asked; and may ask again. */
const TRY_HOURS = 24;
const OPEN = ['queued', 'deferred', 'unknown'] as const;

/**
 * Sends all that is due, one after the other. Any number of processes may: a row is claimed by one statement. What was being
 * sent when its process died is `unknown`, and sent again as the same message where that is the policy.
 */
export async function sendConfirmations(request: ConfirmationRequest): Promise<ConfirmationCounts> {
  const { db, clock, mailer, signal } = request;
  const counts = { sent: 0, refused: 0, later: 0 };
  await expire(db, clock);
  while (!signal?.aborted) {
    const row = await claim(request);
    if (row === undefined) break;
    const message = await writeConfirmation(
      letterOf(row, request),
      request.templates,
      request.desk.masthead,
      request.desk.sender,
      request.desk.seal ?? null,
    );
    // Before it is handed over: a report about it that comes at once finds it.
    await db
      .updateTable('confirmation')
      .set({ message_id: message.messageId })
      .where('id', '=', row.id)
      .execute();
    const receipt = await mailer.send(message);
    await settle(db, row, receipt, clock);
    if (receipt.outcome === 'sent' || receipt.outcome === 'refused') counts[receipt.outcome]++;
    else counts.later++;
    // The server is away: for the others too.
    if (receipt.outcome === 'unavailable') break;
  }
  return counts;
}

/** Whether any mail waits to be sent now. */
export async function isAnyConfirmationDue(db: Db, clock: Clock): Promise<boolean> {
  const row = await db
    .selectFrom('confirmation')
    .select('id')
    .where('state', 'in', [...OPEN, 'sending'])
    .where('next_attempt_at', '<=', instantText(clock()))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function expire(db: Db, clock: Clock): Promise<void> {
  const now = instantText(clock());
  await db
    .updateTable('confirmation')
    .set({ state: 'unknown', next_attempt_at: now, lease_until: null })
    .where('state', '=', 'sending')
    .where('lease_until', '<', now)
    .execute();
}

/** The next one that is due, of an address that may be written to at this moment. */
function claim({ db, clock, resendUnknown }: ConfirmationRequest): Promise<ConfirmationTable | undefined> {
  const at = clock();
  return db
    .with('due', eb => {
      const first = eb
        .selectFrom('confirmation')
        .innerJoin('subscriber', 'subscriber.id', 'confirmation.subscriber_id')
        .select('confirmation.id')
        .where('state', 'in', resendUnknown ? OPEN : ['queued', 'deferred'])
        .where('next_attempt_at', '<=', instantText(at))
        .where('requested_at', '>', instantText(at.subtract({ hours: TRY_HOURS })))
        .where('subscriber.status', '!=', 'suppressed')
        .where('subscriber.erased_at', 'is', null)
        .orderBy('next_attempt_at')
        .limit(1);
      return isPostgres(db) ? first.forUpdate('confirmation').skipLocked() : first;
    })
    .updateTable('confirmation')
    .set({
      state: 'sending',
      attempts: sql<number>`attempts + 1`,
      lease_until: instantText(at.add({ minutes: LEASE_MINUTES })),
    })
    .where('id', 'in', eb => eb.selectFrom('due').select('due.id'))
    .returningAll()
    .executeTakeFirst();
}

/** Confirming mails lead to their button, the others to the reader's preferences. */
function letterOf(row: ConfirmationTable, { desk }: ConfirmationRequest): ConfirmationLetter {
  const { publicUrl } = desk.sender;
  const asks = row.kind !== 'known' && row.kind !== 'moved';
  const page =
    publicUrl === null ? null : `${publicUrl}/confirm/${linkToken(desk.secret, 'confirm', row.id)}`;
  const isTheirs = row.kind !== 'move' && row.kind !== 'moved';
  return {
    topic: row.kind,
    to: row.address,
    messageId: messageIdOf(desk.secret, `confirmation ${row.id} ${row.requested_at}`, desk.sender),
    date: new Date(row.requested_at),
    url: asks ? page : preferencesUrl(desk.sender, linkToken(desk.secret, 'preferences', row.subscriber_id)),
    leaveToken: isTheirs ? linkToken(desk.secret, 'unsubscribe', row.subscriber_id) : null,
  };
}

/** One that somebody else claimed meanwhile, or that was asked for anew, is left alone. */
async function settle(db: Db, row: ConfirmationTable, receipt: Receipt, clock: Clock): Promise<void> {
  const { outcome, answer } = receipt;
  const again = { deferred: Math.min(3 ** (row.attempts - 1), 240), unknown: 5, unavailable: 1 };
  const minutes = outcome === 'sent' || outcome === 'refused' ? 0 : again[outcome];
  await db
    .updateTable('confirmation')
    .set({
      state: outcome === 'unavailable' ? 'queued' : outcome,
      receipt: answer,
      lease_until: null,
      next_attempt_at: instantText(clock().add({ minutes })),
    })
    .where('id', '=', row.id)
    .where('state', '=', 'sending')
    .where('attempts', '=', row.attempts)
    .where('requested_at', '=', row.requested_at)
    .execute();
}
