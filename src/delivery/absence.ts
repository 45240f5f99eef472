// Why a reader has no delivery of an edition, in words.
import {
  type Clock,
  type Day,
  type Db,
  dayIn,
  type Instant,
  instantText,
  shiftDay,
} from '../store/schema.ts';
import { dueInWords, isDue } from '../subscribers/due.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { type Delivery, listDeliveries } from './ledger.ts';
import { LOOK_BACK_DAYS } from './plan.ts';
import { findStop } from './stop.ts';
import type { Story } from './story.ts';

/** What decides why somebody has no delivery of an edition. */
export interface Absence {
  reader: Pick<Subscriber, 'address' | 'status' | 'statusAt' | 'createdAt' | 'nextDigestAt' | 'preferences'>;
  edition: Day;
  publishedAt: Instant;
  now: Instant;
  /** Whether anybody has a delivery of the edition. */
  isPlanned: boolean;
  stop: Awaited<ReturnType<typeof findStop>>;
  /** The reader's deliveries, newest first. */
  own: readonly Pick<Delivery, 'edition_date' | 'editions' | 'state' | 'settled_at'>[];
}

/** Reads what `whyNone` needs. */
export async function readAbsence(
  db: Db,
  reader: Subscriber,
  edition: Day,
  publishedAt: Instant,
  clock: Clock,
): Promise<Absence> {
  const anybody = await db
    .selectFrom('delivery')
    .select('id')
    .where('edition_date', '=', edition)
    .limit(1)
    .executeTakeFirst();
  const own = await listDeliveries(db, { subscriberId: reader.id });
  return {
    reader,
    edition,
    publishedAt,
    now: instantText(clock()),
    isPlanned: anybody !== undefined,
    stop: await findStop(db, edition),
    own,
  };
}

/** Why a reader has no delivery of an edition, and what to do. */
export function whyNone({
  reader,
  edition,
  publishedAt,
  now,
  isPlanned,
  stop,
  own,
}: Absence): Omit<Story, 'events'> {
  const send = `paperround send --date ${edition}`;
  const holder = own.find(
    ({ editions, state }) =>
      state !== 'skipped' && state !== 'refused' && (JSON.parse(editions) as Day[]).includes(edition),
  );
  if (holder !== undefined)
    return {
      now: `The digest of ${holder.edition_date} covers this edition: ${holder.state}${holder.settled_at ? ` at ${holder.settled_at}` : ''}.`,
      todo: `nothing; paperround deliveries show ${reader.address} --date ${holder.edition_date} tells of it`,
    };
  if (reader.status !== 'active')
    return {
      now: `The reader is ${reader.status} since ${reader.statusAt}: no mail goes there.`,
      todo: TODO_BY_STATUS[reader.status](reader.address),
    };
  if (stop !== null)
    return {
      now: `The edition ${stop.state === 'paused' ? 'is paused since' : 'was cancelled at'} ${stop.at} (${stop.reason}).`,
      todo:
        stop.state === 'paused' ? `paperround deliveries resume --date ${edition}, then ${send}` : 'nothing',
    };
  const last = own.map(delivery => delivery.edition_date).filter(date => date < edition)[0];
  const since = last ?? dayIn('UTC', Temporal.Instant.from(reader.createdAt));
  const { cadence, weekday } = reader.preferences;
  if (!isDue(reader.preferences, since, edition))
    return {
      now: `Not due: the reader gets a digest ${cadence === 'weekly' ? `weekly, on ${weekday}` : 'from Monday to Friday'}, and this is the edition of a ${dayName(edition)}.`,
      todo: `nothing: the next digest has its papers; or ${send}, which goes to everybody`,
    };
  if (reader.statusAt > publishedAt)
    return {
      now: `The reader is active since ${reader.statusAt}, after the edition was published (${publishedAt}).`,
      todo: `nothing: the next edition is the first for this reader; or ${send}, if this is the latest edition`,
    };
  const { nextDigestAt } = reader;
  if (nextDigestAt > now && edition >= shiftDay(dayIn('UTC', Temporal.Instant.from(now)), -LOOK_BACK_DAYS))
    return {
      now: `Not yet: the reader's next digest is due on ${dueInWords(nextDigestAt, reader.preferences.timeZone)}.`,
      todo: `nothing: serve, or the first run after that time, sends it; at once: ${send}`,
    };
  return isPlanned
    ? { now: 'Not planned: the reader was not active, or not due, when the edition was sent.', todo: send }
    : { now: 'Nothing of this edition has been sent to anybody yet.', todo: `${send} ("run" does it too)` };
}

const TODO_BY_STATUS: Record<Exclude<Subscriber['status'], 'active'>, (address: string) => string> = {
  pending: address => `wait until the reader confirms, or paperround subscribers resume ${address}`,
  paused: address => `paperround subscribers resume ${address}, if the reader asks for it`,
  unsubscribed: () => 'nothing: the reader left',
  suppressed: () => 'nothing: mail to this address harms its sender',
};

const dayName = (day: Day) => Temporal.PlainDate.from(day).toLocaleString('en', { weekday: 'long' });
