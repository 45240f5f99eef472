// What the outside world is to this room: a Source announces papers, whatever it is and however it is reached.
import type { Day } from '../../store/schema.ts';
import type { Announcement, Dropped } from '../paper.ts';

/** What a source answered: its papers in its own order, what it held that was no paper, and the day it speaks of. */
export interface Batch {
  day: Day | null;
  format: string;
  /** The source has not announced this day yet: neither a quiet day nor a fault. */
  notYet?: boolean;
  announcements: Announcement[];
  dropped: Dropped[];
}

/** A place that announces papers. `announce` throws PaperroundError when it cannot be asked or understood. */
export interface Source {
  name: string;
  announce(ask: { day: Day; today: Day }): Promise<Batch>;
}
