// What a report tells of one recipient: the shape that all dialects are read into.
import type { BounceKind } from './kinds.ts';

/**
 * In which form a report was written; `dsn` is RFC 3464, `arf` RFC 5965, `words` any other text of a mail system. The last
 * four are webhooks of providers.
 */
export type Dialect =
  | 'dsn'
  | 'qmail'
  | 'exim'
  | 'exchange'
  | 'gmail'
  | 'sendmail'
  | 'words'
  | 'arf'
  | 'ses'
  | 'postmark'
  | 'sendgrid'
  | 'mailgun';

/** What a report tells of one recipient. `recipients` are the names it gives them: as we wrote it, and where it went. */
export interface Told {
  recipients: string[];
  action: 'failed' | 'delayed' | 'other';
  status: string | null;
  diagnostic: string;
  /** What the provider calls it, where it sorts failures itself. */
  kind?: BounceKind;
}
