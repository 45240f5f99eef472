// How three mail programs show a mail in the list of the inbox: what of its subject and its first words can be read there.
//
// The widths are approximations, in Latin letters; real ones depend on window, font and settings. They rest on what
// the programs show by default: Gmail on a desktop fills one line with the subject and then the mail's first words, about
// 100 letters at 1280 px; Mail on an iPhone shows one line of the subject and two of the first words (a setting, none to
// five), about 38 and 45 letters at 390 pt; Outlook on Windows has a reading pane at the right and a list of about 60
// letters. Clients together show 35 to 140 letters of the first words.
import { columnsOf } from '../../digests/columns.ts';
import { oneLine, readPage } from '../../digests/preflight/page.ts';
import { startOfCharacter } from '../../digests/words.ts';

/** A text in a line that may be too short for it. */
interface Fit {
  shown: string;
  /** What is cut off; '' where all of it is shown. */
  cut: string;
}

/** What one program shows of a mail before it is opened. */
export interface InboxRow {
  client: string;
  sender: Fit;
  subject: Fit;
  /** The lines after the subject: the preheader, and where it leaves room the mail's next words. */
  preview: string[];
  /** The preheader: what can be read, and what of it cannot. */
  preheader: Fit;
  /** The mail's next words that can be read, as the preheader leaves room; '' for none. */
  filler: string;
  date: string;
  /** Whether subject and preview stand in one line. */
  shared: boolean;
}

/** A mail as it is listed. `from` is the header's text, `date` an ISO date or whatever the header says. */
interface Listed {
  from: string;
  subject: string;
  preheader: string;
  html: string;
  date: string;
}

/** Room in letters: of the sender, of the subject, and of each line of preview. `shared`: one line for both. */
interface Client {
  client: string;
  sender: number;
  subject: number;
  preview: readonly number[];
  shared?: true;
}

const CLIENTS: readonly Client[] = [
  { client: 'Gmail on the web', sender: 20, subject: 100, preview: [100], shared: true },
  { client: 'Apple Mail on an iPhone', sender: 26, subject: 38, preview: [45, 45] },
  { client: 'Outlook on Windows', sender: 30, subject: 55, preview: [60] },
];

/**
 * The rows of a mail. Pure.
 *
 * Programs show the first words of the HTML, hidden ones too: that is what a preheader is. A template that prints none
 * has rows that begin with whatever stands first in it, and all of its preheader is cut off.
 */
export function inboxRows({ from, subject, preheader, html, date }: Listed): InboxRow[] {
  const words = oneLine(readPage(html).words);
  const promised = oneLine(preheader);
  const printed = promised !== '' && words.startsWith(promised);
  return CLIENTS.map(client => {
    const title = fitted(oneLine(subject), client.subject);
    const room = client.shared ? [client.subject - columnsOf(title.shown) - 3] : client.preview;
    const { lines: preview, read } = linesOf(words, room);
    const told = printed ? Math.min(read, promised.length) : 0;
    return {
      client: client.client,
      sender: fitted(senderOf(from), client.sender),
      subject: title,
      preview,
      preheader: { shown: promised.slice(0, told), cut: promised.slice(told) },
      filler: words.slice(printed ? promised.length : 0, read).trim(),
      date: dayOf(date),
      shared: client.shared ?? false,
    };
  });
}

/** "Daily Papers" of `"Daily Papers" <papers@example.org>`; the address where there is no name. */
function senderOf(from: string): string {
  const at = from.lastIndexOf('<');
  const name = at > 0 ? from.slice(0, at).trim().replaceAll('"', '') : '';
  return oneLine(name === '' ? from.replace(/[<>]/g, '') : name);
}

function dayOf(date: string): string {
  const at = new Date(date);
  if (Number.isNaN(at.getTime())) return date;
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(at);
}

/** Where a text must be cut to fit into `room`; never inside what a reader sees as one character. */
function endOf(text: string, room: number): number {
  let [width, at] = [0, 0];
  for (const letter of text) {
    width += columnsOf(letter);
    if (width > room) return startOfCharacter(text, at);
    at += letter.length;
  }
  return text.length;
}

/** Programs cut where the line ends, in the middle of a word too. */
function fitted(text: string, room: number): Fit {
  const all = endOf(text, room);
  if (all === text.length) return { shown: text, cut: '' };
  const end = endOf(text, room - 1);
  return { shown: `${text.slice(0, end)}…`, cut: text.slice(end) };
}

/** A text in lines, broken between words, the last one cut; and how much of it can be read in them. */
function linesOf(text: string, rooms: readonly number[]): { lines: string[]; read: number } {
  const lines: string[] = [];
  let read = 0;
  for (const [n, room] of rooms.entries()) {
    const rest = text.slice(read);
    const from = read + rest.length - rest.trimStart().length;
    const left = text.slice(from);
    if (left === '' || room < 2) break;
    if (n === rooms.length - 1) {
      const { shown, cut } = fitted(left, room);
      return { lines: [...lines, shown], read: text.length - cut.length };
    }
    const end = endOf(left, room);
    const space = end === left.length ? end : left.lastIndexOf(' ', end);
    const to = space > 0 ? space : end;
    lines.push(left.slice(0, to));
    read = from + to;
  }
  return { lines, read };
}
