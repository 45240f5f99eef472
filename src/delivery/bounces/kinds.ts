// What a failed delivery says of an address: it is dead (hard), it may work later (soft), or it is we who are refused (block).

/** `hard` the address is dead · `soft` it may work later · `block` said of the sender or the message, not of the address. */
export type BounceKind = 'hard' | 'soft' | 'block';

/** Subject and detail of RFC 3463 (as extended by the IANA registry of RFC 5248) under class 5, and what each is to us. */
const TABLE: Record<string, BounceKind> = {
  // X.1: addresses. RFC 3463 §3.2; X.1.10 (null MX) RFC 7505 §4.2; Exchange writes 5.1.10 for "recipient not found".
  '1.1': 'hard',
  '1.2': 'hard',
  '1.3': 'hard',
  '1.6': 'hard',
  '1.10': 'hard',
  // The sender's address (RFC 3463 §3.2; X.1.9 RFC 3886).
  '1.7': 'block',
  '1.8': 'block',
  '1.9': 'block',
  // X.2: mailboxes. RFC 3463 §3.3: 2.2 is full "presumably for a while"; 2.3 is about this message's length.
  '2.2': 'soft',
  '2.3': 'block',
  '2.4': 'soft',
  // X.3: mail systems. 3.4 is about this message's length.
  '3.4': 'block',
  // RFC 7293 §6: the mailbox, or the domain, belongs to somebody else now.
  '7.17': 'hard',
  '7.18': 'hard',
};

/**
 * Whole subjects, for details that the table lacks. X.4 (network and routing, RFC 3463 §3.5) soft even for class 5: a
 * domain that cannot be reached today may be back tomorrow. X.6 (content, §3.7) and X.7 (policy, §3.8) speak of us.
 */
const SUBJECTS: Record<string, BounceKind> = { '4': 'soft', '6': 'block', '7': 'block' };

/** Said of who sends, or of what: DNS lists, authentication, relaying, content. Wins over any code, for it is milder. */
const BLOCKED =
  /\b(?:spam|spamhaus|spamcop|barracuda|dnsbl|rbl|black ?list|block ?list|blocked|listed (?:at|by|in|on)|reputation|unsolicited|bulk mail|spf|dkim|dmarc|polic(?:y|ies)|sender (?:address|domain|verif|den|reject|not|is|id)|invalid sender|bad sender|relay(?:ing)? (?:access )?(?:denied|not)|unable to relay|rate limit|too (?:many|fast|quickly)|throttl|virus|malware|suspicious|reverse dns|ptr record|unauthenticated|authentication required|client host|message (?:content )?reject|content reject|message (?:size|too large|length))/;

/** The mailbox is full, whatever code is given with it. */
const FULL =
  /\b(?:over ?quota|over (?:its|their|the) (?:storage )?quota|quota (?:exceeded|full)|exceed(?:ed|s|ing)? (?:its |the |their )?(?:storage |mailbox |disk )?(?:quota|storage|space|allocation)|(?:mailbox|inbox|mail box|mailfolder) (?:is |size limit )?(?:full|exceeded)|out of storage|insufficient (?:system )?storage|not enough (?:storage|disk) space|no space left|disk full)/;

/** Nobody has this address: how servers that give no telling code say it. Gmail, Yahoo, Exim, qmail, Exchange and others. */
const UNKNOWN =
  /\b(?:user (?:is )?unknown|unknown (?:user|recipient|mailbox|address|local part)|no such (?:user|recipient|mailbox|person|address|account)|no mailbox here|recipient ?not ?found|recipient (?:is )?unknown|(?:user|mailbox|address|account) not found|(?:does not|doesn't|did not|didn't|no longer) exists?|not exist|doesn't have an? \S{1,60} account|(?:is )?not a (?:known|valid|registered) (?:user|mailbox|recipient|address|account)|invalid (?:recipient|mailbox|user)|unrout(?:e)?able address|not our customer|(?:account|mailbox|user|address) (?:\S{1,20} )?(?:has been |is |was )?(?:disabled|deactivated|inactive|suspended|closed|deleted|terminated|discontinued)|account that you tried to reach is (?:disabled|inactive)|null mx|does not accept mail|nosuchuser|adr\.recipnotfound|empf(?:ä|ae)nger unbekannt|existiert nicht|n'existe pas|no existe|non esiste)/;

