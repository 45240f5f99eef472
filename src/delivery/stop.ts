// Stopping an edition's sending: paused, let go on, or cancelled, from any process. `claim` reads it before each message.
import { PaperroundError } from '../errors.ts';
import { type Clock, type Day, type Db, instantText, type SendingTable, transact } from '../store/schema.ts';
import { skipCancelled } from './skip.ts';

/** What stands in the way of an edition, since when and why. */
export interface Stop {
  state: 'paused' | 'cancelled' | 'dropped';
  reason: string;
  at: string;
}

async function readSending(db: Db, edition: Day): Promise<SendingTable | undefined> {
  return db.selectFrom('sending').selectAll().where('edition_date', '=', edition).executeTakeFirst();
}

/** What stops the sending of an edition, or null. */
export async function findStop(db: Db, edition: Day): Promise<Stop | null> {
  const row = await readSending(db, edition);
  if (row === undefined || row.state === 'resumed') return null;
  return { state: row.state, reason: row.reason, at: row.at };
}

/** The editions whose papers the operator does not want to be sent any more. */
export async function droppedEditions(db: Db): Promise<Set<Day>> {
  const query = db.selectFrom('sending').select('edition_date').where('state', '=', 'dropped');
  return new Set((await query.execute()).map(row => row.edition_date));
}

async function write(db: Db, edition: Day, state: SendingTable['state'], reason: string, clock: Clock) {
  const row = { state, reason, at: instantText(clock()) };
  await db
    .insertInto('sending')
    .values({ edition_date: edition, ...row })
    .onConflict(c => c.column('edition_date').doUpdateSet(row))
    .execute();
}

/**
 * Pauses an edition: nothing of it is claimed until `resume`.
 * @returns false when it was paused before; the first reason stays
 * @throws PaperroundError `usage` for one that was cancelled
 */
export async function pause(db: Db, edition: Day, reason: string, clock: Clock): Promise<boolean> {
  return transact(db, async tx => {
    const stop = await findStop(tx, edition);
    if (stop?.state === 'paused') return false;
    if (stop !== null) throw wasCancelled(edition, stop);
    await write(tx, edition, 'paused', reason, clock);
    return true;
  });
}

/** Pauses an edition by itself, unless the operator stopped it, or looked at it and let it go on. */
export async function pauseByItself(db: Db, edition: Day, reason: string, clock: Clock): Promise<boolean> {
  return transact(db, async tx => {
    if ((await readSending(tx, edition)) !== undefined) return false;
    await write(tx, edition, 'paused', reason, clock);
    return true;
  });
}

/**
 * Lets a paused edition go on; what is refused stops it no more.
 * @throws PaperroundError `usage` where it is not paused
 */
export async function resume(db: Db, edition: Day, clock: Clock): Promise<void> {
  await transact(db, async tx => {
    const stop = await findStop(tx, edition);
    if (stop === null)
      throw new PaperroundError('usage', `Edition ${edition} is not paused`, {
        hint: `Send it by: paperround send --date ${edition}`,
      });
    if (stop.state !== 'paused') throw wasCancelled(edition, stop);
    await write(tx, edition, 'resumed', stop.reason, clock);
  });
}

/**
 * Cancels an edition: what is owed of it is skipped, and nobody is planned for it any more. Its papers come with each
 * reader's next digest, unless they are dropped. What may have arrived stays `unknown`.
 * @returns how many deliveries were skipped
 * @throws PaperroundError `usage` for one that was cancelled
 */
export async function cancel(db: Db, edition: Day, drop: boolean, clock: Clock): Promise<number> {
  return transact(db, async tx => {
    const stop = await findStop(tx, edition);
    if (stop !== null && stop.state !== 'paused') throw wasCancelled(edition, stop);
    const reason = drop
      ? 'the operator dropped this edition'
      : 'the operator cancelled this edition; the next digest has its papers';
    await write(tx, edition, drop ? 'dropped' : 'cancelled', reason, clock);
    return skipCancelled(tx, { from: edition, through: edition }, clock);
  });
}

function wasCancelled(edition: Day, { at, reason }: Stop): PaperroundError {
  return new PaperroundError('usage', `Edition ${edition} was cancelled at ${at}: ${reason}`, {
    hint: 'A cancelled edition stays cancelled: only one that is being sent, or paused, can be paused, resumed or cancelled.',
  });
}
