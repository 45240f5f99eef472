// Reports without a machine-readable part: qmail, Exim, Exchange, Gmail's and sendmail's old ones, and others like them.
import type { Header } from 'postal-mime';
import { replyIn, statusIn } from './kinds.ts';
import type { Parts } from './parts.ts';
import type { Dialect, Told } from './told.ts';

/** The opening words of each dialect, in the notice. The first that fits names it. */
const OPENINGS: readonly [Dialect, RegExp][] = [
  // QSBMF, https://cr.yp.to/proto/qsbmf.txt: a paragraph that begins so.
  ['qmail', /^Hi\. This is the /m],
  ['exim', /A message that you sent (?:could not be delivered|has not yet been delivered)/],
  [
    'exchange',
    /Delivery has failed to these recipients|did not reach the following recipient|Your message (?:to .{1,200} )?(?:couldn't|could not|wasn't) be(?:en)? delivered|Remote Server returned/,
  ],
  [
    'gmail',
    /Delivery to the following recipients? (?:failed permanently|has been delayed)|Address not found/,
  ],
  [
    'sendmail',
    /--- (?:The following addresses had|Transcript of session follows)|^This is the (?:Postfix|mail (?:system|delivery)) /m,
  ],
];

/** Where the notice ends and the message that came back begins. */
const RETURNED_BELOW =
  /^(?:-+ ?(?:Below this line is a copy|This is a copy of|Original message|Unsent message|Message header follows|Message text follows)|Original message headers:|Reporting-MTA:)/im;

const DAEMON = /mailer-daemon|postmaster|mail delivery (?:sub)?system|<>|microsoftexchange/i;
const SUBJECT =
  /undeliver|returned mail|failure notice|delivery (?:status notification|failure|failed)|mail delivery failed|nondeliver|non-deliver|unzustellbar|warning: message/i;
const STILL_TRYING =
  /do(?:es)? not need to (?:resend|take any action)|will (?:be retried|keep trying|continue to try)|(?:still|keep) trying|has not yet been delivered|has been delayed|no action is required/i;

const NOTICE = 64 * 1024;
const RECIPIENTS = 1000;

/** The notice without the message that came back below it, and that message's beginning. */
export function partedNotice(notice: string): { words: string; below: string } {
  const text = notice.slice(0, 2 * NOTICE).replaceAll('\r', '');
  const end = RETURNED_BELOW.exec(text)?.index ?? text.length;
  return { words: text.slice(0, Math.min(end, NOTICE)), below: text.slice(end) };
}

/** Reads a report in words; null where the mail is none. */
export function readDialect({ headers, notice }: Parts): { dialect: Dialect; told: Told[] } | null {
  const value = (name: string) => headers.find(header => header.key === name)?.value ?? '';
  const failed = addressesOf(headers, 'x-failed-recipients');
  const daemon = DAEMON.test(value('from')) || DAEMON.test(value('return-path'));
  // People quote such texts too: the sender, or the subject, must be a mail system's.
  if (!daemon && !SUBJECT.test(value('subject'))) return null;
  const { words } = partedNotice(notice);
  const dialect = OPENINGS.find(([, opening]) => opening.test(words))?.[0];
  if (dialect === undefined && failed.length === 0 && !(daemon && /[45]\d\d[ -]|#?[45]\.\d\.\d/.test(words)))
    return null;
  const action = STILL_TRYING.test(words) ? 'delayed' : 'failed';
  const told = paragraphsOf(words, failed).map(({ recipient, text }) => ({
    recipients: recipient === null ? [] : [recipient],
    action,
    status: statusIn(text),
    diagnostic: tellingPart(text),
  })) satisfies Told[];
  return { dialect: dialect ?? (failed.length > 0 ? 'exim' : 'words'), told };
}

function addressesOf(headers: readonly Header[], name: string): string[] {
  const values = headers.filter(header => header.key === name).map(header => header.value);
  return values
    .join(',')
    .split(',')
    .map(address => address.trim())
    .filter(address => address.includes('@'))
    .slice(0, RECIPIENTS);
}

/** `ada@example.org` or `<ada@example.org>:` at the start of a line, alone or before a reason. */
const OPENS_PARAGRAPH = /^\s*<?([^\s<>@:;,()"]{1,64}@[^\s<>@:;,()"]{1,253})>?(?::|\s|$)/;
const ANY_ADDRESS = /([^\s<>@:;,()"[\]']{1,64}@[^\s<>@:;,()"[\]']{1,253})/;

/** What is said of each recipient: the lines from their address to the next one. */
function paragraphsOf(
  words: string,
  failed: readonly string[],
): { recipient: string | null; text: string }[] {
  const found: { recipient: string | null; lines: string[] }[] = [];
  for (const line of words.split('\n')) {
    const address = OPENS_PARAGRAPH.exec(line)?.[1]?.replace(/\.$/, '');
    const last = found.at(-1);
    const another = address !== undefined && last?.recipient !== address && found.length < RECIPIENTS;
    if (another) found.push({ recipient: address, lines: [line] });
    else if (last !== undefined && last.lines.length < 60) last.lines.push(line);
  }
  if (found.length > 0) return found.map(({ recipient, lines }) => ({ recipient, text: lines.join('\n') }));
  if (failed.length > 0) return failed.map(recipient => ({ recipient, text: words }));
  return [{ recipient: ANY_ADDRESS.exec(words)?.[1] ?? null, text: words }];
}

/** The answer of the remote server, where the text quotes one; else its beginning. */
function tellingPart(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const code = [replyIn(line), statusIn(line)].map(c => (c === null ? -1 : line.indexOf(c)));
  const starts = code.filter(at => at >= 0);
  const start = starts.length === 0 ? 0 : Math.min(...starts);
  // qmail gives the code after the words: "Sorry, no mailbox here by that name. (#5.1.1)".
  return line.slice(line[start - 1] === '#' ? 0 : start).slice(0, 500);
}