/** RFC 3463 §2; not a part of an IP address or of a version number. Subjects are 0 to 7. */
const ENHANCED = /(?<![\d.])([245]\.[0-7]\.\d{1,3})(?!\.?\d)/;
/** RFC 5321 §4.2: a reply code, not a part of an IP address, a port or a date. */
const REPLY = /(?<![\w.:[-])([45][0-5]\d)(?=[ -])/;

/** How much of a diagnostic is looked at; the part that matters is one SMTP answer. */
const LOOKED_AT = 1500;

/** The first enhanced status code (`5.1.1`) in a text, or null. */
export const statusIn = (text: string): string | null => ENHANCED.exec(text.slice(0, LOOKED_AT))?.[1] ?? null;

/** The first SMTP reply code of a failure (`550`) in a text, or null. */
export const replyIn = (text: string): string | null => REPLY.exec(text.slice(0, LOOKED_AT))?.[1] ?? null;

/**
 * What a failed delivery is to us. Where code and words disagree, the milder wins: a reader who is mailed once more in vain
 * costs less than a reader lost.
 * @param status the `Status` field of a report (RFC 3464 §2.3.4), or null
 * @param diagnostic the answer of the remote server, or the words of the report
 * @param said what the provider that reports it makes of it; counts where code and words tell nothing, or more than it
 * @returns the kind, and the most telling status code that was given
 */
export function judge(
  status: string | null,
  diagnostic: string,
  said?: BounceKind,
): { kind: BounceKind; status: string | null } {
  const own = statusIn(diagnostic);
  const telling = status !== null && !/\.0\.0$/.test(status) ? status : (own ?? status);
  const temporary = [status, own, replyIn(diagnostic)].some(code => code?.startsWith('4') === true);
  const kind = kindOf(telling, temporary, wordsOf(diagnostic), said ?? 'soft');
  return { kind: said === undefined || SEVERITY[kind] < SEVERITY[said] ? kind : said, status: telling };
}

/** How much each says against an address. */
export const SEVERITY: Readonly<Record<BounceKind, number>> = { block: 1, soft: 2, hard: 3 };

function kindOf(status: string | null, temporary: boolean, words: string, otherwise: BounceKind): BounceKind {
  const [, subject = '', detail = ''] = status?.split('.') ?? [];
  if (BLOCKED.test(words) || (temporary && subject === '7')) return 'block';
  if (temporary || FULL.test(words)) return 'soft';
  const listed = TABLE[`${subject}.${detail}`] ?? SUBJECTS[subject];
  if (listed !== undefined) return listed;
  // Outlook.com's words for "no such mailbox"; without its code, RFC 5321 §4.2.3 has them mean anything.
  if (status === '5.5.0' && words.includes('mailbox unavailable')) return 'hard';
  return UNKNOWN.test(words) ? 'hard' : otherwise;
}

/** The words of a diagnostic: addresses and links may hold any word, and say nothing. */
function wordsOf(diagnostic: string): string {
  return (
    diagnostic
      .slice(0, LOOKED_AT)
      .toLowerCase()
      .replaceAll('’', "'")
      .split(/\s+/)
      .filter(word => !word.includes('@') && !word.includes('://'))
      .join(' ')
      // A reply of several lines repeats its code in each (RFC 5321 §4.2.1), in the middle of a phrase.
      .replace(/ [45]\d\d[- ](?:[45]\.\d\.\d{1,3} )?/g, ' ')
  );
}
