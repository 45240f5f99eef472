// The tables, as TypeScript sees them. Text ids, UTC instants as fixed-width ISO text, days as YYYY-MM-DD, JSON in text.
import type { Generated, Kysely, Transaction } from 'kysely';
import type { ConfirmationTable } from './confirmation-table.ts';

export type { ConfirmationTable } from './confirmation-table.ts';
export { asGiven, givenRows, statement } from './statement.ts';
export { isPostgres, transact } from './transact.ts';

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
  /** What else is known (JSON): version, DOI, categories, … */
  facts: string;
}

/** What one source says of one paper, in its latest word; the `paper` row is what all of them say together. */
export interface AnnouncementTable {
  source: string;
  /** The paper's id as this source knows it. */
  own_id: string;
  paper_id: string;
  format: string;
  version: number;
  announced_on: Day | null;
  /** Title, abstract, authors, url, links and facts as JSON. */
  content: string;
  first_at: Instant;
  said_at: Instant;
}

/** By what an announcement can be known to speak of the same work as others: all keys it ever had. */
interface AnnouncementKeyTable {
  key: string;
  source: string;
  own_id: string;
}

/** What a curator said of a paper; `paper_id` may be one that no source knows yet. */
export interface CurationTable {
  paper_id: string;
  picked: number;
  hidden: number;
  note: string | null;
  curator: string | null;
  at: Instant;
}

/** The theme that a curator says a paper has (null: none of them); `paper_id` may be one that no source knows yet. */
interface ThemeCorrectionTable {
  paper_id: string;
  theme: string | null;
  curator: string | null;
  at: Instant;
}

/** A theme model that was fitted to the papers of this store, or the attempt at one. */
export interface ThemeModelTable {
  version: number;
  made_at: Instant;
  /** The fingerprint of the themes for which it was fitted. */
  taxonomy: string;
  /** How many papers it learnt from. */
  papers: number;
  /** What the self-check measured (JSON); null where the fit failed. */
  figures: string | null;
  state: 'in-use' | 'kept' | 'refused';
  /** Why it was fitted, or why it was refused. */
  reason: string | null;
  /** The packed model; null where the fit failed, or newer versions took its place. */
  bytes: Uint8Array | null;
}

/** Whose turn it is, shared by all processes: at a group of hosts, at fitting themes, or at a webhook's token (one turn only). */
interface LaneTable {
  name: string;
  free_at: Instant;
  /** Until when the process that asks holds it; a process that dies keeps its turn until then. */
  held_until: Instant | null;
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
  /** Day and rank in one number (papers/place.ts); the search index knows papers by it. */
  place: Generated<number>;
  /** The slug of its own theme, wherever it stands. */
  theme: Generated<string>;
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
  /** When they are due next, if they are active; an instant of the past: now. */
  next_digest_at: Generated<Instant>;
  /** When a pause ends by itself; null: when the reader says so. */
  paused_until: Instant | null;
  /** What they were before they left, for as long as they can take it back. */
  left_from: SubscriberTable['status'] | null;
  /** When all that was known of them was erased; the row stays, so that their old links still answer. */
  erased_at: Instant | null;
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
  /** After this instant it is not worth sending any more; null: no end. */
  deliver_by: Instant | null;
  /** 1 once an attempt may have reached the reader, and nobody knows: it covers its editions whatever its state. */
  in_doubt: number;
  /** What stands after the @ of `address`, in small letters. */
  domain: string;
}

/** The pace at which mail goes out, by `all`, `warm-up` and `domain:example.org`; shared by all processes. */
export interface PaceTable {
  key: string;
  /** The theoretical arrival time of the generic cell rate algorithm (ITU-T I.371): when the next message is due. */
  free_at: Instant;
  /** Left alone until then, because an answer asked for it; how often in a row; and the answer. */
  quiet_until: Instant;
  quiet_count: number;
  answer: string | null;
  /** The first day of a warm-up, the day that `used` counts, and how many messages were claimed on it. */
  since: Day | null;
  day: Day | null;
  used: number;
}

/** One attempt to hand over a delivery, and what came of it. */
export interface AttemptTable {
  delivery_id: string;
  /** Counts from 1. */
  number: number;
  at: Instant;
  outcome: 'sent' | 'deferred' | 'refused' | 'unknown' | 'unavailable' | 'held';
  answer: string;
}

/** An edition whose sending somebody stopped, or let go on (`resumed`: refusals stop it no more). */
export interface SendingTable {
  edition_date: Day;
  /** `cancelled`: its papers come with each reader's next digest; `dropped`: they do not. */
  state: 'paused' | 'resumed' | 'cancelled' | 'dropped';
  reason: string;
  at: Instant;
}

/** A day on which something was done: what names it in the logs, and whether the operator was told how it went. */
interface MorningTable {
  date: Day;
  /** 16 hexadecimal digits, by which all lines about one day are found, from its sources to its deliveries. */
  trace: string;
  /** How many readers were active when its edition was last sent; null: it was not. */
  readers: number | null;
  pinged_at: Instant | null;
  reported_at: Instant | null;
}

/** What was reported of a delivery after it was sent, or answered while it was. */
export interface BounceTable {
  id: string;
  /** The same for the same report on the same reader, so that it counts once. */
  report_key: string;
  subscriber_id: string;
  delivery_id: string | null;
  /** `hard` the address is dead, `soft` it may work later, `block` it is we who are refused, `complaint` "this is spam". */
  kind: 'hard' | 'soft' | 'block' | 'complaint';
  /** As RFC 3463: 5.1.1. */
  status: string | null;
  diagnostic: string;
  /** The dialect of the report, or `smtp` for an answer at the delivery itself. */
  source: string;
  /** How it is known whom it is about; an `address` alone is no proof. */
  proof: 'return address' | 'message' | 'address' | 'smtp';
  /** 1 where this report made us stop mailing the reader; 2 where the brake holds it. */
  suppressed: number;
  reported_at: Instant;
  stored_at: Instant;
}

interface CollectionTable {
  source: string;
  at: Instant;
  outcome: string;
  content: string;
  /** The day that was asked for, the day of which the answer said it was, how many papers it had and which. */
  asked: Day | null;
  list_day: Day | null;
  held: number | null;
  fingerprint: string | null;
}

export interface Schema {
  paper: PaperTable;
  announcement: AnnouncementTable;
  announcement_key: AnnouncementKeyTable;
  curation: CurationTable;
  theme_correction: ThemeCorrectionTable;
  theme_model: ThemeModelTable;
  lane: LaneTable;
  vote: VoteTable;
  collection: CollectionTable;
  edition: EditionTable;
  edition_paper: EditionPaperTable;
  subscriber: SubscriberTable;
  delivery: DeliveryTable;
  attempt: AttemptTable;
  sending: SendingTable;
  pace: PaceTable;
  morning: MorningTable;
  bounce: BounceTable;
  confirmation: ConfirmationTable;
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
