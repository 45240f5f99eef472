// The tables, as TypeScript sees them. Text ids, UTC instants as fixed-width ISO text, days as YYYY-MM-DD, JSON in text.
import type { Kysely, Transaction } from 'kysely';

/** A day as YYYY-MM-DD. */
export type Day = string;
/** A UTC instant as YYYY-MM-DDTHH:mm:ss.sssZ, so that text order is time order. */
export type Instant = string;

export interface PaperTable {
  id: string;
  title: string;
  abstract: string;
  authors: string;
  url: string | null;
  links: string;
  source: string;
  announced_on: Day | null;
  collected_at: Instant;
  /** The day that was asked for: the paper's day where its source named none. */
  collected_on: Day;
  position: number;
  updated_at: Instant;
}

interface VoteTable {
  paper_id: string;
  source: string;
  at: Instant;
  upvotes: number;
  comments: number;
  stars: number | null;
}

interface EditionTable {
  date: Day;
  through: Day | null;
  published_at: Instant;
  content: string;
}

interface EditionPaperTable {
  paper_id: string;
  edition_date: Day;
}

export interface SubscriberTable {
  id: string;
  address: string;
  address_key: string;
  name: string | null;
  status: 'pending' | 'active' | 'paused' | 'unsubscribed' | 'suppressed';
  preferences: string;
  created_at: Instant;
  status_at: Instant;
}

export interface DeliveryTable {
  id: string;
  subscriber_id: string;
  edition_date: Day;
  /** The dates of the editions that the digest covers, as JSON; the last one is `edition_date`. */
  editions: string;
  /** The reader's address and preferences (JSON) when it was planned, so that every attempt has the same bytes. */
  address: string;
  preferences: string;
  state: 'queued' | 'sending' | 'sent' | 'deferred' | 'refused' | 'unknown' | 'skipped';
  reason: string | null;
  message_id: string;
  planned_at: Instant;
  attempts: number;
  next_attempt_at: Instant;
  lease_until: Instant | null;
  receipt: string | null;
  settled_at: Instant | null;
}

interface CollectionTable {
  source: string;
  at: Instant;
  outcome: string;
  content: string;
}

export interface Schema {
  paper: PaperTable;
  vote: VoteTable;
  collection: CollectionTable;
  edition: EditionTable;
  edition_paper: EditionPaperTable;
  subscriber: SubscriberTable;
  delivery: DeliveryTable;
}

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/** Time as an argument: tests pass their own, `app.ts` passes the real one. */
export type Clock = () => Temporal.Instant;

/** An instant in the fixed-width form of the tables. */
export function instantText(at: Temporal.Instant): Instant {
  return at.toString({ fractionalSecondDigits: 3 });
}

/** The day that it is at `at` in the time zone `zone`. */
export function dayIn(zone: string, at: Temporal.Instant): Day {
  return at.toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** `day` moved by `days` (negative for earlier). */
export function shiftDay(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}
