// What a report tells of one recipient: the shape that all dialects are read into.

/** In which form a report was written; `dsn` is RFC 3464, `arf` RFC 5965, `words` any other text of a mail system. */
export type Dialect = 'dsn' | 'qmail' | 'exim' | 'exchange' | 'gmail' | 'sendmail' | 'words' | 'arf';

/** What a report tells of one recipient. `recipients` are the names it gives them: as we wrote it, and where it went. */
export interface Told {
  recipients: string[];
  action: 'failed' | 'delayed' | 'other';
  status: string | null;
  diagnostic: string;
}
