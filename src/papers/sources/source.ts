// What the outside world is to this room: a Source announces papers, whatever it is and however it is reached.
import type { Day } from '../../store/schema.ts';
import type { Candidate } from '../announce.ts';
import type { Calendar } from '../calendar.ts';
import type { Announcement, Dropped } from '../paper.ts';

/** What is asked of a source: the papers of `day`. */
export interface Ask {
  day: Day;
  /** The day that it is in the operator's time zone. */
  today: Day;
  now: Temporal.Instant;
  /** The days that this source was first and last asked for with success; undefined: never before. */
  asked?: { first: Day; last: Day } | undefined;
  signal?: AbortSignal | undefined;
}

/** What a text holds: papers as they stand there, and what it says of itself. */
export interface Reading {
  format: string;
  /** The day that it speaks of, as it says itself. */
  day: Day | null;
  candidates: Candidate[];
  dropped: Dropped[];
  /** Why the text ends too early or is broken; what stands before is among the candidates. */
  incomplete?: string;
  /** An answer that is no list of papers but a complaint: its words. */
  refusal?: string;
  /** How many papers there are in all, where the text is one page of several. */
  total?: number;
}

/** What a source answered: its papers in its own order, what it held that was no paper, and the day it speaks of. */
export interface Batch {
  day: Day | null;
  format: string;
  announcements: Announcement[];
  dropped: Dropped[];
  /** Papers that the source added later to days that were asked for before; only those not known yet count. */
  late?: Announcement[];
  /** Why the answer is not whole; what came before is kept, and the source has failed. */
  incomplete?: { error: string; hint?: string };
  /** The source itself says that this day is still to come; the reason, a clause. */
  notYet?: string;
  /** How many papers this source has on an ordinary day, where the answer shows it. */
  usual?: number;
}

/** A place that announces papers. `announce` throws PaperroundError when it cannot be asked or understood. */
export interface Source {
  name: string;
  /** It never shows the papers of another day than its last: a day on which nobody asks is missed. */
  holdsOneDay?: boolean;
  /** On which days it announces; without one, every day may be quiet. */
  calendar?: Calendar;
  announce(ask: Ask): Promise<Batch>;
}
