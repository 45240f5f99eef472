// The ledger of mails that ask for a confirmation, or tell of one, as TypeScript sees it.

/** One mail to one address: at most one a day in each slot. Instants are as everywhere (schema.ts). */
export interface ConfirmationTable {
  /** What the link in the mail is signed for. */
  id: string;
  address_key: string;
  /** `confirm`: mails to an address that may be a stranger's; `notice`: to one that was a reader's until now. */
  slot: 'confirm' | 'notice';
  /**
   * `subscribe` asks whether the address wants the papers · `invite` the same, of a reader whom the operator imported · `known`
   * says that it has them already · `move` asks whether a reader's papers may come here · `moved` tells the old address.
   */
  kind: 'subscribe' | 'invite' | 'known' | 'move' | 'moved';
  /** Whom it is about; for `move` the reader who asks, whose address is another. */
  subscriber_id: string;
  address: string;
  /** What was chosen when it was asked for (JSON); null: what the reader has. */
  preferences: string | null;
  requested_at: string;
  expires_at: string;
  confirmed_at: string | null;
  /** As of a delivery; `skipped`: no mail is to go there. */
  state: 'queued' | 'sending' | 'sent' | 'deferred' | 'refused' | 'unknown' | 'skipped';
  /** Null until it is first handed over. */
  message_id: string | null;
  attempts: number;
  next_attempt_at: string;
  lease_until: string | null;
  receipt: string | null;
}
